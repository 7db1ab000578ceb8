// What --explain shows: the manual page of a rule, or what is known of the step on a line.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkOptions, inspect, rules } from "layerwise";
import { UsageError } from "./arguments.js";
import { shown } from "./formats/excerpt.js";

/** The rules with their titles, a line each. */
export function ruleList() {
  const all = rules();
  const width = Math.max(...all.map(({ id }) => id.length));
  return all.map(({ id, title }) => `${id.padEnd(width)}  ${title}\n`).join("");
}

/** The manual page of the rule `id`. Throws a UsageError that names the nearest one. */
export function rulePage(id) {
  const rule = rules().find((one) => one.id === id);
  if (rule === undefined) throw new UsageError(`--explain ${shown(id)}: ${noSuchRule(id)}`);
  // The manual lies beside cli.cjs, into which this is bundled.
  return readFileSync(join(__dirname, rule.address), "utf8");
}

/**
 * What is known of the step on a line, or of the stage whose FROM stands there, as text: what it
 * needs, reads and writes, what invalidates it, and why it may not change places with another.
 * Throws a UsageError where no step stands on the line.
 */
export function stepText(dockerfile, options, line) {
  const { stages } = inspect(dockerfile, options);
  const part = stages.flatMap((stage) => [{ ...stage, parts: [] }, ...stage.parts])
    .find(({ range }) => range.start.line <= line && line <= range.end.line);
  if (part === undefined) {
    throw new UsageError(`--explain ${line}: no step of a stage stands on this line`);
  }
  return `${lines(part, "").join("\n")}\n`;
}

function lines({ range, text, facts, parts }, indent) {
  return [
    `${indent}line ${range.start.line}: ${shown(text)}`,
    ...facts.map((fact) => `${indent}  - ${fact.name}: ${shown(fact.text)}`),
    ...parts.flatMap((part) => lines(part, `${indent}  `)),
  ];
}

// The sentence of the core for a rule that there is not.
function noSuchRule(id) {
  try {
    checkOptions({ rules: { [id]: "info" } });
  } catch (error) {
    return error.message.replace(/^options\.rules[^:]*: /, "");
  }
  return "there is no such rule";
}
