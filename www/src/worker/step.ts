// What the step under the cursor needs of what earlier instructions copied, and which lines belong to it.

import type { CopyNeed, Range, Stage, Step } from "layerwise";
import { covers } from "./places";
import type { Analysed } from "./report";

/** What is shown of a place in the text. */
export interface StepView {
  /** The instruction there, by its first line. */
  quote?: { range: Range; line: string };
  /** The stage that begins there. */
  stage?: Pick<Stage, "base" | "baseStage" | "needed">;
  /** The step there. */
  step?: Pick<Step, "range" | "cwd" | "user"> & { needs: Needed[]; more: number };
  /** Why the order stays as it is nevertheless. */
  refusal?: string;
  /** The instructions that this one, or an issue with it, speaks of. */
  linked: Range[];
}

/** What a step needs of a copy, by its first line. */
export interface Needed extends CopyNeed {
  line: string;
}

/** Most copies, and most paths of one, that are told: others are counted. */
const MOST = 20;

export function stepAt({ text, report }: Analysed, offset: number): StepView {
  const issues = report.issues.filter(({ range }) => covers(range, offset));
  const linked = issues.flatMap(({ related }) => related.map(({ range }) => range));
  for (const stage of report.stages) {
    if (covers(stage.range, offset)) return { quote: quote(text, stage.range), stage: { base: stage.base, needed: stage.needed, ...(stage.baseStage === undefined ? {} : { baseStage: stage.baseStage }) }, linked };
    for (const step of stage.steps) if (covers(step.range, offset)) return viewOf(text, step, issues, linked);
  }
  return { linked };
}

function viewOf(text: string, { needs, cost: _cost, keyword: _keyword, ...step }: Step, issues: Analysed["report"]["issues"], linked: Range[]): StepView {
  const refusal = issues.find(({ range }) => range.start.offset === step.range.start.offset)?.refusal?.message;
  const told = needs.slice(0, MOST).map((need) => ({ ...need, line: firstLine(text, need.copy), ...(need.paths ? { paths: need.paths.slice(0, MOST) } : {}) }));
  const needed = needs.filter(({ need }) => need !== "nothing").map(({ copy }) => copy);
  return {
    quote: quote(text, step.range),
    step: { ...step, needs: told, more: needs.length - told.length },
    ...(refusal === undefined ? {} : { refusal }),
    linked: [...linked, ...needed],
  };
}

function quote(text: string, range: Range): { range: Range; line: string } {
  return { range, line: firstLine(text, range) };
}

function firstLine(text: string, { start, end }: Range): string {
  return text.slice(start.offset, end.offset).split("\n", 1)[0] ?? "";
}
