// A report as text for people.

import { wantedElsewhere } from "../ignore-text.js";
import { unifiedDiff } from "./diff.js";
import { WIDEST, excerpt, shown } from "./excerpt.js";
import { distinctOf, grouped, messageOf } from "./groups.js";
import { conditionsOf, duration, fixLine, scenarioTable } from "./scenarios.js";
import { fixOption } from "./summary.js";

/** How wide paragraphs are behind their label: as wide as the terminal, within reason. */
const WIDTH = Math.min(92, Math.max(40, (process.stdout.columns ?? 104) - 12));

/** How much of a line the terminal has room for, behind its number. */
const ROOM = Math.min(WIDEST, Math.max(40, (process.stdout.columns ?? Infinity) - 10));

/** What BuildKit says of a file that begins without FROM, and what is meant where that is no mistake. */
const NO_STAGE = "no build stage in current context";
const FRAGMENT = "Begin with FROM; a part of a Dockerfile, as in documentation, is read with --fragment.";

/**
 * What was refused, issues with excerpts, comments in vain, the diff, and what changes rebuild.
 * Infos of one rule are told together, unless each is to be told (`isLong`).
 */
export function reportText({ name, text, isLong }, report, colour) {
  const lines = text.split("\n");
  const told = new Map(); // by fix, the line of the issue that told it
  const parts = [
    ...report.errors.map((error) => errorText(name, lines, error, colour)),
    ...(isLong ? report.issues.map((issue) => [issue]) : grouped(report.issues)).map((group) => group.length > 1
      ? groupText(name, group, report.fixes, colour)
      : issueText({ name, lines, told }, group[0], report.fixes, colour)),
    ...report.notices.map((notice) => noticeText(name, lines, notice, colour)),
  ];
  const diff = unifiedDiff(text, report.edits, { before: shown(name), after: `${shown(name)} (rewritten)` });
  if (diff !== "") parts.push(colouredDiff(diff, colour));
  const table = scenarioTable(report, process.stdout.columns);
  if (table !== "") parts.push(table);
  return parts.join("\n");
}

/** The .dockerignore that is proposed, and how to have it. */
export function ignoreText({ path, before, edits, level, wantedBy }, colour) {
  const names = { before: before === undefined ? "/dev/null" : shown(path), after: `${shown(path)} (proposed)` };
  const how = wantedBy === undefined ? `${fixOption(level)} writes ${path}` : wantedElsewhere({ path, wantedBy });
  return `${colouredDiff(unifiedDiff(before ?? "", edits, names), colour)}${shown(how)}\n`;
}

function errorText(name, lines, error, colour) {
  const text = sentence({ name, lines, colour }, error, "error", colour.red);
  return error.message === NO_STAGE ? `${text}${paragraph("help", FRAGMENT)}\n` : text;
}

function noticeText(name, lines, notice, colour) {
  return sentence({ name, lines, colour }, notice, "notice", colour.blue);
}

function sentence({ name, lines, colour }, { message, range }, word, hue) {
  const title = titled(word, `: ${message}`, (text) => colour.bold(hue(text)));
  return `${title}\n${place(name, range)}\n${marked(lines, [{ range, sign: "^" }], colour)}\n`;
}

function issueText({ name, lines, told }, issue, fixes, colour) {
  const hue = hueOf(issue, colour);
  const marks = issue.related.map(({ range, message }) => ({ range, sign: "-", label: message }));
  marks.push({ range: issue.range, sign: "^", hue });
  const out = [
    titled(issue.severity, `[${issue.rule}]: ${issue.message}`, (word) => colour.bold(hue(word))),
    place(name, issue.range),
    marked(lines, marks, colour),
    "",
    paragraph("why", issue.why),
    issue.cost.seconds > 0 ? paragraph("cost", price(issue)) : undefined,
    paragraph("help", issue.help),
  ];
  if (told.has(issue.fix)) {
    out.push(paragraph("fix", `the one of line ${told.get(issue.fix)}`));
  } else if (issue.fix !== undefined) {
    told.set(issue.fix, issue.range.start.line);
    const fix = fixes[issue.fix];
    out.push(paragraph("fix", fixLine(fix)));
    out.push(...conditionsOf(fix).map((condition) => paragraph(...condition)));
  }
  if (issue.refusal !== undefined) {
    out.push(paragraph("no fix", `${issue.refusal.message} (${issue.refusal.reason})`));
  }
  return `${out.filter((part) => part !== undefined).join("\n")}\n`;
}

// Infos of one rule: what they say, each sentence once.
function groupText(name, group, fixes, colour) {
  const [first] = [...group].sort((a, b) => a.range.start.offset - b.range.start.offset);
  const offered = [...new Set(group.map(({ fix }) => fix))].flatMap((index) => fixes[index] ?? []);
  const conditions = offered.flatMap(conditionsOf);
  const out = [
    titled(first.severity, `[${first.rule}]: ${messageOf(group)}`, (word) => colour.bold(hueOf(first, colour)(word))),
    place(name, first.range),
    "",
    ...distinctOf(group, ({ why }) => why).map((why) => paragraph("why", why)),
    ...distinctOf(group, ({ help }) => help).map((help) => paragraph("help", help)),
    ...distinctOf(offered, fixLine).map((fix) => paragraph("fix", fix)),
    ...["if", "with"].flatMap((word) => distinctOf(conditions.filter(([own]) => own === word), ([, text]) => text).map((text) => paragraph(word, text))),
    ...distinctOf(group, ({ refusal }) => refusal?.message).map((message) => paragraph("no fix", message)),
  ];
  return `${out.join("\n")}\n`;
}

function hueOf({ severity }, colour) {
  return { error: colour.red, warning: colour.yellow, info: colour.blue }[severity];
}

/** Most lines that are named. */
const NAMED = 5;

function price({ cost, reruns, rerunCount }) {
  const time = `${duration(cost)} each time`;
  if (rerunCount < 2) return time;
  const lines = reruns.slice(0, NAMED).map(({ start }) => start.line);
  const more = rerunCount > lines.length ? `, and ${rerunCount - lines.length} more` : "";
  return `${time}: ${rerunCount} steps run again (lines ${lines.join(", ")}${more})`;
}

function place(name, { start }) {
  return `  --> ${shown(name)}:${start.line}:${start.column}`;
}

function marked(lines, marks, colour) {
  return excerpt(lines, marks, (mark, text) => (mark.hue ?? colour.cyan)(text), ROOM);
}

function paragraph(label, text) {
  if (text === "") return undefined;
  return `  ${`${label}:`.padEnd(8)}${folded(shown(text), WIDTH, 10)}`;
}

// Lines of whole words, all but the first indented.
function folded(text, width, indent) {
  const lines = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines.join(`\n${" ".repeat(indent)}`);
}

// A sentence behind a word, on one line where no terminal says how wide it is.
function titled(word, text, paint) {
  const title = folded(word + shown(text), (process.stdout.columns ?? Infinity) - 2, 2);
  return paint(title.slice(0, word.length)) + title.slice(word.length);
}

function colouredDiff(diff, colour) {
  const hues = { "+": colour.green, "-": colour.red, "@": colour.cyan };
  const paint = (line) => (hues[line[0]] ?? ((same) => same))(safe(line));
  return `${diff.split("\n").map(paint).join("\n")}`;
}

// Tabs, and the \r of a line break, must come through for a patch to apply.
function safe(line) {
  return line.replace(/[^\t\r]+/g, shown);
}
