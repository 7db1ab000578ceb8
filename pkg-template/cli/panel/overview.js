// What is shown of a report beside a file: plain data, small enough for a message from a worker.

import manifest from "layerwise/package.json" with { type: "json" };
import { unifiedDiff } from "../formats/diff.js";
import { about } from "./cost.js";
import { headlineOf } from "./headline.js";

/** Most entries that are kept: a file with more has one problem, its length. */
const MOST = 50;

/** Most lines that are named of notes of one rule. */
const NAMED = 8;

/** Where the manual is: the address before those of the rules. */
export const MANUAL = manifest.homepage.replace("#readme", "/blob/main/docs/");

/** The overview of the report that `analyze` made of `text`. */
export function overviewOf(report, { text, name = "Dockerfile", rules = [], manual = MANUAL }) {
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  const groups = grouped(report.issues);
  const errors = report.errors.map(({ message, range }) => ({
    severity: "error", lines: [range.start.line], message, price: undefined,
    help: "BuildKit refuses this file; the rest is analysed as far as it can be understood.",
  }));
  const entries = [...errors, ...groups.map((issues) => entryOf(issues, report.fixes, known, manual))];
  const headline = headlineOf(report);
  return {
    name,
    headline,
    badge: badgeOf(report, headline),
    entries: entries.slice(0, MOST),
    more: Math.max(entries.length - MOST, 0),
    rewritten: report.rewritten,
    patch: unifiedDiff(text, report.edits, { before: `a/${name}`, after: `b/${name}` }),
  };
}

/** What a badge has room for, and how it is meant. */
function badgeOf({ issues, errors, edits }, { lost }) {
  if (errors.length > 0) return { text: "does not build", tone: "bad" };
  if (lost !== undefined) return { text: lost, tone: "lost" };
  const matter = issues.filter(({ severity }) => severity !== "info").length;
  if (matter > 0) return { text: counted(matter, "issue"), tone: edits.length > 0 ? "lost" : "note" };
  if (issues.length > 0) return { text: counted(issues.length, "note"), tone: "note" };
  return { text: "nothing lost", tone: "kept" };
}

// Issues that share a fix, and notes of one rule, are told together.
function grouped(issues) {
  const groups = new Map();
  for (const [index, issue] of issues.entries()) {
    const key = issue.severity === "info" ? issue.rule : issue.fix === undefined ? `#${index}` : `fix ${issue.fix}`;
    if (groups.has(key)) groups.get(key).push(issue);
    else groups.set(key, [issue]);
  }
  return [...groups.values()];
}

function entryOf(issues, fixes, rules, manual) {
  const [{ severity, rule, message, why, help, cost, refusal, rerunCount, fix }] = issues;
  const lines = issues.map(({ range }) => range.start.line).sort((a, b) => a - b);
  const { title, address } = rules.get(rule) ?? {};
  const isNotes = severity === "info" && issues.length > 1;
  return {
    severity, rule,
    page: address === undefined ? undefined : manual + address,
    lines: lines.slice(0, NAMED),
    moreLines: Math.max(lines.length - NAMED, 0),
    message: isNotes ? title ?? message : message,
    why: isNotes ? undefined : why,
    help,
    price: isNotes || rerunCount === 0 ? undefined : `${counted(rerunCount, "step")} ${rerunCount === 1 ? "runs" : "run"} again, ${about(cost)}`,
    refusal: refusal?.message,
    fix: fix === undefined || isNotes ? undefined : repairOf(fixes[fix]),
  };
}

function repairOf({ title, applicability, assumptions, dockerignore }) {
  return { title, applicability, assumptions, dockerignore };
}

function counted(number, one) {
  return `${number.toLocaleString("en")} ${one}${number === 1 ? "" : "s"}`;
}
