// What was found in a Dockerfile, over all of its builds: each finding once, with a place and a
// fingerprint that stays when lines move.

import { createHash } from "node:crypto";
import { dirname, isAbsolute, relative, sep } from "node:path";
import { repositoryOf } from "./walk.js";

const FIRST = { line: 1, column: 1 };

/** The rule of what BuildKit refuses, which is none of the core's. */
export const SYNTAX_ERROR = "syntax-error";

/**
 * The findings in `builds` of one Dockerfile, what is left after a fix: syntax errors and issues
 * as `{ rule, severity, message, why, help, related, fix, file, start, end, fingerprint }`.
 */
export function findingsOf(builds) {
  const [{ input }] = builds;
  const found = new Map();
  for (const build of builds) {
    const { report, text } = build.after ?? { report: build.report, text: input.text };
    const errors = report.errors.map((error) => ({
      ...error, rule: SYNTAX_ERROR, severity: "error", related: [], why: "", help: "",
      fingerprint: fingerprintOf(error),
    }));
    const issues = report.issues.map((issue) => ({
      ...issue, fix: report.fixes[issue.fix], fingerprint: fingerprintOf(issue),
    }));
    for (const finding of [...errors, ...issues]) {
      const key = JSON.stringify([finding.rule, finding.message, finding.range]);
      const known = found.get(key);
      if (known === undefined) found.set(key, { ...finding, text });
      // A fix that another of the builds has not is not right for all.
      else if (!hasSameEdits(known, finding)) known.fix = undefined;
    }
  }
  return [...found.values()].map((finding) => ({ ...finding, ...placeOf(input, finding.range) }));
}

function hasSameEdits({ fix }, { fix: other }) {
  return JSON.stringify(fix?.edits) === JSON.stringify(other?.edits);
}

/** Where a range is for whoever opens the file: that of a Dockerfile in another file is in that. */
export function placeOf({ name, at }, { start, end }) {
  if (at === undefined) return { file: fromHere(name), start, end };
  // Where its lines are folded, the other file as a whole is the place.
  if (at.line === undefined) return { file: fromHere(at.file), start: FIRST, end: FIRST };
  const moved = ({ line, column }) => ({ line: line + at.line, column });
  return { file: fromHere(at.file), start: moved(start), end: moved(end) };
}

const fingerprints = new WeakMap();

/**
 * Gives each issue and error of `report` its fingerprint: of its rule, its file and the text of its
 * step, and of how many steps before it have the same.
 */
export function takeFingerprints({ issues, errors }, input, text = input.text) {
  const path = stablePath(input);
  const counts = new Map();
  const all = [...issues, ...errors];
  // Issues come costliest first; fingerprints count in the order of the file.
  for (const found of all.sort((a, b) => a.range.start.offset - b.range.start.offset)) {
    const step = text.slice(found.range.start.offset, found.range.end.offset).replace(/\s+/g, " ");
    const key = JSON.stringify([found.rule ?? SYNTAX_ERROR, path, step]);
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    const hash = createHash("sha256").update(`${key}${count}`).digest("hex");
    fingerprints.set(found, hash.slice(0, 32));
  }
}

/** The fingerprint of an issue or error, of which `takeFingerprints` has been told. */
export function fingerprintOf(found) {
  return fingerprints.get(found);
}

/** A path as formats for machines tell it: relative to the directory the command runs in. */
export function fromHere(path) {
  return slashed(relative("", path)) || ".";
}

// The same wherever in the repository the command runs.
function stablePath({ path, name }) {
  if (path === undefined) return name;
  const root = repositoryOf(dirname(path));
  return slashed(relative(root ?? "", path));
}

function slashed(path) {
  return isAbsolute(path) ? path : path.split(sep).join("/");
}
