// The Dockerfile that is asked for: its text, its name, and where its context is.

import { existsSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { parse } from "layerwise";
import { shown } from "./formats/excerpt.js";
import { readRegular } from "./regular.js";

/** A file or directory that is not what it must be. */
export class InputError extends Error {}

/** A file that is something else than a Dockerfile. */
export class NoDockerfile extends InputError {}

/** More than any Dockerfile has, in bytes. */
const LARGEST = 16 * 2 ** 20;

/** How far a file is searched for what only binary ones have, in bytes. */
const HEAD = 8192;

/**
 * Reads the file at `path`, "-" being standard input, as `{ name, text, bytes, isUtf8 }`; with a
 * `path`, a `fileName`, its `identity`, and the directory `besides` where it is a file.
 */
export async function readInput(path) {
  if (path === "-") return { ...decode(await standardInput()), name: "Dockerfile" };
  const { text, bytes, isUtf8 } = readDockerfile(path);
  return {
    text,
    bytes,
    isUtf8,
    path,
    name: path,
    fileName: basename(path),
    identity: realpathSync(path), // links to one file are one file
    besides: dirname(path),
  };
}

/** A Dockerfile at `path` whose text is known, whatever is in the file. */
export function givenInput(path, text) {
  return {
    ...decode(Buffer.from(text, "utf8")),
    path,
    name: path,
    fileName: basename(path),
    identity: existsSync(path) ? realpathSync(path) : resolve(path),
    besides: dirname(path),
  };
}

/** The Dockerfile that stands in the text of another file, `at` the line before its first there. */
export function inlineInput({ file, from, inline }) {
  const { text, line } = inline;
  return {
    ...decode(Buffer.from(text, "utf8")),
    name: from.replace(/,$/, ""),
    identity: from,
    besides: dirname(file),
    inlineIn: file,
    at: { file, line },
  };
}

/** Whether `path` is a directory. */
export function isDirectory(path) {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function readDockerfile(path) {
  const { isFile, size, bytes } = readRegular(path, LARGEST);
  if (!isFile) throw new InputError(`${path} is no regular file; a pipe is read as "-"`);
  if (bytes === undefined) throw new NoDockerfile(`${path} is no Dockerfile: it has ${size} bytes`);
  const file = decode(bytes);
  const why = otherThanDockerfile(file);
  if (why !== undefined) throw new NoDockerfile(`${path} is no Dockerfile: ${why}`);
  return file;
}

// What speaks against a Dockerfile. One with a misspelt instruction is one.
function otherThanDockerfile({ text, bytes }) {
  if (bytes.subarray(0, HEAD).includes(0)) return "it is binary";
  const { instructions, errors } = parse(text);
  const unknown = errors.filter(({ message }) => message.startsWith("unknown instruction"));
  const isFew = unknown.length < 3 || unknown.length * 2 < instructions.length;
  if (unknown.length === 0 || (isFew && unknown.length < instructions.length)) return undefined;
  const { range } = unknown[0];
  const line = shown(text.split("\n")[range.start.line - 1].trim()).slice(0, 40);
  return unknown.length === 1
    ? `its only line that could be an instruction is none ("${line}")`
    : `${unknown.length} of its ${instructions.length} instructions are unknown, such as "${line}"`;
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
