// A unified diff, made from the edits: they say where the texts differ, so nothing is searched.

const CONTEXT = 3;

/**
 * The diff of `text` and what `edits` make of it, with as many lines around each change; empty where
 * they change nothing.
 */
export function unifiedDiff(text, edits, names, context = CONTEXT) {
  const lines = split(text);
  const changes = changedLines(text, lines, edits);
  if (changes.length === 0) return "";
  const out = [`--- ${names.before}`, `+++ ${names.after}`];
  let shift = 0;
  for (const hunk of hunks(changes, lines.length, context)) {
    const body = [];
    let at = hunk.start;
    let added = 0;
    for (const change of hunk.changes) {
      body.push(...mark(" ", lines.slice(at, change.start)));
      body.push(...mark("-", lines.slice(change.start, change.end)));
      body.push(...mark("+", change.lines));
      added += change.lines.length - (change.end - change.start);
      at = change.end;
    }
    body.push(...mark(" ", lines.slice(at, hunk.end)));
    const count = hunk.end - hunk.start;
    out.push(`@@ -${range(hunk.start, count)} +${range(hunk.start + shift, count + added)} @@`);
    out.push(...body);
    shift += added;
  }
  return `${out.join("\n")}\n`;
}

// Lines with their line breaks.
function split(text) {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

// For each run of touched lines: which (from 0, end exclusive), and the lines that replace them.
function changedLines(text, lines, edits) {
  const starts = [0];
  for (const line of lines) starts.push(starts.at(-1) + line.length);
  const groups = [];
  for (const { range, text: inserted } of edits) {
    // The whole of the first and of the last line; common lines are taken off again below.
    const start = Math.min(range.start.line - 1, lines.length);
    const end = Math.min(range.end.line - (isWholeLines(range, inserted) ? 1 : 0), lines.length);
    const edit = { from: range.start.offset, to: range.end.offset, inserted };
    const group = groups.at(-1);
    if (group !== undefined && start < group.end) {
      group.end = Math.max(group.end, end);
      group.edits.push(edit);
    } else {
      groups.push({ start, end, edits: [edit] });
    }
  }
  return groups
    .map((group) => {
      let replaced = "";
      let at = starts[group.start];
      for (const { from, to, inserted } of group.edits) {
        replaced += text.slice(at, from) + inserted;
        at = to;
      }
      replaced += text.slice(at, starts[group.end]);
      return trim(lines, { start: group.start, end: group.end, lines: split(replaced) });
    })
    .filter((change) => change.start < change.end || change.lines.length > 0);
}

// Whether the last line of the range stays as it is: it ends before the first character.
function isWholeLines({ start, end }, inserted) {
  const ends = inserted === "" || inserted.endsWith("\n");
  return start.column === 1 && end.column === 1 && ends;
}

// Takes off the lines at both ends that stay the same.
function trim(lines, { start, end, lines: after }) {
  let first = 0;
  while (start + first < end && first < after.length && lines[start + first] === after[first]) {
    first++;
  }
  let last = 0;
  const most = Math.min(end - start, after.length) - first;
  while (last < most && lines[end - 1 - last] === after[after.length - 1 - last]) last++;
  return {
    start: start + first,
    end: end - last,
    lines: after.slice(first, after.length - last),
  };
}

// Changes whose context would touch share a hunk.
function hunks(changes, count, context) {
  const out = [];
  for (const change of changes) {
    const start = Math.max(change.start - context, 0);
    const end = Math.min(change.end + context, count);
    const hunk = out.at(-1);
    if (hunk !== undefined && start <= hunk.end) {
      hunk.end = end;
      hunk.changes.push(change);
    } else {
      out.push({ start, end, changes: [change] });
    }
  }
  return out;
}

function mark(sign, lines) {
  return lines.flatMap((line) =>
    line.endsWith("\n")
      ? [sign + line.slice(0, -1)]
      : [sign + line, "\\ No newline at end of file"],
  );
}

function range(start, count) {
  return `${count === 0 ? start : start + 1},${count}`;
}
