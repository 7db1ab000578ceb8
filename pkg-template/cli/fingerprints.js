// Fingerprints of what was found, which stay when lines move.

import { createHash } from "node:crypto";
import { dirname, relative } from "node:path";
import { slashed } from "./paths.js";
import { SYNTAX_ERROR } from "./syntax-error.js";
import { repositoryOf } from "./walk.js";

/** What the fingerprint of a finding is made of. Most formats tell none, and need no hash of it. */
const keys = new WeakMap();

/**
 * Gives each issue and error of `report` its fingerprint: of its rule, its file and the text of its
 * step, and of how many steps before it have the same.
 */
export function takeFingerprints({ issues, errors }, input, text = input.text) {
  const path = stablePath(input);
  const counts = new Map();
  const all = [...issues, ...errors];
  // Issues come costliest first; fingerprints count in the order of the file.
  for (const found of all.sort((a, b) => a.range.start.offset - b.range.start.offset)) {
    const step = text.slice(found.range.start.offset, found.range.end.offset).replace(/\s+/g, " ");
    const key = JSON.stringify([found.rule ?? SYNTAX_ERROR, path, step]);
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    keys.set(found, `${key}${count}`);
  }
}

/** The fingerprint of an issue or error, of which `takeFingerprints` has been told. */
export function fingerprintOf(found) {
  const key = keys.get(found);
  return key === undefined ? undefined : createHash("sha256").update(key).digest("hex").slice(0, 32);
}

// The same wherever in the repository the command runs.
function stablePath({ path, name }) {
  if (path === undefined) return name;
  const root = repositoryOf(dirname(path));
  return slashed(relative(root ?? "", path));
}
