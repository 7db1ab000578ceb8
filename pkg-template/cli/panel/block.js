// A Dockerfile as an annotated block of code: what is wrong stands below its line, and a button
// shows the rewritten file in its place.

import { unifiedDiff } from "../formats/diff.js";
import { linesOf } from "./diff-lines.js";
import { h, prose, visible } from "./dom.js";
import { action, copy, headlineElement, issuesOf } from "./panel.js";

/** Most lines that are drawn. */
const MOST = 2000;

/**
 * The block of an analysed text. `added` lines at its top were not written by anybody: they are drawn
 * as that, and not copied.
 */
export function blockOf({ text, report, overview, added = 0 }) {
  const code = h("code");
  const pre = h("pre", { class: "lines", tabindex: "0", role: "group", "aria-label": overview.name }, code);
  const repaired = report.edits.length > 0;
  let isRewritten = false;
  const draw = () => code.replaceChildren(...(isRewritten ? rewrittenLines(text, report, added) : annotatedLines(text, report, added)));
  const toggle = h("button", { type: "button", "aria-pressed": "false", onclick: () => {
    isRewritten = !isRewritten;
    toggle.setAttribute("aria-pressed", String(isRewritten));
    draw();
  } }, "Rewritten");
  const tools = [action({ label: "Copy", run: (answer) => copy(without(isRewritten ? report.rewritten : text, text, added), answer) })];
  if (repaired) tools.unshift(toggle);
  draw();
  const { entries } = overview;
  return h("div", { class: "block" },
    h("div", { class: "top" }, headlineElement(overview), h("p", { class: "actions" }, ...tools)),
    pre,
    entries.length > 0 ? h("details", {}, h("summary", {}, summaryOf(overview)), issuesOf(overview)) : undefined);
}

/** How much there is to read: "1 issue, 2 notes". */
function summaryOf({ entries, more }) {
  const notes = entries.filter(({ severity }) => severity === "info").length;
  const issues = entries.length + more - notes;
  const parts = [[issues, "issue"], [notes, "note"]].filter(([count]) => count > 0);
  return parts.map(([count, word]) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`).join(", ");
}

/** `result` without the lines that were added to `text`; whole where something was put above them. */
function without(result, text, added) {
  const head = text.split("\n").slice(0, added).map((line) => `${line}\n`).join("");
  return result.startsWith(head) ? result.slice(head.length) : result;
}

function annotatedLines(text, { issues, errors }, added) {
  const marks = new Map();
  const notes = new Map();
  const all = [...errors.map((error) => ({ ...error, severity: "error" })), ...issues.filter(({ severity }) => severity !== "info")];
  for (const { range: { start, end }, severity, message } of all) {
    for (let line = start.line; line <= end.line; line++) marks.set(line, severity);
    // Below the last line of the instruction.
    notes.set(end.line, [...(notes.get(end.line) ?? []), { severity, message }]);
  }
  return linesOfText(text).slice(0, MOST).flatMap((line, index) => {
    const number = index + 1;
    const row = h("span", { class: number <= added ? "line added-for-it" : "line", "data-severity": marks.get(number) }, gutter(number), `${visible(line)}\n`);
    const below = (notes.get(number) ?? []).map(({ severity, message }) => h("span", { class: "below", "data-severity": severity }, ...prose(message), "\n"));
    return [row, ...below];
  });
}

function rewrittenLines(text, { edits }, added) {
  const patch = unifiedDiff(text, edits, { before: "", after: "" }, Infinity);
  let number = 0;
  return linesOf(patch).filter(({ kind }) => kind !== "gap").slice(0, MOST).map(({ kind, text: line }) => {
    if (kind !== "removed") number++;
    const said = kind === "same" ? undefined : h("span", { class: "said" }, `${kind}: `);
    const isAdded = kind === "same" && number <= added;
    return h("span", { class: `line ${kind}${isAdded ? " added-for-it" : ""}` }, gutter(kind === "removed" ? "-" : kind === "added" ? "+" : number), said, `${visible(line)}\n`);
  });
}

function gutter(sign) {
  return h("span", { class: "number", "aria-hidden": "true" }, String(sign));
}

function linesOfText(text) {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** What a block looks like beside what a panel does. */
export const BLOCK_STYLE = `
:host { display: block; }
.block { border: 1px solid var(--line); border-radius: 6px; background: var(--sheet); overflow: hidden; }
.top { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 6px 16px; padding: 8px 12px; border-bottom: 1px solid var(--line); }
.top .headline { font-size: 14px; }
.top .small { display: none; }
.top .actions { margin: 0; }
.lines { padding-block: 8px; overflow: auto; background: var(--sunk); font-size: 13px; line-height: 1.6; tab-size: 4; }
.lines > code { display: grid; min-width: max-content; font-size: inherit; overflow-wrap: normal; }
.line { padding-inline: 0 14px; white-space: pre; }
.line[data-severity] { --tone: var(--hot); background: var(--hot-wash); box-shadow: inset 3px 0 var(--tone); }
.line[data-severity="error"], .below[data-severity="error"] { --tone: var(--bad); }
.line.added { background: var(--cold-wash); box-shadow: inset 3px 0 var(--cold); }
.line.removed { background: var(--hot-wash); box-shadow: inset 3px 0 var(--hot); }
.line.added-for-it { color: var(--soft); font-style: italic; }
.number { display: inline-block; width: 2.6em; margin-inline-end: 1em; color: var(--soft); text-align: end; user-select: none; }
.below { --tone: var(--hot); padding: 2px 14px 4px 3.6em; color: var(--tone); font: 13px/1.5 system-ui, sans-serif; white-space: normal; max-width: 46rem; }
button[aria-pressed="true"] { background: var(--ink); color: var(--sheet); }
.block > details { padding: 8px 12px; border-top: 1px solid var(--line); }
.block > details > .issues { margin-top: 10px; }
@media (forced-colors: active) { .line[data-severity], .line.added, .line.removed { border-inline-start: 3px solid CanvasText; } }
`;
