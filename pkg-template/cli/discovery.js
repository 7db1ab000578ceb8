// Which directory is the build context of a Dockerfile: what it copies has to be there.

import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { copiedPaths } from "layerwise";
import { repositoryOf } from "./walk.js";

/**
 * The directories that may be the context of the Dockerfile `text`, which lies in the directory `besides`, nearest
 * first, as `candidates`: those that have all sources. Where none has, each that has all but one (`lacking`), which
 * git may ignore or something make before the build. Without any, `missing` is what the nearest one has not.
 */
export function discoverContext(text, besides) {
  const sources = copiedPaths(text);
  const count = new Set(sources.map(({ path }) => path)).size;
  const directories = directoriesUpTo(besides).map((directory) => ({ directory, lacks: missingIn(directory, sources) }));
  const whole = directories.filter(({ lacks }) => lacks.length === 0);
  const found = whole.length > 0 || count === 1 ? whole : directories.filter(({ lacks }) => lacks.length === 1);
  if (found.length === 0) {
    const [missing] = directories[0].lacks;
    return { missing: sources.find(({ path }) => path === missing) };
  }
  return { candidates: found.map(({ directory, lacks: [lacking] }) => ({ directory, lacking })) };
}

/** The nearest of some candidates: from its `sources` where it alone has them all, or else a `guess`. */
export function contextAmong([{ directory, lacking }, ...others]) {
  const learntFrom = others.length > 0 || lacking !== undefined ? "guess" : "sources";
  return { directory, learntFrom, lacking, others: others.map((other) => other.directory) };
}

function missingIn(directory, sources) {
  return [...new Set(sources.map(({ path }) => path))].filter((path) => !existsSync(join(directory, path)));
}

/**
 * The directories from `start` upward, up to the root of the repository, or else to the directory
 * the command runs in, to which they are told relative.
 */
export function directoriesUpTo(start) {
  const root = repositoryOf(start);
  const passed = [];
  for (let here = resolve(start); here !== dirname(here) && here !== root; here = dirname(here)) passed.push(here);
  if (root !== undefined) passed.push(root);
  else passed.splice(Math.max(passed.indexOf(process.cwd()), 0) + 1);
  return passed.map((path, at) => (at === 0 ? start : relative("", path) || "."));
}
