// Why a step runs again after a change, as sentences: what started it in its stage, and whether
// the steps behind need what changed. Made of the outcomes and of the report's own needs.

import { parse, type CopyNeed, type Issue, type Report, type Stage, type Step } from "layerwise";
import type { Change, Outcomes } from "./change";
import type { Judge, Verdict } from "./rebuild";

type Reason = Omit<Verdict, "outcome">;

/** Judges the steps of one file, of which the report is the analysis, after a change. */
export function judge(text: string, { stages, issues }: Report, change: Change, outcomes: Outcomes): Judge {
  const invalidated = new Map<number, Issue>(issues.map((issue) => [issue.range.start.offset, issue]));
  const flags = new Map(parse(text).instructions.map(({ range, flags }) => [range.start.offset, flags]));
  const verdicts = new Map<number, Verdict>();
  for (const stage of stages) {
    let origin: Step | undefined;
    for (const step of stage.steps) {
      const { offset } = step.range.start;
      const found = outcomes.get(offset);
      if (!found) continue;
      if (found.outcome === "relinked") {
        verdicts.set(offset, { outcome: "relinked", because: "Its files come from the cache; only what they are put on is new." });
        continue;
      }
      const reason = origin ? follows(step, after(origin)) : starts(step, stage);
      // The first that is certain counts more than one that is not.
      if (!origin || (found.outcome === "rerun" && perhaps(origin))) origin = step;
      verdicts.set(offset, { outcome: found.outcome, ...reason });
    }
  }
  return (step) => verdicts.get(step.range.start.offset) ?? { outcome: "cached" };

  function after(origin: Step): string {
    return `Comes after line ${origin.range.start.line}${perhaps(origin) ? ", which may run again" : ""}.`;
  }

  function perhaps(step: Step): boolean {
    return outcomes.get(step.range.start.offset)?.outcome === "depends";
  }

  /** The first step of its stage that runs again. */
  function starts(step: Step, stage: Stage): Reason {
    const base = stage.baseStage === undefined ? undefined : stages[stage.baseStage];
    if (base?.steps.some(runsAgain)) return follows(step, `Built on ${named(base)}, where steps run again.`);
    return { because: sentence(outcomes.get(step.range.start.offset)?.because || cause(step, stage)) };
  }

  function cause(step: Step, stage: Stage): string {
    const source = sourceStage(step);
    if (change.kind === "base-image") return source ? copied(source, step) : `Built on \`${stage.base}\`, which is another image now.`;
    if (change.kind === "build-arg") {
      const name = /`([^`]+)`/.exec(change.title)?.[1] ?? "";
      if (source?.steps.some(runsAgain)) return copied(source, step);
      return step.keyword === "RUN"
        ? `A RUN sees every build argument declared above it; \`${name}\` is one.`
        : `Its text uses the build argument \`${name}\`.`;
    }
    if (source) return copied(source, step);
    const [path] = change.paths;
    return path && !isPattern(path) ? `Brings \`${path}\`, which changed.` : "Brings the file that changed.";
  }

  function copied(source: Stage, step: Step): string {
    const unless = perhaps(step) ? ": it stays cached if they make the same files as before" : "";
    return `Takes files from ${named(source)}, where steps run again${unless}.`;
  }

  /** A step behind one that runs again: does it need what changed? */
  function follows(step: Step, otherwise: string): Reason {
    if (change.paths.length === 0) return { because: otherwise };
    const changed = step.needs.filter(({ copy }) => outcomes.has(copy.start.offset));
    const all = changed.find(({ need }) => need === "everything");
    const issue = invalidated.get(step.range.start.offset);
    if (all) {
      const because = sentence(`Comes after ${at(all)}, and ${all.because}`);
      // A step that installs and builds needs the source for one half only.
      return issue?.fix !== undefined && change.kind === "source" ? { because, needless: "partly" } : { because };
    }
    const wanted = changed.find(reads);
    if (wanted) return { because: `Comes after ${at(wanted)} and needs ${list(wanted.paths)} of it.` };
    // Only the issues know whether something else makes the order right.
    if (issue?.refusal) return { because: `${otherwise} ${issue.refusal.message}` };
    const part = changed.find(({ need }) => need === "paths");
    if (!issue || changed.length === 0) return { because: otherwise };
    if (part) return { because: `Comes after ${at(part)}, but needs only ${list(part.paths)} of it.`, needless: "wholly" };
    return { because: `Comes after ${at(changed[0]!)}, but needs nothing of it.`, needless: "wholly" };
  }

  function reads({ need, paths = [] }: CopyNeed): boolean {
    return need === "paths" && paths.some((path) => change.paths.some((file) => meets(path, file)));
  }

  function runsAgain(step: Step): boolean {
    return outcomes.has(step.range.start.offset);
  }

  /** The stage that a copy or a mount of this step names, if its steps run again. */
  function sourceStage(step: Step): Stage | undefined {
    for (const flag of flags.get(step.range.start.offset) ?? []) {
      const name = /^--(?:from=|mount=(?:.*,)?from=)([^,]+)/.exec(flag)?.[1];
      const found =
        stages.find((stage) => stage.name?.toLowerCase() === name?.toLowerCase() && name !== undefined) ??
        (name && /^\d+$/.test(name) ? stages[Number(name)] : undefined);
      if (found?.steps.some(runsAgain)) return found;
    }
    return undefined;
  }
}

function named(stage: Stage): string {
  return stage.name ? `the stage \`${stage.name}\`` : `the stage of line ${stage.range.start.line}`;
}

function at({ copy }: CopyNeed): string {
  return `line ${copy.start.line}`;
}

function isPattern(path: string): boolean {
  return /[*?[]/.test(path);
}

/** Whether a needed path may be the changed one: equal, a directory above it, or a pattern. */
function meets(needed: string, changed: string): boolean {
  if (needed === changed || changed.startsWith(`${needed.replace(/\/$/, "")}/`)) return true;
  if (!isPattern(needed)) return false;
  // Only whether it can be ruled out matters: what stands before the first pattern character.
  const fixed = needed.slice(0, needed.search(/[*?[]/));
  return changed.startsWith(fixed) && fixed !== "";
}

/** Most paths that a sentence names. */
const NAMED = 3;

function list(paths: string[] = []): string {
  const shown = paths.slice(0, NAMED).map((path) => `\`${path}\``);
  const more = paths.length - shown.length;
  if (more > 0) shown.push(`${more} more`);
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
