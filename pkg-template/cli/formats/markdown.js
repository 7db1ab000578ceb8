// The comment for a pull request: for each Dockerfile what changes rebuild, the issues, the change.

import { proposedIgnores } from "../dockerignore.js";
import { fromHere } from "../paths.js";
import { unifiedDiff } from "./diff.js";
import { shown } from "./excerpt.js";
import { distinctOf, grouped, messageOf } from "./groups.js";
import { conditionsOf, fixLine, scenarioRows } from "./scenarios.js";
import { alike } from "./alike.js";
import { summaryOf } from "./summary.js";

/** Markdown as GitHub and GitLab show it. */
export function markdownFormat({ count }) {
  const summary = summaryOf();
  return {
    dockerfile(builds) {
      summary.add(builds);
      return alike(builds).map((same) => sectionOf(same)).join("");
    },
    end: () => (count === 0 ? "No Dockerfiles.\n" : summary.text().trimEnd().split("\n").map((line) => `${markdown(line)}\n`).join("\n")),
  };
}

/** What is told of builds of which the same is to be said; empty where that is nothing. */
export function sectionOf(same) {
  const [{ input, report, after }] = same;
  const { issues, errors, edits, fixes, scenarios } = after?.report ?? report;
  if (issues.length + errors.length === 0) return "";
  const contexts = same.flatMap(({ context, target }) =>
    context.directory === undefined ? [] : [code(fromHere(context.directory)) + (target === undefined ? "" : `, target ${code(target)}`)]);
  const parts = [`### ${code(input.name)}${contexts.length > 0 ? ` (context ${contexts.join("; ")})` : ""}\n`];
  parts.push(table(scenarioRows({ scenarios, edits })));
  for (const { message, range } of errors) parts.push(`- **error**, line ${range.start.line}: ${markdown(message)}\n`);
  for (const group of grouped(issues)) {
    parts.push(group.length > 1 ? groupOf(group) : itemOf(group[0], fixes[group[0].fix]));
  }
  const text = after?.text ?? input.text;
  const name = shown(input.name);
  const diff = text === undefined ? "" : unifiedDiff(text, edits, { before: name, after: `${name} (rewritten)` });
  parts.push(folded("Suggested change", diff));
  const ignores = proposedIgnores(same.map((build) => ({ ...build, report: build.after?.report ?? build.report })));
  parts.push(...ignores.map((proposed) => folded("Suggested .dockerignore", ignoreDiff(proposed))));
  return `${parts.filter((part) => part !== "").join("")}\n`;
}

function itemOf({ severity, rule, range, message, help, refusal }, fix) {
  const lines = [`- **${severity}** ${code(rule)}, line ${range.start.line}: ${markdown(message)}`];
  if (fix !== undefined) lines.push(markdown(fixLine(fix)), ...conditionsOf(fix).map(([word, one]) => `${word}: ${markdown(one)}`));
  else lines.push(markdown(refusal === undefined ? help : refusal.message));
  return `${lines.join("  \n  ")}\n`;
}

// Infos of one rule, in few lines.
function groupOf(group) {
  const [{ severity, rule }] = group;
  const helps = distinctOf(group, ({ help, refusal }) => refusal?.message ?? help).map(markdown);
  return `${[`- **${severity}** ${code(rule)}: ${markdown(messageOf(group))}`, ...helps].join("  \n  ")}\n`;
}

/** A table whose first row says what the others are. */
export function table(rows) {
  if (rows.length === 0) return "";
  const line = (cells) => `| ${cells.map((cell) => markdown(cell).replaceAll("|", "\\|")).join(" | ")} |\n`;
  return `\n${line(rows[0])}${"|---".repeat(rows[0].length)}|\n${rows.slice(1).map(line).join("")}\n`;
}

/** Sentences, which put names in backticks; whatever else is markup is taken as text. */
export function markdown(text) {
  return shown(text).split("`").map((part, at, parts) => {
    if (at % 2 === 1 && at < parts.length - 1) return code(part);
    const plain = part.replace(/[&<>@]|[\\*_[\]#~!|]/g, (mark) => (/[&<>@]/.test(mark) ? `&#${mark.charCodeAt(0)};` : `\\${mark}`));
    return at % 2 === 1 ? `\\\`${plain}` : plain;
  }).join("");
}

/** A name. */
export function code(text) {
  const clean = shown(text).replaceAll("`", "'");
  return `\`${clean === "" ? " " : clean}\``;
}

// A diff that is shown when it is asked for.
function folded(title, diff) {
  return diff === "" ? "" : `\n<details><summary>${title}</summary>\n\n${fenced(diff)}\n</details>\n`;
}

function ignoreDiff({ path, before, edits }) {
  const name = shown(fromHere(path));
  return unifiedDiff(before ?? "", edits, { before: before === undefined ? "/dev/null" : name, after: `${name} (proposed)` });
}

function fenced(diff) {
  const longest = Math.max(2, ...[...diff.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  const lines = diff.split("\n").map((line) => line.replace(/[^\t]+/g, shown));
  return `${fence}diff\n${lines.join("\n")}${fence}\n`;
}
