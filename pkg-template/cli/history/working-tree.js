// What lies in the working tree, beside what git has of it: the files that differ from a commit, and
// those that git neither knows nor ignores. Their content is counted as git counts it, so that a file
// that was only touched is the same.

import { createHash } from "node:crypto";
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { records } from "./repository.js";

/** Most bytes of a file that is read; of a larger one its size and time are its content. */
const LARGEST = 2 ** 28;

/**
 * The working tree of `repository` as a tree, made of that of its `commit`, and the texts that git
 * has not, by object. With `modes`, files have those of the disk; else what git would keep of them.
 */
export function workingTreeOf(repository, commit, tree, { modes }) {
  const found = new Map(tree);
  const texts = new Map();
  const diff = ["diff-index", "-z", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all"];
  const differing = records(repository.ask([...diff, commit]));
  const others = records(repository.ask(["ls-files", "-z", "--others", "--exclude-standard", "--full-name"]));
  // With their own modes, all files are looked at.
  for (const path of new Set([...differing, ...others, ...(modes ? tree.keys() : [])])) {
    if (tree.get(path)?.isSubmodule) continue;
    const isKnown = modes && tree.has(path) && !differing.includes(path);
    const entry = entryAt(repository, path, { commit, modes, known: isKnown ? tree.get(path) : undefined });
    if (entry === undefined) found.delete(path);
    else {
      found.set(path, entry.entry);
      if (entry.bytes !== undefined) texts.set(entry.entry.object, entry.bytes.toString("utf8"));
    }
  }
  return { tree: found, texts };
}

// What stands at a path; undefined where nothing does that a commit could hold.
function entryAt({ root }, path, { commit, modes, known }) {
  const whole = join(root, path);
  const status = lstatSync(whole, { throwIfNoEntry: false });
  if (status === undefined) return undefined;
  if (status.isSymbolicLink()) {
    const bytes = Buffer.from(readlinkSync(whole), "utf8");
    return { entry: { type: "symlink", object: objectOf(bytes, commit) }, bytes };
  }
  if (!status.isFile()) return undefined;
  const bits = modes ? status.mode & 0o7777 : (status.mode & 0o100) === 0 ? 0o644 : 0o755;
  const mode = `0o${bits.toString(8)}`;
  if (known !== undefined) return { entry: { ...known, mode } };
  if (status.size > LARGEST) return { entry: { type: "file", mode, object: `${status.size} ${status.mtimeMs}` } };
  const bytes = readFileSync(whole);
  return { entry: { type: "file", mode, object: objectOf(bytes, commit) }, bytes };
}

/** What git calls the content, in a repository whose commits have such names. */
function objectOf(bytes, commit) {
  const hash = createHash(commit.length === 40 ? "sha1" : "sha256");
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
