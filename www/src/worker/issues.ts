// The entries of the issue list: what BuildKit refuses, then the issues, those of one cause together
// with the fix they share, then comments that come to nothing. They are told a few at a time.

import { rules, type Fix, type Issue, type Range, type Report } from "layerwise";
import { count } from "../words";

/** Most entries that are told at once. */
const ENTRIES = 20;
/** Most issues of one entry that are told at once. */
const ISSUES = 5;
/** Most other places of an issue, and most assumptions of a fix, that are told. */
const MOST = 12;
/** Most lines that are named. */
const NAMED = 8;

/** An issue without what nobody sees. */
export type ShownIssue = Omit<Issue, "reruns">;

/** A fix without its edits, which are asked for. */
export interface ShownFix extends Omit<Fix, "edits" | "saves"> {
  index: number;
}

/** Issues of one entry, and the fixes that come with them. */
export interface Piece {
  issues: ShownIssue[];
  fixes: ShownFix[];
  /** How many more share the entry. */
  more: number;
}

/** One entry of the list; notes of one rule have a title together. */
export type Entry =
  | { kind: "error" | "notice"; range: Range; message: string }
  | ({ kind: "issues"; title: string | undefined } & Piece);

/** Entries that follow each other, and how many come after them. */
export interface IssuePage {
  entries: Entry[];
  more: number;
}

/** The entries from one on. */
export function issuePage(report: Report, from: number): IssuePage {
  const groups = grouped(report.issues);
  const { errors, notices } = report;
  const all = errors.length + groups.length + notices.length;
  const entries: Entry[] = [];
  for (let at = from; at < Math.min(from + ENTRIES, all); at++) {
    const issue = at - errors.length;
    if (issue < 0) entries.push(told("error", errors[at]));
    else if (issue < groups.length) entries.push(entryOf(report, groups[issue] ?? []));
    else entries.push(told("notice", notices[issue - groups.length]));
  }
  return { entries, more: all - from - entries.length };
}

/** The issues of an entry from one on. */
export function piece(report: Report, entry: number, from: number): Piece {
  return pieceOf(report, grouped(report.issues)[entry - report.errors.length] ?? [], from, ENTRIES);
}

function pieceOf({ fixes }: Report, group: Issue[], from: number, most: number): Piece {
  const issues = group.slice(from, from + most);
  const told = new Set(group.slice(0, from).map(({ fix }) => fix));
  const own = [...new Set(issues.map(({ fix }) => fix))].filter((fix) => !told.has(fix));
  return {
    issues: issues.map(shown),
    fixes: own.map((fix) => fixOf(fixes, fix)).filter((fix) => fix !== undefined),
    more: group.length - from - issues.length,
  };
}

/** What is shown of an issue. */
export function shown({ reruns: _, ...issue }: Issue): ShownIssue {
  return { ...issue, related: issue.related.slice(0, MOST) };
}

function told(kind: "error" | "notice", said: { range: Range; message: string } | undefined): Entry {
  if (!said) throw new Error("an entry that is not there");
  return { kind, range: said.range, message: said.message };
}

function entryOf(report: Report, group: Issue[]): Entry {
  const areNotes = group.length > 1 && group.every(({ severity }) => severity === "info");
  return { kind: "issues", title: areNotes ? noted(group) : undefined, ...pieceOf(report, group, 0, ISSUES) };
}

/** What is shown of a fix. */
export function fixOf(fixes: Fix[], index: number | undefined): ShownFix | undefined {
  const fix = index === undefined ? undefined : fixes[index];
  if (index === undefined || !fix) return undefined;
  const { title, applicability, assumptions, dockerignore } = fix;
  const more = assumptions.length - MOST;
  return { index, title, applicability, dockerignore, assumptions: more > 0 ? [...assumptions.slice(0, MOST), `And ${count(more, "more such sentence")}.`] : assumptions };
}

/** What notes of one rule say together: what it finds, how often and where. */
function noted(issues: Issue[]): string {
  const title = rules().find(({ id }) => id === issues[0]?.rule)?.title ?? "";
  const lines = issues.map(({ range }) => range.start.line).sort((a, b) => a - b);
  const more = lines.length > NAMED ? ` and ${(lines.length - NAMED).toLocaleString("en")} more` : "";
  return `${count(issues.length, "note")}, lines ${lines.slice(0, NAMED).join(", ")}${more}: ${title}`;
}

/** Issues in their order; those that share a fix, and notes of one rule, stand with the first of them. */
function grouped(issues: Issue[]): Issue[][] {
  const groups: Issue[][] = [];
  const known = new Map<string, Issue[]>();
  for (const issue of issues) {
    const key = issue.severity === "info" ? issue.rule : issue.fix === undefined ? undefined : `${issue.fix}`;
    const group = key === undefined ? undefined : known.get(key);
    if (group) {
      group.push(issue);
      continue;
    }
    groups.push([issue]);
    if (key !== undefined) known.set(key, groups.at(-1) ?? []);
  }
  return groups;
}
