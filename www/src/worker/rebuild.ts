// What a change makes of every step of one file: the rows of the timeline, the first of them.
// Pure: from what the package says of the steps to rows. The drawing is in steps.ts.

import type { Cost, Range, RebuiltStep, Stage, Step } from "layerwise";

/** An outcome and the reason for it, a sentence. */
export type Verdict = Pick<RebuiltStep, "outcome" | "because" | "needless">;

/** Says what a step costs when it runs. */
export type Price = (step: Step, stage: number) => Cost;

/** One step in one rebuild; times are seconds. */
export interface Row extends Verdict {
  range: Range;
  text: string;
  /** When it begins, the steps before it done one after the other. */
  from: number;
  cost: Cost;
}

/** One stage in one rebuild. */
export interface Rebuilt {
  text: string;
  range: Range;
  needed: boolean;
  rows: Row[];
}

/** A file and what becomes of its steps. */
export interface File {
  text: string;
  stages: Stage[];
  steps: RebuiltStep[];
  /** Most rows that are told, headings of stages among them. */
  most: number;
  price?: Price;
}

/** A rebuild of a whole file. */
export interface Rebuild {
  stages: Rebuilt[];
  /** How many steps are not told. */
  more: number;
  steps: number;
  /** How many of them run again. */
  again: number;
  /** How many may, depending on what other steps make. */
  maybe: number;
  /** As if all that may run again do. */
  cost: Cost;
  /** As if none of them does. */
  least: Cost;
}

/** The instructions that the builder runs as steps; the others only set configuration. */
const STEPS = new Set(["RUN", "COPY", "ADD", "WORKDIR"]);

/** The rows of a file. */
export function rowsOf({ text, stages, steps: rebuilt, most, price = ({ cost }) => cost }: File): Rebuild {
  const verdicts = new Map<number, Verdict>(rebuilt.map((step) => [step.range.start.offset, step]));
  const whole: Rebuild = { stages: [], more: 0, steps: 0, again: 0, maybe: 0, cost: nothing(), least: nothing() };
  let left = most;
  let isTimed = false;
  for (const [index, stage] of stages.entries()) {
    const rows: Row[] = [];
    if (left-- > 0) whole.stages.push({ text: oneLine(text, stage.range), range: stage.range, needed: stage.needed, rows });
    for (const step of stage.needed ? stage.steps.filter(({ keyword }) => STEPS.has(keyword)) : []) {
      const verdict: Verdict = verdicts.get(step.range.start.offset) ?? { outcome: "cached" };
      const runs = verdict.outcome === "rerun" || verdict.outcome === "depends";
      const cost = runs ? price(step, index) : nothing();
      if (left-- > 0) rows.push({ ...verdict, range: step.range, text: oneLine(text, step.range), from: whole.cost.seconds, cost });
      else whole.more++;
      isTimed ||= cost.measured && cost.seconds > 0;
      whole.steps++;
      if (verdict.outcome === "rerun") whole.again++;
      if (verdict.outcome === "depends") whole.maybe++;
      whole.cost = sum(whole.cost, cost);
      if (verdict.outcome === "rerun") whole.least = sum(whole.least, cost);
    }
  }
  // Nothing but estimates, however short, is an estimate.
  whole.cost.measured &&= isTimed;
  whole.least.measured &&= isTimed;
  return whole;
}

function nothing(): Cost {
  return { seconds: 0, measured: true };
}

/** Like the report's own sums: estimates below a second do not make a sum one. */
function sum(one: Cost, other: Cost): Cost {
  return {
    seconds: one.seconds + other.seconds,
    measured: one.measured && (other.measured || other.seconds < 1),
  };
}

/**
 * The prices of a rewritten file where those of the file before were measured: a step that was
 * there before costs the same, another one is estimated.
 */
export function pricesAfter(before: string, stages: Stage[], after: string): Price {
  const known = stages.map(
    (stage) => new Map(stage.steps.map(({ range, cost }) => [textOf(before, range), cost])),
  );
  return (step, stage) => {
    const same = known[stage]?.get(textOf(after, step.range));
    return same ?? { ...step.cost, measured: false };
  };
}

function textOf(text: string, range: Range): string {
  return text.slice(range.start.offset, range.end.offset);
}

/** Longer instructions are cut: nobody reads them in a row. */
const LONGEST = 240;

/** An instruction as one line: continuations joined, comments and here-documents left out. */
export function oneLine(text: string, range: Range): string {
  const lines: string[] = [];
  for (const line of textOf(text, range).split(/\r?\n/)) {
    const bare = line.trim();
    if (bare === "" || bare.startsWith("#")) continue;
    lines.push(bare.replace(/\s*[\\`]$/, ""));
    if (!/[\\`]$/.test(bare)) break;
  }
  const joined = lines.join(" ");
  return joined.length > LONGEST ? `${joined.slice(0, LONGEST)}…` : joined;
}
