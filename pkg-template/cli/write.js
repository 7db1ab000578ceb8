// Writes a rewritten file in place of the one that was read, without a moment in which there is
// less than one of the two.

import {
  closeSync, fchmodSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, realpathSync,
  renameSync, rmSync, statSync, writeFileSync, writeSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { InputError } from "./input.js";

// What a directory answers that takes no new file, and a file that cannot be renamed over: one
// that is mounted by itself into a container.
const IN_PLACE = new Set(["EACCES", "EPERM", "EROFS", "EBUSY", "EXDEV"]);

/**
 * Replaces the file at `path`, read as `read`, by `text`: by a new file that takes its name, with
 * its mode, or where that is not possible in place. Throws an InputError where the file is not as
 * it was read; then, and after an error of the file system, it is left as it is.
 */
export function replaceFile(path, read, text) {
  const file = realpathSync(path); // a link stays one
  const bytes = Buffer.from(text, "utf8");
  const beside = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString("hex")}`);
  try {
    if (!writeBeside(beside, file, bytes)) return overwrite(file, path, read, bytes);
    mustBeAsRead(file, path, read);
    renameSync(beside, file);
  } catch (error) {
    if (!IN_PLACE.has(error.code)) throw error;
    overwrite(file, path, read, bytes);
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Writes a file of our own, new or in the place of an older one; devices are written to. */
export function writeWhole(path, text) {
  const old = statSync(path, { throwIfNoEntry: false });
  if (old?.isFile()) replaceFile(path, readFileSync(path), text);
  else writeFileSync(path, text);
}

// Whether a new file can stand for the old one: not where that has another name (a hard link) or
// another owner, which the new one would not have.
function writeBeside(beside, file, bytes) {
  const old = statSync(file);
  const descriptor = openSync(beside, "wx", old.mode & 0o777);
  try {
    const made = fstatSync(descriptor);
    if (old.nlink > 1 || old.uid !== made.uid || old.gid !== made.gid) return false;
    fchmodSync(descriptor, old.mode & 0o7777); // `openSync` minds the umask
    writeFileSync(descriptor, bytes);
    fsyncSync(descriptor);
    return true;
  } finally {
    closeSync(descriptor);
  }
}

function overwrite(file, path, read, bytes) {
  mustBeAsRead(file, path, read);
  const descriptor = openSync(file, "r+");
  try {
    try {
      fill(descriptor, bytes);
    } catch (error) {
      fill(descriptor, read);
      throw error;
    }
  } finally {
    closeSync(descriptor);
  }
}

// Cut to its length at the end, so that what was there is not lost where there is no room.
function fill(descriptor, bytes) {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at, at);
  ftruncateSync(descriptor, bytes.length);
}

function mustBeAsRead(file, path, read) {
  if (readFileSync(file).equals(read)) return;
  throw new InputError(`${path} has changed since it was read, so it is left alone`);
}
