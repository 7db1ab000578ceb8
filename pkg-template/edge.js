// The entry for edge runtimes such as Next's, which compile nothing: they take a module as an import
// whose address says so.

import module from "./layerwise_bg.wasm?module";
import { alreadyReady, linkModule } from "./link.js";

linkModule(module);

export { analyze, checkOptions, compare, copiedPaths, excludesAll, inspect, parse, rebuild, replay, rules, wantsText } from "./link.js";
export default alreadyReady;
