// The Dockerfile that is asked for: its text, its name, and where its context is.

import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A file or directory that is not what it must be. */
export class InputError extends Error {}

const NAMES = ["Dockerfile", "Containerfile"];

/**
 * Reads the file. `path` is undefined for standard input, and so is `besides`, the directory of
 * the file; `directory`, the context, where none is named.
 */
export async function readInput({ path = ".", context }) {
  if (context !== undefined && !isDirectory(context)) {
    throw new InputError(`--context ${context} is no directory`);
  }
  if (path === "-") {
    return { ...decode(await standardInput()), name: "Dockerfile", directory: context };
  }
  const file = isDirectory(path) ? fileIn(path) : path;
  // Reading a pipe or a device may never end.
  if (!statSync(file).isFile()) throw new InputError(`${file} is no regular file; a pipe is read as "-"`);
  return {
    ...decode(readFileSync(file)),
    path: file,
    name: file,
    fileName: basename(file),
    besides: dirname(file),
    directory: context,
  };
}

function fileIn(directory) {
  const found = NAMES.map((name) => join(directory, name)).find(existsSync);
  if (found === undefined) throw new InputError(`there is no Dockerfile in ${directory}`);
  return found;
}

function isDirectory(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

async function standardInput() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

// `toString` keeps a byte order mark, so that it is still there when the file is written back.
function decode(bytes) {
  const text = bytes.toString("utf8");
  return { text, bytes, isUtf8: Buffer.from(text, "utf8").equals(bytes) };
}
