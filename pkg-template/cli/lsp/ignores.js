// Code actions that write the .dockerignore which a report proposes, or a fix brings.

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { lspRange } from "../formats/lsp.js";

/** An action for each file that is proposed, at the diagnostics of what it takes away. */
export function ignoreActions(ignores, diagnostics) {
  return ignores.map(({ rules, name, ...proposed }) => ({
    title: `Leave it out of the context, in ${name} (suggested)`,
    kind: "quickfix",
    diagnostics: diagnostics.filter(({ code }) => rules.has(code)),
    isPreferred: false,
    edit: { documentChanges: changesOf(proposed) },
  }));
}

/**
 * An action of a fix that also writes what goes into .dockerignore with it; `alone` is for who cannot make a file.
 * None where that cannot be written (`ignores` is undefined).
 */
export function withIgnores({ data: _, edit: alone, ...action }, ignores) {
  if (ignores === undefined) return [];
  return { ...action, alone, edit: { documentChanges: [...alone.documentChanges, ...ignores.flatMap(changesOf)] } };
}

function changesOf({ path, before, edits }) {
  const uri = pathToFileURL(resolve(path)).href;
  const creation = { kind: "create", uri, options: { ignoreIfExists: true } };
  const change = {
    textDocument: { uri, version: null },
    edits: edits.map(({ range, text }) => ({ range: lspRange(range), newText: text })),
  };
  return before === undefined ? [creation, change] : [change];
}
