// Wires the page: text and context in, one analysis, the same snapshot to every panel.
// A panel to come joins the list `panels` and needs nothing else here.

import { createAnalyst, type Analyst, type Snapshot } from "./analyst";
import { answer, copy } from "./buttons";
import { describe, noContext, toOptions, type BuildContext } from "./context";
import { isCompose, NAMES } from "./compose/text";
import { createContext } from "./context-form";
import { debounced } from "./debounced";
import { createDiff } from "./diff";
import { takeDrops } from "./dropped";
import { createEditor, edit, point, reveal, select, setText, takeBack, type Changed } from "./editor";
import { byId } from "./element";
import { createExamples } from "./examples/buttons";
import type { Example } from "./examples/example";
import { find, first } from "./examples/find";
import { projectIn, type Folder } from "./folder";
import { showNotes } from "./inline-notes";
import { offerHistory } from "./history";
import { createIgnore } from "./ignore";
import { createIssues } from "./issues";
import { DAMAGED, embedding, fromFragment, ruleIn, toFragment, type Linked } from "./link";
import type { Manual } from "./manual/manual";
import { showLinked, showMarks } from "./marks";
import { fail, notice } from "./notice";
import type { Panel } from "./panel";
import { ignoring } from "./repairs";
import { showStatus, showSum } from "./result";
import { createStep } from "./step";
import { createThemeSwitch } from "./theme";
import { createTakings, type Level } from "./takings";
import { createTimeline } from "./timeline";
import type { Range } from "layerwise";
import type { ShownIssue } from "./worker/issues";

/** Typing pauses shorter than this do not start an analysis, in milliseconds. */
const ANALYSE_AFTER = 100;
/** The address changes after this pause, in milliseconds. */
const LINK_AFTER = 400;

let text = "";
let context: BuildContext = noContext;
let example: Example | undefined;
/** The files of the example that was there last. */
let exampleContext: BuildContext | undefined;
let snapshot: Snapshot | undefined;
/** The log of a build of this file. */
let log: string | undefined;
let level: Level = "assumed";
let analyst: Analyst | undefined;
/** A paste came in since the last analysis, or another text was put there. */
let pasted = false;
let opened = false;
/** The fragment of what is shown; the address has it unless the manual is open. */
let fragment = "";
let manual: Promise<Manual> | undefined;
/** What a compose file says of a build whose Dockerfile is still to come. */
let waiting: Pick<BuildContext, "target" | "args"> | undefined;
/** What is under way, beside typing that has not paused yet. */
let isBusy = false;

const ask: Analyst["ask"] = (...given) => (analyst ? analyst.ask(...given) : Promise.resolve(undefined));
/** Of an older text than that in the editor, nothing is asked. */
const askHere: Analyst["ask"] = (...given) => (snapshot?.text === text ? ask(...given) : Promise.resolve(undefined));

const editor = createEditor(byId("editor"), "", {
  changed(next, how) {
    text = next;
    pasted ||= how.pasted;
    byId<HTMLButtonElement>("undo").disabled = !how.undoable;
    if (how.replaced) leaveExampleFiles(how);
    touched();
  },
  moved: lookAt,
  async next(offset, back) {
    const range = await askHere("next", offset, back);
    if (range) selectRange(range);
  },
  async fix(offset) {
    const fix = await askHere("fixAt", offset);
    if (fix !== undefined) await apply(fix);
  },
  leave: () => byId("source-title").focus(),
  messageAt: (offset) => askHere("messageAt", offset),
});
const contextPanel = createContext(
  byId("context"),
  (next) => {
    know(next);
    touched();
  },
  openFolder,
  wanted,
);
const historySection = offerHistory(byId<HTMLDetailsElement>("history"), () => ({
  text,
  rewritten: snapshot?.text === text ? snapshot.rewritten : undefined,
  context,
}));
const exampleList = createExamples(byId("examples"), load);
const diff = createDiff(byId("diff"));
const selectRange = (range: Range): void => {
  select(editor, range.start.offset, range.end.offset);
  diff.revealLine(range.start.line);
};
const timeline = createTimeline(byId("timeline"), {
  select: selectRange,
  selectRewritten: (range) => diff.select(range),
  measured(next) {
    log = next;
    analyseSoon();
  },
  complaint: (given) => ask("complaint", given),
  compare: (choice, rows) => askHere("compare", choice, rows),
  explaining: (offset) => askHere("explaining", offset),
});
const issues = createIssues(byId("issues"), {
  select: selectRange,
  explain: (issue) => timeline.explain(issue),
  apply,
  ignore,
  askContext: () => contextPanel.open(),
  entries: (from) => askHere("entries", from),
  piece: (entry, from) => askHere("piece", entry, from),
});
const takings = createTakings(byId("takings"), byId("acts"), {
  level(next) {
    level = next;
    analyseSoon.now();
  },
  copy,
  markdown: () => askHere("markdown"),
});
const ignorePart = createIgnore(byId("ignore"), {
  context: () => context,
  know(next) {
    // With another .dockerignore they are still the files of the example.
    if (context === exampleContext) exampleContext = next;
    knowAndShow(next);
    analyseSoon.now();
  },
  copy,
});
const step = createStep(byId("step"), { select: selectRange, reading: (offset) => askHere("reading", offset) });
const panels: Panel[] = [
  { show: ({ marks }) => showMarks(editor, marks) },
  { show: (next) => showNotes(editor, next, { apply, explain: issues.reveal }) },
  { show: showStatus },
  { show: showSum },
  issues,
  diff,
  takings,
  ignorePart,
  timeline,
];

