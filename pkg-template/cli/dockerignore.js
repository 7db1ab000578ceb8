// The .dockerignore that a report proposes: which file it is, how it differs, and writing it.

import { linkSync, lstatSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { contextFiles } from "./analysis.js";
import { ignoreFile } from "./context.js";
import { InputError } from "./input.js";
import { isDockerfileName } from "./search.js";
import { replaceFile } from "./write.js";

/** The rules whose issues it takes away. */
export const RULES = new Set(["host-artifacts-in-context", "vcs-metadata-in-context"]);

/**
 * What the builds of one Dockerfile propose, a file each: `{ path, before, after, edits }`, `before`
 * being undefined where there is no such file. One that not all builds in its context propose is
 * left out.
 */
export function proposedIgnores(builds) {
  const found = new Map();
  for (const { input, context, report } of builds) {
    const { directory } = context;
    if (directory === undefined || input.name === undefined) continue;
    const { path, text: before } = placeOf(input, directory);
    // What a baseline knows is not proposed again.
    const after = report.issues.some(({ rule }) => RULES.has(rule)) ? report.dockerignore : undefined;
    const known = found.get(path);
    if (known === undefined) found.set(path, { path, before, after });
    else if (known.after !== after) known.after = undefined;
  }
  return [...found.values()].filter(({ after }) => after !== undefined)
    .map((proposed) => ({ ...proposed, edits: editsOf(proposed) }));
}

/** Writes what is proposed. Throws an InputError where a file is left alone. */
export function writeIgnore({ path, before, after }) {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new InputError(`${path} is left alone: it is a link`);
  }
  if (before !== undefined) {
    const bytes = readFileSync(path);
    if (bytes.toString("utf8") !== before) throw new InputError(`${path} has changed since it was read, so it is left alone`);
    return replaceFile(path, bytes, after);
  }
  // It is there whole or not at all, and takes the place of none that was made meanwhile.
  const beside = join(dirname(path), `.layerwise-${randomBytes(6).toString("hex")}`);
  try {
    writeFileSync(beside, after, { flag: "wx" });
    linkSync(beside, path);
  } finally {
    rmSync(beside, { force: true });
  }
}

// The file in force. A new one, where other Dockerfiles share the context, is for this one alone.
function placeOf(input, directory) {
  const { path, text, isOwn } = ignoreFile({ ...input, directory });
  if (isOwn || input.fileName === undefined || input.path === undefined) return { path, text };
  const isOther = (name) => isDockerfileName(basename(name)) && join(directory, name) !== join(input.path);
  if (!contextFiles(input, directory).some(isOther)) return { path, text };
  return { path: join(input.besides, `${input.fileName}.dockerignore`), text: undefined };
}

// Lines are added at the end.
function editsOf({ before = "", after }) {
  if (!after.startsWith(before)) return [];
  const lines = before.split("\n");
  const end = { offset: before.length, line: lines.length, column: lines.at(-1).length + 1 };
  return [{ range: { start: end, end }, text: after.slice(before.length) }];
}
