// The entry for workerd (Cloudflare Workers), which takes a module only as a static import.

import module from "./layerwise_bg.wasm";
import { alreadyReady, linkModule } from "./link.js";

linkModule(module);

export { analyze, checkOptions, compare, copiedPaths, excludesAll, inspect, parse, rebuild, replay, rules, wantsText } from "./link.js";
export default alreadyReady;
