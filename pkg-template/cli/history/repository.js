// A repository's commits, trees and texts, as `git` has them: nothing is checked out or written.

import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { git, gitBytes } from "../git.js";
import { InputError } from "../input.js";
import { repositoryOf } from "../walk.js";

/** What `git` writes for what is not there. */
const NOTHING = /^0+$/;

/** How git's modes are told in a context. A submodule is one file: its commit is its content. */
const KINDS = {
  100644: { type: "file", mode: "0o644" },
  100664: { type: "file", mode: "0o644" }, // of very old repositories
  100755: { type: "file", mode: "0o755" },
  120000: { type: "symlink" },
  160000: { type: "file", isSubmodule: true },
};

/** The repository that `directory` is in. Throws an InputError where it is in none. */
export function repositoryAt(directory, called) {
  const root = repositoryOf(directory);
  if (root === undefined) throw new InputError(`${called} needs a repository of git, and ${resolve(directory)} is in none`);
  const ask = (args, input) => git(args, { root, input, called });
  return {
    root: realpathSync(root),
    called,
    ask,
    bytes: (args, input) => gitBytes(args, { root, input, called }),
  };
}

/** The commit that `ref` names. */
export function commitOf(repository, ref) {
  if (ref.startsWith("-")) throw new InputError(`${repository.called}: ${ref} is no commit`);
  try {
    return repository.ask(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]).trim();
  } catch {
    const isEmpty = ref === "HEAD" ? "; the repository has no commit yet, or HEAD leads nowhere" : "";
    throw new InputError(`${repository.called}: there is no commit ${ref}${isEmpty}`);
  }
}

/**
 * The commits of a branch as a build server sees it: `commit` and its first parents, the oldest
 * first, as `{ id, time, title, parents }`. `last` of them, or those `since` a time in seconds.
 */
export function commitsOf(repository, commit, { last, since }) {
  const most = last !== undefined ? [`--max-count=${last}`] : [`--since=${since}`];
  const format = "--format=%ct%x00%P%x00%s";
  const text = repository.ask(["rev-list", "--first-parent", "--encoding=UTF-8", format, ...most, commit]);
  const lines = text.split("\n");
  const commits = [];
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const [time, parents, title] = lines[at + 1].split("\0");
    commits.push({
      id: lines[at].slice("commit ".length),
      time: Number(time),
      title,
      parents: parents === "" ? [] : parents.split(" "),
    });
  }
  return commits.reverse();
}

/** What lies in the tree of a commit, by path: what `changesOf` gives. */
export function treeOf(repository, commit) {
  const entries = new Map();
  for (const record of records(repository.ask(["ls-tree", "-r", "-z", "--full-tree", commit]))) {
    const [head, path] = cutAt(record, "\t");
    const [mode, , object] = head.split(" ");
    entries.set(path, entryOf(mode, object));
  }
  return entries;
}

/**
 * For each of `commits` what it changed against its first parent, as a map of paths to
 * `{ type, mode, object }`, or `null` for what is gone. A rename is one path less and one more.
 */
export function changesOf(repository, commits) {
  const changes = new Map(commits.map(({ id }) => [id, new Map()]));
  // Of a merge all that it brought: a commit is compared with the parents on its line.
  const input = commits.map(({ id, parents }) => `${[id, ...parents.slice(0, 1)].join(" ")}\n`).join("");
  const args = ["diff-tree", "--stdin", "-r", "-z", "--root", "--no-renames", "--no-ext-diff", "--no-textconv"];
  const parts = records(repository.ask(args, input));
  let own;
  for (let at = 0; at < parts.length; at++) {
    if (!parts[at].startsWith(":")) {
      own = changes.get(parts[at].trim());
      continue;
    }
    const [, mode, , object] = parts[at].slice(1).split(" ");
    own.set(parts[(at += 1)], NOTHING.test(mode) ? null : entryOf(mode, object));
  }
  return changes;
}

function entryOf(mode, object) {
  const kind = KINDS[mode] ?? { type: "file" };
  return { ...kind, object };
}

/**
 * The texts of `objects`, by object: those of at most `most` bytes that the repository has.
 */
export function textsOf(repository, objects, most) {
  const wanted = [...new Set(objects)];
  const texts = new Map();
  if (wanted.length === 0) return texts;
  const sizes = repository.ask(["cat-file", "--batch-check=%(objecttype) %(objectsize)"], lines(wanted)).split("\n");
  const read = wanted.filter((_, at) => {
    const [type, size] = (sizes[at] ?? "").split(" ");
    return type === "blob" && Number(size) <= most;
  });
  const bytes = repository.bytes(["cat-file", "--batch=%(objectsize)"], lines(read));
  let at = 0;
  for (const object of read) {
    const end = bytes.indexOf(10, at);
    const size = Number(bytes.toString("latin1", at, end));
    texts.set(object, bytes.toString("utf8", end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return texts;
}

/** What of a clone is less than the repository: sentences for who reads what comes of it. */
export function limitsOf(repository, commits) {
  const found = [];
  const answer = (args) => {
    try {
      return repository.ask(args).trim();
    } catch {
      return ""; // an older git, or a setting that is not there
    }
  };
  const isShallow = answer(["rev-parse", "--is-shallow-repository"]) === "true";
  if (isShallow && commits[0]?.parents.length === 0) {
    found.push("the clone is shallow: older commits are not there (git fetch --unshallow)");
  }
  if (answer(["config", "--bool", "core.sparseCheckout"]) === "true") {
    found.push("the checkout is sparse: the commits are read whole, as a full clone builds them");
  }
  if (answer(["config", "--get-regexp", "^remote\\..*\\.promisor$"]) !== "") {
    found.push("the clone is partial: the text of manifests that it lacks is not known");
  }
  return found;
}

/** Whether a path of the repository is a submodule in any of `trees`. */
export function submodulesIn(...trees) {
  const paths = trees.flatMap((tree) => [...tree].filter(([, entry]) => entry?.isSubmodule).map(([path]) => path));
  return [...new Set(paths)];
}

/** A path of the disk as one of the repository, "" for its root; undefined outside of it. */
export function pathIn({ root }, path) {
  const whole = existsSync(path) ? realpathSync(path) : resolve(path);
  if (whole === root) return "";
  const prefix = root.endsWith("/") ? root : `${root}/`;
  const slashed = whole.replaceAll("\\", "/");
  return slashed.startsWith(prefix.replaceAll("\\", "/")) ? slashed.slice(prefix.length) : undefined;
}

/** The parts of an answer that ends each with a NUL. */
export function records(text) {
  const parts = text.split("\0");
  parts.pop();
  return parts;
}

function cutAt(text, mark) {
  const at = text.indexOf(mark);
  return [text.slice(0, at), text.slice(at + 1)];
}

function lines(words) {
  return words.map((word) => `${word}\n`).join("");
}
