// Which directory is the build context of a Dockerfile: what it copies has to be there.

import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { copiedPaths } from "layerwise";
import { repositoryOf } from "./walk.js";

/**
 * The context of the Dockerfile `text`, which lies in the directory `besides`, as
 * `{ directory, learntFrom }`: from its `sources` where one directory alone has them all, a `guess`
 * where `others` have them, too. Without a directory, `missing` is what the nearest one has not.
 */
export function discoverContext(text, besides) {
  const sources = copiedPaths(text);
  const lacks = (directory) => sources.find(({ path }) => !existsSync(join(directory, path)));
  const found = directoriesUpTo(besides).filter((directory) => lacks(directory) === undefined);
  if (found.length === 0) return { missing: lacks(besides) };
  const [directory, ...others] = found;
  return { directory, learntFrom: others.length > 0 ? "guess" : "sources", others };
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
