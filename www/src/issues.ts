// The list under the editor: its entries a few at a time, with their fixes and the way to more.

import { about } from "layerwise/panel";
import type { Range } from "layerwise";
import { h, prose } from "./element";
import { whereSeen, type Panel } from "./panel";
import type { Entry, Piece, ShownFix, ShownIssue } from "./worker/issues";
import { covers } from "./worker/places";
import type { Answers } from "./worker/worker";
import { count } from "./words";

/** What a click in the list asks of the page. */
export interface IssueEvents {
  select(range: Range): void;
  /** Show which change makes this step run again, and what else it rebuilds. */
  explain(issue: ShownIssue): void;
  /** Write this fix into the text. */
  apply(fix: number): void;
  /** Have this issue ignored. */
  ignore(issue: ShownIssue): void;
  /** The visitor wants to say more about their files. */
  askContext(): void;
  /** More entries, and more issues of one; undefined where they are not known any more. */
  entries(...given: Parameters<Answers["entries"]>): Promise<ReturnType<Answers["entries"]> | undefined>;
  piece(...given: Parameters<Answers["piece"]>): Promise<Piece | undefined>;
}

const SEVERITY = { info: "Note", warning: "Warning", error: "Error" } as const;

const APPLICABILITY = {
  safe: { badge: "Safe", claim: "Proved from what was given: the image stays the same." },
  assumed: { badge: "Assumed", claim: "The image stays the same if all of this holds:" },
  suggested: { badge: "Suggested", claim: "Changes more than the order: it is in the rewritten file only if you choose so." },
} as const;

/** The list; others can ask it for an issue. */
export interface Issues extends Panel {
  reveal(issue: ShownIssue): void;
}

interface Shown {
  range: Range;
  fix: number | undefined;
  element: HTMLElement;
}

export function createIssues(root: HTMLElement, events: IssueEvents): Issues {
  let shown: Shown[] = [];
  let cursor = 0;
  const list = h("ol", { class: "list" });

  const panel = whereSeen(
    root,
    ({ entries, text }) => ({ entries, isEmpty: text.trim() === "" }),
    ({ entries: { entries, more }, isEmpty }) => {
      shown = [];
      list.replaceChildren();
      append(entries, more);
      if (entries.length > 0) root.replaceChildren(list);
      else root.replaceChildren(h("p", { class: "empty" }, isEmpty ? "Paste a Dockerfile above, or choose an example." : "No step here reruns for nothing."));
    },
  );

  function append(entries: Entry[], more: number): void {
    const from = list.childElementCount;
    list.append(...entries.map((entry, at) => h("li", {}, ...entryOf(entry, from + at))));
    if (more > 0) list.append(h("li", { class: "more" }, moreButton(more, "more", async () => {
      const next = await events.entries(from + entries.length);
      if (next) return () => append(next.entries, next.more);
      return undefined;
    })));
    mark();
  }

  function entryOf(entry: Entry, index: number): HTMLElement[] {
    if (entry.kind !== "issues") {
      const severity = entry.kind === "error" ? "error" : "info";
      const why = entry.kind === "error" ? [h("p", {}, "BuildKit refuses this file; the rest is analysed as far as it can be understood.")] : [];
      const element = h("article", { class: "issue", "data-severity": severity }, heading(entry.range, SEVERITY[severity], entry.message, events), ...why);
      shown.push({ range: entry.range, fix: undefined, element });
      return [element];
    }
    if (entry.title === undefined) return pieceOf(entry, index, 0);
    return [h("details", {}, h("summary", {}, entry.title), ...pieceOf(entry, index, 0))];
  }

  function pieceOf({ issues, fixes, more }: Piece, index: number, from: number): HTMLElement[] {
    const elements = issues.map((issue) => {
      const element = article(issue, events);
      shown.push({ range: issue.range, fix: issue.fix, element });
      return element;
    });
    elements.push(...fixes.map((fix) => repair(fix, events)));
    if (more > 0) elements.push(h("p", { class: "more" }, moreButton(more, "more like this", async (place) => {
      const next = await events.piece(index, from + issues.length);
      return next && (() => place.before(...pieceOf(next, index, from + issues.length)));
    })));
    return elements;
  }

  function mark(): void {
    for (const { range, element } of shown) {
      if (covers(range, cursor)) element.setAttribute("aria-current", "true");
      else element.removeAttribute("aria-current");
    }
  }

  return {
    show: (snapshot) => panel.show(snapshot),
    reveal({ range, fix }) {
      panel.now();
      const same = (one: Shown): boolean => one.range.start.offset === range.start.offset;
      const found = shown.find(same) ?? shown.find((one) => one.fix !== undefined && one.fix === fix);
      const element = found?.element ?? list.lastElementChild;
      element?.scrollIntoView({ block: "center" });
      element?.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
    },
    cursor(offset) {
      cursor = offset;
      mark();
    },
  };
}

