// The .dockerignore that a report proposes: which file it is, how it differs, and writing it.

import { linkSync, lstatSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { addedLines } from "./added-lines.js";
import { ignoreFile } from "./context.js";
import { placesOf } from "./ignore-place.js";
import { appended, extended, linesAdded, wantedElsewhere } from "./ignore-text.js";
import { InputError } from "./input.js";
import { replaceFile } from "./write.js";

/** The rules whose issues it takes away. */
export const RULES = new Set(["host-artifacts-in-context", "vcs-metadata-in-context"]);

/**
 * What the builds of one Dockerfile propose, a file each: `{ path, before, after, edits, level, directories }`,
 * `before` being undefined where there is no such file, `level` the fixes that it is written with, and `directories`
 * the contexts that it is for. One that not all builds in its context propose is left out.
 */
export function proposedIgnores(builds) {
  const found = new Map();
  const places = placesOf(builds, builds.map(linesProposed));
  for (const [at, place] of places.entries()) {
    if (place === undefined) continue;
    const { after, level } = proposalOf(builds[at].report, place);
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
  const proposed = level === "suggested" ? proposedIgnores(builds) : [];
  // What is written together lies in one file: one that is named after the Dockerfile hides the other.
  const together = level === "suggested" ? builds.map(linesProposed) : undefined;
  const files = new Map(ignoresOfLines(builds, lines, together).map((one) => [one.path, { ...one, isNeeded: true }]));
  for (const one of proposed) files.set(one.path, { ...one, isNeeded: files.has(one.path) });
  return [...files.values()];
}

/** A file for the builds of one Dockerfile that share it, with the `lines` of each build added, where `all` may go. */
export function ignoresOfLines(builds, lines, all = lines) {
  const found = new Map();
  const places = placesOf(builds, all);
  for (const [at, place] of places.entries()) {
    if (place === undefined || lines[at].length === 0) continue;
    const known = found.get(place.path)?.lines ?? [];
    found.set(place.path, { ...place, lines: [...known, ...lines[at]] });
  }
  return changed(new Map([...found].map(([path, { lines: added, ...place }]) =>
    [path, { ...place, after: appended(place.inForce, added) }])));
}

/** What is `proposed` for a file that has the text `before` by then, since another Dockerfile's lines went into it. */
export function onTopOf(before, proposed) {
  const after = appended(before, linesAdded(proposed.before, proposed.after));
  return { ...proposed, before, after, edits: after === before ? [] : addedLines({ before, after }) };
}

// The lines that a build would get with all that is found in it.
function linesProposed(build) {
  const { input, context: { directory }, builder, report: { issues, fixes, dockerignore } } = build;
  const brought = fixes.flatMap((fix) => fix.dockerignore);
  if (directory === undefined || dockerignore === undefined || !issues.some(({ rule }) => RULES.has(rule))) return brought;
  const { text } = ignoreFile({ ...input, directory, builder });
  return [...new Set([...brought, ...linesAdded(text, dockerignore)])];
}

// What a baseline knows is not proposed again.
function proposalOf({ issues, fixes, dockerignore }, { inForce }) {
  if (issues.some(({ rule }) => RULES.has(rule))) {
    return { after: dockerignore && extended(inForce, linesAdded(inForce, dockerignore)), level: "suggested" };
  }
  const bringing = fixes.filter((fix) => fix.dockerignore.length > 0);
  if (bringing.length === 0) return {};
  const level = bringing.every(({ applicability }) => applicability === "safe") ? "safe" : "assumed";
  return { after: appended(inForce, bringing.flatMap((fix) => fix.dockerignore)), level };
}

function changed(found) {
  return [...found.values()].filter(({ after, inForce }) => after !== undefined && after !== (inForce ?? ""))
    .map(({ inForce: _, ...proposed }) => ({ ...proposed, edits: addedLines(proposed) }));
}

/** Writes what is proposed. Throws an InputError where a file is left alone. */
export function writeIgnore({ path, before, after, wantedBy }) {
  if (wantedBy !== undefined) throw new InputError(wantedElsewhere({ path, wantedBy }));
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
