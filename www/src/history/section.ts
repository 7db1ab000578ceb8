// The section "Your history" as it is open: takes a log, has it replayed, and shows what it comes to.

import "./history.css";
import { h, prose } from "../element";
import { exampleLog } from "./example";
import { COMMAND, historyOf, type Current } from "./log";
import { plotOf } from "./plot";
import { pathRows, stepRows, verdictOf } from "./words";
import type { Replayed } from "./replaying";

const NOTE =
  "Every commit is built with the Dockerfile above, as it is or rewritten, and the cache that the one before left. Times are estimates, which compare.";
const WRONG = "This is not what the command prints: each commit begins with a line like `commit 4f0c2a1… 1764000000 Fix it`.";

export function createSection(root: HTMLElement, current: () => Current): { replay(log: string): void } {
  let worker: Worker | undefined;
  const field = h("textarea", {
    id: "history-log",
    rows: "6",
    spellcheck: "false",
    autocapitalize: "off",
    wrap: "off",
    placeholder: "commit 4f0c2a1… 1764000000 Fix it\n:100644 100644 1f7a7a4… 8b13789… M\tsrc/main.js",
    "aria-describedby": "history-verdict",
  });
  const verdict = h("p", { class: "verdict", id: "history-verdict", role: "status" });
  const result = h("div", { class: "replayed" });
  const copy = h("button", { type: "button", onclick: () => void navigator.clipboard.writeText(COMMAND).then(() => (copy.textContent = "Copied")) }, "Copy");
  const again = h("button", { type: "button", onclick: () => replay(field.value) }, "Replay");
  const example = h("button", { type: "button", onclick: () => replay(exampleLog(current())) }, "Try an example");
  field.addEventListener("input", () => replay(field.value));
  root.append(
    h(
      "div",
      { class: "ask" },
      h("p", {}, "In the directory of the build context, this prints its last 200 commits. Paste or drop what it prints; it is read here and sent nowhere."),
      h("p", { class: "command" }, h("code", {}, COMMAND), copy),
      h("label", { for: "history-log" }, "What it printed"),
      field,
      h("div", { class: "tools" }, again, example),
    ),
    verdict,
    result,
  );

  function replay(log: string): void {
    if (field.value !== log) field.value = log;
    worker?.terminate();
    result.replaceChildren();
    if (log.trim() === "") return say("");
    const history = historyOf(log, current());
    if (!history) return say(WRONG);
    say("Replaying…");
    worker = new Worker(new URL("./replaying.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Replayed>) => show(data));
    worker.addEventListener("error", ({ message }) => show({ error: message }));
    worker.postMessage(history);
  }

  function say(sentence: string): void {
    verdict.replaceChildren(...prose(sentence));
  }

  function show(replayed: Replayed): void {
    worker?.terminate();
    if ("error" in replayed) return say(`This could not be replayed: ${replayed.error}`);
    const { before, after } = replayed;
    say(verdictOf(before, after));
    if (before.steps.length === 0) return;
    const plot = plotOf(before, after);
    const legend = h("p", { class: "legend" }, h("span", { class: "as-it-is" }), " as it is", ...(after ? [h("span", { class: "rewritten" }), " rewritten"] : []));
    result.replaceChildren(
      ...(plot ? [plot, legend] : []),
      table("The steps that cost most", stepRows(before, after)),
      table("The files that cost most", pathRows(before)),
      h("p", { class: "note" }, NOTE),
    );
  }

  return { replay };
}

/** The first row says what the others are, the first cell of each what the row is of. */
function table(title: string, [head = [], ...rows]: string[][]): HTMLElement {
  return h(
    "div",
    { class: "table", tabindex: "0", role: "region", "aria-label": title },
    h(
      "table",
      {},
      h("caption", {}, title),
      h("thead", {}, h("tr", {}, ...head.map((cell) => h("th", { scope: "col" }, cell)))),
      h("tbody", {}, ...rows.map(([first = "", ...rest]) => h("tr", {}, h("th", { scope: "row" }, ...prose(first)), ...rest.map((cell) => h("td", {}, cell))))),
    ),
  );
}
