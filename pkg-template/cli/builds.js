// The builds of a Dockerfile: what each is given as its context, and how that was learnt.

import { copiedPaths, parse } from "layerwise";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { definitionsAround, dockerfileOf } from "./definitions.js";
import { contextAmong, directoriesUpTo, discoverContext } from "./discovery.js";
import { shown } from "./formats/excerpt.js";
import { InputError, isDirectory } from "./input.js";
import { inheritsFromAbove, manifestsRead } from "./manifests-read.js";
import { namedFromAbove } from "./named-from-above.js";

/** Most builds of one Dockerfile that are told apart, such as those of a matrix. */
const MOST = 24;

/**
 * The builds of `input`, each `{ input, context, target, targets, buildArgs, builder, replaced }`: as the
 * arguments say, as files of the repository define them, or from what it copies. `warn` takes a
 * sentence about what is missing, `note` one about a definition that comes to nothing.
 */
export function buildsOf(input, args, { warn, note }) {
  const { context: configured, from } = input.settings;
  if (args.textOnly || [input.besides, args.context, configured].every((known) => known === undefined)) {
    return [buildWith(input, { learntFrom: "option" }, args)];
  }
  const defined = input.besides === undefined ? [] : definitionsAround(input.besides, { warn, note })
    .filter((definition) => dockerfileOf(definition) === input.identity);
  if (args.context !== undefined || configured !== undefined) {
    const context = args.context !== undefined
      ? { directory: args.context, learntFrom: "option" }
      : { directory: configured, learntFrom: "config", from, file: from };
    if (!isDirectory(context.directory)) throw new InputError(`${from}: the context ${configured} is no directory`);
    warnOfMissing(input, context.directory, warn);
    return [buildWith(input, context, args, { targets: targetsOf(input, defined), isEphemeral: areEphemeral(defined) })];
  }
  const builds = definedBuilds(input, defined, args, { warn, note });
  if (builds.length > 0) return builds;
  const others = { targets: targetsOf(input, defined), isEphemeral: areEphemeral(defined) };
  return [buildWith(input, discovered(input, args, warn), args, others)];
}

/** The builds of `input` that `definitions` give, each once. */
export function definedBuilds(input, definitions, args, { warn, note }) {
  const shared = { targets: targetsOf(input, definitions), isEphemeral: areEphemeral(definitions) };
  const builds = new Map();
  for (const definition of definitions) {
    const { from, file, learntFrom } = definition;
    if (definition.context === null || !isDirectory(definition.context)) {
      note(`${from} builds ${input.name} in a context that is not known here`);
      continue;
    }
    const told = { directory: relative("", definition.context) || ".", learntFrom, from, file };
    const context = doubted(input, told);
    const build = buildWith(input, context, args, { definition, ...shared });
    const key = JSON.stringify([context.directory, build.target, build.buildArgs, build.replaced]);
    if (!builds.has(key) && builds.size < MOST) builds.set(key, build);
  }
  const contexts = new Set([...builds.values()].map(({ context }) => context.directory));
  for (const directory of contexts) warnOfMissing(input, directory, warn);
  return [...builds.values()];
}

// A definition that nobody uses any more may name another directory than the Dockerfile itself does.
function doubted({ text }, context) {
  const { directory } = context;
  const other = namedFromAbove(text, directory, directoriesUpTo(directory).slice(1));
  return other === undefined ? context : { directory: other, learntFrom: "guess", others: [directory] };
}

// What the arguments say goes before a configuration, and that before a definition.
function buildWith(input, context, { options }, { definition, targets = [], isEphemeral } = {}) {
  const declared = definition === undefined ? {} : declaredOnly(input, definition.args);
  const configured = input.settings.options;
  const all = [...new Set([...targets, ...(configured.targets ?? [])])];
  return {
    input,
    context,
    target: options.target ?? configured.target ?? definition?.target ?? undefined,
    targets: all.length > 0 ? all : undefined,
    buildArgs: { ...declared, ...configured.buildArgs, ...options.buildArgs },
    builder: options.builder ?? configured.builder,
    buildCache: isEphemeral ? cacheOf(definition) : undefined,
    ephemeral: options.ephemeral ?? configured.ephemeral ?? isEphemeral,
    replaced: replacedBy(input, definition),
  };
}

