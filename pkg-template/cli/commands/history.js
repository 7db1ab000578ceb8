// `layerwise history`: what the commits of a branch rebuilt, by git's own records of them. No builder
// is asked, nothing is checked out, and nothing is written but what `--output` names.

import { readFileSync } from "node:fs";
import { replay } from "layerwise";
import { COMMON, commonArguments, oneOf, readWords } from "./words.js";
import { UsageError } from "../arguments.js";
import { HISTORY_FORMATS } from "../formats/history.js";
import { shown } from "../formats/excerpt.js";
import { historyOf, placesOf, textsFor } from "../history/builds.js";
import { sparedBy } from "../history/left-out.js";
import {
  changesOf, commitOf, commitsOf, limitsOf, pathIn, repositoryAt, submodulesIn, treeOf,
} from "../history/repository.js";
import { outputTo } from "../output.js";
import { plan } from "../plan.js";
import { sessionOf } from "../session.js";

const FIX_LEVELS = ["none", "safe", "assumed", "suggested"];

/** Commits that are replayed where nobody says how many. */
const LAST = 200;

const DAY = 86_400;
const UNITS = { d: DAY, w: 7 * DAY, m: 30 * DAY, y: 365 * DAY };

const OPTIONS = {
  ...COMMON,
  last: { type: "string" },
  since: { type: "string" },
  rewrite: { type: "string" },
  timings: { type: "string" },
};

const HELP = `\
Usage: layerwise history [options] [REF] [-- file | directory | glob...]

Says what the commits of a branch made builds run again, and what that cost: as
often as a build server builds each commit (the first parents of REF, HEAD by
default) with the cache that the one before left. Beside it stands the same
history with each Dockerfile rewritten. git is asked for what changed; nothing
is built, checked out or written. Dockerfiles are found as without a command.

  --last N             the last N commits (default: ${LAST})
  --since TIME         those of the last 90d, 12w, 6m or 1y, or since a date
  --rewrite LEVEL      the fixes of the rewritten history: none, safe, assumed
                       (default) or suggested
  --timings LOG        costs from what "docker build --progress=plain" printed
                       for the last Dockerfile; without it they are estimates
  --format FORMAT      pretty (default), json, markdown or svg
  --json, --output FILE, --no-color, --quiet, --verbose
  --context DIR, --target STAGE, --build-arg K[=V], --builder NAME,
  --config FILE        as without a command

Submodules count as one file each. Of one build svg is a plot of its weeks.
Exit codes: 0 told, 2 a wrong call, or a repository or file that cannot be read.
`;

export async function history(words, { say, warn, isMistake }) {
  const { values, positionals, behind } = readWords(words, OPTIONS);
  if (values.help) return say(HELP);
  if (positionals.length > 1) {
    throw new UsageError(`history takes one REF, and these are ${positionals.length}; Dockerfiles come behind --`);
  }
  oneOf("--format", values.format, Object.keys(HISTORY_FORMATS));
  oneOf("--rewrite", values.rewrite, FIX_LEVELS);
  const args = { ...commonArguments(values, behind), timings: values.timings };
  const session = sessionOf(args, warn, isMistake);
  const asked = { last: values.last, since: values.since, ref: positionals[0] ?? "HEAD" };
  const range = rangeOf(asked);
  const repository = repositoryAt(".", "history");
  const timings = values.timings === undefined ? undefined : readFileSync(values.timings, "utf8");
  const read = readRange(repository, commitOf(repository, asked.ref), range);
  for (const sentence of limitsOf(repository, read.all)) session.warn(sentence);
  if (read.commits.length === 0) {
    session.warn(read.all.length === 0 ? `there is no commit of ${asked.ref} since ${asked.since}` : `${asked.ref} has one commit: there is nothing before it`);
    return session.code();
  }
  const builds = [];
  for (const dockerfile of await plan(args, session)) {
    for (const build of dockerfile.builds) {
      try {
        const replayed = replayedBuild(build, { repository, read, args, timings, rewrite: values.rewrite ?? "assumed" });
        if (replayed.why === undefined) builds.push(replayed);
        else session.fail(replayed.why);
      } catch (error) {
        session.mistake(error);
      }
    }
  }
  if (read.submodules === 1) session.warn("1 of the paths is a submodule: it counts as one file");
  if (read.submodules > 1) session.warn(`${read.submodules} of the paths are submodules: each counts as one file`);
  builds.sort((a, b) => b.replay.seconds - a.replay.seconds);
  const output = outputTo(args, false);
  output.write(HISTORY_FORMATS[args.format]({ builds, range: read.told, args, colour: output.colour }));
  output.end();
  return session.code();
}

