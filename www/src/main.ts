// Wires the page: text and context in, one analysis, the same snapshot to every panel.
// A panel to come joins the list `panels` and needs nothing else here.

import { ready, run, type Panel, type Snapshot } from "./analysis";
import { describe, noContext, toOptions, type BuildContext } from "./context";
import { createContext } from "./context-form";
import { createDiff } from "./diff";
import { takeDrops } from "./dropped";
import { createEditor, edit, point, reveal, select, setText, takeBack, type Changed } from "./editor";
import { byId, count, h } from "./element";
import { createExamples, examples, type Example } from "./examples";
import { showNotes } from "./inline-notes";
import { createIssues } from "./issues";
import { DAMAGED, embedding, fromFragment, toFragment, type Linked } from "./link";
import { showMarks } from "./marks";
import { ignoring } from "./repairs";
import { createResult } from "./result";
import { createStep } from "./step";
import { createThemeSwitch } from "./theme";
import { createTakings, type Level } from "./takings";
import { createTimeline } from "./timeline";
import { headlineOf } from "layerwise/panel";
import type { Fix, Issue, Range } from "layerwise";

/** Typing pauses shorter than this do not start an analysis, in milliseconds. */
const ANALYSE_AFTER = 100;
/** The address changes after this pause, in milliseconds. */
const LINK_AFTER = 400;

let text = "";
let context: BuildContext = noContext;
let example: Example | undefined;
let snapshot: Snapshot | undefined;
/** The log of a build of this file. */
let log: string | undefined;
let level: Level = "assumed";
let loaded = false;
/** A paste came in since the last analysis. */
let pasted = false;

const editor = createEditor(byId("editor"), "", {
  changed(next, how) {
    text = next;
    pasted ||= how.pasted;
    byId<HTMLButtonElement>("undo").disabled = !how.undoable;
    if (how.replaced) leaveExampleFiles(how);
    touched();
  },
  moved(offset) {
    for (const panel of panels) panel.cursor?.(offset);
  },
  next: nextIssue,
  fix: fixAt,
  leave: () => byId("source-title").focus(),
});
const contextPanel = createContext(
  byId("context"),
  (next) => {
    context = next;
    touched();
  },
  openFolder,
);
const exampleList = createExamples(byId("examples"), load);
const diff = createDiff(byId("diff"));
const selectRange = (range: Range): void => {
  select(editor, range.start.offset, range.end.offset);
  diff.revealPlace(range.start.offset);
};
const timeline = createTimeline(byId("timeline"), {
  select: selectRange,
  selectRewritten: (range) => diff.select(range),
  measured(next) {
    log = next;
    analyseSoon();
  },
});
const issues = createIssues(byId("issues"), {
  select: selectRange,
  explain: (issue) => timeline.explain(issue),
  apply,
  ignore,
  askContext: () => contextPanel.open(),
});
const takings = createTakings(byId("takings"), byId("acts"), {
  level(next) {
    level = next;
    analyseSoon.now();
  },
  copy,
});
const panels: Panel[] = [
  { show: ({ report }) => showMarks(editor, report) },
  { show: ({ report }) => showNotes(editor, report, { apply: applyOf, explain: issues.reveal }) },
  { show: status },
  createResult(byId("sum")),
  issues,
  diff,
  takings,
  timeline,
  createStep(byId("step"), selectRange),
];

const analyseSoon = debounced(analyse, ANALYSE_AFTER);
const linkSoon = debounced(() => void writeLink(), LINK_AFTER);

/** Text or context changed by hand. */
function touched(): void {
  if (example && (text !== example.dockerfile || context !== example.context)) example = undefined;
  exampleList.current(example?.name);
  byId("context-status").textContent = describe(context);
  analyseSoon();
  linkSoon();
}

function load(next: Example): void {
  put(next.dockerfile, next.context, next);
}

function openFolder(folder: { dockerfile: string | undefined; context: BuildContext }): void {
  put(folder.dockerfile ?? text, folder.context);
}

