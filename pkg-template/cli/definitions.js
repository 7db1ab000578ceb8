// What the files of a repository say of builds: compose and bake files, workflows, scripts.

import { realpathSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { bakeBuilds, isBake } from "./definitions/bake.js";
import { judgeCaches } from "./definitions/build-cache.js";
import { composeBuilds, isCompose } from "./definitions/compose.js";
import { readDefinition } from "./definitions/files.js";
import { isMakefile, makefileBuilds, packageBuilds } from "./definitions/scripts.js";
import { keepsNothing, workflowBuilds } from "./definitions/workflow.js";
import { keptForRun } from "./kept.js";
import { filesBelow, repositoryOf } from "./walk.js";

/** Most files of a kind that are looked at. */
const MOST_FILES = 2000;

/** Of a project that lies below, such as a template or a copy, they are about that project. */
const WORKFLOW = /(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/;

/** The kinds of files, in the order in which what they say counts. */
const KINDS = [
  { is: (path) => /\.ya?ml$/.test(path) && !WORKFLOW.test(path), read: readCompose },
  { is: (path) => isBake(basename(path)), read: bakeBuilds },
  { is: (path) => WORKFLOW.test(path), read: (path) => workflowBuilds(path, resolve(dirname(path), "../..")) },
  { is: (path) => isMakefile(basename(path)), read: makefileBuilds },
  { is: (path) => basename(path) === "package.json", read: packageBuilds },
];

const known = keptForRun();

/**
 * The builds that the files of the repository around `directory` define, in the order in which
 * they count: `{ learntFrom, from, file, context, dockerfile, inline?, target, args, contexts }`, and
 * whether the builder is `ephemeral` and its `cache`, where that is known; `null` standing for what is not known. `note` takes a sentence about a file that says nothing,
 * `warn` one about a file that would say something elsewhere.
 */
export function definitionsAround(directory, session) {
  const root = rootOf(directory);
  if (!known.has(root)) known.set(root, read(root, session));
  return known.get(root);
}

/** Has the files that define builds read again, as they are by now. */
export function forgetDefinitions() {
  known.clear();
}

/** The builds that the file at `path` defines; undefined where it is of no kind that does. */
export function definitionsIn(path) {
  if (isBake(basename(path))) return bakeBuilds(path, rootOf(dirname(path)));
  const mayBe = /\.ya?ml$/.test(path) && isCompose(readDefinition(path));
  return mayBe ? composeBuilds(path) : undefined;
}

/** The file that a build names, links followed; undefined where there is none. */
export function dockerfileOf(build) {
  if (build.identity === undefined) build.identity = build.dockerfile === null ? null : realpath(build.dockerfile);
  return build.identity ?? undefined;
}

function realpath(path) {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function read(root, { warn, note }) {
  const files = filesBelow(relative("", root) || ".");
  const definitions = KINDS.flatMap(({ is, read }) => files.filter(is).slice(0, MOST_FILES).flatMap((path) => {
    try {
      return read(path, root);
    } catch (error) {
      (path.endsWith(".hcl") ? warn : note)(error.message);
      return [];
    }
  }));
  judgeCaches(definitions, files.filter((path) => WORKFLOW.test(path)), keepsNothing);
  return definitions;
}

function readCompose(path) {
  return isCompose(readDefinition(path)) ? composeBuilds(path) : [];
}

function rootOf(directory) {
  const below = relative("", directory);
  return repositoryOf(directory) ?? (below.startsWith("..") ? resolve(directory) : process.cwd());
}
