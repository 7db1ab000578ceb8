// The text of a .dockerignore, and what is added to it.

/** `text` with `lines` at its end, each once, but for those that it has. */
export function appended(text = "", lines) {
  const there = text.split(/\r?\n/);
  // Behind an exception (`!vendor/a`) the same line says more than before.
  const counting = new Set(there.slice(there.findLastIndex((line) => line.startsWith("!")) + 1));
  return extended(text, [...new Set(lines)].filter((line) => !counting.has(line)));
}

/** `text` with `lines` at its end, and its own line breaks. */
export function extended(text = "", lines) {
  if (lines.length === 0) return text;
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const start = text === "" || text.endsWith("\n") ? text : text + end;
  return start + lines.map((line) => line + end).join("");
}

/**
 * The lines that `after` has at its end and `before` has not. Where that is not what it was made of, since another
 * Dockerfile's lines were written meanwhile, all that it has in addition.
 */
export function linesAdded(before = "", after) {
  const lines = (text) => text.split(/\r?\n/).filter((line) => line !== "");
  if (after.startsWith(before)) return lines(after.slice(before.length));
  const there = new Set(lines(before));
  return lines(after).filter((line) => !there.has(line));
}

/** Why lines are not written where another Dockerfile may want what they leave out. */
export function wantedElsewhere({ path, wantedBy }) {
  return `${path} is left alone: ${wantedBy} may want what the lines leave out, and no file is read for one Dockerfile alone`;
}
