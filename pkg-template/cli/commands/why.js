// `layerwise why`: what a build runs again after another one, step by step, and why: of two commits,
// of a commit and what lies in the working tree, or of one of these with two sets of build arguments.

import { readFileSync } from "node:fs";
import { analyze, compare } from "layerwise";
import { COMMON, commonArguments, oneOf, readWords } from "./words.js";
import { UsageError, buildArguments } from "../arguments.js";
import { WHY_FORMATS } from "../formats/why.js";
import { buildIn, placesOf } from "../history/builds.js";
import { stepsOfLog } from "../history/log.js";
import { commitOf, pathIn, repositoryAt, treeOf } from "../history/repository.js";
import { workingTreeOf } from "../history/working-tree.js";
import { outputTo } from "../output.js";
import { plan } from "../plan.js";
import { sessionOf } from "../session.js";

const OPTIONS = {
  ...COMMON,
  log: { type: "string" },
  "to-build-arg": { type: "string", multiple: true },
  modes: { type: "boolean" },
};

const HELP = `\
Usage: layerwise why [options] [A [B]] [-- file | directory | glob...]

Says of each step of the build B whether it comes from the cache that the build
A left, and if not, why: the first cause, and the file. A and B are commits; A
is HEAD where it is left out, and B the working tree: its files, without what
git ignores. Nothing is built or written.

  --to-build-arg K[=V] a build argument of B alone, beside or in place of what
                       --build-arg gives both; where no commit is named, A and B
                       are then the working tree
  --log LOG            what "docker build --progress=plain" printed for B: steps
                       that ran although they could be cached are listed, with
                       what may be the reason
  --modes              files of the working tree have their modes on this disk,
                       for a cache that is shared with another machine; without
                       it only whether they may be executed counts
  --format FORMAT      pretty (default), json or markdown
  --json, --output FILE, --no-color, --quiet, --verbose
  --context DIR, --target STAGE, --build-arg K[=V], --builder NAME,
  --config FILE        as without a command

Exit codes: 0 told, 2 a wrong call, or a repository or file that cannot be read.
`;

export async function why(words, { say, warn, isMistake }) {
  const { values, positionals, behind } = readWords(words, OPTIONS);
  if (values.help) return say(HELP);
  if (positionals.length > 2) {
    throw new UsageError(`why takes at most two commits, and these are ${positionals.length}; Dockerfiles come behind --`);
  }
  oneOf("--format", values.format, Object.keys(WHY_FORMATS));
  if (values.modes && positionals.length === 2) throw new UsageError("--modes is for the working tree; git keeps of modes only whether a file may be executed");
  const args = commonArguments(values, behind);
  const session = sessionOf(args, warn, isMistake);
  const repository = repositoryAt(".", "why");
  const log = values.log === undefined ? undefined : logAt(values.log);
  const sides = withArguments(sidesOf(repository, positionals, values), args, values["to-build-arg"]);
  const dockerfiles = await plan(args, session);
  const all = dockerfiles.flatMap(({ builds }) => builds);
  if (log !== undefined && all.length > 1) throw new UsageError(`--log is of one build, and these are ${all.length}; name the Dockerfile behind --`);
  const builds = [];
  for (const build of all) {
    const compared = comparedBuild(build, { repository, sides });
    if (compared.problem !== undefined) session.fail(compared.problem);
    else builds.push({ ...compared, unexplained: log === undefined ? undefined : unexplained(compared.steps, log) });
  }
  const output = outputTo(args, false);
  output.write(WHY_FORMATS[args.format]({ builds, names: sides.map(({ name }) => name), args, colour: output.colour }));
  output.end();
  return session.code();
}

// The two trees, each with what git has not of it.
function sidesOf(repository, positionals, { modes, "to-build-arg": words }) {
  const [first = "HEAD", second] = positionals;
  const isHereTwice = words !== undefined && positionals.length === 0;
  const commits = [first, ...(second === undefined ? [] : [second])].map((ref) => commitOf(repository, ref));
  const [before, after] = commits.map((commit) => treeOf(repository, commit));
  const named = (ref, commit) => (commit.startsWith(ref) ? commit.slice(0, 10) : `${ref} (${commit.slice(0, 10)})`);
  const one = { name: named(first, commits[0]), tree: before, texts: new Map() };
  if (second !== undefined) return [one, { name: named(second, commits[1]), tree: after, texts: new Map() }];
  const here = { name: "the working tree", ...workingTreeOf(repository, commits[0], before, { modes }) };
  // Two sets of build arguments are told apart best where nothing else is another.
  return isHereTwice ? [here, { ...here }] : [one, here];
}

// The sides with what is another in the second of the build arguments, which their names tell.
function withArguments(sides, args, words) {
  if (words === undefined) return sides;
  const second = buildArguments(words, "--to-build-arg");
  const first = args.options.buildArgs;
  return sides.map((side, at) => {
    const given = at === 0 ? first : { ...first, ...second };
    const told = Object.keys(second).filter((name) => name in given).map((name) => `${name}=${given[name]}`);
    const name = told.length > 0 ? `${side.name} with ${told.join(", ")}` : side.name;
    return { ...side, name, buildArgs: at === 0 ? {} : second };
  });
}

function comparedBuild(build, { repository, sides }) {
  const { input, context, target, buildArgs, builder } = build;
  const dockerfile = input.path === undefined ? undefined : pathIn(repository, input.path);
  if (dockerfile === undefined) return { problem: `${input.name} is no file of the repository, so nothing is known of it at another time` };
  const directory = context.directory === undefined ? undefined : pathIn(repository, context.directory);
  if (directory === undefined) return { problem: `${input.name} has no context in the repository; name it with --context` };
  const places = placesOf(dockerfile, directory, builder);
  const [before, after] = sides.map(({ tree, texts, buildArgs: own }) => {
    const given = { buildArgs: { ...buildArgs, ...own }, ...(target && { target }) };
    return buildIn(repository, { places, tree, given, known: texts });
  });
  for (const [side, made] of [[sides[0], before], [sides[1], after]]) {
    if (made === undefined) return { problem: `${input.name} is not in ${side.name}` };
  }
  const outcomes = compare(before, after, builder ? { builder } : {});
  const costs = costsOf(after, { builder, target });
  const steps = outcomes.map((step) => ({ ...step, cost: costs.get(step.range.start.offset) ?? { seconds: 0, measured: false } }));
  return { build, name: input.name, steps };
}

// By where a step begins.
function costsOf({ dockerfile, context, buildArgs }, { builder, target }) {
  const files = Object.fromEntries(Object.entries(context).map(([path, { text }]) => [path, text ?? null]));
  const options = { files, buildArgs, fix: "none", ...(builder && { builder }), ...(target && { target }) };
  const { stages } = analyze(dockerfile, options);
  return new Map(stages.flatMap(({ steps }) => steps.map(({ range, cost }) => [range.start.offset, cost])));
}

function logAt(path) {
  const steps = stepsOfLog(readFileSync(path, "utf8"));
  if (steps.size === 0) {
    throw new UsageError(`--log ${path}: expected what "docker build --progress=plain" prints, with lines like "#7 [build 3/6] RUN npm ci" and "#7 DONE 12.3s" or "#7 CACHED"`);
  }
  return steps;
}

// The steps that the two builds do not say would run, and that did.
function unexplained(steps, log) {
  return steps.filter(({ outcome, text }) => outcome === "cached" && log.get(text)?.ran)
    .map(({ text, range }) => ({ text, line: range.start.line, seconds: log.get(text).seconds }));
}
