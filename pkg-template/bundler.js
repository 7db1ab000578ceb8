// The entry for bundlers and runtimes that import WebAssembly as an ES module: the import
// below is already instantiated, with ./layerwise_bg.js for its own imports. There is no module
// to make another instance of.

import * as exports from "./layerwise_bg.wasm";
import { alreadyReady, link } from "./link.js";

link({ exports });

export { analyze, checkOptions, compare, copiedPaths, excludesAll, inspect, parse, rebuild, replay, rules, wantsText } from "./link.js";
export default alreadyReady;
