// Issues that are known and not to be told again: those of a baseline file.

import { existsSync } from "node:fs";
import { readJson } from "./definitions/files.js";
import { fingerprintOf } from "./fingerprints.js";
import { InputError } from "./input.js";
import { writeWhole } from "./write.js";

const SCHEMA = 1;

/** The fingerprints of the baseline file at `path`. */
export function readBaseline(path) {
  if (!existsSync(path)) throw new InputError(`there is no baseline ${path}; --update-baseline writes it`);
  const { schema, issues } = readJson(path) ?? {};
  if (schema !== SCHEMA || !Array.isArray(issues)) {
    throw new InputError(`${path} is no baseline; --update-baseline writes one`);
  }
  return new Set(issues.map((issue) => issue?.fingerprint));
}

/** A report without the issues that a baseline knows, and without a change where none is left. */
export function withoutKnown(report, baseline) {
  const issues = report.issues.filter((issue) => !baseline.has(fingerprintOf(issue)));
  if (issues.length === report.issues.length) return report;
  return { ...report, issues, ...(issues.length === 0 && { edits: [] }) };
}

/** Writes the baseline of what was found, sorted, so that it changes little. */
export function writeBaseline(path, findings) {
  const issues = findings
    .map(({ fingerprint, rule, file, message }) => ({ file, rule, message, fingerprint }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const distinct = issues.filter(({ fingerprint }, at) => fingerprint !== issues[at - 1]?.fingerprint);
  writeWhole(path, `${JSON.stringify({ schema: SCHEMA, issues: distinct }, null, 2)}\n`);
  return distinct.length;
}
