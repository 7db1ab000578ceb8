// A change and what becomes of the steps: from a scenario of the report, or of any file that the
// visitor names, by comparing two builds.

import { compare, type Range, type Rebuild, type Scenario, type StepOutcome } from "layerwise";
import type { Snapshot } from "./analysis";
import type { Outcome } from "./rebuild";

/** What becomes of the steps that are not simply cached, by the place of their instruction. */
export type Outcomes = Map<number, { outcome: Outcome; because?: string }>;

/** Something that changes between two builds. */
export interface Change {
  kind: Scenario["kind"] | "file";
  /** What happens, without its full stop. */
  title: string;
  /** The files that change; patterns where their names are not known. */
  paths: string[];
  /** In the file as it is. */
  before: Outcomes;
  /** In the rewritten file. */
  after: Outcomes;
}

/** A scenario of the report. */
export function ofScenario({ kind, title, paths, before, after }: Scenario): Change {
  return { kind, title, paths, before: ofRebuild(before), after: ofRebuild(after) };
}

function ofRebuild({ reruns, relinked, depends }: Rebuild): Outcomes {
  const outcomes: Outcomes = new Map();
  const note = (ranges: Range[], outcome: Outcome): void => {
    for (const { start } of ranges) outcomes.set(start.offset, { outcome });
  };
  note(reruns, "rerun");
  note(relinked, "relinked");
  note(depends, "depends");
  return outcomes;
}

/** A new content of one file of the context; a file that is not in the list comes into being. */
export function ofFile({ text, report, options }: Snapshot, path: string): Change {
  const listed = options.files as Record<string, string | null> | undefined;
  const isNew = listed !== undefined && options.filesComplete !== false && !(path in listed);
  const outcomes = (dockerfile: string): Outcomes => {
    const build = (files: Record<string, string | null>) => ({
      dockerfile,
      files,
      ...(options.dockerignore === undefined ? {} : { dockerignore: options.dockerignore }),
    });
    const old = isNew ? listed : { ...listed, [path]: "before" };
    return notCached(compare(build(old), build({ ...listed, [path]: "after" })), path);
  };
  return {
    kind: "file",
    title: `\`${path}\` ${isNew ? "is added" : "is edited"}`,
    paths: [path],
    before: outcomes(text),
    after: outcomes(report.rewritten),
  };
}

function notCached(steps: StepOutcome[], path: string): Outcomes {
  const outcomes: Outcomes = new Map();
  for (const { range, outcome, because = "" } of steps) {
    if (outcome === "cached") continue;
    const marked = because.startsWith(`${path} `) ? `\`${path}\`${because.slice(path.length)}` : because;
    outcomes.set(range.start.offset, { outcome, because: marked });
  }
  return outcomes;
}
