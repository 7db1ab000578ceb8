// Infos of one rule stand together where people read, so that what matters stays in front.

import { rules } from "layerwise";

/** Most lines that are named. */
const NAMED = 8;

/**
 * The issues in their order, in groups of those that are told together: infos of one rule, and
 * every other alone.
 */
export function grouped(issues) {
  const groups = [];
  const infos = new Map();
  for (const issue of issues) {
    const known = issue.severity === "info" ? infos.get(issue.rule) : undefined;
    if (known !== undefined) {
      known.push(issue);
      continue;
    }
    groups.push([issue]);
    if (issue.severity === "info") infos.set(issue.rule, groups.at(-1));
  }
  return groups;
}

/** What a group says: the sentence of its issue, or what the rule finds, how often and where. */
export function messageOf(group) {
  const [{ rule, message }] = group;
  if (group.length === 1) return message;
  const lines = group.map(({ range }) => range.start.line).sort((a, b) => a - b);
  const more = lines.length > NAMED ? `, and ${lines.length - NAMED} more` : "";
  const { title } = rules().find(({ id }) => id === rule);
  return `${title}: ${group.length} steps (lines ${lines.slice(0, NAMED).join(", ")}${more})`;
}

/** The values that the issues of a group give, each once. */
export function distinctOf(group, valueOf) {
  return [...new Set(group.map(valueOf))].filter((value) => value !== undefined && value !== "");
}
