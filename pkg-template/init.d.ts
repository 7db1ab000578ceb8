
/**
 * Makes the package ready. Only the browser entry needs it, before any other call; the other
 * entries are ready on import, and there it does nothing.
 *
 * `source` says where the module is: its address, a response, its bytes, or the compiled
 * `WebAssembly.Module`; beside the entry when it is left out.
 */
export default function init(source?: string | object): Promise<void>;