/** A button that puts more in its place; `more` answers with what does so. */
function moreButton(number: number, what: string, more: (place: Element) => Promise<(() => void) | undefined>): HTMLElement {
  const button = h("button", { type: "button" }, `Show more (${number.toLocaleString("en")} ${what})`);
  button.addEventListener("click", async () => {
    const place = button.parentElement;
    const put = place && (await more(place));
    // The list may be another one by now.
    if (!put || !place.isConnected) return;
    const before = place.previousElementSibling;
    put();
    place.remove();
    before?.nextElementSibling?.querySelector<HTMLElement>("button")?.focus();
  });
  return button;
}

function article(issue: ShownIssue, events: IssueEvents): HTMLElement {
  const element = h(
    "article",
    { class: "issue", "data-severity": issue.severity, "data-rule": issue.rule },
    heading(issue.range, SEVERITY[issue.severity], issue.message, events),
    h("p", {}, ...prose(issue.why)),
    price(issue, events),
  );
  for (const related of issue.related) {
    element.append(
      h("p", { class: "related" }, place(related.range, events), " ", ...prose(related.message)),
    );
  }
  element.append(h("p", { class: "help" }, ...prose(issue.help)), ruleOf(issue, events));
  if (issue.refusal) {
    element.append(
      h(
        "div",
        { class: "repair", "data-applicability": "refused" },
        h("p", {}, h("span", { class: "badge" }, "Not repaired"), " ", ...prose(issue.refusal.message)),
      ),
    );
  }
  return element;
}

/** The rule, which is the way to its page, and to silence. */
function ruleOf(issue: ShownIssue, events: IssueEvents): HTMLElement {
  return h(
    "p",
    { class: "rule" },
    h("a", { href: `#rule/${issue.rule}` }, issue.rule),
    " ",
    h("button", { type: "button", class: "place", onclick: () => events.ignore(issue) }, "Ignore this"),
  );
}

/** How much runs again because of it, as the way to the timeline. */
function price(issue: ShownIssue, events: IssueEvents): HTMLElement {
  const runs = issue.rerunCount === 1 ? "runs" : "run";
  return h(
    "p",
    { class: "price" },
    h(
      "button",
      { type: "button", onclick: () => events.explain(issue) },
      `${count(issue.rerunCount, "step")} ${runs} again, ${about(issue.cost)}`,
    ),
  );
}

function heading(range: Range, severity: string, message: string, events: IssueEvents): HTMLElement {
  return h(
    "h3",
    {},
    h(
      "button",
      { type: "button", class: "headline", onclick: () => events.select(range) },
      h("span", { class: "where" }, `${severity}, line ${range.start.line}`),
      h("span", { class: "what" }, ...prose(message)),
    ),
  );
}

function place(range: Range, events: IssueEvents): HTMLElement {
  return h("button", { type: "button", class: "place", onclick: () => events.select(range) }, `Line ${range.start.line}`);
}

function repair(fix: ShownFix, events: IssueEvents): HTMLElement {
  const { badge, claim } = APPLICABILITY[fix.applicability];
  const element = h(
    "div",
    { class: "repair", "data-applicability": fix.applicability },
    h("p", { class: "title" }, h("span", { class: "badge" }, badge), " ", ...prose(fix.title)),
    h("p", {}, claim),
  );
  const acts = [h("button", { type: "button", class: "quiet", onclick: () => events.apply(fix.index) }, "Apply this fix")];
  if (fix.assumptions.length > 0) {
    element.append(h("ul", {}, ...fix.assumptions.map((sentence) => h("li", {}, ...prose(sentence)))));
    acts.push(h("button", { type: "button", class: "quiet", onclick: () => events.askContext() }, "Say what your files are"));
  }
  if (fix.dockerignore.length > 0) {
    const names = fix.dockerignore.map((line) => `\`${line}\``).join(", ");
    element.append(h("p", {}, ...prose(`With it goes ${names} in \`.dockerignore\`.`)));
  }
  element.append(h("p", { class: "acts" }, ...acts));
  return element;
}
