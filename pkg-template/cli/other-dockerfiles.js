// The other Dockerfiles that may be built with the context of one.

import { realpathSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { contextFiles } from "./analysis.js";
import { definitionsAround, dockerfileOf } from "./definitions.js";
import { LARGEST } from "./definitions/files.js";
import { keptForRun } from "./kept.js";
import { fromHere } from "./paths.js";
import { textOfRegular } from "./regular.js";
import { isDockerfileName } from "./search.js";
import { filesBelow } from "./walk.js";

// Of many that share a context, each asks about each other one.
const identities = keptForRun(); // by path
const texts = keptForRun(); // by identity

/** What definitions have to say was told when the builds were looked for. */
const SILENT = { warn: () => {}, note: () => {} };

/**
 * Those beside the Dockerfile of `build`, each `{ name, text, values }`: of the context whatever
 * .dockerignore leaves out, and under any name where a file of the repository builds it with this context
 * (`dockerfile: deploy/prod.txt`); `values` are then what that gives its arguments. One that cannot be read has
 * no `text`.
 */
export function othersOf(build) {
  const found = new Map();
  for (const path of inContext(build)) found.set(identityOf(path), { name: fromHere(path), values: [] });
  for (const definition of definedWith(build.context.directory)) {
    const { inline, from, args } = definition;
    const identity = inline ? from : dockerfileOf(definition);
    if (identity === undefined) continue;
    const known = found.get(identity) ?? (inline ? { name: from.replace(/,$/, ""), text: inline.text } : { name: fromHere(identity) });
    found.set(identity, { ...known, values: [...(known.values ?? []), ...Object.values(args)] });
  }
  found.delete(build.input.identity);
  return [...found].map(([identity, other]) => ({ ...other, text: other.text ?? textOf(identity) }));
}

function inContext(build) {
  const { directory } = build.context;
  const listed = contextFiles(build).map((path) => join(directory, path));
  return [...listed, ...filesBelow(directory)].filter((path) => isDockerfileName(basename(path)));
}

function definedWith(directory) {
  return definitionsAround(directory, SILENT)
    .filter(({ context }) => context !== null && resolve(context) === resolve(directory));
}

/** Has a Dockerfile that was written read again. */
export function forgetText(identity) {
  texts.delete(identity);
}

function textOf(identity) {
  if (!texts.has(identity)) texts.set(identity, textOfRegular(identity, LARGEST));
  return texts.get(identity);
}

// Links to one file are one file.
function identityOf(path) {
  if (!identities.has(path)) identities.set(path, realpath(path));
  return identities.get(path);
}

function realpath(path) {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
