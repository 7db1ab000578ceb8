// The weeks of a history as a plot: what each cost, and what it would have cost rewritten.

import type { WeekTotal } from "layerwise";
import type { Sums } from "./replaying";
import { hours } from "./words";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 720;
const HEIGHT = 180;
const FLOOR = HEIGHT - 24;
const LEFT = 64;
const WEEK = 7 * 86_400;
/** Weeks that have room, the last ones. */
const MOST = 53;

/** The plot; undefined where commits have no week. */
export function plotOf(before: Sums, after: Sums | undefined): SVGSVGElement | undefined {
  const last = before.weeks.at(-1)?.time;
  const first = Math.max(before.weeks[0]?.time ?? 0, (last ?? 0) - (MOST - 1) * WEEK);
  if (last === undefined) return undefined;
  const count = Math.round((last - first) / WEEK) + 1;
  const most = Math.max(1, ...before.weeks.map(({ seconds }) => seconds), ...(after?.weeks ?? []).map(({ seconds }) => seconds));
  const step = (WIDTH - LEFT) / count;
  const share = after ? 0.42 : 0.84;
  const bars = (weeks: WeekTotal[], kind: string, from: number): SVGElement[] =>
    weeks.filter(({ time }) => time >= first).map(({ time, seconds }) => {
      const height = ((FLOOR - 12) * seconds) / most;
      const x = LEFT + ((time - first) / WEEK + from) * step;
      return draw("rect", { class: kind, x, y: FLOOR - height, width: step * share, height });
    });
  const words = (x: number, y: number, anchor: string, text: string): SVGElement => {
    const element = draw("text", { x, y, "text-anchor": anchor });
    element.textContent = text;
    return element;
  };
  const plot = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "weeks" }) as SVGSVGElement;
  plot.setAttribute("aria-label", label(before, after, count));
  plot.append(
    words(LEFT - 8, 18, "end", hours(most)),
    words(LEFT - 8, FLOOR, "end", "0"),
    words(LEFT, HEIGHT - 4, "start", day(first)),
    words(WIDTH, HEIGHT - 4, "end", count > 1 ? day(last) : ""),
    draw("line", { x1: LEFT, y1: FLOOR, x2: WIDTH, y2: FLOOR }),
    ...bars(before.weeks, "as-it-is", 0.08),
    ...(after ? bars(after.weeks, "rewritten", 0.5) : []),
  );
  return plot;
}

function label(before: Sums, after: Sums | undefined, weeks: number): string {
  const rest = after ? `, ${hours(after.seconds)} rewritten` : "";
  return `What each of ${weeks} weeks cost: ${hours(before.seconds)} in all${rest}.`;
}

function day(time: number): string {
  return new Date(time * 1000).toISOString().slice(0, 10);
}

function draw(tag: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, typeof value === "number" ? value.toFixed(1) : value);
  return element;
}
