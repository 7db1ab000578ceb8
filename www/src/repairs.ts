// What is written into the text when an issue is ignored.

import type { Issue, TextEdit } from "layerwise";

/** A comment of ours that switches rules off for the instruction below it. */
const COMMENT = /^[ \t]*#[ \t]*layerwise[ \t]+ignore=[\w,-]+/;

/** The edit that has `issue` ignored from now on: a comment above its instruction, or one more name in it. */
export function ignoring(text: string, { rule, range }: Pick<Issue, "rule" | "range">): Pick<TextEdit, "range" | "text"> {
  const start = text.lastIndexOf("\n", range.start.offset - 1) + 1;
  const above = text.lastIndexOf("\n", start - 2) + 1;
  const comment = start > 0 ? COMMENT.exec(text.slice(above, start)) : null;
  const at = (offset: number): TextEdit["range"] => {
    const line = text.slice(0, offset).split("\n").length;
    const place = { line, column: offset - (text.lastIndexOf("\n", offset - 1) + 1) + 1, offset };
    return { start: place, end: place };
  };
  if (comment) return { range: at(above + comment[0].length), text: `,${rule}` };
  return { range: at(start), text: `# layerwise ignore=${rule}\n` };
}
