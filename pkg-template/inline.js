// The entry that carries the module in itself: ready on import wherever WebAssembly runs.
// Also for bundlers that leave `new URL("...", import.meta.url)` alone.

import { embedded } from "./embedded.js";
import { alreadyReady, linkModule } from "./link.js";

linkModule(embedded());

export { analyze, checkOptions, compare, copiedPaths, excludesAll, inspect, parse, rebuild, replay, rules, wantsText } from "./link.js";
export default alreadyReady;
