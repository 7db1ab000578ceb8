// What is drawn beside lines, three numbers each, so that thousands are one piece of memory.

import type { Need, Range, Report, Severity } from "layerwise";

export interface Marks {
  /** From, to, and the index of the severity in `SEVERITIES`. */
  issues: Int32Array;
  /** From, to, and the index of what the step needs in `NEEDS`. */
  needs: Int32Array;
}

/** The worst last. */
export const SEVERITIES: Severity[] = ["info", "warning", "error"];
/** The most last. */
export const NEEDS: Need[] = ["nothing", "paths", "everything"];

export function marksOf({ errors, issues, notices, stages }: Report): Marks {
  const steps = stages.flatMap(({ steps }) => steps).filter(({ needs }) => needs.length > 0);
  return {
    issues: numbers([
      ...errors.map(({ range }) => [range, SEVERITIES.indexOf("error")] as const),
      ...issues.map(({ range, severity }) => [range, SEVERITIES.indexOf(severity)] as const),
      ...notices.map(({ range }) => [range, SEVERITIES.indexOf("info")] as const),
    ]),
    needs: numbers(steps.map(({ range, needs }) => [range, Math.max(...needs.map(({ need }) => NEEDS.indexOf(need)))] as const)),
  };
}

function numbers(marks: (readonly [range: Range, kind: number])[]): Int32Array {
  const sorted = marks.sort(([a], [b]) => a.start.offset - b.start.offset);
  return Int32Array.from(sorted.flatMap(([{ start, end }, kind]) => [start.offset, end.offset, kind]));
}
