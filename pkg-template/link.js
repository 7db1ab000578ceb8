// Ties an instance of the module to its glue: what every entry but Node's does.

import * as glue from "./layerwise_bg.js";

/** What the module imports. */
export const imports = { "./layerwise_bg.js": glue };

let linked = false;

/** Whether the functions of the glue can be called. */
export function isLinked() {
  return linked;
}

/** Makes the functions of the glue call `instance`; where entries are mixed, the first counts. */
export function link(instance) {
  if (linked) return;
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  linked = true;
}

/** Compiles and links the module, or links a compiled one, without waiting. */
export function linkNow(source) {
  if (linked) return;
  const module = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source);
  link(new WebAssembly.Instance(module, imports));
}

/** The default export of the entries that are ready on import, so that the same code, with its
 *  `await init()`, runs everywhere. */
export async function alreadyReady() {}
