// The entry for browsers: fetches the module, so `await init()` comes before everything else.

import { imports, link, linkModule } from "./link.js";

export { analyze, checkOptions, compare, copiedPaths, excludesAll, inspect, parse, rebuild, replay, rules, wantsText } from "./link.js";

let pending;

/** Loads the module: from beside this file, from another address, or from bytes. */
export default function init(source) {
  pending ??= (source === undefined ? loadOwn() : load(source)).catch((error) => {
    pending = undefined; // so that it can be tried again
    throw error;
  });
  return pending;
}

// Bundlers that do not know this form of address (esbuild, Rollup) leave the file behind; the text
// that is imported they do not. Where neither is to be had, the first error says why.
async function loadOwn() {
  try {
    await load(new URL("./layerwise_bg.wasm", import.meta.url));
  } catch (error) {
    const text = await import("./embedded.js").catch(() => {
      throw error;
    });
    linkModule(text.embedded());
  }
}

async function load(source) {
  const { module, instance } = await instantiated(await source);
  link(instance, () => new WebAssembly.Instance(module, imports));
}

async function instantiated(given) {
  if (given instanceof WebAssembly.Module) {
    return { module: given, instance: await WebAssembly.instantiate(given, imports) };
  }
  const isAddress = typeof given === "string" || given instanceof URL || given instanceof Request;
  const from = isAddress ? await fetch(given) : given;
  if (!(from instanceof Response)) return WebAssembly.instantiate(from, imports);
  if (!from.ok) throw new Error(`layerwise: ${from.url} answered ${from.status}`);
  // Streaming needs the right type; a server that does not know `.wasm` is no reason to fail.
  const streams = from.headers.get("content-type")?.startsWith("application/wasm");
  return streams
    ? WebAssembly.instantiateStreaming(from, imports)
    : WebAssembly.instantiate(await from.arrayBuffer(), imports);
}
