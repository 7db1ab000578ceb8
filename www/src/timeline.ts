// The panel that shows what a change rebuilds: choose a change, and see of every step whether
// it stays cached or runs again, in the file as it is and as it was rewritten.

import type { Cost, Issue, Range, Report, Scenario } from "layerwise";
import { again, covers, type Panel, type Snapshot } from "./analysis";
import { count, h, prose } from "./element";
import { icon } from "./icon";
import { createLog } from "./log-form";
import { about, duration, pricesAfter, rebuild, type Outcome, type Rebuild, type Rebuilt, type Row } from "./rebuild";
import { judge } from "./why";

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
  /** Chooses the change in which the issue costs most; answers whether there is one. */
  explain(issue: Issue): void;
  /** Forgets the log: another file is shown. */
  forget(): void;
}

/** Steps beyond these are counted, not drawn. */
const MOST = 150;

const WORDS: Record<Outcome, string> = {
  cached: "cached",
  relinked: "relinked",
  rerun: "Runs again",
  depends: "May run again",
};

export function createTimeline(root: HTMLElement, events: TimelineEvents): Timeline {
  let snapshot: Snapshot | undefined;
  let rewritten: Report | undefined;
  let chosen: string | undefined;
  let marked: { range: Range; element: HTMLElement }[] = [];
  const choices = h("div", { class: "changes" });
  const group = h("fieldset", {}, h("legend", { class: "visually-hidden" }, "Choose a change"), choices);
  const verdict = h("p", { class: "verdict", role: "status" });
  const sides = h("div", { class: "sides" });
  const note = h("p", { class: "note" });
  const log = createLog(events.measured);

  function show(next: Snapshot): void {
    snapshot = next;
    const { report } = next;
    if (report.scenarios.length === 0) {
      root.replaceChildren(h("p", { class: "empty" }, "Nothing here is copied or run, so no change rebuilds anything."));
      marked = [];
      return;
    }
    rewritten = report.edits.length > 0 ? again(next) : undefined;
    if (!root.contains(group)) root.replaceChildren(group, verdict, sides, note, log.element);
    choices.replaceChildren(...report.scenarios.map(choice));
    draw();
  }

  function choice(scenario: Scenario): HTMLElement {
    const input = h("input", { type: "radio", name: "change", value: key(scenario) });
    input.checked = scenario === current();
    input.addEventListener("change", () => {
      chosen = key(scenario);
      draw();
    });
    return h(
      "label",
      { class: "change" },
      input,
      h("span", { class: "face" }, h("span", { class: "title" }, ...prose(scenario.title)), costs(scenario)),
    );
  }

  function costs({ before, after }: Scenario): HTMLElement {
    const from = duration(before.cost);
    const to = duration(after.cost);
    const one = snapshot?.report.edits.length === 0 || from === to || alike(before.cost, after.cost);
    return h(
      "span",
      { class: "costs" },
      h("span", { class: "visually-hidden" }, one ? ": " : ": before "),
      before.reruns.length === 0 ? "nothing" : from,
      ...(one ? [] : [h("span", { class: "visually-hidden" }, ", after "), h("span", { "aria-hidden": "true" }, " → "), h("b", {}, to)]),
    );
  }

  function current(): Scenario | undefined {
    const scenarios = snapshot?.report.scenarios ?? [];
    return scenarios.find((scenario) => key(scenario) === chosen) ?? scenarios[0];
  }

  function draw(): void {
    const scenario = current();
    if (!snapshot || !scenario) return;
    const { text, report } = snapshot;
    const measured = snapshot.options.timings !== undefined;
    const before = rebuild(text, report.stages, judge(text, report, scenario, scenario.before.reruns));
    const after =
      rewritten &&
      rebuild(
        report.rewritten,
        rewritten.stages,
        judge(report.rewritten, rewritten, scenario, scenario.after.reruns),
        measured ? pricesAfter(text, report.stages, report.rewritten) : undefined,
      );
    const scale = Math.max(before.cost.seconds, after?.cost.seconds ?? 0);
    verdict.replaceChildren(...prose(conclusion(scenario, before, after, report.issues.length)));
    marked = [];
    const time = measured ? about : duration;
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
    note.textContent = measured
      ? "Times are those of your log; “about” marks an estimate where it has none. Steps are drawn one after the other."
      : "Times are estimates by kind of command: they compare, they do not predict. Steps are drawn one after the other; ENV, CMD and the like only set configuration and are left out.";
  }

  return {
    show,
    cursor(offset) {
      for (const { range, element } of marked) {
        if (covers(range, offset)) element.setAttribute("aria-current", "true");
        else element.removeAttribute("aria-current");
      }
    },
    forget: log.clear,
    explain(issue) {
      const saved = ({ before, after }: Scenario): number => before.cost.seconds - after.cost.seconds;
      const suits = ({ before }: Scenario): boolean =>
        before.reruns.some(({ start }) => start.offset === issue.range.start.offset);
      const best = snapshot?.report.scenarios.filter(suits).sort((a, b) => saved(b) - saved(a))[0];
      if (best) {
        chosen = key(best);
        for (const input of choices.querySelectorAll("input")) input.checked = input.value === chosen;
        draw();
      }
      const smooth = window.matchMedia("(prefers-reduced-motion: no-preference)").matches;
      root.closest(".panel")?.scrollIntoView({ block: "start", behavior: smooth ? "smooth" : "auto" });
      choices.querySelector<HTMLInputElement>("input:checked")?.focus({ preventScroll: true });
    },
  };
}

