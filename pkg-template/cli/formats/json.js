// Reports for programs: one document, or a line a build.

import { relative } from "node:path";
import { proposedIgnores } from "../dockerignore.js";
import { version } from "../version.js";
import { json } from "./escaped-json.js";

/** The shape of what is printed; a later one has another number. */
const SCHEMA = 1;

/** `{ schema, version, builds }`, printed build by build. */
export function jsonFormat() {
  let before = `{\n"schema": ${SCHEMA},\n"version": ${JSON.stringify(version)},\n"builds": [\n`;
  const next = (text) => {
    const out = before + text;
    before = ",\n";
    return out;
  };
  return {
    dockerfile: (builds) => builds.map((build) => next(json(entryOf(build), 2))).join(""),
    end: () => `${before === ",\n" ? "\n" : before}]\n}\n`,
  };
}

/** An entry of `builds` a line. */
export function ndjsonFormat() {
  return {
    dockerfile: (builds) => builds.map((build) => `${json(entryOf(build))}\n`).join(""),
    end: () => "",
  };
}

/** A build as it is printed: its report is that of the file as it was. */
export function entryOf(build) {
  const { input, context: { directory, learntFrom }, target, report, applied = [] } = build;
  const [ignore] = proposedIgnores([build]);
  return {
    dockerfile: here(input.name),
    context: directory === undefined ? null : here(directory),
    learntFrom,
    ...(target !== undefined && { target }),
    ...(ignore !== undefined && { dockerignore: here(ignore.path) }),
    report,
    applied,
  };
}

// Paths as they are told: relative to the directory the command runs in, which is ".".
function here(path) {
  return relative("", path) || ".";
}
