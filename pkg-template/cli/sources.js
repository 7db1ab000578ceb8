// Whether a directory can be the context of a Dockerfile: what its COPY and ADD name is there.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { parse } from "../node.js";

/** The first source that is missing from `directory`, with its line; undefined if none is. */
export function missingSource(dockerfile, directory) {
  for (const { keyword, flags, args, range } of parse(dockerfile).instructions) {
    if (keyword !== "COPY" && keyword !== "ADD") continue;
    if (flags.some((flag) => flag.startsWith("--from="))) continue;
    const source = args.slice(0, -1).find((arg) => isPlainPath(arg) && !existsSync(join(directory, arg)));
    if (source !== undefined) return { source, line: range.start.line };
  }
  return undefined;
}

// Not a here-document, an address, a pattern or a value of the build.
function isPlainPath(source) {
  return !/^<<|^git@|:\/\/|[$*?[\\"']/.test(source);
}
