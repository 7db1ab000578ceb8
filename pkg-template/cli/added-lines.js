// How a proposed .dockerignore differs from the one that is there.

/** The edits that make `after` of `before`: lines are added at the end. */
export function addedLines({ before = "", after }) {
  if (!after.startsWith(before)) return [];
  const lines = before.split("\n");
  const end = { offset: before.length, line: lines.length, column: lines.at(-1).length + 1 };
  return [{ range: { start: end, end }, text: after.slice(before.length) }];
}
