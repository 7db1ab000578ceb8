// The files below a directory that belong to the project: not those that git ignores, nor those
// that package managers and git put there. Links to directories are not followed.

import ignore from "ignore";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { keptForRun } from "./kept.js";
import { textOfRegular } from "./regular.js";

/** Directories that hold what others have written. */
const DEPENDENCIES = new Set([
  ".git", ".hg", ".svn", ".tox", ".venv", "__pycache__", "bower_components", "node_modules", "vendor",
]);

/** Most entries that are looked at, so that a walk of a home directory ends. */
const MOST_ENTRIES = 100_000;

/** Most bytes of a file that says what git ignores. */
const LARGEST = 2 ** 20;

/** Most wildcards of a pattern: the time to match it is to the power of them. */
const MOST_WILDCARDS = 6;

const walked = keptForRun();

/**
 * The paths of the files below `directory`, in a stable order, told as it is told itself.
 * Each directory is walked once in a run.
 */
export function filesBelow(directory) {
  const key = resolve(directory);
  if (!walked.has(key)) walked.set(key, [...walk(key)]);
  return walked.get(key).map((path) => join(directory, path));
}

/** The root of the repository that `directory` is in; undefined where it is in none. */
export function repositoryOf(directory) {
  let here = resolve(directory);
  while (!existsSync(join(here, ".git"))) {
    if (here === dirname(here)) return undefined;
    here = dirname(here);
  }
  return here;
}

// Level by level, so that what is left out of a very large tree lies deep; sorted at the end.
function walk(root) {
  const files = [];
  let level = [{ path: "", ignoring: ignoringAbove(root) }];
  let count = 0;
  while (level.length > 0 && count < MOST_ENTRIES) {
    const next = [];
    for (const { path, ignoring: above } of level) {
      const ignoring = [...ignoresOf(join(root, path)), ...above];
      for (const entry of entriesOf(join(root, path))) {
        count += 1;
        const below = path === "" ? entry.name : `${path}/${entry.name}`;
        const isDirectory = entry.isDirectory();
        if (isDirectory && DEPENDENCIES.has(entry.name)) continue;
        if (isIgnored(join(root, below), isDirectory, ignoring)) continue;
        if (isDirectory) next.push({ path: below, ignoring });
        else if (entry.isFile() || leadsToFile(join(root, below), entry)) files.push(below);
      }
    }
    level = next;
  }
  return files.sort(inOrder);
}

// A directory's own files first, then those of its directories.
function inOrder(a, b) {
  const [left, right] = [a.split("/"), b.split("/")];
  for (let at = 0; ; at++) {
    const [isLast, isOthersLast] = [at === left.length - 1, at === right.length - 1];
    if (isLast !== isOthersLast) return isLast ? -1 : 1;
    if (left[at] !== right[at]) return left[at] < right[at] ? -1 : 1;
    if (isLast) return 0;
  }
}

function entriesOf(directory) {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return []; // not ours to read
  }
}

function leadsToFile(path, entry) {
  try {
    return entry.isSymbolicLink() && statSync(path).isFile();
  } catch {
    return false; // a link to nothing, or in a circle
  }
}

// What git ignores by the directories above, nearest first; nothing where `root` itself is
// ignored: then it was meant by whoever named it.
function ignoringAbove(root) {
  const repository = repositoryOf(root);
  if (repository === undefined) return [];
  const above = [];
  for (let here = root; here !== repository; ) {
    here = dirname(here);
    above.push(...ignoresOf(here));
  }
  above.push(...ignoresFrom(join(repository, ".git/info/exclude"), repository));
  return isIgnored(root, true, above) ? [] : above;
}

function ignoresOf(directory) {
  return ignoresFrom(join(directory, ".gitignore"), directory);
}

function ignoresFrom(file, base) {
  const text = textOfRegular(file, LARGEST);
  if (text === undefined) return [];
  const lines = text.split("\n").filter((line) => (line.match(/\*+/g) ?? []).length <= MOST_WILDCARDS);
  return [{ base, patterns: ignore({ allowRelativePaths: true }).add(lines) }];
}

// The nearest file that says something counts.
function isIgnored(path, isDirectory, ignoring) {
  for (const { base, patterns } of ignoring) {
    const below = relative(base, path).split(sep).join("/");
    if (below === "" || below.startsWith("../")) continue;
    const { ignored, unignored } = patterns.test(isDirectory ? `${below}/` : below);
    if (ignored || unignored) return ignored;
  }
  return false;
}