/** The files of an example are not those of another Dockerfile. */
function leaveExampleFiles({ pasted }: Changed): void {
  const left = context;
  if (!examples.some((one) => one.context === left) || left.files === "") return;
  const set = (next: BuildContext): void => {
    context = next;
    contextPanel.set(next);
    notice();
    touched();
  };
  set(noContext);
  if (!pasted && text.trim() === "") return;
  notice("The files of the example were left out: they belong to its Dockerfile.", ["Keep them", () => set(left)]);
}

/** A sentence above the panes, with something to do about it; without one, it goes. */
function notice(sentence?: string, act?: [word: string, act: () => void]): void {
  const place = byId("notice");
  place.hidden = sentence === undefined;
  place.replaceChildren(sentence ?? "", ...(act ? [" ", h("button", { type: "button", onclick: act[1] }, act[0])] : []));
}

function put(dockerfile: string, nextContext: BuildContext, from?: Example): void {
  context = nextContext;
  contextPanel.set(nextContext);
  notice();
  timeline.forget();
  example = from;
  setText(editor, dockerfile);
  text = editor.state.doc.toString();
  example = from;
  touched();
  analyseSoon.now();
  // The first issue is where there is something to see.
  const first = snapshot?.report.issues[0];
  if (first) point(editor, first.range.start.offset);
  // Above the first change both panes hold the same: they are put at the same height.
  reveal(editor, diff.revealChange() ?? first?.range.start.offset ?? 0, true);
}

function analyse(): void {
  if (!loaded) return;
  const failure = byId("failure");
  try {
    snapshot = run(text, { ...toOptions(context), fix: level, ...(log === undefined ? {} : { timings: log }) });
    failure.hidden = true;
  } catch (error) {
    fail("The analysis failed", error);
    return;
  }
  for (const panel of panels) panel.show(snapshot);
  for (const panel of panels) panel.cursor?.(editor.state.selection.main.head);
  if (pasted) diff.revealChange();
  pasted = false;
}

function status({ report }: Snapshot): void {
  const notes = report.issues.filter(({ severity }) => severity === "info").length;
  const found = report.issues.length - notes + report.errors.length;
  const words = (found === 0 ? "no issues" : count(found, "issue")) + (notes === 0 ? "" : `, ${count(notes, "note")}`);
  const { lost } = headlineOf(report);
  const more = lost === undefined ? [] : [h("span", { class: "wide" }, ` · ${lost}`)];
  byId("status").replaceChildren(...(text.trim() === "" ? ["empty"] : [words, ...more]));
  byId<HTMLButtonElement>("rewrite-use").disabled = report.rewritten === text;
}

/** The analysis of the text as it is now. */
function current(): Snapshot | undefined {
  if (snapshot?.text !== text) analyseSoon.now();
  return snapshot;
}

/** Writes a fix into the text; one of an older text is not known any more. */
function apply(fix: Fix): void {
  if (current()?.report.fixes.includes(fix)) change(fix.edits);
}

function applyOf({ fix }: Issue): void {
  const found = fix === undefined ? undefined : snapshot?.report.fixes[fix];
  if (found) apply(found);
}

function ignore(issue: Issue): void {
  if (current()?.report.issues.includes(issue)) change([ignoring(text, issue)]);
}

function change(edits: Parameters<typeof edit>[1]): void {
  edit(editor, edits);
  analyseSoon.now();
}

/** What has a place and is told: errors first, then what matters, then notes. */
function places(): Range[] {
  const { errors = [], issues: found = [] } = current()?.report ?? {};
  const matter = found.filter(({ severity }) => severity !== "info");
  return [...errors, ...(matter.length > 0 ? matter : found)].map(({ range }) => range).sort((a, b) => a.start.offset - b.start.offset);
}

function nextIssue(offset: number, back: boolean): void {
  const all = places();
  const beyond = back ? all.findLast(({ start }) => start.offset < offset) : all.find(({ start }) => start.offset > offset);
  const range = beyond ?? (back ? all.at(-1) : all[0]);
  if (range) selectRange(range);
}

function fixAt(offset: number): void {
  const issue = current()?.report.issues.find(({ range, fix }) => fix !== undefined && range.start.offset <= offset && offset <= range.end.offset);
  if (issue) applyOf(issue);
}

