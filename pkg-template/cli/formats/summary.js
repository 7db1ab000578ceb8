// What a run comes to over all Dockerfiles.

import { shown } from "./excerpt.js";
import { duration } from "./scenarios.js";

const LEVELS = ["safe", "assumed", "suggested"];

/** Most Dockerfiles that are named, those that lose most. */
const NAMED = 5;

/** Adds up the builds of each Dockerfile, and makes the summary of them. */
export function summaryOf() {
  const sum = { dockerfiles: 0, builds: 0, issues: [], errors: 0, written: 0, before: [], fixes: [], losses: [] };
  return {
    add(builds) {
      const now = builds.map(({ report, after }) => after?.report ?? report);
      sum.dockerfiles += 1;
      sum.builds += builds.length;
      sum.issues.push(...distinct(now, ({ issues }) => issues).map(severityOf));
      sum.errors += distinct(now, ({ errors }) => errors).length;
      sum.fixes.push(...distinct(now, (report) => fixesOf(report).map(withoutSavings)));
      sum.before.push(...distinct(builds, ({ report }) => report.issues).map(severityOf));
      if (builds.some(({ after }) => after !== undefined)) sum.written += 1;
      const worst = builds.map(lossOf).sort((a, b) => b.seconds - a.seconds)[0];
      if (worst.seconds > 0) sum.losses.push(worst);
    },
    text: () => textOf(sum),
  };
}

/** The fixes of a report for the issues that are told. */
export function fixesOf({ issues, fixes }) {
  return fixes.filter((_, index) => issues.some(({ fix }) => fix === index));
}

/** By which option the fixes are applied, a line a level. */
export function fixHints(fixes) {
  const hints = LEVELS.map((level) => {
    const count = fixes.filter((fix) => fix.applicability === level).length;
    if (count === 0) return "";
    const applies = count === 1 ? "applies it" : "applies them";
    return `${counted(count, `${level} fix`)}: ${fixOption(level)} ${applies}\n`;
  });
  return hints.join("");
}

/** How the command line is asked to write the fixes of a level. */
export function fixOption(level) {
  return level === "safe" ? "--fix" : `--fix=${level}`;
}

/** How many issues there are; infos are counted beside those that matter. */
export function issuesText(issues) {
  const infos = issues.filter(isInfo).length;
  const others = issues.length - infos;
  const text = others === 0 ? "no issues" : counted(others, "issue");
  return infos === 0 ? text : `${text}, ${counted(infos, "info")}`;
}

/** How many of the issues `before` are gone `after`; infos count where there was nothing else. */
export function fixedText(before, after) {
  const counts = before.every(isInfo) ? () => true : (issue) => !isInfo(issue);
  const count = before.filter(counts).length;
  return `${count - after.filter(counts).length} of ${count} issues fixed`;
}

function isInfo({ severity }) {
  return severity === "info";
}

// All that a summary has to know of an issue; a report may be large.
function severityOf({ severity }) {
  return { severity };
}

// Another build may save another time by the same fix.
function withoutSavings({ saves, ...fix }) {
  return fix;
}

/** A number with what it counts. */
export function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : noun.endsWith("x") ? "es" : "s"}`;
}

// What one build found and another found as well counts once.
function distinct(reports, listOf) {
  const known = new Map(reports.flatMap(listOf).map((entry) => [JSON.stringify(entry), entry]));
  return [...known.values()];
}

// What is still lost at each edit of the source: what the rewritten file would not run again.
function lossOf({ input, report, after }) {
  const { scenarios, issues } = after?.report ?? report;
  const edit = issues.length === 0 ? undefined : scenarios.find(({ kind }) => kind === "source");
  if (edit === undefined) return { name: input.name, seconds: 0, measured: false };
  const { seconds, measured } = edit.before.cost;
  return { name: input.name, seconds: seconds - edit.after.cost.seconds, measured };
}

function textOf({ dockerfiles, builds, issues, errors, written, before, fixes, losses }) {
  const of = builds === dockerfiles ? "" : `${counted(builds, "build")} of `;
  const found = [];
  if (errors > 0) found.push(counted(errors, "syntax error"));
  found.push(issuesText(issues));
  const lines = [`${of}${counted(dockerfiles, "Dockerfile")}: ${found.join(", ")}\n`];
  if (written > 0) {
    lines.push(`${written} of ${counted(dockerfiles, "Dockerfile")} rewritten, ${fixedText(before, issues)}\n`);
  }
  return lines.join("") + fixHints(fixes) + lossText(losses);
}

function lossText(losses) {
  if (losses.length === 0) return "";
  const sorted = [...losses].sort((a, b) => b.seconds - a.seconds);
  const all = {
    seconds: losses.reduce((sum, { seconds }) => sum + seconds, 0),
    measured: losses.every(({ measured }) => measured),
  };
  const named = sorted.slice(0, NAMED).map((loss) => `${shown(loss.name)} ${duration(loss)}`);
  if (sorted.length > NAMED) named.push("...");
  return `needless at each edit of the source: ${duration(all)} (${named.join(", ")})\n`;
}
