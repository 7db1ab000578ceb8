// The entry that carries the module in itself: ready on import wherever WebAssembly runs.
// Also for bundlers that leave `new URL("...", import.meta.url)` alone.

import { alreadyReady, linkModule } from "./link.js";
import base64 from "./module.js";

linkModule(new WebAssembly.Module(bytes(base64)));

export { analyze, checkOptions, compare, copiedPaths, excludesAll, inspect, parse, rebuild, rules, wantsText } from "./link.js";
export default alreadyReady;

function bytes(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
