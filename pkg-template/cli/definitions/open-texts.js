// Texts of files that define builds as an editor has them open: they count for what is on disk. The
// command line has none.

import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";

const texts = new Map(); // by the file, links followed

/** The text of the file at `path` in an editor; undefined where none has it open. */
export function openText(path) {
  return texts.size === 0 ? undefined : texts.get(fileAt(path));
}

/** Has `text` count for what the file at `path` has on disk. */
export function setOpenText(path, text) {
  texts.set(fileAt(path), text);
}

/** Has the file at `path` count as it is on disk again. */
export function closeOpenText(path) {
  texts.delete(fileAt(path));
}

function fileAt(path) {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}
