// The lines of a Dockerfile that an issue speaks of, with marks under them.

/** Controls, those of bidirectional text, line separators, and tags, which no reader sees. */
export const UNSHOWN = /[\x00-\x1f\x7f-\x9f\p{Bidi_Control}\u2028\u2029\u{e0000}-\u{e007f}]/gu;

/** How much of a line is shown where there is room for it. */
export const WIDEST = 110;
const MOST_LINES = 3;

/**
 * Text from a file as it can be shown: nothing in it may command the terminal, turn what stands
 * beside it around, or begin a line.
 */
export function shown(text) {
  return text
    .replace(/\t/g, "    ")
    .replace(UNSHOWN, (character) => (character < " " ? pictured(character) : "\ufffd"));
}

/**
 * The lines under the marks `{ range, sign, label? }`, in the order of the file.
 * `lines` is the text split at line breaks; `paint(mark, text)` colours; `widest` characters of each
 * line are shown.
 */
export function excerpt(lines, marks, paint, widest = WIDEST) {
  const sorted = [...marks].sort((a, b) => a.range.start.offset - b.range.start.offset);
  const width = String(Math.max(...sorted.map(({ range }) => range.end.line))).length;
  const gutter = (number = "") => `${String(number).padStart(width + 2)} | `;
  const out = [];
  let last = 0;
  for (const mark of sorted) {
    const { start, end } = mark.range;
    if (last > 0 && start.line > last + 1) out.push(`${"".padStart(width + 2)} :`);
    const until = Math.min(end.line, start.line + MOST_LINES - 1);
    for (let number = start.line; number <= until; number++) {
      const line = (lines[number - 1] ?? "").replace(/\r$/, "");
      if (number > last) out.push(gutter(number) + cut(shown(line), widest));
      if (number === start.line) out.push(gutter() + paint(mark, underline(line, mark, widest)));
    }
    if (until < end.line) out.push(`${gutter()}... ${end.line - until} more`);
    last = Math.max(last, until);
  }
  return out.join("\n");
}

// The part of the range on its first line.
function underline(line, { range: { start, end }, sign, label }, widest) {
  const stop = end.line > start.line ? line.length : end.column - 1;
  const from = Math.min(shown(line.slice(0, start.column - 1)).length, widest - 1);
  const to = Math.min(shown(line.slice(0, stop)).length, widest);
  const marks = sign.repeat(Math.max(to - from, 1));
  return " ".repeat(from) + marks + (label ? ` ${shown(label)}` : "");
}

function cut(line, widest) {
  return line.length > widest ? `${line.slice(0, widest)}...` : line;
}

function pictured(control) {
  return String.fromCharCode(0x2400 + control.charCodeAt(0));
}
