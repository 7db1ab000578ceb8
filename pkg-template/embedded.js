// The module as text, for where no file can be fetched or read: what bundlers made of a program
// that uses the package. The only other copy is `layerwise_bg.wasm`.

import { inflateSync } from "./inflate.js";
import { joined } from "./joined.js";
import { lengths, packed, size } from "./module.js";

/** The compiled module, from its text. */
export function embedded() {
  return new WebAssembly.Module(joined(unpacked(fromBase64(packed)), lengths, size));
}

// Node, Deno and Bun bring what is ten times as fast.
function unpacked(bytes) {
  const zlib = globalThis.process?.getBuiltinModule?.("node:zlib");
  if (zlib !== undefined) return zlib.inflateRawSync(bytes);
  const length = lengths.reduce((sum, [, length]) => sum + length, 0);
  return inflateSync(bytes, { out: new Uint8Array(length) });
}

function fromBase64(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
