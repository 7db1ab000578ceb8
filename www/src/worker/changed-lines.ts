// The lines that differ between a text and what became of it, from the patch that the package makes of
// the edits. A search for differences would show a copy that moved down as steps that moved up.

/** Lines that follow each other and became others. */
export interface LineChange {
  /** The first of them in the text, and in the rewritten text, from 1. */
  before: number;
  after: number;
  removed: string[];
  /** How many stand in their place. */
  added: number;
}

export function changedLines(patch: string): LineChange[] {
  const changes: LineChange[] = [];
  let [before, after] = [0, 0];
  let open: LineChange | undefined;
  for (const line of patch.split("\n").slice(2)) {
    const hunk = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@$/.exec(line);
    if (hunk) {
      // Of no lines, a hunk names the line before them.
      const start = (number: string | undefined, count: string | undefined): number => Number(number) + (count === "0" ? 1 : 0);
      [before, after] = [start(hunk[1], hunk[2]), start(hunk[3], hunk[4])];
    }
    const sign = line.charAt(0);
    if (sign === "-" || sign === "+") {
      if (!open) changes.push((open = { before, after, removed: [], added: 0 }));
      if (sign === "-") {
        open.removed.push(line.slice(1));
        before++;
      } else {
        open.added++;
        after++;
      }
    } else if (sign !== "\\") {
      open = undefined;
      if (sign === " ") {
        before++;
        after++;
      }
    }
  }
  return changes;
}
