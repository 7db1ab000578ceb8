// Wires the page: text and context in, one analysis, the same snapshot to every panel.
// A panel to come joins the list `panels` and needs nothing else here.

import { ready, run, type Panel, type Snapshot } from "./analysis";
import { describe, noContext, toOptions, type BuildContext } from "./context";
import { createContext } from "./context-form";
import { createDiff } from "./diff";
import { createEditor, point, reveal, select, setText } from "./editor";
import { byId, count } from "./element";
import { createExamples, examples, type Example } from "./examples";
import { createIssues } from "./issues";
import { fromFragment, toFragment, type Linked } from "./link";
import { showMarks } from "./marks";
import { createStep } from "./step";
import { createThemeSwitch } from "./theme";
import { createTimeline } from "./timeline";
import type { Range } from "layerwise";

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
let loaded = false;
/** A paste came in since the last analysis. */
let pasted = false;

const editor = createEditor(byId("editor"), "", {
  changed(next, isPasted) {
    text = next;
    pasted ||= isPasted;
    touched();
  },
  moved(offset) {
    for (const panel of panels) panel.cursor?.(offset);
  },
});
const contextPanel = createContext(
  byId("context"),
  (next) => {
    context = next;
    touched();
  },
  (folder) => put(folder.dockerfile ?? text, folder.context),
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
const panels: Panel[] = [
  { show: ({ report }) => showMarks(editor, report) },
  { show: status },
  createIssues(byId("issues"), {
    select: selectRange,
    explain: (issue) => timeline.explain(issue),
    askContext: () => contextPanel.open(),
  }),
  diff,
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

function put(dockerfile: string, nextContext: BuildContext, from?: Example): void {
  context = nextContext;
  contextPanel.set(nextContext);
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
    snapshot = run(text, { ...toOptions(context), ...(log === undefined ? {} : { timings: log }) });
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

function status({ report, milliseconds }: Snapshot): void {
  const notes = report.issues.filter(({ severity }) => severity === "info").length;
  const found = report.issues.length - notes + report.errors.length;
  const words = (found === 0 ? "no issues" : count(found, "issue")) + (notes === 0 ? "" : `, ${count(notes, "note")}`);
  byId("status").textContent = `${words} · ${milliseconds < 0.1 ? "< 0.1" : milliseconds.toFixed(1)} ms`;
  byId<HTMLButtonElement>("rewrite-use").disabled = report.rewritten === text;
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
  const link = await toFragment(linked());
  window.history.replaceState(null, "", link?.fragment ?? window.location.pathname + window.location.search);
}

async function readLink(): Promise<boolean> {
  const state = await fromFragment(window.location.hash);
  if (!state) return false;
  if ("dockerfile" in state) {
    put(state.dockerfile, state.context);
    return true;
  }
  const named = examples.find(({ name }) => name === state.example);
  if (named) load(named);
  return named !== undefined;
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