const analyseSoon = debounced(() => void analyse(), ANALYSE_AFTER, showBusy);
const linkSoon = debounced(() => void writeLink(), LINK_AFTER);

/** Text or context changed by hand. */
function touched(): void {
  if (example && (text !== example.dockerfile || context !== example.context)) example = undefined;
  exampleList.current(example);
  byId("context-status").textContent = describe(context);
  analyseSoon();
  linkSoon();
}

function load(next: Example): void {
  put(next.dockerfile, next.context, next);
}

/** Opens the project in a folder; where a compose file builds it, as that says. */
async function openFolder(folder: Folder): Promise<void> {
  const compose = NAMES.map((name) => folder.texts[name]).find((given) => given !== undefined && isCompose(given));
  if (compose !== undefined && (await openCompose(compose, folder))) return;
  const { dockerfile, context: files } = projectIn(folder);
  // The build of a compose file that was dropped alone waits for its Dockerfile.
  put(dockerfile ?? text, { ...files, ...waiting });
}

/** Opens a build of a compose file; answers whether it has any. */
async function openCompose(compose: string, folder?: Folder): Promise<boolean> {
  try {
    const { openBuild } = await import("./compose/open");
    return openBuild(compose, folder, ({ service, project, missing }) => {
      if (missing === undefined) {
        put(project.dockerfile ?? "", project.context);
        return;
      }
      const { target, args } = project.context;
      waiting = { target, args };
      notice(`Now drop ${missing}, which ${service} is built from, or its folder: a compose file names it only.`);
    });
  } catch (error) {
    fail("The compose file could not be read", error);
    return true;
  }
}

/** The files of an example are not those of another Dockerfile. */
function leaveExampleFiles({ pasted }: Changed): void {
  const left = context;
  if (left !== exampleContext || left.files === "") return;
  const set = (next: BuildContext): void => {
    notice();
    knowAndShow(next);
  };
  set(noContext);
  if (!pasted && text.trim() === "") return;
  notice("The files of the example were left out: they belong to its Dockerfile.", ["Keep them", () => set(left)]);
}

function put(dockerfile: string, nextContext: BuildContext, from?: Example): void {
  waiting = undefined;
  know(nextContext);
  contextPanel.set(nextContext);
  notice();
  timeline.forget();
  example = from;
  exampleContext = from?.context;
  setText(editor, dockerfile);
  text = editor.state.doc.toString();
  example = from;
  touched();
  opened = true;
  analyseSoon.now();
}

/** Takes a context; the form shows it already. */
function know(next: BuildContext): void {
  context = next;
  timeline.offer(Object.keys(toOptions(next).files ?? {}));
}

/** Takes a context that the form does not show yet. */
function knowAndShow(next: BuildContext): void {
  know(next);
  contextPanel.set(next);
  touched();
}

function wanted(paths: string[]): Promise<boolean[]> {
  return ask("wanted", paths).then((wants) => wants ?? []);
}

async function analyse(): Promise<void> {
  let found: Snapshot | undefined;
  try {
    found = await analyst?.analyse(context, { text, fix: level, timings: log });
  } catch (error) {
    fail("The analysis failed", error);
    return;
  }
  if (found && found.text === text) show(found);
}

