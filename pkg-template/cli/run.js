// The Dockerfiles of a run, one after the other: read, analysed, fixed, told.

import { analyseAgain, analyseBuild, optionsOf } from "./analysis.js";
import { colours } from "./formats/colours.js";
import { stepText } from "./explain.js";
import { commonFixes } from "./fixes.js";
import { FORMATS } from "./formats.js";
import { InputError, isDirectory } from "./input.js";
import { plan } from "./plan.js";
import { replaceFile } from "./write.js";

/** Nothing to report. */
export const CLEAN = 0;
/** Issues. */
const ISSUES = 1;
/** A wrong call, or a file that cannot be read or written. */
export const FAILED = 2;

/**
 * Runs what the arguments ask for; resolves to the exit code. `warn` takes a sentence for whoever
 * runs it; a mistake in one Dockerfile (`isMistake`) is told, and the others are done.
 */
export async function run(args, { warn, isMistake }) {
  if (args.context !== undefined && !isDirectory(args.context)) {
    throw new InputError(`--context ${args.context} is no directory`);
  }
  let code = CLEAN;
  const fail = (sentence) => {
    code = FAILED;
    warn(sentence);
  };
  const mistake = (error) => {
    if (!isMistake(error)) throw error;
    fail(error.message);
  };
  const note = args.verbose ? once(warn) : () => {};
  const session = { warn, fail, mistake, note };
  const dockerfiles = await plan(args, session);
  const output = args.write && dockerfiles.some(isFromInput) ? process.stderr : process.stdout;
  const format = formatOf(args, dockerfiles, output);
  for (const dockerfile of dockerfiles) {
    const { builds } = dockerfile;
    try {
      for (const build of builds) build.report = analyseBuild(build, args);
      if (args.write) fix(dockerfile, args, session);
      output.write(format.dockerfile(builds));
      if (!format.isNoReport) code = Math.max(code, exitCode(builds));
    } catch (error) {
      mistake(error);
    }
    dockerfile.builds = []; // a report may be large
  }
  output.write(format.end());
  return code;
}

function formatOf(args, dockerfiles, output) {
  const count = dockerfiles.reduce((sum, { builds }) => sum + builds.length, 0);
  if (args.line !== undefined) return explainFormat(args);
  if (args.print) return printFormat(args);
  return FORMATS[args.format]({ args, count, colour: colours(output, args.color) });
}

function printFormat({ options }) {
  const dockerfile = (builds) => commonFixes(builds, options.fix ?? "assumed").text;
  return { isNoReport: true, dockerfile, end: () => "" };
}

function explainFormat(args) {
  const dockerfile = ([build]) => stepText(build.input.text, optionsOf(build, args), args.line);
  return { isNoReport: true, dockerfile, end: () => "" };
}

// Standard input has no place to be written to but standard output.
function fix({ input, builds }, args, { fail }) {
  const { text, applied, left } = commonFixes(builds, args.options.fix);
  const isChanged = text !== input.text;
  if (isChanged) mustBeWritable(input, builds);
  if (isChanged && !input.isUtf8) {
    throw new InputError(`${input.name} is not valid UTF-8, so it is left alone`);
  }
  if (isChanged) mustNotDependOnGuess(builds, text, args);
  if (left > 0) fail(leftAlone(input, builds, left));
  if (isFromInput({ input })) process.stdout.write(text);
  else if (isChanged) replaceFile(input.path, input.bytes, text);
  for (const [at, build] of builds.entries()) {
    build.applied = applied[at];
    if (isChanged) build.after = { text, report: analyseAgain(build, text, args) };
  }
}

function mustBeWritable(input, builds) {
  if (input.inlineIn !== undefined) {
    throw new InputError(`${input.name}: what it would be is shown without --fix, to be put into ${input.inlineIn} by hand`);
  }
  const build = builds.find(({ replaced }) => replaced !== undefined);
  if (build === undefined) return;
  throw new InputError(
    `${input.name} is left alone: by ${build.context.from} another context takes the place of ${build.replaced}`,
  );
}

// A guess is good enough to tell, and to write where another one would come to the same.
function mustNotDependOnGuess(builds, text, args) {
  for (const build of builds) {
    for (const directory of build.context.learntFrom === "guess" ? build.context.others : []) {
      const other = { ...build, context: { ...build.context, directory } };
      const offered = [{ ...other, report: analyseBuild(other, args) }];
      if (commonFixes(offered, args.options.fix).text === text) continue;
      throw new InputError(
        `${build.input.name} is left alone: its context may be ${build.context.directory} or ` +
          `${directory}, and what is written depends on which; name it with --context`,
      );
    }
  }
}

function leftAlone({ name }, builds, count) {
  const fixes = count === 1 ? "1 fix is" : `${count} fixes are`;
  return `${name}: ${fixes} not right for all of its ${builds.length} builds, and not written`;
}

// What is left after a fix counts.
function exitCode(builds) {
  const found = builds.some(({ report, after }) => {
    const { errors, issues } = after?.report ?? report;
    return errors.length > 0 || issues.some(({ severity }) => severity !== "info");
  });
  return found ? ISSUES : CLEAN;
}

function isFromInput({ input }) {
  return input.path === undefined && input.inlineIn === undefined;
}

function once(tell) {
  const told = new Set();
  return (sentence) => {
    if (!told.has(sentence)) tell(sentence);
    told.add(sentence);
  };
}
