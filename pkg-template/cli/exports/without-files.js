// What stands in the place of `paths.js`, `fingerprints.js` and `explain.js` where there are no files:
// paths are told as they are given, findings have no fingerprints, and rules no page to read.

export const fromHere = (path) => path;
export const fingerprintOf = () => undefined;
export const rulePage = () => undefined;
