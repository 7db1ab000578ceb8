// What a run of the command line does, from the arguments to the exit code.

import { readFileSync } from "node:fs";
import { analyze, checkOptions } from "layerwise";
import { HELP, UsageError, readArguments } from "./arguments.js";
import { colours } from "./colours.js";
import { readContext } from "./context.js";
import { discoverContext } from "./discovery.js";
import { shown } from "./excerpt.js";
import { rulePage, stepText } from "./explain.js";
import { InputError, readInput } from "./input.js";
import { reportText } from "./report.js";
import { version } from "./version.js";
import { replaceFile } from "./write.js";

const CLEAN = 0;
const ISSUES = 1;
const FAILED = 2;

/** Runs the command line; resolves to the exit code. */
export async function main(words) {
  try {
    return await run(readArguments(words));
  } catch (error) {
    // Mistakes of the caller's and of the file system are told; others are bugs of ours and
    // show their stack.
    const isUsage = error instanceof UsageError;
    if (!isUsage && !(error instanceof InputError) && !error.syscall) throw error;
    process.stderr.write(`layerwise: ${shown(error.message)}\n`);
    if (isUsage) process.stderr.write('Try "layerwise --help".\n');
    return FAILED;
  }
}

async function run(args) {
  if (args.help) return say(HELP);
  if (args.version) return say(`${version}\n`);
  const { explain } = args;
  const isLine = /^\d+$/.test(explain ?? "");
  if (explain !== undefined && !isLine) return say(rulePage(explain));
  const input = await readInput(args);
  checkTarget(args.options, input);
  input.context = contextOf(input, args);
  const options = {
    ...contextOptions(input, input.context), ...args.options, ...timingsOf(args),
  };
  if (isLine) return say(stepText(input.text, options, Number(explain)));
  const report = analyze(input.text, options);
  if (args.print) return say(report.rewritten);
  if (args.write) return fix(input, report, options, args);
  tell(input, report, args);
  return exitCode(report);
}

// The context that is used: where it is, and how that was learnt.
function contextOf(input, args) {
  if (args.textOnly) return { learntFrom: "option" };
  if (input.directory !== undefined) return { directory: input.directory, learntFrom: "option" };
  if (input.besides === undefined) return { learntFrom: "input" };
  const found = discoverContext(input.text, input.besides);
  if (found.missing !== undefined) {
    const { path, range } = found.missing;
    process.stderr.write(
      `layerwise: ${shown(path)} (line ${range.start.line}) is not in ${shown(input.besides)}; ` +
        "judged from the text alone, without a context: name it with --context\n",
    );
  }
  return found;
}

function contextOptions(input, { directory, learntFrom }) {
  if (directory === undefined) return {};
  const options = readContext({ ...input, directory });
  return learntFrom === "guess" ? { ...options, guessedContext: shown(directory) } : options;
}

function checkTarget({ target }, { text }) {
  try {
    checkOptions({ target }, text);
  } catch (error) {
    throw new UsageError(error.message.replace("options.target", "--target"));
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

function fix(input, report, options, args) {
  const changed = report.rewritten !== input.text;
  if (changed && !input.isUtf8) {
    throw new InputError(`${input.name} is not valid UTF-8, so it is left alone`);
  }
  // What is left is what an analysis of the written file finds. A log is of the steps before.
  const after = changed ? analyze(report.rewritten, { ...options, timings: undefined }) : report;
  const rest = { ...input, text: report.rewritten };
  if (input.path === undefined) {
    process.stdout.write(report.rewritten);
    process.stderr.write(reportText(rest, after, colours(process.stderr, args.color)));
    return exitCode(after);
  }
  if (changed) replaceFile(input.path, input.bytes, report.rewritten);
  if (!args.json) {
    const count = report.issues.length - after.issues.length;
    const fixed = `${count} of ${report.issues.length} issues fixed`;
    if (changed) say(`${shown(input.name)}: rewritten, ${fixed}\n`);
  }
  tell(rest, after, args);
  return exitCode(after);
}

function tell(input, report, args) {
  if (args.json) say(`${json(report)}\n`);
  else say(reportText(input, report, colours(process.stdout, args.color)));
}

// Controls that JSON allows in a string are escaped as well: it may be read in a terminal.
function json(report) {
  const escaped = (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(report, null, 2).replace(/[\x7f-\x9f]/g, escaped);
}

function say(text) {
  process.stdout.write(text);
  return CLEAN;
}

function exitCode(report) {
  const found = report.errors.length > 0 || report.issues.some((i) => i.severity !== "info");
  return found ? ISSUES : CLEAN;
}
