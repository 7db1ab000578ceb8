// What the core is asked of a build.

import { analyze, checkOptions } from "layerwise";
import { readFileSync } from "node:fs";
import { UsageError } from "./arguments.js";
import { addTexts, readContext } from "./context.js";
import { shown } from "./formats/excerpt.js";
import { frequenciesIn } from "./history/frequencies.js";
import { keptForRun } from "./kept.js";

/** The report of a build, under the options it has and those of the arguments. */
export function analyseBuild(build, args) {
  checkTarget(build, args);
  return analysed(build.input.text, optionsOf(build, args), build);
}

/**
 * The report of what `text`, and a `dockerignore` where one was written, make of a build. It has no
 * measured costs: a log is of the steps that were there before.
 */
export function analyseAgain(build, { text, dockerignore }, args) {
  const options = optionsOf(build, args);
  const later = { ...options, dockerignore: dockerignore ?? options.dockerignore, timings: undefined };
  return analysed(text, later, build);
}

/** How often what a report looked for may name more: a list of requirements names another. */
const MOST_ROUNDS = 8;

function analysed(text, options, { context: { directory } }) {
  for (let round = 1; ; round += 1) {
    const report = analyze(text, options);
    const isKnown = directory === undefined || round === MOST_ROUNDS;
    if (isKnown || !addTexts(directory, options.files, report.wanted)) return report;
  }
}

/** The paths of the files of the context that a build sees. */
export function contextFiles(build) {
  return Object.keys(readOnce(build).files);
}

/** The options of a build for the core, under those of the arguments. */
export function optionsOf(build, args) {
  const { input, context, target, targets, buildArgs, builder, ephemeral, buildCache } = build;
  const { baseImages, fragment, rules } = input.settings.options;
  return {
    ...contextOptions(build),
    ...args.options,
    ...timingsOf(args),
    ...historyOf(context, args),
    baseImages,
    builder,
    fragment: args.options.fragment ?? fragment,
    ephemeral,
    buildCache,
    rules: { ...rules, ...args.options.rules },
    target,
    targets,
    buildArgs,
  };
}

// The context that was read last. Of one Dockerfile it is asked for as it is, as it is rewritten,
// and for each of its builds; of all Dockerfiles together, contexts are too much to keep.
const last = keptForRun();

function readOnce({ input, context: { directory }, builder }) {
  const key = JSON.stringify([directory, input.besides, input.fileName, builder]);
  if (!last.has(key)) {
    last.clear();
    last.set(key, readContext({ ...input, directory, builder }));
  }
  return last.get(key);
}

function contextOptions(build) {
  const { directory, learntFrom } = build.context;
  if (directory === undefined) return {};
  const options = readOnce(build);
  return learntFrom === "guess" ? { ...options, guessedContext: shown(directory) } : options;
}

// A target that another file names is told with the errors of the report.
function checkTarget({ input }, { options: { target, fragment } }) {
  try {
    checkOptions({ target, fragment: fragment ?? input.settings.options.fragment }, input.text);
  } catch (error) {
    throw new UsageError(`${input.name}: ${error.message.replace("options.target", "--target")}`);
  }
}

/** The log of a build; a file that is none is the caller's mistake. */
function timingsOf({ timings: path }) {
  if (path === undefined) return {};
  const options = { timings: readFileSync(path, "utf8") };
  try {
    checkOptions(options);
  } catch (error) {
    throw new UsageError(error.message.replace("options.timings", `--timings ${path}`));
  }
  return options;
}

// How often the files of the context change, where that is asked for.
function historyOf({ directory }, { history }) {
  return history === undefined || directory === undefined ? {} : { history: frequenciesIn(directory, history) };
}