// The commits that are replayed, and the tree of the one before them.
function readRange(repository, tip, range) {
  const all = commitsOf(repository, tip, range);
  // The build before the first: its parent's, or its own where it has none here.
  const parent = all[0]?.parents[0];
  const commits = parent === undefined ? all.slice(1) : all;
  const start = parent ?? all[0]?.id;
  if (start === undefined) return { all, commits: [], tree: new Map(), told: { ...range, commits: 0 }, submodules: 0 };
  const tree = treeOf(repository, start);
  const changes = changesOf(repository, commits);
  for (const commit of commits) commit.changes = changes.get(commit.id);
  const submodules = submodulesIn(tree, ...changes.values()).length;
  const told = { ...range, commits: commits.length, from: commits[0]?.time, to: commits.at(-1)?.time };
  return { all, commits, tree, told, submodules };
}

// A build and its history, or `why` it has none.
function replayedBuild(build, { repository, read, args, timings, rewrite }) {
  const { input, context, target, buildArgs } = build;
  const dockerfile = input.path === undefined ? undefined : pathIn(repository, input.path);
  if (dockerfile === undefined) return { why: `${input.name} is no file of the repository, so it has no history` };
  const directory = context.directory === undefined ? undefined : pathIn(repository, context.directory);
  if (directory === undefined) return { why: `${input.name} has no context in the repository; name it with --context` };
  const places = placesOf(dockerfile, directory);
  const history = historyOf({
    places,
    texts: textsFor(repository, places, [read.tree, ...read.commits.map(({ changes }) => changes)]),
    tree: read.tree,
    commits: read.commits,
    given: { buildArgs },
  });
  if (history === undefined) return { why: `${input.name} is in none of these commits` };
  const builder = args.options.builder ?? input.settings.options.builder;
  const options = { rewrite, ...(builder && { builder }), ...(target && { target }), ...(timings !== undefined && { timings }) };
  const result = told(() => replay(history.start, history.commits, options), args);
  return { build, name: shown(input.name), replay: result, spared: sparedBy(result.rewritten ?? result) };
}

// What is wrong with an option is told in the words of the command line.
function told(call, { timings }) {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(error.message.replace("options.timings", `--timings ${timings}`));
  }
}

function rangeOf({ last, since }) {
  if (last !== undefined && since !== undefined) throw new UsageError("--last and --since are two ways to say how far back; give one");
  if (since !== undefined) return { since: timeOf(since), given: since };
  if (last !== undefined && !/^[1-9]\d{0,6}$/.test(last)) throw new UsageError("--last takes a number of commits, such as 200");
  return { last: Number(last ?? LAST) };
}

// A time in seconds.
function timeOf(since) {
  const [, count, unit] = /^(\d{1,5})([dwmy])$/.exec(since) ?? [];
  if (unit !== undefined) return Math.floor(Date.now() / 1000) - Number(count) * UNITS[unit];
  const date = /^\d{4}-\d{2}-\d{2}(?:T.*)?$/.test(since) ? Date.parse(since) : NaN;
  if (Number.isNaN(date)) throw new UsageError("--since takes 90d, 12w, 6m, 1y or a date such as 2026-01-31");
  return Math.floor(date / 1000);
}
