// A history as a plot: what each week cost, and what it would have cost rewritten. It stands in a
// README or on a slide, light or dark, and holds no script.

import { shown } from "../excerpt.js";
import { dayOf, headline, isSame, span, weeksOf } from "./sentences.js";

const WIDTH = 720;
const HEIGHT = 240;
const LEFT = 64;
const TOP = 56;
const BOTTOM = 40;
const ROW = 48;

export function historySvg({ builds, range }) {
  const plots = builds.map((build, at) => plotOf(build, range, at * (HEIGHT + ROW)));
  const height = Math.max(1, builds.length) * (HEIGHT + ROW) - ROW;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="13">
<style>text { fill: #333 } .line { stroke: #999 } .before { fill: #c96a2b } .after { fill: #2b7ac9 } @media (prefers-color-scheme: dark) { text { fill: #ddd } .line { stroke: #777 } .before { fill: #e58a4a } .after { fill: #5aa2ea } }</style>
${plots.join("")}</svg>
`;
}

function plotOf(build, range, top) {
  const weeks = weeksOf(build);
  const isRewritten = build.replay.rewritten !== undefined && !isSame(build.replay);
  const most = Math.max(1, ...weeks.map(({ before, after }) => Math.max(before, after ?? 0)));
  const floor = HEIGHT - BOTTOM;
  const step = (WIDTH - LEFT - 8) / Math.max(weeks.length, 1);
  const bar = (at, seconds, { kind, from, share }) => {
    const height = ((floor - TOP) * seconds) / most;
    const place = `x="${number(LEFT + at * step + step * from)}" y="${number(floor - height)}"`;
    return height === 0 ? "" : `<rect class="${kind}" ${place} width="${number(step * share)}" height="${number(height)}"/>\n`;
  };
  const bars = weeks.map(({ before, after }, at) => {
    const share = isRewritten ? 0.42 : 0.84;
    return bar(at, before, { kind: "before", from: 0.08, share }) +
      (isRewritten ? bar(at, after, { kind: "after", from: 0.5, share }) : "");
  });
  const title = text(`${headline(build, range)}`.replaceAll("`", ""));
  const mark = (x, y, words, anchor = "start") => `<text x="${x}" y="${y}" text-anchor="${anchor}">${text(words)}</text>\n`;
  const ends = weeks.length === 0 ? "" : mark(LEFT, HEIGHT - 18, dayOf(weeks[0].time)) +
    (weeks.length > 1 ? mark(WIDTH - 8, HEIGHT - 18, dayOf(weeks.at(-1).time), "end") : "");
  const about = build.replay.measured ? "measured" : "estimated";
  const legend = `<rect class="before" x="${LEFT}" y="30" width="12" height="12"/>\n${mark(LEFT + 18, 41, `as it is (${about})`)}` +
    (isRewritten ? `<rect class="after" x="${LEFT + 170}" y="30" width="12" height="12"/>\n${mark(LEFT + 188, 41, "rewritten")}` : "");
  return `<g transform="translate(0 ${top})">
<title>${title}</title>
<text x="8" y="18" font-weight="600">${text(build.name)}</text>
${legend}${mark(LEFT - 8, TOP + 10, span(most), "end")}${mark(LEFT - 8, floor, "0", "end")}<line class="line" x1="${LEFT}" y1="${floor}" x2="${WIDTH - 8}" y2="${floor}"/>
${bars.join("")}${ends}</g>
`;
}

function number(value) {
  return Number(value.toFixed(1));
}

// XML knows no controls.
function text(words) {
  return shown(words).replace(/[\ufffe\uffff]/g, "\ufffd").toWellFormed()
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
