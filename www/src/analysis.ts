// Runs the package over the text and keeps what came out beside what went in.
// It stays on the main thread: an analysis takes less time than a message to a worker.

import init, { analyze, checkOptions, inspect } from "layerwise";
import type { InspectedPart, Inspection, Options, Range, Report, Stage, Step } from "layerwise";

/** One analysis: the report's offsets are places in `text`. */
export interface Snapshot {
  text: string;
  options: Options;
  report: Report;
  milliseconds: number;
}

/** What every panel can do: show the latest analysis. */
export interface Panel {
  show(snapshot: Snapshot): void;
  /** The cursor of the editor moved to this offset of the analysed text. */
  cursor?(offset: number): void;
}

/** Fetches and compiles the module; to be awaited once before `run`. */
export async function ready(): Promise<void> {
  await init();
}

/** Analyses the text now. */
export function run(text: string, options: Options): Snapshot {
  const start = performance.now();
  const report = analyze(text, options);
  return { text, options, report, milliseconds: performance.now() - start };
}

/** The analysis of what an analysis made; a log tells of the steps as they were, so it is left out. */
export function again({ report, options }: Snapshot): Report {
  const { timings: _, ...rest } = options;
  return analyze(report.rewritten, rest);
}

/** What is wrong with options, if anything: the sentence behind the option's name. */
export function complaint(options: Options): string | undefined {
  try {
    checkOptions(options);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^options\.\w+: /, "") : String(error);
  }
}

/** What is known of texts, each asked once and only where somebody looks. */
const inspections = new WeakMap<Snapshot, Inspection>();

/** What is known of the step that starts where `range` does. */
export function inspected(snapshot: Snapshot, range: Range): InspectedPart | undefined {
  const known = inspections.get(snapshot) ?? inspect(snapshot.text, snapshot.options);
  inspections.set(snapshot, known);
  const steps = known.stages.flatMap((stage) => stage.parts);
  return steps.find((step) => step.range.start.offset === range.start.offset);
}

/** The step at an offset, or the stage when the offset lies in its FROM. */
export function at(report: Report, offset: number): { stage: Stage; step?: Step } | undefined {
  for (const stage of report.stages) {
    if (covers(stage.range, offset)) return { stage };
    for (const step of stage.steps) if (covers(step.range, offset)) return { stage, step };
  }
  return undefined;
}

/** Whether an offset lies in a range or directly at its end. */
export function covers(range: Range, offset: number): boolean {
  return range.start.offset <= offset && offset <= range.end.offset;
}