function key({ kind, title }: Scenario): string {
  return `${kind} ${title}`;
}

/** What the comparison comes to, in a sentence. */
function conclusion(scenario: Scenario, before: Rebuild, after: Rebuild | undefined, issues: number): string {
  if (!after) {
    const rest = issues > 0 ? " Nothing could be rewritten; the issues say why." : "";
    return `${scenario.title}: ${before.again === 0 ? "nothing runs again." : `rebuilding takes ${about(before.cost)}.`}${rest}`;
  }
  const saved = before.cost.seconds - after.cost.seconds;
  if (saved > 0 && !alike(before.cost, after.cost)) {
    return `${scenario.title}: the rewrite saves ${about({ seconds: saved, measured: before.cost.measured })} each time.`;
  }
  return `${scenario.title}: before and after the rewrite, ${before.again === 0 ? "nothing runs again" : "this takes the same time"}.`;
}

/** Estimates this close say nothing: a copy or a step more. */
function alike(one: Cost, other: Cost): boolean {
  return Math.abs(one.seconds - other.seconds) <= (one.measured ? 0.05 : 2);
}

/** What drawing a step takes beside the step. */
interface Drawing {
  /** The seconds that fill the width. */
  scale: number;
  time(cost: Cost): string;
  open(row: Row, element: HTMLElement): () => void;
}

function total(title: string, { again, steps, cost }: Rebuild, scale: number): HTMLElement {
  return h(
    "div",
    { class: "total", "data-again": String(again > 0) },
    h("h3", {}, title),
    h(
      "p",
      {},
      h("strong", {}, again === 0 ? "nothing" : about(cost)),
      " ",
      `${again} of ${count(steps, "step")} ${again === 1 ? "runs" : "run"} again`,
    ),
    bar(0, cost.seconds, scale),
  );
}

function steps(title: string, whole: Rebuild, drawing: Drawing): HTMLElement {
  let left = MOST;
  const stages = whole.stages.map((stage) => {
    const drawn = stage.rows.slice(0, left);
    left -= drawn.length;
    return h(
      "div",
      { class: "stage" },
      h("p", { class: "from" }, h("span", { class: "number" }, String(stage.range.start.line)), h("code", {}, stage.text), ...skipped(stage)),
      ...(drawn.length > 0 ? [h("ol", { class: "steps" }, ...drawn.map((row) => step(row, drawing)))] : []),
      ...(drawn.length < stage.rows.length ? [h("p", { class: "more" }, `And ${count(stage.rows.length - drawn.length, "more step")}.`)] : []),
    );
  });
  return h("section", { class: "side", "aria-label": title }, h("h4", { "aria-hidden": "true" }, title), ...stages);
}

function skipped(stage: Rebuilt): HTMLElement[] {
  return stage.needed ? [] : [h("span", { class: "skipped" }, "not built")];
}

function step(row: Row, { scale, time, open }: Drawing): HTMLElement {
  const { outcome, range, text, because } = row;
  const waste = row.needless === "wholly" ? " for nothing" : row.needless ? ", in part for nothing" : "";
  const element = h("li", { "data-outcome": outcome });
  const runs = outcome === "rerun" || outcome === "depends";
  const word = `${WORDS[outcome]}${waste}`;
  element.append(
    icon(outcome),
    h("button", { type: "button", class: "what", onclick: open(row, element), title: text },
      h("span", { class: "number" }, String(range.start.line)), " ", h("code", {}, text)),
    h("span", { class: "time" }, runs ? time(row.cost) : word),
  );
  if (runs) {
    element.append(
      h("p", { class: "because" }, h("b", {}, word), because ? ". " : "", ...prose(because ?? "")),
      bar(row.from, row.cost.seconds, scale),
    );
  }
  return element;
}

/** A piece of the time axis, which both sides share. */
function bar(from: number, seconds: number, scale: number): HTMLElement {
  const part = (value: number): string => `${scale > 0 ? (100 * value) / scale : 0}%`;
  const piece = h("span", {});
  piece.style.left = part(from);
  piece.style.width = part(seconds);
  return h("div", { class: "bar", "aria-hidden": "true" }, piece);
}
