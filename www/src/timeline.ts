// The panel that shows what a change rebuilds: choose a change, and see of every step whether
// it stays cached or runs again, in the file as it is and as it was rewritten.

import type { Range } from "layerwise";
import { about, alike, duration } from "layerwise/panel";
import { createChoices } from "./choices";
import { h, prose } from "./element";
import { createLog } from "./log-form";
import { whereSeen, type Panel } from "./panel";
import { steps, total } from "./steps";
import { spoken } from "./times";
import type { Choice, Comparison } from "./worker/comparison";
import type { ShownIssue } from "./worker/issues";
import { covers } from "./worker/places";
import type { Row } from "./worker/rebuild";

/** What a click in the panel asks of the page. */
export interface TimelineEvents {
  /** Show a place of the file as it is. */
  select(range: Range): void;
  /** Show a place of the rewritten file. */
  selectRewritten(range: Range): void;
  /** Costs are to come from this log, or to be estimated again. */
  measured(log: string | undefined): void;
  /** What is wrong with a log. */
  complaint(log: string): Promise<string | undefined>;
  /** What a change does to both files; undefined where another text came in the meantime. */
  compare(choice: Choice, rows: number): Promise<Comparison | undefined>;
  /** The key of the change in which the step at an offset loses most. */
  explaining(offset: number): Promise<string | undefined>;
}

/** Most steps of a side that are drawn at once. */
const ROWS = 60;

/** The panel; other panels can ask it for the change that explains an issue. */
export interface Timeline extends Panel {
  /** Chooses the change in which the issue costs most, and goes there. */
  explain(issue: ShownIssue): void;
  /** Takes the log of a build. */
  measure(log: string): void;
  /** Forgets it: another file is shown. */
  forget(): void;
  /** Offers the files of the context by name. */
  offer(paths: string[]): void;
}

const ESTIMATED =
  "Times are estimates by kind of command: they compare, they do not predict. Steps are drawn one after the other; ENV, CMD and the like only set configuration and are left out.";
const MEASURED =
  "Times are those of your log; “about” marks an estimate where it has none. Steps are drawn one after the other.";

export function createTimeline(root: HTMLElement, events: TimelineEvents): Timeline {
  let marked: { range: Range; element: HTMLElement }[] = [];
  let cursor = 0;
  let rows = ROWS;
  /** What is drawn, so that the same is not drawn again. */
  let drawn: string | undefined;
  const choices = createChoices(() => {
    rows = ROWS;
    void draw();
  });
  const verdict = h("p", { class: "verdict", role: "status" });
  const sides = h("div", { class: "sides" });
  const note = h("p", { class: "note" });
  const log = createLog(events.measured, events.complaint);

  const panel = whereSeen(
    root,
    // What is known of files counts as well.
    ({ id }) => id,
    (_, snapshot) => {
      rows = ROWS;
      if (snapshot.scenarios.length === 0) {
        root.replaceChildren(h("p", { class: "empty" }, "Nothing here is copied or run, so no change rebuilds anything."));
        marked = [];
        return;
      }
      if (!root.contains(sides)) root.replaceChildren(choices.element, verdict, sides, note, log.element);
      choices.show(snapshot);
      void draw();
    },
  );

  async function draw(): Promise<void> {
    const choice = choices.current();
    if (!choice) return;
    if ("path" in choice && choice.path === "") {
      drawn = undefined;
      verdict.textContent = "Name a file of the build context.";
      return;
    }
    const comparison = await events.compare(choice, rows);
    if (!comparison || JSON.stringify(choice) !== JSON.stringify(choices.current())) return;
    const key = JSON.stringify(comparison);
    if (key === drawn) return;
    drawn = key;
    show(comparison);
  }

  function show(comparison: Comparison): void {
    const { before, after, isMeasured } = comparison;
    const time = isMeasured ? about : duration;
    const scale = Math.max(before.cost.seconds, after?.cost.seconds ?? 0);
    const more = (): void => {
      rows += ROWS;
      void draw();
    };
    verdict.replaceChildren(...prose(conclusion(comparison)));
    note.textContent = isMeasured ? MEASURED : ESTIMATED;
    marked = [];
    const old = steps("As it is, step by step", before, {
      scale,
      time,
      more,
      open(row, element) {
        marked.push({ range: row.range, element });
        return () => events.select(row.range);
      },
    });
    if (after) {
      const open = (row: Row) => (): void => events.selectRewritten(row.range);
      const made = steps("Rewritten, step by step", after, { scale, time, more, open });
      // Both totals first: on a narrow page they stand together above the steps.
      sides.replaceChildren(total("As it is", before, scale), total("Rewritten", after, scale), old, made);
    } else {
      sides.replaceChildren(total("As it is", before, scale), old);
    }
    sides.classList.toggle("alone", !after);
    mark();
  }

  function mark(): void {
    for (const { range, element } of marked) {
      if (covers(range, cursor)) element.setAttribute("aria-current", "true");
      else element.removeAttribute("aria-current");
    }
  }

  return {
    show: (snapshot) => panel.show(snapshot),
    cursor(offset) {
      cursor = offset;
      mark();
    },
    measure: log.set,
    forget: () => log.set(""),
    offer: choices.offer,
    async explain({ range }) {
      const best = await events.explaining(range.start.offset);
      panel.now();
      if (best !== undefined) choices.choose(best);
      const smooth = window.matchMedia("(prefers-reduced-motion: no-preference)").matches;
      root.closest(".panel")?.scrollIntoView({ block: "start", behavior: smooth ? "smooth" : "auto" });
      choices.focus();
    },
  };
}

/** What the comparison comes to, in a sentence. */
function conclusion({ title, before, after, issues }: Comparison): string {
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
