// How far back a history goes, and what git has of it.

import { UsageError } from "../arguments.js";
import { changesOf, commitsOf, submodulesIn, treeOf } from "./repository.js";

/** Commits that are replayed where nobody says how many. */
export const LAST = 200;

const DAY = 86_400;
const UNITS = { d: DAY, w: 7 * DAY, m: 30 * DAY, y: 365 * DAY };

/**
 * How far back, in commits or to a time, as words say it; `called` are the options that they are of.
 * Throws a UsageError.
 */
export function rangeOf({ last, since }, called = { last: "--last", since: "--since" }) {
  if (last !== undefined && since !== undefined) throw new UsageError("--last and --since are two ways to say how far back; give one");
  if (since !== undefined) return { since: timeOf(since, called), given: since };
  if (last !== undefined && !/^[1-9]\d{0,6}$/.test(last)) throw new UsageError(`${called.last} takes a number of commits, such as 200`);
  return { last: Number(last ?? LAST) };
}

// A time in seconds.
function timeOf(since, called) {
  const [, count, unit] = /^(\d{1,5})([dwmy])$/.exec(since) ?? [];
  if (unit !== undefined) return Math.floor(Date.now() / 1000) - Number(count) * UNITS[unit];
  const date = /^\d{4}-\d{2}-\d{2}(?:T.*)?$/.test(since) ? Date.parse(since) : NaN;
  if (Number.isNaN(date)) {
    const orCommits = called.last === called.since ? "a number of commits, " : "";
    throw new UsageError(`${called.since} takes ${orCommits}90d, 12w, 6m, 1y or a date such as 2026-01-31`);
  }
  return Math.floor(date / 1000);
}

/** The commits that are replayed, and the tree of the one before them. */
export function readRange(repository, tip, range) {
  const all = commitsOf(repository, tip, range);
  // The build before the first: its parent's, or its own where it has none here.
  const parent = all[0]?.parents[0];
  const commits = parent === undefined ? all.slice(1) : all;
  const start = parent ?? all[0]?.id;
  if (start === undefined) return { all, commits: [], tree: new Map(), told: { ...range, commits: 0 }, submodules: 0 };
  const tree = treeOf(repository, start);
  const changes = changesOf(repository, commits);
  for (const commit of commits) commit.changes = changes.get(commit.id);
  const submodules = submodulesIn(tree, ...changes.values()).length;
  const told = { ...range, commits: commits.length, from: commits[0]?.time, to: commits.at(-1)?.time };
  return { all, commits, tree, told, submodules };
}
