// The list under the editor: what BuildKit refuses, then the issues, those of one cause
// together with the fix they share, then comments that come to nothing.

import { rules, type Fix, type Issue, type Range, type Report } from "layerwise";
import { MANUAL, about } from "layerwise/panel";
import { covers, type Panel, type Snapshot } from "./analysis";
import { count, h, prose } from "./element";

/** What a click in the list asks of the page. */
export interface IssueEvents {
  select(range: Range): void;
  /** Show which change makes this step run again, and what else it rebuilds. */
  explain(issue: Issue): void;
  /** Write this fix into the text. */
  apply(fix: Fix): void;
  /** Have this issue ignored. */
  ignore(issue: Issue): void;
  /** The visitor wants to say more about their files. */
  askContext(): void;
}

/** A file with more groups than this has one problem: its length. */
const MOST = 100;

const SEVERITY = { info: "Note", warning: "Warning", error: "Error" } as const;

const APPLICABILITY = {
  safe: { badge: "Safe", claim: "Proved from what was given: the image stays the same." },
  assumed: { badge: "Assumed", claim: "The image stays the same if all of this holds:" },
  suggested: { badge: "Suggested", claim: "Changes more than the order: it is in the rewritten file only if you choose so." },
} as const;

/** The list; others can ask it for an issue. */
export interface Issues extends Panel {
  reveal(issue: Issue): void;
}

export function createIssues(root: HTMLElement, events: IssueEvents): Issues {
  let shown: { range: Range; element: HTMLElement }[] = [];

  function show({ report, text }: Snapshot): void {
    shown = [];
    const items: HTMLElement[] = report.errors.slice(0, MOST).map((error) => {
      const element = h(
        "article",
        { class: "issue", "data-severity": "error" },
        heading(error.range, "Error", error.message, events),
        h("p", {}, "BuildKit refuses this file; the rest is analysed as far as it can be understood."),
      );
      shown.push({ range: error.range, element });
      return h("li", {}, element);
    });
    const groups = grouped(report);
    for (const group of groups.slice(0, MOST)) {
      const item = h("li", {});
      const notes = group.issues.every(({ severity }) => severity === "info") && group.issues.length > 1;
      const into = notes ? h("details", {}, h("summary", {}, noted(group.issues))) : item;
      for (const issue of group.issues) {
        const element = article(issue, events);
        shown.push({ range: issue.range, element });
        into.append(element);
      }
      for (const fix of group.fixes) into.append(repair(fix, events));
      if (notes) item.append(into);
      items.push(item);
    }
    for (const notice of report.notices.slice(0, MOST)) {
      const element = h(
        "article",
        { class: "issue", "data-severity": "info" },
        heading(notice.range, SEVERITY.info, notice.message, events),
      );
      shown.push({ range: notice.range, element });
      items.push(h("li", {}, element));
    }
    const more = report.errors.length + groups.length + report.notices.length - items.length;
    if (more > 0) items.push(h("li", {}, `And ${more.toLocaleString("en")} more.`));
    if (items.length > 0) root.replaceChildren(h("ol", { class: "list" }, ...items));
    else root.replaceChildren(h("p", { class: "empty" }, nothing(text)));
  }

  return {
    show,
    reveal({ range }) {
      const found = shown.find((one) => one.range === range);
      found?.element.scrollIntoView({ block: "center" });
      found?.element.querySelector<HTMLElement>(".headline")?.focus({ preventScroll: true });
    },
    cursor(offset) {
      for (const { range, element } of shown) {
        if (covers(range, offset)) element.setAttribute("aria-current", "true");
        else element.removeAttribute("aria-current");
      }
    },
  };
}

function nothing(text: string): string {
  if (text.trim() === "") return "Paste a Dockerfile above, or choose an example.";
  return "No step here reruns for nothing.";
}

/** Most lines that are named. */
const NAMED = 8;

/** What notes of one rule say together: what it finds, how often and where. */
function noted(issues: Issue[]): string {
  const title = rules().find(({ id }) => id === issues[0]?.rule)?.title ?? "";
  const lines = issues.map(({ range }) => range.start.line).sort((a, b) => a - b);
  const more = lines.length > NAMED ? ` and ${lines.length - NAMED} more` : "";
  return `${count(issues.length, "note")}, lines ${lines.slice(0, NAMED).join(", ")}${more}: ${title}`;
}

/** Issues in their order; those that share a fix, and notes of one rule, stand with the first of them. */
function grouped(report: Report): { issues: Issue[]; fixes: Fix[] }[] {
  const groups: { issues: Issue[]; fixes: Fix[] }[] = [];
  const known = new Map<string, { issues: Issue[]; fixes: Fix[] }>();
  for (const issue of report.issues) {
    const key = issue.severity === "info" ? issue.rule : issue.fix === undefined ? undefined : `${issue.fix}`;
    let group = key === undefined ? undefined : known.get(key);
    if (!group) {
      group = { issues: [], fixes: [] };
      groups.push(group);
      if (key !== undefined) known.set(key, group);
    }
    group.issues.push(issue);
    const fix = issue.fix === undefined ? undefined : report.fixes[issue.fix];
    if (fix && !group.fixes.includes(fix)) group.fixes.push(fix);
  }
  return groups;
}

function article(issue: Issue, events: IssueEvents): HTMLElement {
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
function ruleOf(issue: Issue, events: IssueEvents): HTMLElement {
  const address = rules().find(({ id }) => id === issue.rule)?.address ?? "";
  return h(
    "p",
    { class: "rule" },
    h("a", { href: MANUAL + address, target: "_blank", rel: "noopener noreferrer" }, issue.rule),
    " ",
    h("button", { type: "button", class: "place", onclick: () => events.ignore(issue) }, "Ignore this"),
  );
}

/** How much runs again because of it, as the way to the timeline. */
function price(issue: Issue, events: IssueEvents): HTMLElement {
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

function repair(fix: Fix, events: IssueEvents): HTMLElement {
  const { badge, claim } = APPLICABILITY[fix.applicability];
  const element = h(
    "div",
    { class: "repair", "data-applicability": fix.applicability },
    h("p", { class: "title" }, h("span", { class: "badge" }, badge), " ", ...prose(fix.title)),
    h("p", {}, claim),
  );
  const acts = [h("button", { type: "button", class: "quiet", onclick: () => events.apply(fix) }, "Apply this fix")];
  if (fix.assumptions.length > 0) {
    element.append(h("ul", {}, ...fix.assumptions.map((sentence) => h("li", {}, ...prose(sentence)))));
    acts.push(h("button", { type: "button", class: "quiet", onclick: () => events.askContext() }, "Say what your files are"));
  }
  element.append(h("p", { class: "acts" }, ...acts));
  return element;
}
