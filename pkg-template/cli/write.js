// Writes a rewritten file in place of the one that was read, without a moment in which there is
// less than one of the two.

import {
  accessSync, closeSync, constants, fchmodSync, fchownSync, fstatSync, fsyncSync, ftruncateSync, openSync,
  readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync, writeSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { InputError } from "./input.js";
import { readRegular } from "./regular.js";

// What a directory answers that takes no new file, and a file that cannot be renamed over: one
// that is mounted by itself into a container.
const IN_PLACE = new Set(["EACCES", "EPERM", "EROFS", "EBUSY", "EXDEV"]);

/**
 * Replaces the file at `path`, read as `read`, by `text`: by a new file that takes its name, with
 * its owner and mode, or where that is not possible in place. Throws an InputError where the file is
 * read-only or not as it was read; then, and after an error of the file system, it is left as it is.
 */
export function replaceFile(path, read, text) {
  const file = realpathSync(path); // a link stays one
  mustBeWritable(file, path);
  const bytes = Buffer.from(text, "utf8");
  const beside = join(dirname(file), `.layerwise-${randomBytes(6).toString("hex")}`);
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

// A new file could take the name of one that nobody may write; and root may write them all.
function mustBeWritable(file, path) {
  const isReadOnly = (statSync(file).mode & 0o222) === 0;
  if (isReadOnly) throw new InputError(`${path} is read-only, so it is left alone`);
  accessSync(file, constants.W_OK);
}

// Whether a new file can stand for the old one: not where that has another name (a hard link) or
// an owner that the new one cannot be given.
function writeBeside(beside, file, bytes) {
  const old = statSync(file);
  if (old.nlink > 1) return false;
  const descriptor = openSync(beside, "wx", old.mode & 0o777);
  try {
    if (!hasOwnerOf(descriptor, old)) return false;
    fchmodSync(descriptor, old.mode & 0o7777); // `openSync` minds the umask, and a new owner takes bits away
    writeFileSync(descriptor, bytes);
    fsyncSync(descriptor);
    return true;
  } finally {
    closeSync(descriptor);
  }
}

function hasOwnerOf(descriptor, { uid, gid }) {
  const made = fstatSync(descriptor);
  if (made.uid === uid && made.gid === gid) return true;
  try {
    fchownSync(descriptor, uid, gid);
    return true;
  } catch {
    return false; // only root gives files away
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
  if (readRegular(file, read.length).bytes?.equals(read)) return;
  throw new InputError(`${path} has changed since it was read, so it is left alone`);
}
