// `layerwise budget`: what changes rebuild now and at another commit, and whether that is within the
// limits of the configuration.

import { analyze, rebuild } from "layerwise";
import { COMMON, commonArguments, oneOf, readWords } from "./words.js";
import { optionsOf } from "../analysis.js";
import { KINDS, secondsOf } from "../budget/limits.js";
import { BUDGET_FORMATS } from "../formats/budget.js";
import { commitOf, pathIn, repositoryAt, treeOf } from "../history/repository.js";
import { buildIn, placesOf } from "../history/builds.js";
import { outputTo } from "../output.js";
import { plan } from "../plan.js";
import { ISSUES, sessionOf } from "../session.js";

const OPTIONS = { ...COMMON, base: { type: "string" } };

/** Seconds by which a change may take longer without a word: a step of its own costs next to nothing. */
const TOLERANCE = 1;

const HELP = `\
Usage: layerwise budget [options] [file | directory | glob...]

Says what each kind of change makes builds run again, as they lie here and as
they are at a commit; fails where that is more than the configuration allows:

  "budget": { "source": "30s", "dependencies": "5m" }

Kinds are source, dependencies, lock-file, build-arg and base-image; a limit is
a number of seconds (s), minutes (m) or hours (h). Times are estimates.

  --base REF           the commit to hold it against, such as origin/main
  --format FORMAT      pretty (default), json or markdown
  --json, --output FILE, --no-color, --quiet, --verbose
  --context DIR, --target STAGE, --build-arg K[=V], --builder NAME,
  --config FILE        as without a command

Exit codes: 0 within the limits, or there are none, 1 above one, 2 a wrong call,
or a repository or file that cannot be read.
`;

export async function budget(words, { say, warn, isMistake }) {
  const { values, positionals, behind } = readWords(words, OPTIONS);
  if (values.help) return say(HELP);
  oneOf("--format", values.format, Object.keys(BUDGET_FORMATS));
  const args = commonArguments(values, [...positionals, ...behind]);
  const session = sessionOf(args, warn, isMistake);
  const base = values.base === undefined ? undefined : baseAt(values.base);
  const builds = [];
  for (const { builds: own } of await plan(args, session)) {
    for (const build of own) {
      try {
        builds.push(judged(build, base, args));
      } catch (error) {
        session.mistake(error);
      }
    }
  }
  if (builds.length > 0 && builds.every(({ changes }) => changes.every(({ limit }) => limit === undefined))) {
    session.warn('no limits are set: "budget" of the configuration holds them, such as { "source": "30s" }');
  }
  const output = outputTo(args, false);
  output.write(BUDGET_FORMATS[args.format]({ builds, base: base?.ref, args, colour: output.colour }));
  output.end();
  if (builds.some(({ changes }) => changes.some(({ isExceeded }) => isExceeded))) session.raise(ISSUES);
  return session.code();
}

function baseAt(ref) {
  const repository = repositoryAt(".", "--base");
  return { ref, repository, tree: treeOf(repository, commitOf(repository, ref)) };
}

// A build with what each kind of change costs, before and now.
function judged(build, base, args) {
  const options = { ...optionsOf(build, args), fix: "safe" };
  const report = analyze(build.input.text, options);
  const before = base === undefined ? undefined : reportAt(build, base, options);
  const limits = build.input.settings.budget;
  const changes = Object.keys(KINDS).flatMap((kind) => {
    const [now, then] = [report, before?.report].map((one) => worst(one, kind));
    if (now === undefined) return [];
    const limit = limits[kind] === undefined ? undefined : secondsOf(limits[kind]);
    return [{
      kind,
      title: now.title,
      after: now.before.cost,
      ...(then !== undefined && { before: then.before.cost }),
      ...(limit !== undefined && { limit, isExceeded: now.before.cost.seconds > limit }),
      ...becauseOf(then, now, { build, before, options }),
    }];
  });
  const fix = report.fixes.find(({ applicability }) => applicability === "safe");
  return { build, name: build.input.name, changes, isNew: base !== undefined && before === undefined, hasSafeFix: fix !== undefined };
}

// The report of the build at the base; undefined where it was not there.
function reportAt(build, { repository, tree }, options) {
  const { input, context, builder } = build;
  const dockerfile = input.path === undefined ? undefined : pathIn(repository, input.path);
  const directory = context.directory === undefined ? undefined : pathIn(repository, context.directory);
  if (dockerfile === undefined || directory === undefined) return undefined;
  const places = placesOf(dockerfile, directory, builder);
  const made = buildIn(repository, { places, tree, given: {} });
  if (made === undefined) return undefined;
  const files = Object.create(null);
  for (const [path, { text }] of Object.entries(made.context)) files[path] = text ?? null;
  const { dockerignore } = made;
  // A stage that is not there yet is no target.
  const known = { ...options, files, filesComplete: true, dockerignore, target: undefined };
  const asked = analyze(made.dockerfile, { ...known, target: options.target, fix: "none" });
  return { text: made.dockerfile, report: asked.errors.length === 0 ? asked : analyze(made.dockerfile, { ...known, fix: "none" }) };
}

// The dearest change of a kind.
function worst(report, kind) {
  const found = (report?.scenarios ?? []).filter((scenario) => scenario.kind === kind);
  return found.sort((a, b) => b.before.cost.seconds - a.before.cost.seconds)[0];
}

// The dearest step that a change runs again now and did not before, and why.
function becauseOf(then, now, { build: { input }, before, options }) {
  if (then === undefined || now.before.cost.seconds <= then.before.cost.seconds + TOLERANCE) return {};
  const textsOf = (text, { reruns, depends }) =>
    [...reruns, ...depends].map(({ start, end }) => ({ text: text.slice(start.offset, end.offset), line: start.line }));
  const known = new Set(textsOf(before.text, then.before).map(({ text }) => text));
  const added = textsOf(input.text, now.before).filter(({ text }) => !known.has(text));
  const steps = rebuild(input.text, now.change, options);
  const costs = costsOf(analyze(input.text, { ...options, fix: "none" }));
  const [dearest] = added.sort((a, b) => (costs.get(b.line) ?? 0) - (costs.get(a.line) ?? 0));
  if (dearest === undefined) return {};
  const { because } = steps.find(({ range }) => range.start.line === dearest.line) ?? {};
  return { step: dearest, ...(because !== undefined && { because }) };
}

function costsOf({ stages }) {
  return new Map(stages.flatMap(({ steps }) => steps.map(({ range, cost }) => [range.start.line, cost.seconds])));
}
