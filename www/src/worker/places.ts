// Places of a report: where the keyboard goes next, which fix it applies, what a pointer is told.

import type { Range, Report } from "layerwise";

/** The place to go to from an offset: errors and what matters, notes where nothing does; round the end. */
export function next({ errors, issues }: Report, offset: number, back: boolean): Range | undefined {
  const matter = issues.filter(({ severity }) => severity !== "info");
  const told = [...errors, ...(matter.length > 0 ? matter : issues)].map(({ range }) => range);
  const all = told.sort((a, b) => a.start.offset - b.start.offset);
  const beyond = back ? all.findLast(({ start }) => start.offset < offset) : all.find(({ start }) => start.offset > offset);
  return beyond ?? (back ? all.at(-1) : all[0]);
}

/** The fix of an issue at an offset. */
export function fixAt({ issues }: Report, offset: number): number | undefined {
  return issues.find(({ range, fix }) => fix !== undefined && covers(range, offset))?.fix;
}

/** What is said of an offset, and where that begins and ends. */
export function messageAt({ errors, issues, notices }: Report, offset: number): { message: string; range: Range } | undefined {
  const found = [...errors, ...issues, ...notices].find(({ range }) => covers(range, offset));
  return found && { message: found.message, range: found.range };
}

/** Whether an offset lies in a range or directly at its end. */
export function covers({ start, end }: Range, offset: number): boolean {
  return start.offset <= offset && offset <= end.offset;
}
