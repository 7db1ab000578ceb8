// Hovers: what a step needs, reads and writes, and what runs again when it changes.

import { compare, inspect, parse } from "layerwise";
import { duration } from "../formats/scenarios.js";
import { lspRange } from "../formats/lsp.js";

/** Most lines that are named. */
const NAMED = 8;

/** What is known of the step, or of the stage whose FROM stands there. */
export function hoverAt({ text, builds: [build] }, { position }) {
  if (build === undefined) return null;
  const line = position.line + 1;
  const { stages } = inspect(text, build.options);
  const parts = stages.flatMap((stage) => [{ ...stage, parts: [] }, ...stage.parts]);
  const part = parts.find(({ range }) => range.start.line <= line && line <= range.end.line);
  if (part === undefined) return null;
  const paragraphs = [factsOf(part), ...part.parts.map((command) => `${code(command.text)}\n\n${factsOf(command)}`)];
  const value = [...paragraphs, rerunText(text, part, build)].filter((paragraph) => paragraph !== "").join("\n\n");
  return { contents: { kind: "markdown", value }, range: lspRange(part.range) };
}

function factsOf({ facts }) {
  return facts.map(({ name, text }) => `- **${escaped(name)}**: ${escaped(text)}`).join("\n");
}

// What a builder makes of the file in which this one instruction is another.
function rerunText(text, { range }, { options, report }) {
  const changed = withChange(text, range);
  if (changed === undefined) return "";
  const { files, dockerignore, buildArgs, target, builder } = options;
  const build = { dockerfile: text, ...known({ files, dockerignore, buildArgs, target }) };
  const outcomes = compare(build, { ...build, dockerfile: changed }, known({ builder }));
  const again = outcomes.filter(({ outcome, range: { start } }) => outcome !== "cached" && start.offset > range.start.offset);
  if (again.length === 0) return "A change of this line runs nothing else again.";
  const costs = new Map(report.stages.flatMap(({ steps }) => steps).map((step) => [step.range.start.line, step.cost]));
  const lines = again.map(({ range: { start } }) => start.line);
  const seconds = lines.reduce((sum, line) => sum + (costs.get(line)?.seconds ?? 0), 0);
  const named = `${lines.slice(0, NAMED).join(", ")}${lines.length > NAMED ? ", ..." : ""}`;
  const measured = [...costs.values()].some((cost) => cost.measured);
  return `A change of this line runs ${again.length} more ${again.length === 1 ? "step" : "steps"} again ` +
    `(${duration({ seconds, measured })}; ${lines.length === 1 ? "line" : "lines"} ${named}).`;
}

// The same with another command, in the same lines; nothing where there is none to change.
function withChange(text, range) {
  const [instruction] = parse(text).instructions.filter(({ range: { start } }) => start.offset === range.start.offset);
  const isShell = instruction?.keyword === "RUN" && !instruction.json && instruction.heredocs.length === 0;
  return isShell ? `${text.slice(0, range.end.offset)} && :${text.slice(range.end.offset)}` : undefined;
}

function known(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function code(text) {
  return `\`${text.replaceAll("`", "'").replace(/\s+/g, " ")}\``;
}

// Names stand in backticks already; nothing else is markup.
function escaped(text) {
  return text.split("`").map((part, at) => (at % 2 === 1 ? part : part.replace(/[\\*_[\]<>#|~]/g, "\\$&"))).join("`");
}
