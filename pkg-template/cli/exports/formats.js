// `layerwise/formats`: reports for people, editors and other tools, wherever the core runs.

import { diffArrays } from "diff";
import { unifiedDiff as diffOfEdits } from "../formats/diff.js";
import { lspOf } from "../formats/lsp.js";
import { sectionOf } from "../formats/markdown.js";
import { sarifLog } from "../formats/sarif.js";

export function toMarkdown(report, options = {}) {
  return sectionOf([buildOf({ ...options, report })]);
}

export function toSarif(reports) {
  const log = sarifLog();
  for (const one of reports) log.add([buildOf(one)]);
  return log.end();
}

export function toLsp(report, { uri, version } = {}) {
  if (typeof uri !== "string") throw new TypeError("options.uri must be the address of the document");
  return lspOf([buildOf({ report, dockerfile: uri })], { uri, version });
}

export function unifiedDiff(before, after, { from = "a", to = "b" } = {}) {
  return diffOfEdits(before, editsBetween(before, after), { before: from, after: to });
}

/** A report as a build of the command line. */
function buildOf({ report, dockerfile = "Dockerfile", text, dockerignore, context, target }) {
  return { input: { name: dockerfile, text, dockerignore }, report, context: { directory: context }, target };
}

// Whole lines of `before` and what stands in their place in `after`.
function editsBetween(before, after) {
  const edits = [];
  const at = { offset: 0, line: 1, column: 1 };
  let edit;
  for (const { value, added, removed } of diffArrays(lines(before), lines(after))) {
    const text = value.join("");
    if (added || removed) {
      if (edit === undefined) edits.push((edit = { range: { start: { ...at }, end: { ...at } }, text: "" }));
      if (added) edit.text += text;
    } else {
      edit = undefined;
    }
    if (added) continue;
    at.offset += text.length;
    at.line += value.length;
    if (removed) edit.range.end = { ...at };
  }
  return edits;
}

function lines(text) {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
