// The formats of a budget. Each makes the text of `{ builds, base, args, colour }`: for each build
// its changes with what they cost, before and now, and their limits.

import { KINDS } from "../budget/limits.js";
import { fromHere } from "../paths.js";
import { version } from "../version.js";
import { shown } from "./excerpt.js";
import { json } from "./escaped-json.js";
import { code, markdown, table } from "./markdown.js";
import { duration } from "./scenarios.js";

/** The shape of what is printed; a later one has another number. */
const SCHEMA = 1;

export const BUDGET_FORMATS = { pretty, json: budgetJson, markdown: budgetMarkdown };

/** A change as a sentence: "a source edit: 12 s -> 41 s, more than the 30 s allowed". */
function sentence({ kind, before, after, limit, isExceeded, step, because }) {
  const times = before === undefined ? duration(after) : `${duration(before)} -> ${duration(after)}`;
  const verdict = limit === undefined ? "" : `, ${isExceeded ? "more than" : "within"} the ${duration({ seconds: limit, measured: true })} allowed`;
  const why = step === undefined ? "" : `, for line ${step.line} runs again now: \`${first(step.text)}\`${because === undefined ? "" : `. ${because.replace(/\.$/, "")}`}`;
  return `${KINDS[kind]}: ${times}${verdict}${why}`;
}

function first(text) {
  const [line] = text.split("\n");
  const short = line.length > 60 ? `${line.slice(0, 57)}...` : line;
  return shown(short).replaceAll("`", "'");
}

function isTold({ isExceeded, before, after }) {
  return isExceeded || (before !== undefined && after.seconds > before.seconds + 1);
}

function hint({ changes, hasSafeFix }) {
  return hasSafeFix && changes.some(isTold) ? "A safe fix makes this cheaper: layerwise --fix writes it." : "";
}

function pretty({ builds, base, args, colour }) {
  return builds.map((build) => {
    const { name, changes, isNew } = build;
    const told = args.quiet ? changes.filter(isTold) : changes;
    const about = base === undefined ? "" : isNew ? `, not there at ${base}` : `, against ${base}`;
    const lines = told.map((change) => `  ${change.isExceeded ? colour.red("above") : "     "} ${shown(sentence(change))}\n`);
    if (args.quiet && lines.length === 0) return "";
    const last = hint(build);
    return `${colour.bold(shown(name))}${shown(about)}\n${lines.join("")}${last === "" ? "" : `  ${last}\n`}`;
  }).filter((text) => text !== "").join("\n");
}

function budgetJson({ builds, base }) {
  const told = builds.map(({ build, changes }) => ({
    dockerfile: fromHere(build.input.name),
    context: build.context.directory === undefined ? null : fromHere(build.context.directory),
    ...(build.target !== undefined && { target: build.target }),
    changes,
  }));
  return `${json({ schema: SCHEMA, version, ...(base !== undefined && { base }), builds: told }, 2)}\n`;
}

function budgetMarkdown({ builds, base, args }) {
  const told = args.quiet ? builds.filter(({ changes }) => changes.some(isTold)) : builds;
  return told.map((build) => {
    const rows = build.changes.map(({ kind, before, after, limit, isExceeded }) => [
      KINDS[kind],
      before === undefined ? "" : duration(before),
      duration(after),
      limit === undefined ? "" : `${duration({ seconds: limit, measured: true })}${isExceeded ? ", exceeded" : ""}`,
    ]);
    const head = ["A change", base === undefined ? "" : `at ${base}`, "now takes", "allowed"];
    const reasons = build.changes.filter(isTold).map((change) => `- ${markdown(sentence(change))}\n`);
    const last = hint(build);
    return `### ${code(build.name)}\n${table([head, ...rows])}${reasons.join("")}${last === "" ? "" : `\n${markdown(last)}\n`}`;
  }).join("\n");
}
