// The Dockerfiles of a run, one after the other: analysed, fixed, told.

import { existsSync, realpathSync } from "node:fs";
import { UsageError } from "./arguments.js";
import { readBaseline, withoutKnown, writeBaseline } from "./baseline.js";
import { warnOfFilesAbove } from "./files-above.js";
import { findingsOf } from "./findings.js";
import { takeFingerprints } from "./fingerprints.js";
import { fix, isFromInput } from "./fixing.js";
import { formatOf } from "./formats.js";
import { shown } from "./formats/excerpt.js";
import { counted } from "./formats/summary.js";
import { InputError, isDirectory } from "./input.js";
import { outputTo } from "./output.js";
import { plan } from "./plan.js";
import { CLEAN, FAILED, ISSUES, sessionOf } from "./session.js";
import { changedSince, isChanged } from "./since.js";
import { SYNTAX_ERROR } from "./syntax-error.js";
import { reportsOf } from "./workers.js";

/** What --fail-on takes, and which severities are then a failure. */
const FAILURES = {
  error: ["error"], warning: ["error", "warning"], info: ["error", "warning", "info"], never: [],
};

/**
 * Runs what the arguments ask for; resolves to the exit code. `warn` takes a sentence for whoever
 * runs it; a mistake in one Dockerfile (`isMistake`) is told, and the others are done.
 */
export async function run(args, { warn, isMistake }) {
  if (args.context !== undefined && !isDirectory(args.context)) {
    throw new InputError(`--context ${args.context} is no directory`);
  }
  const baseline = args.baseline === undefined || args.updateBaseline ? undefined : readBaseline(args.baseline);
  const session = sessionOf(args, warn, isMistake);
  const dockerfiles = sinceThen(await plan(args, session), args);
  mustNotOverwrite(dockerfiles, args);
  const output = outputTo(args, dockerfiles.some(isFromInput) && args.write);
  const format = formatOf(args, {
    count: dockerfiles.reduce((sum, { told }) => sum + told.length, 0),
    colour: output.colour,
  });
  const reports = reportsOf(dockerfiles, args);
  const known = [];
  for (const [at, dockerfile] of dockerfiles.entries()) {
    output.progress(at, dockerfiles);
    try {
      const found = await reports.of(dockerfile);
      judge(dockerfile, found, args, { baseline, session });
      const text = format.dockerfile(dockerfile.told);
      if (args.updateBaseline) known.push(...findingsOf(dockerfile.builds));
      else output.write(text);
      if (format.tellsIssues !== false) session.raise(exitCode(dockerfile.told, FAILURES[args.failOn]));
    } catch (error) {
      session.mistake(error);
    }
    Object.assign(dockerfile, { builds: [], told: [] }); // a report may be large
  }
  await reports.end();
  if (args.updateBaseline) {
    const count = writeBaseline(args.baseline, known.filter(({ rule }) => rule !== SYNTAX_ERROR));
    output.write(`${shown(args.baseline)}: ${counted(count, "issue")}\n`);
    output.end();
    return session.code() === FAILED ? FAILED : CLEAN;
  }
  output.write(format.end());
  output.end();
  return session.code();
}

// A report in the place of what it is about; `--print` may go there.
function mustNotOverwrite(dockerfiles, { output, print }) {
  if (output === undefined || print || !existsSync(output)) return;
  const file = realpathSync(output);
  if (!dockerfiles.some(({ input }) => input.identity === file)) return;
  throw new UsageError(`--output ${output} is the Dockerfile itself; --fix writes the rewritten file, --output a report`);
}

// A fix has to be right for all builds of a Dockerfile; those that --since leaves out are not told.
function sinceThen(dockerfiles, args) {
  const changed = args.since === undefined ? undefined : changedSince(args.since);
  return dockerfiles
    .map((dockerfile) => ({
      ...dockerfile,
      told: dockerfile.builds.filter((build) => changed === undefined || isChanged(build, changed, args)),
    }))
    .filter(({ told }) => told.length > 0);
}

function judge({ input, builds }, reports, args, { baseline, session }) {
  for (const [at, build] of builds.entries()) {
    build.report = reports[at];
    warnOfFilesAbove(build, session.warn);
  }
  if (args.write) {
    try {
      fix({ input, builds }, args, session);
    } catch (error) {
      session.mistake(error); // what was found is told all the same
    }
  }
  for (const build of builds) {
    for (const [judged, text] of [[build, input.text], ...(build.after ? [[build.after, build.after.text]] : [])]) {
      takeFingerprints(judged.report, input, text);
      if (baseline !== undefined) judged.report = withoutKnown(judged.report, baseline);
    }
  }
}

// What is left after a fix counts.
function exitCode(builds, failures) {
  const found = builds.some(({ report, after }) => {
    const { errors, issues } = after?.report ?? report;
    return (errors.length > 0 && failures.length > 0) || issues.some(({ severity }) => failures.includes(severity));
  });
  return found ? ISSUES : CLEAN;
}
