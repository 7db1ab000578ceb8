// What typical changes rebuild, before and after the rewrite, as a table.

import { shown } from "./excerpt.js";

/** The table; empty where there is nothing to compare, a list where a terminal has no room for it. */
export function scenarioTable(report, columns = Infinity) {
  const rows = scenarioRows(report).map((row) => row.map(shown));
  if (rows.length === 0) return "";
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  if (widths.reduce((sum, width) => sum + width + 3, -3) > columns) {
    return rows.slice(1).map(([when, before, after]) => `${when}:\n  ${before}, when rewritten ${after}\n`).join("");
  }
  const line = (row) => row.map((cell, column) => cell.padEnd(widths[column])).join("   ").trimEnd();
  return `${rows.map(line).join("\n")}\n`;
}

/** Its rows, the first of which says what the others are. */
export function scenarioRows({ scenarios, edits }) {
  if (edits.length === 0 || scenarios.length === 0) return [];
  const rows = scenarios.map(({ title, before, after }) => [title, rebuilt(before), rebuilt(after)]);
  return [["When", "rebuilding takes", "and when rewritten"], ...rows];
}

/** A cost as people say it: estimates only compare, so they are rounded. */
export function duration({ seconds, measured }) {
  const about = measured ? "" : "~";
  if (seconds >= 90) return `${about}${Math.round(seconds / 60)} min`;
  return `${about}${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`;
}

/** When a change of each kind happens. */
const WHEN = {
  source: "at each edit",
  dependencies: "at each new dependency",
  "lock-file": "at each update of the lock file",
  "build-arg": "at each new value of the build argument",
  "base-image": "at each update of the base image",
};

/** A fix in a line: what it does, how far it can be trusted, and what it saves. */
export function fixLine({ title, applicability, saves }) {
  const saved = saves === undefined ? "" : `, saves ${duration(saves.cost)} ${WHEN[saves.at]}`;
  return `${title} (${applicability}${saved})`;
}

/** What a fix rests on, and what goes into .dockerignore with it: pairs of a word and what it leads. */
export function conditionsOf({ assumptions, dockerignore }) {
  const named = dockerignore.map((line) => `\`${line}\``).join(", ");
  const conditions = assumptions.map((sentence) => ["if", sentence]);
  return named === "" ? conditions : [...conditions, ["with", `${named} in .dockerignore`]];
}

// Steps that may run again count; where they make a difference, it says so.
function rebuilt({ reruns, depends, cost, costAtLeast }) {
  if (reruns.length + depends.length === 0) return "nothing";
  const close = cost.seconds - costAtLeast.seconds < (cost.measured ? 0.1 : 2);
  return close ? duration(cost) : `up to ${duration(cost)}`;
}
