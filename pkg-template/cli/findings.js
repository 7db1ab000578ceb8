// What was found in a Dockerfile, over all of its builds: each finding once, with a place and a
// fingerprint.

import { fingerprintOf } from "./fingerprints.js";
import { fromHere } from "./paths.js";
import { SYNTAX_ERROR } from "./syntax-error.js";

const FIRST = { line: 1, column: 1 };

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