function fail(what: string, error: unknown): void {
  const failure = byId("failure");
  failure.textContent = `${what}: ${error instanceof Error ? error.message : String(error)}`;
  failure.hidden = false;
}

function linked(): Linked {
  return example ? { example: example.name } : { dockerfile: text, context };
}

async function writeLink(): Promise<void> {
  // The address of a page in a page is that of who embeds it.
  if (document.documentElement.hasAttribute("data-embed")) return;
  const link = await toFragment(linked());
  window.history.replaceState(null, "", link?.fragment ?? window.location.pathname + window.location.search);
}

async function readLink(): Promise<boolean> {
  const { isEmbedded, rest } = embedding(window.location.hash);
  document.documentElement.toggleAttribute("data-embed", isEmbedded);
  const state = await fromFragment(rest);
  if (!state) return false;
  if (state === DAMAGED) return damaged("This link is damaged: what it holds cannot be read. Ask for it again, or paste the Dockerfile.");
  if ("dockerfile" in state) {
    put(state.dockerfile, state.context);
    return true;
  }
  const named = examples.find(({ name }) => name === state.example);
  if (named) load(named);
  else damaged(`There is no example \`${state.example}\`.`);
  return true;
}

/** Nothing is shown that the link did not mean. */
function damaged(sentence: string): true {
  put("", noContext);
  notice(sentence);
  return true;
}

function buttons(): void {
  const copyLink = byId<HTMLButtonElement>("copy-link");
  copyLink.addEventListener("click", async () => {
    const link = await toFragment(linked());
    if (!link) {
      answer(copyLink, "Too long for a link");
      return;
    }
    const address = window.location.href.replace(/#.*$/, "") + link.fragment;
    await copy(copyLink, address, link.whole ? "Copied" : "Copied, without files");
  });
  const copyResult = byId<HTMLButtonElement>("rewrite-copy");
  copyResult.addEventListener("click", () => void copy(copyResult, snapshot?.report.rewritten ?? ""));
  byId("rewrite-use").addEventListener("click", () => {
    if (snapshot) put(snapshot.report.rewritten, context);
  });
  const toggle = byId("diff-toggle");
  toggle.addEventListener("click", () => {
    const on = toggle.getAttribute("aria-pressed") !== "true";
    toggle.setAttribute("aria-pressed", String(on));
    diff.showChanges(on);
  });
  byId("undo").addEventListener("click", () => {
    takeBack(editor);
    analyseSoon.now();
  });
  takeDrops((dropped) => {
    if ("folder" in dropped) openFolder(dropped.folder);
    else if ("log" in dropped) timeline.measure(dropped.log);
    else put(dropped.dockerfile, noContext);
  });
  createThemeSwitch(byId<HTMLButtonElement>("theme"));
}

async function copy(button: HTMLButtonElement, what: string, word = "Copied"): Promise<void> {
  try {
    await navigator.clipboard.writeText(what);
    answer(button, word);
  } catch {
    answer(button, "Not allowed to copy");
  }
}

/** Shows a word in place of the button's own for a moment. */
function answer(button: HTMLButtonElement, word: string): void {
  const own = button.dataset["label"] ?? button.textContent ?? "";
  button.dataset["label"] = own;
  button.textContent = word;
  window.setTimeout(() => {
    button.textContent = own;
  }, 1600);
}

/** Puts an action off until calls pause; `now` does it at once instead. */
function debounced(action: () => void, pause: number): { (): void; now(): void } {
  let timer = 0;
  const soon = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(action, pause);
  };
  const now = (): void => {
    window.clearTimeout(timer);
    action();
  };
  return Object.assign(soon, { now });
}

async function start(): Promise<void> {
  buttons();
  try {
    await ready();
    loaded = true;
  } catch (error) {
    fail("The analysis could not be loaded", error);
    return;
  }
  window.addEventListener("hashchange", () => void readLink());
  const first = examples[0];
  if (!(await readLink()) && first) load(first);
}

void start();
