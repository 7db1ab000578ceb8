// One side of the timeline as it is drawn: its total, its stages and their steps.

import type { Cost, Outcome } from "layerwise";
import { about } from "layerwise/panel";
import { h, prose } from "./element";
import { icon } from "./icon";
import { spoken } from "./times";
import { count } from "./words";
import type { Rebuild, Rebuilt, Row } from "./worker/rebuild";

const WORDS: Record<Outcome, string> = {
  cached: "cached",
  relinked: "cached, relinked",
  rerun: "Runs again",
  depends: "May run again",
};

/** What drawing a step takes beside the step. */
export interface Drawing {
  /** The seconds that fill the width. */
  scale: number;
  time(cost: Cost): string;
  open(row: Row, element: HTMLElement): () => void;
  /** Draw more steps. */
  more(): void;
}

/** What a side comes to: its time, and how many of its steps. */
export function total(title: string, whole: Rebuild, scale: number): HTMLElement {
  const { again, maybe, cost, least } = whole;
  const time = spoken(cost, least, about);
  return h(
    "div",
    { class: "total", "data-again": String(again + maybe > 0) },
    h("h3", {}, title),
    h(
      "p",
      {},
      h("strong", {}, again + maybe === 0 ? "nothing" : time),
      " ",
      tally(whole),
    ),
    bar(0, cost.seconds, scale),
  );
}

function tally({ again, maybe, steps }: Rebuild): string {
  const runs = `${again} of ${count(steps, "step")} ${again === 1 ? "runs" : "run"} again`;
  return maybe === 0 ? runs : `${runs}, ${maybe} more may`;
}

/** The steps of a side, stage by stage. */
export function steps(title: string, whole: Rebuild, drawing: Drawing): HTMLElement {
  const stages = whole.stages.map((stage) =>
    h(
      "div",
      { class: "stage" },
      h("p", { class: "from" }, h("span", { class: "number" }, String(stage.range.start.line)), h("code", {}, stage.text), ...skipped(stage)),
      ...(stage.rows.length > 0 ? [h("ol", { class: "steps" }, ...stage.rows.map((row) => step(row, drawing)))] : []),
    ),
  );
  if (whole.more > 0) stages.push(h("div", { class: "more" }, h("button", { type: "button", onclick: drawing.more }, `Show more (${count(whole.more, "step")})`)));
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
      h("span", { class: "number" }, String(range.start.line)), " ", h("code", {}, ...words(text))),
    h("span", { class: "time" }, runs ? time(row.cost) : word),
  );
  if (outcome !== "cached") {
    const what = runs ? [h("b", {}, word), because ? ". " : ""] : [];
    element.append(h("p", { class: "because" }, ...what, ...prose(because ?? "")));
  }
  if (runs) element.append(bar(row.from, row.cost.seconds, scale));
  return element;
}

/** A line is broken between words, not within `--mount`. */
function words(text: string): (Node | string)[] {
  return text.split(" ").flatMap((word, at) => [at === 0 ? "" : " ", h("span", {}, word)]);
}

/** A piece of the time axis, which both sides share. */
function bar(from: number, seconds: number, scale: number): HTMLElement {
  const part = (value: number): string => `${scale > 0 ? (100 * value) / scale : 0}%`;
  const piece = h("span", {});
  piece.style.left = part(from);
  piece.style.width = part(seconds);
  return h("div", { class: "bar", "aria-hidden": "true" }, piece);
}
