// What an editor shows, in the shapes of the Language Server Protocol.
// <https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/>

import { rules } from "layerwise";
import { findingsOf, placeOf } from "../findings.js";
import { inOrder } from "../fixes.js";
import { conditionsOf, fixLine } from "./scenarios.js";

const SEVERITIES = { error: 1, warning: 2, info: 3 };

/**
 * The diagnostics of the builds of one Dockerfile, and its code actions: each fix that is right for
 * all of them, and all safe ones together. What goes into .dockerignore with one is its `data.dockerignore`.
 * `version` is that of the document, where it has one.
 */
export function lspOf(builds, { uri, version }) {
  const pages = new Map(rules().map(({ id, url }) => [id, url]));
  const found = findingsOf(builds).map((finding) => ({
    finding, diagnostic: diagnosticOf(finding, { uri, pages, input: builds[0].input }),
  }));
  return {
    diagnostics: found.map(({ diagnostic }) => diagnostic),
    // Edits of a Dockerfile in another file are not edits of that file.
    codeActions: builds[0].input.at === undefined ? actionsFor(found, { uri, version }) : [],
  };
}

/** A range of a report as the protocol has it: lines and columns count from 0. */
export function lspRange({ start, end }) {
  const position = ({ line, column }) => ({ line: line - 1, character: column - 1 });
  return { start: position(start), end: position(end) };
}

function diagnosticOf(finding, { uri, pages, input }) {
  const { rule, severity, message, why, help, related, fix, refusal, start, end } = finding;
  const url = pages.get(rule);
  const parts = [message, why, help, ...fixText(fix), refusal && `no fix: ${refusal.message}`];
  return {
    range: lspRange({ start, end }),
    severity: SEVERITIES[severity],
    code: rule,
    ...(url !== undefined && { codeDescription: { href: url } }),
    source: "layerwise",
    message: parts.filter((part) => part).join("\n"),
    relatedInformation: related.map((place) => ({
      location: { uri, range: lspRange(placeOf(input, place.range)) }, message: place.message,
    })),
  };
}

function fixText(fix) {
  if (fix === undefined) return [];
  return [`fix: ${fixLine(fix)}`, ...conditionsOf(fix).map(([word, sentence]) => `${word}: ${sentence}`)];
}

function actionsFor(found, document) {
  const fixes = new Map();
  for (const { finding: { fix }, diagnostic } of found) {
    if (fix === undefined) continue;
    const key = JSON.stringify(fix.edits);
    const known = fixes.get(key) ?? { fix, diagnostics: [] };
    known.diagnostics.push(diagnostic);
    fixes.set(key, known);
  }
  const actions = [...fixes.values()].map(({ fix, diagnostics }) => ({
    title: fixLine(fix),
    kind: "quickfix",
    diagnostics,
    isPreferred: fix.applicability === "safe",
    edit: workspaceEdit(fix.edits, document),
    ...ignored([fix]),
  }));
  const safe = [...fixes.values()].filter(({ fix }) => fix.applicability === "safe");
  if (safe.length === 0) return actions;
  return [...actions, {
    title: "Apply all safe fixes of layerwise",
    kind: "source.fixAll.layerwise",
    diagnostics: safe.flatMap(({ diagnostics }) => diagnostics),
    edit: workspaceEdit(inOrder(safe.flatMap(({ fix }) => fix.edits)), document),
    ...ignored(safe.map(({ fix }) => fix)),
  }];
}

// Which file that is, who knows the build context says.
function ignored(fixes) {
  const lines = [...new Set(fixes.flatMap(({ dockerignore }) => dockerignore))];
  return lines.length > 0 && { data: { dockerignore: lines } };
}

function workspaceEdit(edits, { uri, version }) {
  const changes = edits.map(({ range, text }) => ({ range: lspRange(range), newText: text }));
  if (version === undefined) return { changes: { [uri]: changes } };
  return { documentChanges: [{ textDocument: { uri, version }, edits: changes }] };
}
