// Reads files of a repository that may hold anything: a pipe, a socket or a device is never waited
// for, and no more is read than was asked for.

import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";

/** A pipe that nobody writes to would stop whoever opens it otherwise; Windows has none of these. */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * The regular file at `path`, links followed, as `{ isFile, size, bytes }`: no `bytes` where it has
 * more than `most`, nothing else where it is none. Throws what the file system says.
 */
export function readRegular(path, most) {
  if (!statSync(path).isFile()) return { isFile: false }; // opening a device may do something
  const descriptor = openSync(path, WITHOUT_WAITING);
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) return { isFile: false };
    if (status.size > most) return { isFile: true, size: status.size };
    const bytes = readUpTo(descriptor, most + 1, status.size);
    return bytes.length > most ? { isFile: true, size: bytes.length } : { isFile: true, size: bytes.length, bytes };
  } finally {
    closeSync(descriptor);
  }
}

/** The text of the regular file at `path`; undefined where there is none of at most `most` bytes. */
export function textOfRegular(path, most) {
  try {
    const { bytes } = readRegular(path, most);
    return bytes && textOf(bytes);
  } catch {
    return undefined;
  }
}

// UTF-16 by its byte order mark, as PowerShell's `>` writes a list of requirements; else UTF-8.
function textOf(bytes) {
  const marks = { fffe: "utf-16le", feff: "utf-16be" };
  const encoding = marks[bytes.toString("hex", 0, 2)];
  return encoding === undefined ? bytes.toString("utf8") : new TextDecoder(encoding).decode(bytes);
}

// Files of /proc say that they are empty, and others grow.
function readUpTo(descriptor, most, expected) {
  const chunks = [];
  let left = most;
  for (let size = expected + 1; left > 0; size = 65_536) {
    const chunk = Buffer.alloc(Math.min(size, left));
    const length = readSync(descriptor, chunk);
    if (length === 0) break;
    chunks.push(chunk.subarray(0, length));
    left -= length;
  }
  return Buffer.concat(chunks);
}
