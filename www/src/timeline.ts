// The panel that shows what a change rebuilds: choose a change, and see of every step whether
// it stays cached or runs again, in the file as it is and as it was rewritten.

import type { Issue, Range, Report, Scenario } from "layerwise";
import { about, alike, duration } from "layerwise/panel";
import { again, covers, type Panel, type Snapshot } from "./analysis";
import { ofFile, ofScenario, type Change } from "./change";
import { createChoices } from "./choices";
import { h, prose } from "./element";
import { createLog } from "./log-form";
import { pricesAfter, rowsOf, spoken, type Rebuild, type Row } from "./rebuild";
import { steps, total } from "./steps";

/** What a click in the panel asks of the page. */
export interface TimelineEvents {
  /** Show a place of the file as it is. */
  select(range: Range): void;
  /** Show a place of the rewritten file. */
  selectRewritten(range: Range): void;
  /** Costs are to come from this log, or to be estimated again. */
  measured(log: string | undefined): void;
}

/** The panel; other panels can ask it for the change that explains an issue. */
export interface Timeline extends Panel {
  /** Chooses the change in which the issue costs most, and goes there. */
  explain(issue: Issue): void;
  /** Takes the log of a build. */
  measure(log: string): void;
  /** Forgets it: another file is shown. */
  forget(): void;
}

const ESTIMATED =
  "Times are estimates by kind of command: they compare, they do not predict. Steps are drawn one after the other; ENV, CMD and the like only set configuration and are left out.";
const MEASURED =
  "Times are those of your log; “about” marks an estimate where it has none. Steps are drawn one after the other.";

export function createTimeline(root: HTMLElement, events: TimelineEvents): Timeline {
  let snapshot: Snapshot | undefined;
  let rewritten: Report | undefined;
  let marked: { range: Range; element: HTMLElement }[] = [];
  const choices = createChoices(draw);
  const verdict = h("p", { class: "verdict", role: "status" });
  const sides = h("div", { class: "sides" });
  const note = h("p", { class: "note" });
  const log = createLog(events.measured);

  function show(next: Snapshot): void {
    snapshot = next;
    if (next.report.scenarios.length === 0) {
      root.replaceChildren(h("p", { class: "empty" }, "Nothing here is copied or run, so no change rebuilds anything."));
      marked = [];
      return;
    }
    rewritten = next.report.edits.length > 0 ? again(next) : undefined;
    if (!root.contains(sides)) root.replaceChildren(choices.element, verdict, sides, note, log.element);
    choices.show(next);
    draw();
  }

  function draw(): void {
    const choice = choices.current();
    if (!snapshot || !choice) return;
    if ("path" in choice && choice.path === "") {
      verdict.textContent = "Name a file of the build context.";
      return;
    }
    compare(snapshot, "path" in choice ? ofFile(snapshot, choice.path) : ofScenario(snapshot, choice.scenario));
  }

  function compare({ text, report, options }: Snapshot, change: Change): void {
    const measured = options.timings !== undefined;
    const time = measured ? about : duration;
    const before = rowsOf(text, report.stages, change.before);
    const after =
      rewritten &&
      rowsOf(
        report.rewritten,
        rewritten.stages,
        change.after,
        measured ? pricesAfter(text, report.stages, report.rewritten) : undefined,
      );
    const scale = Math.max(before.cost.seconds, after?.cost.seconds ?? 0);
    const issues = report.issues.filter(({ severity }) => severity !== "info");
    verdict.replaceChildren(...prose(conclusion(change, before, after, issues.length)));
    note.textContent = measured ? MEASURED : ESTIMATED;
    marked = [];
    const old = steps("As it is, step by step", before, {
      scale,
      time,
      open(row, element) {
        marked.push({ range: row.range, element });
        return () => events.select(row.range);
      },
    });
    if (after) {
      const open = (row: Row) => (): void => events.selectRewritten(row.range);
      const made = steps("Rewritten, step by step", after, { scale, time, open });
      // Both totals first: on a narrow page they stand together above the steps.
      sides.replaceChildren(total("As it is", before, scale), total("Rewritten", after, scale), old, made);
    } else {
      sides.replaceChildren(total("As it is", before, scale), old);
    }
    sides.classList.toggle("alone", !after);
  }

  return {
    show,
    cursor(offset) {
      for (const { range, element } of marked) {
        if (covers(range, offset)) element.setAttribute("aria-current", "true");
        else element.removeAttribute("aria-current");
      }
    },
    measure: log.set,
    forget: () => log.set(""),
    explain(issue) {
      const saved = ({ before, after }: Scenario): number => before.cost.seconds - after.cost.seconds;
      const suits = ({ before: { reruns, depends } }: Scenario): boolean =>
        [...reruns, ...depends].some(({ start }) => start.offset === issue.range.start.offset);
      const best = snapshot?.report.scenarios.filter(suits).sort((a, b) => saved(b) - saved(a))[0];
      if (best) choices.choose(best);
      const smooth = window.matchMedia("(prefers-reduced-motion: no-preference)").matches;
      root.closest(".panel")?.scrollIntoView({ block: "start", behavior: smooth ? "smooth" : "auto" });
      choices.focus();
    },
  };
}

/** What the comparison comes to, in a sentence. */
function conclusion({ title }: Change, before: Rebuild, after: Rebuild | undefined, issues: number): string {
  const nothing = before.again + before.maybe === 0;
  if (!after) {
    const rest = issues > 0 ? " Nothing could be rewritten; the issues say why." : "";
    return `${title}: ${nothing ? "nothing runs again." : `rebuilding takes ${spoken(before.cost, before.least, about)}.`}${rest}`;
  }
  const saved = before.cost.seconds - after.cost.seconds;
  if (saved > 0 && !alike(before.cost, after.cost)) {
    // What is saved may be what would only perhaps have run.
    const most = before.least.seconds - after.least.seconds < saved / 2 ? "up to " : "";
    const cost = { seconds: saved, measured: before.cost.measured };
    return `${title}: the rewrite saves ${most}${most ? duration(cost) : about(cost)} each time.`;
  }
  return `${title}: before and after the rewrite, ${nothing ? "nothing runs again" : "this takes the same time"}.`;
}
