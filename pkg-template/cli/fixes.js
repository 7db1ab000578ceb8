// Which fixes are written into a Dockerfile: those that are right for each of its builds.

const LEVELS = ["safe", "assumed", "suggested"];

/**
 * The text that the fixes of `level` make of the Dockerfile of `builds`, the edits that make it, and
 * for each build the indices of the fixes in its report that are `applied`. `left` is how many fixes are right for
 * one of the builds and not for all.
 */
export function commonFixes(builds, level) {
  const offered = builds.map(({ report }) => new Map(report.fixes.flatMap((fix, index) =>
    isWithin(fix, level) ? [[JSON.stringify(fix.edits), index]] : [])));
  const [first, ...others] = offered;
  const common = [...first.keys()].filter((edits) => others.every((fixes) => fixes.has(edits)));
  const edits = inOrder(common.flatMap((edits) => JSON.parse(edits)));
  return {
    edits,
    text: rewritten(builds[0].input.text, edits),
    applied: offered.map((fixes) => common.map((edits) => fixes.get(edits)).sort((a, b) => a - b)),
    left: Math.max(...offered.map(({ size }) => size - common.length)),
  };
}

function isWithin({ applicability }, level) {
  return LEVELS.indexOf(applicability) <= LEVELS.indexOf(level);
}

/** Edits each once, in the order of the text: those of fixes offered together are disjoint or the same. */
export function inOrder(edits) {
  const distinct = new Map(edits.map((edit) => [JSON.stringify(edit), edit]));
  return [...distinct.values()].sort((a, b) =>
    a.range.start.offset - b.range.start.offset || a.range.end.offset - b.range.end.offset);
}

function rewritten(text, edits) {
  let out = "";
  let at = 0;
  for (const { range, text: inserted } of edits) {
    out += text.slice(at, range.start.offset) + inserted;
    at = range.end.offset;
  }
  return out + text.slice(at);
}