// Whether all that build it throw their mounts away: where somebody does not, mounts help.
function areEphemeral(definitions) {
  return definitions.length > 0 && definitions.every(({ ephemeral }) => ephemeral === true) ? true : undefined;
}

// What a definition says of the cache that is kept for the next builder.
function cacheOf({ from, cache } = {}) {
  return cache === undefined ? undefined : { definedIn: shown(from), ...cache };
}

function declaredOnly({ text }, given) {
  const names = new Set(parse(text).instructions.filter(({ keyword }) => keyword === "ARG")
    .flatMap(({ args }) => args.map((word) => word.split("=")[0])));
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name)));
}

// The stages that somebody builds; all of them where one is built whose name is not known.
function targetsOf(input, definitions) {
  const named = definitions.map(({ target }) => target).filter((target) => target !== undefined);
  if (named.length === 0) return undefined;
  const stages = named.includes(null) ? stageNames(input) : [];
  return [...new Set([...named.filter((target) => target !== null), ...stages])];
}

// A stage or image of the file in whose place a named context of the build stands.
function replacedBy(input, definition) {
  const names = Object.keys(definition?.contexts ?? {});
  if (names.length === 0) return undefined;
  const froms = parse(input.text).instructions.filter(({ keyword }) => keyword === "FROM");
  const used = new Set([...stageNames(input), ...froms.map(({ args }) => args[0])]);
  return names.find((name) => used.has(name));
}

function stageNames({ text }) {
  const froms = parse(text).instructions.filter(({ keyword }) => keyword === "FROM");
  return froms.map(({ args }) => args[2]).filter((name) => name !== undefined);
}

// From what is copied, where nobody says which directory is the context.
function discovered(input, args, warn) {
  const found = discoverContext(input.text, input.besides);
  if (found.missing !== undefined) {
    const { path, range } = found.missing;
    warn(
      `${path} (${input.name}:${range.start.line}) is not in ${input.besides}; judged from ` +
        "the text alone, without a context: name it with --context",
    );
    return { learntFrom: "sources" };
  }
  const { candidates } = found;
  return contextAmong(candidates.length > 1 ? withManifests(input, notNamed(input, candidates), args) : candidates);
}

// Those that the Dockerfile does not name itself, as it is seen from one above.
function notNamed({ text }, candidates) {
  const above = (at) => candidates.slice(at + 1).map(({ directory }) => directory);
  return candidates.filter(({ directory }, at) => namedFromAbove(text, directory, above(at)) === undefined);
}

// A directory that has none of the manifests that a step reads is not the context where another has, nor is one whose
// manifest takes its values from a workspace above it.
function withManifests(input, candidates, args) {
  const read = manifestsRead(input, args.options);
  const has = (directory) => (path) => existsSync(join(directory, path));
  const compiles = /\bcargo\s/.test(input.text);
  const isWhole = ({ directory }) =>
    read.every((paths) => paths.some(has(directory))) && !(compiles && inheritsFromAbove(directory));
  const whole = candidates.filter(isWhole);
  return whole.length > 0 ? whole : candidates;
}

// Says which path that is copied lies not in the context `directory` but in one above it.
function warnOfMissing(input, directory, warn) {
  for (const { path, range } of copiedPaths(input.text)) {
    if (existsSync(join(directory, path))) continue;
    const above = directoriesUpTo(input.besides ?? directory);
    const found = above.find((other) => existsSync(join(other, path)));
    if (found === undefined) continue; // it may be made before the build
    warn(
      `${path} (${input.name}:${range.start.line}) is not in the context ${directory}; ` +
        `it is in ${found}: is that the context?`,
    );
    return;
  }
}
