// Code actions: the fixes of what is at a place, and all safe ones of the document.

/** The actions of an analysis that a request asks for. */
export function actionsIn({ codeActions }, { range, context }, client) {
  const isWanted = ({ kind, diagnostics }) => {
    const { only } = context;
    if (only !== undefined && !only.some((one) => kind === one || kind.startsWith(`${one}.`))) return false;
    // What is for the whole document is offered at any place of it.
    return kind.startsWith("source") || diagnostics.some((diagnostic) => overlaps(diagnostic.range, range));
  };
  const { documentChanges: hasVersions = false, resourceOperations = [] } = client.workspace?.workspaceEdit ?? {};
  const isPossible = ({ documentChanges }) =>
    documentChanges.every(({ kind }) => kind === undefined || (hasVersions && resourceOperations.includes(kind)));
  return codeActions.filter(isWanted).flatMap(({ edit, alone = edit, ...action }) => {
    const possible = [edit, alone].find(isPossible);
    return possible === undefined ? [] : [{ ...action, edit: hasVersions ? possible : withoutVersions(possible) }];
  });
}

function overlaps(one, other) {
  return !isBefore(one.end, other.start) && !isBefore(other.end, one.start);
}

function isBefore(a, b) {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

function withoutVersions({ documentChanges }) {
  return { changes: Object.fromEntries(documentChanges.map(({ textDocument, edits }) => [textDocument.uri, edits])) };
}
