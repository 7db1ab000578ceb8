// The entry for bundlers and runtimes that import WebAssembly as an ES module: the import
// below is already instantiated, with ./layerwise_bg.js for its own imports.

import * as exports from "./layerwise_bg.wasm";
import { alreadyReady, link } from "./link.js";

link({ exports });

export { analyze, compare, parse, rules } from "./layerwise_bg.js";
export default alreadyReady;
