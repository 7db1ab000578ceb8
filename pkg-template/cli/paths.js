// Paths as they are told.

import { isAbsolute, relative, sep } from "node:path";

/** A path as formats for machines tell it: relative to the directory the command runs in. */
export function fromHere(path) {
  return slashed(relative("", path)) || ".";
}

/** With slashes, whatever the system's own are. */
export function slashed(path) {
  return isAbsolute(path) ? path : path.split(sep).join("/");
}
