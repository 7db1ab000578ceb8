// Unified diffs, read.

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** The files of a diff, as `{ path, hunks }`; a hunk is where it begins in the old file, and its lines. */
export function filesOf(patch) {
  const files = [];
  let left = { old: 0, new: 0 };
  for (const line of patch.split("\n")) {
    if (left.old > 0 || left.new > 0) {
      files.at(-1).hunks.at(-1).lines.push(line);
      if (line[0] !== "+" && line[0] !== "\\") left.old -= 1;
      if (line[0] !== "-" && line[0] !== "\\") left.new -= 1;
    } else if (line.startsWith("+++ b/")) {
      files.push({ path: line.slice("+++ b/".length), hunks: [] });
    } else if (HUNK.test(line)) {
      const [, start, old = "1", , now = "1"] = HUNK.exec(line);
      left = { old: Number(old), new: Number(now) };
      files.at(-1).hunks.push({ start: Number(start), lines: [] });
    }
  }
  return files;
}

/** The lines of the new file that a diff shows: from `start` to `end`, a range a hunk. */
export function rightSides(patch) {
  return patch.split("\n").map((line) => HUNK.exec(line)).filter((found) => found !== null)
    .map(([, , , start, count = "1"]) => ({ start: Number(start), end: Number(start) + Number(count) - 1 }));
}

/**
 * What all hunks come to as one replacement: the lines from `start` to `end` become `lines`. A part
 * of a fix would break a build.
 */
export function replacementOf(text, hunks) {
  const old = text.replace(/\n$/, "").split("\n");
  const changes = hunks.flatMap(changesOf);
  let start = Math.min(...changes.map((change) => change.start));
  let end = Math.max(...changes.map((change) => change.end));
  // What is put between two lines takes one of them along.
  if (end < start) [start, end] = start > 1 ? [start - 1, start - 1] : [start, start];
  const lines = [];
  let at = start;
  for (const change of changes) {
    lines.push(...old.slice(at - 1, change.start - 1), ...change.lines);
    at = change.end + 1;
  }
  lines.push(...old.slice(at - 1, end));
  return { start, end, lines };
}

// Runs of lines that go or come: lines of the old file, `end` before `start` where none goes.
function changesOf({ start, lines }) {
  const changes = [];
  let at = start;
  let change;
  for (const line of lines) {
    if (line[0] === "\\") continue;
    if (line[0] === " ") {
      change = undefined;
      at += 1;
      continue;
    }
    if (change === undefined) {
      change = { start: at, end: at - 1, lines: [] };
      changes.push(change);
    }
    if (line[0] === "+") change.lines.push(line.slice(1));
    else {
      change.end = at;
      at += 1;
    }
  }
  return changes;
}
