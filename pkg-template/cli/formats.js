// The formats of what is told. Each is given what the run knows, as `{ args, count, colour }`, and
// answers the text for each Dockerfile, of its builds in order, and what comes at the end. One that
// does not tell issues (`tellsIssues: false`) leaves the exit code alone.

import { githubFormat, gitlabFormat, junitFormat } from "./formats/annotations.js";
import { jsonFormat, ndjsonFormat } from "./formats/json.js";
import { markdownFormat } from "./formats/markdown.js";
import { diffFormat, explainFormat, printFormat } from "./formats/plain.js";
import { prettyFormat } from "./formats/pretty.js";
import { sarifFormat } from "./formats/sarif.js";

export const FORMATS = {
  pretty: prettyFormat,
  json: jsonFormat,
  ndjson: ndjsonFormat,
  sarif: sarifFormat,
  github: githubFormat,
  gitlab: gitlabFormat,
  junit: junitFormat,
  markdown: markdownFormat,
};

/** The format that the arguments ask for, under what the run knows. */
export function formatOf(args, known) {
  const { line, print, diff, format } = args;
  const make = line !== undefined ? explainFormat : print ? printFormat : diff ? diffFormat : FORMATS[format];
  return make({ args, ...known });
}
