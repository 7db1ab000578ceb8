// `layerwise history`: what the commits of a branch rebuilt, by git's own records of them. No builder
// is asked, nothing is checked out, and nothing is written but what `--output` names.

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { replay } from "layerwise";
import { COMMON, commonArguments, oneOf, readWords } from "./words.js";
import { UsageError } from "../arguments.js";
import { HISTORY_FORMATS } from "../formats/history.js";
import { shown } from "../formats/excerpt.js";
import { historyOf, placesOf, textsFor } from "../history/builds.js";
import { costOfGit, sparedBy } from "../history/left-out.js";
import { LAST, rangeOf, readRange } from "../history/range.js";
import { commitOf, limitsOf, pathIn, repositoryAt } from "../history/repository.js";
import { outputTo } from "../output.js";
import { plan } from "../plan.js";
import { sessionOf } from "../session.js";

const FIX_LEVELS = ["none", "safe", "assumed", "suggested"];

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
  --format FORMAT      pretty (default), json, markdown, svg, or jobs: the
                       histories themselves, for layerwise --stdin-jobs
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
  builds.sort((a, b) => (b.replay?.seconds ?? 0) - (a.replay?.seconds ?? 0));
  const output = outputTo(args, false);
  output.write(HISTORY_FORMATS[args.format]({ builds, range: read.told, args, colour: output.colour }));
  output.end();
  return session.code();
}

// A build and its history, or `why` it has none.
function replayedBuild(build, { repository, read, args, timings, rewrite }) {
  const { input, context, target, buildArgs, builder } = build;
  const dockerfile = input.path === undefined ? undefined : pathIn(repository, input.path);
  if (dockerfile === undefined) return { why: `${input.name} is no file of the repository, so it has no history` };
  const directory = context.directory === undefined ? undefined : pathIn(repository, context.directory);
  if (directory === undefined) return { why: `${input.name} has no context in the repository; name it with --context` };
  const places = placesOf(dockerfile, directory, builder);
  const history = historyOf({
    places,
    texts: textsFor(repository, places, [read.tree, ...read.commits.map(({ changes }) => changes)]),
    tree: read.tree,
    commits: read.commits,
    given: { buildArgs },
  });
  if (history === undefined) return { why: `${input.name} is in none of these commits` };
  const options = { rewrite, ...(builder && { builder }), ...(target && { target }), ...(timings !== undefined && { timings }) };
  if (args.format === "jobs") return { build, job: { id: { repository: basename(repository.root), dockerfile }, ...history, ...options } };
  const replaying = (given, options) => told(() => replay(given.start, given.commits, options), args);
  const result = replaying(history, options);
  // Only the context that is the repository has its .git.
  const git = directory === "" ? costOfGit(history, result, (given) => replaying(given, { ...options, rewrite: "none" })) : undefined;
  return { build, name: shown(input.name), replay: result, spared: sparedBy(result.rewritten ?? result), git };
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
