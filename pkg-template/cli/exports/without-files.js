// What stands in the place of `paths.js`, `fingerprints.js`, `explain.js` and `dockerignore.js` where
// there are no files: paths are told as they are given, findings have no fingerprints, rules no page
// to read, and of .dockerignore only the text counts that is given.

import { addedLines } from "../added-lines.js";

export const fromHere = (path) => path;
export const fingerprintOf = () => undefined;
export const rulePage = () => undefined;

export function proposedIgnores([{ input: { dockerignore }, report: { dockerignore: after } }]) {
  if (dockerignore === undefined || after === undefined) return [];
  const proposed = { path: ".dockerignore", before: dockerignore === "" ? undefined : dockerignore, after };
  return [{ ...proposed, edits: addedLines(proposed) }];
}
