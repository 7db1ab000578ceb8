// What is said of a history: sentences in which `backticks` mark code, and the rows of tables.

import type { PathTotal, StepTotal } from "layerwise";
import type { Sums } from "./replaying";

/** A time as people say it over many builds. */
export function hours(seconds: number): string {
  if (seconds < 90) return seconds < 1 ? "under 1 s" : `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** What a step is called: its command, or the instruction. */
export function nameOf({ keyword, text }: StepTotal): string {
  const [line = ""] = (keyword === "RUN" ? text.replace(/^RUN(?:\s+--\S+)*\s+/, "") : text).split("\n");
  return (line.length > 60 ? `${line.slice(0, 57)}...` : line).replaceAll("`", "'");
}

/** What cost most, and what the rewrite makes of it. */
export function verdictOf(before: Sums, after: Sums | undefined): string {
  const [worst] = before.steps;
  const begin = `In ${before.commits === 1 ? "this commit" : `these ${before.commits} commits`}`;
  if (!worst) return `${begin} this build would have run nothing again.`;
  const sentence = `${begin} \`${nameOf(worst)}\` would have run again ${times(worst)}: ${hours(worst.seconds)}.`;
  if (!after) return `${sentence} There is nothing to rewrite.`;
  const same = like(after, worst);
  if (same) return `${sentence} Rewritten: ${times(same)}, ${hours(same.seconds)}.`;
  // A step that was cut in two is none of those that are left.
  const isThere = after.dockerfile.includes(worst.text.split("\n")[0] ?? "");
  return `${sentence} Rewritten: ${isThere ? "never" : `${hours(after.seconds)} in all`}.`;
}

/** The step of the other history that says the same. */
export function like(sums: Sums, step: StepTotal): StepTotal | undefined {
  return sums.steps.find((other) => nameOf(other) === nameOf(step) && other.stage === step.stage);
}

/** How often a step ran again; what only may have, counts. */
export function often({ reruns, depends }: StepTotal): string {
  return depends === 0 ? String(reruns) : `${reruns}-${reruns + depends}`;
}

function times(step: StepTotal): string {
  return often(step) === "1" ? "1 time" : `${often(step)} times`;
}

/** The rows of the steps, the first saying what the others are. */
export function stepRows(before: Sums, after: Sums | undefined): string[][] {
  const rows = before.steps.map((step) => {
    const other = after && like(after, step);
    const beside = after ? [other ? often(other) : "0", other ? hours(other.seconds) : "0 s"] : [];
    return [`\`${nameOf(step)}\``, often(step), hours(step.seconds), ...beside];
  });
  return [["Step", "ran again", "taking", ...(after ? ["rewritten", "taking"] : [])], ...rows];
}

/** The rows of the files. */
export function pathRows({ paths }: Sums): string[][] {
  const row = ({ path, commits, alone, seconds }: PathTotal): string[] => [`\`${path.replaceAll("`", "'")}\``, String(commits), String(alone), hours(seconds)];
  return [["File", "commits", "alone", "its share"], ...paths.map(row)];
}