function show(next: Snapshot): void {
  snapshot = next;
  fail();
  for (const panel of panels) panel.show(next);
  if (opened) {
    // The first issue is where there is something to see.
    if (next.first) point(editor, next.first.start.offset);
    // Above the first change both panes hold the same: they are put at the same height.
    const line = diff.revealChange();
    reveal(editor, line === undefined ? (next.first?.start.offset ?? 0) : editor.state.doc.line(Math.min(line, editor.state.doc.lines)).from, true);
  } else if (pasted) {
    diff.revealChange();
  }
  opened = false;
  pasted = false;
  lookAt(editor.state.selection.main.head);
}

/** What is under the cursor, in every panel. */
async function lookAt(offset: number): Promise<void> {
  for (const panel of panels) panel.cursor?.(offset);
  const view = await askHere("step", offset);
  if (!view || editor.state.selection.main.head !== offset) return;
  showLinked(editor, view.linked);
  step.show(view);
}

/** Says to whoever looks that what is shown is not that of the text yet. */
function showBusy(): void {
  document.documentElement.toggleAttribute("data-analysing", isBusy || analyseSoon.isDue());
}

/** Writes a fix into the text; one of an older text is not known any more. */
async function apply(fix: number): Promise<void> {
  const edits = await askHere("edits", fix);
  if (edits && snapshot?.text === text) change(edits);
}

function ignore(issue: ShownIssue): void {
  if (snapshot?.text === text) change([ignoring(text, issue)]);
}

function change(edits: Parameters<typeof edit>[1]): void {
  edit(editor, edits);
  analyseSoon.now();
}

function linked(): Linked {
  return example ? { example: example.name } : { dockerfile: text, context };
}

async function writeLink(): Promise<void> {
  // The address of a page in a page is that of who embeds it.
  if (document.documentElement.hasAttribute("data-embed")) return;
  fragment = (await toFragment(linked()))?.fragment ?? "";
  if (ruleIn(window.location.hash) === undefined) showFragment();
}

function showFragment(): void {
  window.history.replaceState(null, "", fragment || window.location.pathname + window.location.search);
}

/** Opens the manual at a rule. */
async function explain(rule: string): Promise<void> {
  manual ??= Promise.all([import("./manual/manual"), ask("rules")]).then(([{ createManual }, rules]) =>
    createManual(rules ?? [], (dockerfile) => put(dockerfile, noContext), showFragment));
  (await manual).show(rule);
}

async function readLink(): Promise<boolean> {
  const { isEmbedded, rest } = embedding(window.location.hash);
  document.documentElement.toggleAttribute("data-embed", isEmbedded);
  const rule = ruleIn(rest);
  if (rule !== undefined) {
    await explain(rule);
    return false;
  }
  (await manual)?.close();
  // Back from the manual: what it stands over is there already.
  if (rest === fragment && rest !== "") return true;
  const state = await fromFragment(rest);
  if (!state) return false;
  if (state === DAMAGED) return damaged("This link is damaged: what it holds cannot be read. Ask for it again, or paste the Dockerfile.");
  if ("dockerfile" in state) {
    put(state.dockerfile, state.context);
    return true;
  }
  const named = await find(state.example);
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
  copyResult.addEventListener("click", () => void copy(copyResult, snapshot?.rewritten ?? ""));
  byId("rewrite-use").addEventListener("click", () => {
    if (snapshot) put(snapshot.rewritten, context);
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
    if ("folder" in dropped) void openFolder(dropped.folder);
    else if ("log" in dropped) timeline.measure(dropped.log);
    else if ("history" in dropped) historySection.open(dropped.history);
    else if ("compose" in dropped) void openCompose(dropped.compose).then((any) => any || notice("This compose file builds nothing that can be opened from here."));
    else put(dropped.dockerfile, { ...noContext, ...waiting });
  }, wanted);
  createThemeSwitch(byId<HTMLButtonElement>("theme"));
}

async function start(): Promise<void> {
  buttons();
  const starting = createAnalyst((now) => {
    isBusy = now;
    showBusy();
  }).catch((error: unknown) => fail("The analysis could not be loaded", error));
  // The text comes with what is found in it: nothing that was shown moves then.
  analyst = (await starting) ?? undefined;
  window.addEventListener("hashchange", () => void readLink());
  if (!(await readLink())) load(first);
}

void start();
