// A change and what becomes of the steps of both files: of a scenario, or of a new content of any file
// that the visitor names.

import { analyze, rebuild, type Change, type Report } from "layerwise";
import { pricesAfter, rowsOf, type Rebuild } from "./rebuild";
import type { Analysed } from "./report";
import { scenarioOf } from "./scenarios";

/** What is chosen: a scenario by its key, or the path of a file. */
export type Choice = { key: string } | { path: string };

/** Both files under one change. */
export interface Comparison {
  /** What happens, without its full stop. */
  title: string;
  before: Rebuild;
  /** There where anything was rewritten. */
  after: Rebuild | undefined;
  /** Whether times come from a log. */
  isMeasured: boolean;
  /** How many issues there are beside notes. */
  issues: number;
}

/** The analysis of what an analysis made, made once. */
const rewritten = new WeakMap<Report, Report>();

/** Compares both files; of each, `most` rows are told. */
export function compare(analysed: Analysed, choice: Choice, most: number): Comparison | undefined {
  const { text, report, options } = analysed;
  const change = changeOf(analysed, choice);
  if (!change) return undefined;
  // What a step costs is not asked for here, and a log tells of the steps as they were.
  const { timings, ...rest } = options;
  const comparison = {
    title: change.title,
    before: rowsOf({ text, stages: report.stages, steps: rebuild(text, change.change, rest), most }),
    after: undefined,
    isMeasured: timings !== undefined,
    issues: report.issues.filter(({ severity }) => severity !== "info").length,
  };
  if (report.edits.length === 0) return comparison;
  const made = rewritten.get(report) ?? analyze(report.rewritten, rest);
  rewritten.set(report, made);
  const steps = rebuild(report.rewritten, change.change, rest);
  const prices = timings === undefined ? {} : { price: pricesAfter(text, report.stages, report.rewritten) };
  return { ...comparison, after: rowsOf({ text: report.rewritten, stages: made.stages, steps, most, ...prices }) };
}

function changeOf({ report, options: { files, filesComplete } }: Analysed, choice: Choice): { title: string; change: Change } | undefined {
  if ("key" in choice) return scenarioOf(report, choice.key) ?? report.scenarios[0];
  const { path } = choice;
  // A file that is not in the list comes into being.
  const isNew = files !== undefined && filesComplete !== false && !(path in files);
  return { title: `\`${path}\` ${isNew ? "is added" : "is edited"}`, change: { files: [path] } };
}
