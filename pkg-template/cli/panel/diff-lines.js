// A patch as lines to look at.

import { h, visible } from "./dom.js";

/** Most lines that are drawn. */
const MOST = 600;

/** The lines of a unified diff: `{ kind: "same" | "removed" | "added" | "gap", text }`. */
export function linesOf(patch) {
  const lines = patch.split("\n").slice(2, -1).filter((line) => !line.startsWith("\\"));
  return lines.map((line) => {
    if (line.startsWith("@@")) return { kind: "gap", text: /-(\d+)/.exec(line)[1] };
    const kind = { "-": "removed", "+": "added" }[line[0]] ?? "same";
    return { kind, text: line.slice(1).replace(/\r$/, "") };
  });
}

/** They as an element that is scrolled by the keyboard. */
export function diffOf(patch, label) {
  const lines = linesOf(patch);
  const rows = lines.slice(0, MOST).map(({ kind, text }, index) => {
    if (kind === "gap") return h("span", { class: "gap", hidden: index === 0 && text === "1" }, `line ${text}\n`);
    const mark = { removed: "-", added: "+", same: " " }[kind];
    const said = kind === "same" ? "" : h("span", { class: "said" }, `${kind}: `);
    return h("span", { class: kind }, h("span", { class: "mark", "aria-hidden": "true" }, mark), said, `${visible(text)}\n`);
  });
  if (lines.length > MOST) rows.push(h("span", { class: "gap" }, `and ${(lines.length - MOST).toLocaleString("en")} more lines\n`));
  return h("pre", { class: "diff", tabindex: "0", role: "region", "aria-label": label }, h("code", {}, ...rows));
}
