// How often the commits of a branch changed each file of a context, as `history` of the core's
// options takes it: what changes often is then measured and not guessed by names.

import { InputError } from "../input.js";
import { keptForRun } from "../kept.js";
import { rangeOf, readRange } from "./range.js";
import { commitOf, pathIn, repositoryAt } from "./repository.js";

/** Fewer commits say nothing of what never changes. */
export const FEWEST = 50;

// What git has of the last commits, by repository, and what was counted of it, by context.
const read = keptForRun();
const known = keptForRun();

/**
 * By path below the context `directory` the share of the commits of `words` (a number of commits, a
 * span or a date) that changed it; directories end in a slash. Throws an InputError where there are
 * too few commits.
 */
export function frequenciesIn(directory, words) {
  const key = JSON.stringify([directory, words]);
  if (!known.has(key)) known.set(key, counted(directory, words));
  return known.get(key);
}

function counted(directory, words) {
  const repository = repositoryAt(directory, "--history");
  const range = rangeOf(/^\d+$/.test(words) ? { last: words } : { since: words }, { last: "--history", since: "--history" });
  if (!read.has(repository.root)) read.set(repository.root, readRange(repository, commitOf(repository, "HEAD"), range));
  const { tree, commits } = read.get(repository.root);
  if (commits.length < FEWEST) {
    throw new InputError(`--history ${words}: ${commits.length} commits are too few to say what changes often; ${FEWEST} are needed (a shallow clone has no more)`);
  }
  const below = pathIn(repository, directory) ?? "";
  return sharesOf({ tree, commits, prefix: below === "" ? "" : `${below}/` });
}

/**
 * The shares of `commits` that changed each path below `prefix`: those of the `tree` before them, and
 * those that came since.
 */
export function sharesOf({ tree, commits, prefix }) {
  const counts = new Map();
  const own = (path) => (path.startsWith(prefix) ? path.slice(prefix.length) : undefined);
  const add = (path, count) => counts.set(path, (counts.get(path) ?? 0) + count);
  for (const path of tree.keys()) if (own(path) !== undefined) add(own(path), 0);
  for (const { changes } of commits) {
    const changed = new Set();
    for (const path of changes.keys()) {
      const name = own(path);
      if (name === undefined) continue;
      changed.add(name);
      changed.add("./");
      for (let at = name.indexOf("/"); at >= 0; at = name.indexOf("/", at + 1)) changed.add(name.slice(0, at + 1));
    }
    for (const name of changed) add(name, 1);
  }
  const shares = Object.create(null); // a file may be called __proto__
  for (const [path, count] of counts) shares[path] = count / commits.length;
  return shares;
}
