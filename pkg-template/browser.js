// The entry for browsers: fetches the module, so `await init()` comes before everything else.

import * as glue from "./layerwise_bg.js";
import { imports, isLinked, link } from "./link.js";

let pending;

/** Loads the module: from beside this file, from another address, or from bytes. */
export default function init(source = new URL("./layerwise_bg.wasm", import.meta.url)) {
  pending ??= load(source).then(link, (error) => {
    pending = undefined; // so that it can be tried again
    throw error;
  });
  return pending;
}

export function analyze(dockerfile, options) {
  mustBeReady("analyze");
  return glue.analyze(dockerfile, options);
}

export function compare(before, after, options) {
  mustBeReady("compare");
  return glue.compare(before, after, options);
}

export function parse(dockerfile) {
  mustBeReady("parse");
  return glue.parse(dockerfile);
}

export function rules() {
  mustBeReady("rules");
  return glue.rules();
}

function mustBeReady(name) {
  if (isLinked()) return;
  throw new Error(
    `layerwise is not ready: call "await init()", its default export, before ${name}()`,
  );
}

async function load(source) {
  const given = await source;
  if (given instanceof WebAssembly.Module) return WebAssembly.instantiate(given, imports);
  const isAddress = typeof given === "string" || given instanceof URL || given instanceof Request;
  const from = isAddress ? await fetch(given) : given;
  if (!(from instanceof Response)) return (await WebAssembly.instantiate(from, imports)).instance;
  if (!from.ok) throw new Error(`layerwise: ${from.url} answered ${from.status}`);
  // Streaming needs the right type; a server that does not know `.wasm` is no reason to fail.
  const streams = from.headers.get("content-type")?.startsWith("application/wasm");
  const { instance } = streams
    ? await WebAssembly.instantiateStreaming(from, imports)
    : await WebAssembly.instantiate(await from.arrayBuffer(), imports);
  return instance;
}
