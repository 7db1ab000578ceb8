// Code lenses: what each stage costs, and what an edit of the source runs again of it.

import { duration } from "../formats/scenarios.js";
import { lspRange } from "../formats/lsp.js";

/** A lens above each stage that is built; of several builds the first counts. */
export function lensesOf({ builds: [build] }) {
  if (build === undefined) return [];
  const { stages, scenarios } = build.report;
  const edit = scenarios.find(({ kind }) => kind === "source");
  return stages.filter(({ needed }) => needed).map(({ range, steps }) => ({
    range: lspRange(range),
    command: { title: titleOf(steps, edit?.before.reruns ?? []), command: "" },
  }));
}

function titleOf(steps, reruns) {
  const starts = new Set(reruns.map(({ start }) => start.offset));
  const again = steps.filter(({ range }) => starts.has(range.start.offset));
  const whole = `builds in ${sumOf(steps)}`;
  return again.length === 0 ? `${whole}, nothing of it again at an edit of the source`
    : `${whole}, ${sumOf(again)} of it again at each edit of the source`;
}

function sumOf(steps) {
  const seconds = steps.reduce((sum, { cost }) => sum + cost.seconds, 0);
  return duration({ seconds, measured: steps.some(({ cost }) => cost.measured) });
}
