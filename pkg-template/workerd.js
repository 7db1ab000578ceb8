// The entry for workerd (Cloudflare Workers), which takes a module only as a static import.

import module from "./layerwise_bg.wasm";
import { alreadyReady, linkNow } from "./link.js";

linkNow(module);

export { analyze, compare, parse, rules } from "./layerwise_bg.js";
export default alreadyReady;
