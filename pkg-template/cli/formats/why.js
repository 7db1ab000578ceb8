// The formats of `why`. Each makes the text of `{ builds, names, args, colour }`: for each build its
// steps with what becomes of them, in the second of the two builds that are named.

import { NOT_KNOWN } from "../history/log.js";
import { fromHere } from "../paths.js";
import { version } from "../version.js";
import { shown } from "./excerpt.js";
import { cost, span, stepName } from "./history/sentences.js";
import { json } from "./escaped-json.js";
import { code, markdown, table } from "./markdown.js";
import { counted } from "./summary.js";

/** The shape of what is printed; a later one has another number. */
const SCHEMA = 1;

export const WHY_FORMATS = { pretty, json: whyJson, markdown: whyMarkdown };

/** What becomes of a step, in a word. */
const WORDS = { cached: "cached", relinked: "relinked", rerun: "runs", depends: "may run" };

/** How many steps run again, what that takes, and what started it, as a sentence. */
function headline({ steps }) {
  const again = steps.filter(runs);
  if (again.length === 0) return `Every step comes from the cache: ${counted(steps.length, "step")}, ${costOf(steps)} spared.`;
  const first = steps.find(({ outcome }) => outcome !== "cached");
  return `${again.length} of ${counted(steps.length, "step")} ${again.length === 1 ? "runs" : "run"} again: ${costOf(again)}. First: ${first.because}.`;
}

function runs({ outcome }) {
  return outcome === "rerun" || outcome === "depends";
}

function costOf(steps) {
  return cost({ seconds: steps.reduce((sum, step) => sum + step.cost.seconds, 0), measured: false });
}

function logSentences({ unexplained }) {
  if (unexplained === undefined) return [];
  if (unexplained.length === 0) return ["The log has no step that ran although it could be cached."];
  const named = unexplained.map(({ text, line, seconds }) => `\`${stepName({ keyword: "", text }).name}\` on line ${line} (${span(seconds)})`);
  return [
    `By the log ${named.join(", ")} ran, though nothing in the two builds says so. What is not in them:`,
    ...NOT_KNOWN.map((reason) => `- ${reason}`),
  ];
}

function rows({ steps }) {
  return steps.map((step) => [
    WORDS[step.outcome],
    `\`${stepName({ keyword: "", text: step.text }).name}\``,
    runs(step) ? costOf([step]) : "",
    step.because ?? "",
  ]);
}

function pretty({ builds, names, args, colour }) {
  return builds.map((build) => {
    const title = `${build.name}, ${names[0]} -> ${names[1]}`;
    if (args.quiet) return `${shown(build.name)}: ${shown(headline(build))}\n`;
    const all = rows(build).map((row) => row.map((cell) => shown(cell)));
    const widths = [0, 1, 2].map((column) => Math.max(0, ...all.map((row) => row[column].replaceAll("`", "").length)));
    const lines = all.map(([word, step, taking, because]) => {
      const start = `${word.padEnd(widths[0])}  ${step.replaceAll("`", "").padEnd(widths[1])}  ${taking.padStart(widths[2])}`;
      const text = because === "" ? start.trimEnd() : `${start}  ${because}`;
      return word === WORDS.cached ? colour.dim(text) : text;
    });
    const log = logSentences(build).map((line) => `${shown(line)}\n`).join("");
    return `${colour.bold(shown(title))}\n${shown(headline(build))}\n\n${lines.join("\n")}\n${log === "" ? "" : `\n${log}`}`;
  }).join("\n");
}

function whyJson({ builds, names: [before, after] }) {
  const told = builds.map(({ build, steps, unexplained }) => ({
    dockerfile: fromHere(build.input.name),
    context: fromHere(build.context.directory),
    ...(build.target !== undefined && { target: build.target }),
    steps,
    ...(unexplained !== undefined && { unexplained }),
  }));
  return `${json({ schema: SCHEMA, version, before, after, builds: told }, 2)}\n`;
}

function whyMarkdown({ builds, names }) {
  const head = [["", "Step", "taking", "because"]];
  return builds.map((build) => {
    const log = logSentences(build).map((line) => (line.startsWith("- ") ? `- ${markdown(line.slice(2))}\n` : `\n${markdown(line)}\n\n`)).join("");
    return `### ${code(build.name)}, ${markdown(names[0])} → ${markdown(names[1])}\n\n${markdown(headline(build))}\n${table([...head, ...rows(build)])}${log}`;
  }).join("\n");
}
