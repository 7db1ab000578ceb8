// A change and what becomes of the steps of both files: a scenario of the report, or a new content
// of any file that the visitor names.

import { rebuild, type Change as Changed, type RebuiltStep, type Scenario } from "layerwise";
import type { Snapshot } from "./analysis";

/** Something that changes between two builds. */
export interface Change {
  /** What happens, without its full stop. */
  title: string;
  /** What becomes of the steps of the file as it is. */
  before: RebuiltStep[];
  /** And of the rewritten file. */
  after: RebuiltStep[];
}

/** A scenario of the report. */
export function ofScenario(snapshot: Snapshot, { title, change }: Scenario): Change {
  return of(snapshot, title, change);
}

/** A new content of one file of the context; a file that is not in the list comes into being. */
export function ofFile(snapshot: Snapshot, path: string): Change {
  const { files, filesComplete } = snapshot.options;
  const isNew = files !== undefined && filesComplete !== false && !(path in files);
  return of(snapshot, `\`${path}\` ${isNew ? "is added" : "is edited"}`, { files: [path] });
}

function of({ text, report, options }: Snapshot, title: string, change: Changed): Change {
  // What a step costs is not asked for here, and a log tells of the steps as they were.
  const { timings: _, ...rest } = options;
  return {
    title,
    before: rebuild(text, change, rest),
    after: report.edits.length > 0 ? rebuild(report.rewritten, change, rest) : [],
  };
}
