// The .dockerignore that a report proposes: which file it is, how it differs, and writing it.

import { linkSync, lstatSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { addedLines } from "./added-lines.js";
import { contextFiles } from "./analysis.js";
import { ignoreFile, readsOwnIgnore } from "./context.js";
import { InputError } from "./input.js";
import { isDockerfileName } from "./search.js";
import { replaceFile } from "./write.js";

/** The rules whose issues it takes away. */
export const RULES = new Set(["host-artifacts-in-context", "vcs-metadata-in-context"]);

/**
 * What the builds of one Dockerfile propose, a file each: `{ path, before, after, edits, level }`,
 * `before` being undefined where there is no such file, and `level` the fixes that it is written with.
 * One that not all builds in its context propose is left out.
 */
export function proposedIgnores(builds) {
  const found = new Map();
  for (const build of builds) {
    if (build.context.directory === undefined || build.input.name === undefined) continue;
    const place = placeOf(build);
    const { after, level } = proposalOf(build.report, place);
    const known = found.get(place.path);
    if (known === undefined) found.set(place.path, { ...place, after, level });
    else if (known.after !== after) known.after = undefined;
  }
  return changed(found);
}

/**
 * What goes with the fixes that are `applied` to the builds of one Dockerfile, by their indices, and, where
 * `level` asks for that, with what else they propose: a file each, which `isNeeded` where a fix brings a line of it.
 */
export function ignoresFor(builds, applied, level) {
  const lines = applied.map((indices, at) => indices.flatMap((index) => builds[at].report.fixes[index].dockerignore));
  const files = new Map(ignoresOfLines(builds, lines).map((one) => [one.path, { ...one, isNeeded: true }]));
  for (const one of level === "suggested" ? proposedIgnores(builds) : []) {
    files.set(one.path, { ...one, isNeeded: files.has(one.path) });
  }
  return [...files.values()];
}

/** A file for the builds of one Dockerfile that share it, with the `lines` of each build added. */
export function ignoresOfLines(builds, lines) {
  const found = new Map();
  for (const [at, build] of builds.entries()) {
    if (lines[at].length === 0 || build.context.directory === undefined || build.input.name === undefined) continue;
    const place = placeOf(build);
    const known = found.get(place.path)?.lines ?? [];
    found.set(place.path, { ...place, lines: [...new Set([...known, ...lines[at]])] });
  }
  return changed(new Map([...found].map(([path, { lines: all, ...place }]) =>
    [path, { ...place, after: appended(place.inForce, all) }])));
}

// What a baseline knows is not proposed again.
function proposalOf({ issues, fixes, dockerignore }, { inForce }) {
  if (issues.some(({ rule }) => RULES.has(rule))) return { after: dockerignore, level: "suggested" };
  const bringing = fixes.filter((fix) => fix.dockerignore.length > 0);
  if (bringing.length === 0) return {};
  const level = bringing.every(({ applicability }) => applicability === "safe") ? "safe" : "assumed";
  return { after: appended(inForce, new Set(bringing.flatMap((fix) => fix.dockerignore))), level };
}

function changed(found) {
  return [...found.values()].filter(({ after }) => after !== undefined)
    .map(({ inForce: _, ...proposed }) => ({ ...proposed, edits: addedLines(proposed) }));
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

// The file that is to be written, and the text that is in force. A new file, where other Dockerfiles
// share the context, is for this one alone, where the builder reads such a file.
function placeOf(build) {
  const { input, context: { directory }, builder } = build;
  const { path, text, isOwn } = ignoreFile({ ...input, directory, builder });
  const shared = { path, before: text, inForce: text };
  if (isOwn || input.fileName === undefined || input.path === undefined || !readsOwnIgnore(builder)) return shared;
  const isOther = (name) => isDockerfileName(basename(name)) && join(directory, name) !== join(input.path);
  if (!contextFiles(build).some(isOther)) return shared;
  return { path: join(input.besides, `${input.fileName}.dockerignore`), before: undefined, inForce: text };
}

function appended(text = "", lines) {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const start = text === "" || text.endsWith("\n") ? text : text + end;
  return start + [...lines].map((line) => line + end).join("");
}
