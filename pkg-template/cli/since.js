// Which builds have changed since a commit: those whose Dockerfile, definition or copied files have.

import { rebuild } from "layerwise";
import { relative, resolve, sep } from "node:path";
import { optionsOf } from "./analysis.js";
import { git } from "./git.js";
import { InputError } from "./input.js";
import { repositoryOf } from "./walk.js";

/** The files that differ from commit `ref`, by their whole paths, untracked ones too. */
export function changedSince(ref, directory = ".") {
  const root = repositoryOf(directory);
  if (root === undefined) throw new InputError("--since needs a repository of git, and this is in none");
  if (ref.startsWith("-")) throw new InputError(`--since ${ref} is no commit`);
  const files = (args) => git(args, { root, called: `--since ${ref}` }).split("\0").filter((path) => path !== "");
  const changed = [
    ...files(["diff", "--no-ext-diff", "--no-textconv", "--name-only", "--no-renames", "-z", ref, "--"]),
    ...files(["ls-files", "--others", "--exclude-standard", "-z"]),
  ];
  return new Set(changed.map((path) => resolve(root, path)));
}

/** Whether a build is another than it was before `changed` changed. */
export function isChanged(build, changed, args) {
  const { input, context } = build;
  const own = [input.identity, input.path && resolve(input.path), context.file && resolve(context.file)];
  if (input.path === undefined || own.some((path) => changed.has(path))) return true;
  if (context.directory === undefined) return false;
  const ignore = [`${input.path}.dockerignore`, resolve(context.directory, ".dockerignore")];
  if (ignore.some((path) => changed.has(resolve(path)))) return true;
  const files = [...changed].map((path) => relative(context.directory, path).split(sep).join("/"))
    .filter((path) => !path.startsWith("../"));
  if (files.length === 0) return false;
  // What the core says of the change: a file that no step copies changes nothing.
  return rebuild(input.text, { files }, optionsOf(build, args)).some(({ outcome }) => outcome !== "cached");
}
