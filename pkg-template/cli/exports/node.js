// `layerwise/node`: what the command line finds in a repository, for programs.

import { relative } from "node:path";
import { optionsOf } from "../analysis.js";
import { buildsOf as buildsOfInput, definedBuilds } from "../builds.js";
import { settingsFor } from "../config/settings.js";
import { readContext as contextOf } from "../context.js";
import { definitionsIn, dockerfileOf, forgetDefinitions } from "../definitions.js";
import { LARGEST, isReadable } from "../definitions/files.js";
import { closeOpenText, setOpenText } from "../definitions/open-texts.js";
import { RULES, ignoresOfLines, proposedIgnores } from "../dockerignore.js";
import { givenInput, inlineInput } from "../input.js";
import { beginRun } from "../kept.js";
import { isMistake } from "../mistakes.js";
import { fromHere } from "../paths.js";
import { plan } from "../plan.js";
import { textOfRegular } from "../regular.js";
import { searchFor } from "../search.js";

export { beginRun };

/** The options of `analyze` that describe the context in `directory`. */
export function readContext(directory, { dockerfile, builder } = {}) {
  beginRun();
  return contextOf({ directory, builder, ...(dockerfile !== undefined && givenInput(dockerfile, "")) });
}

/** The paths of the Dockerfiles that files, directories and globs mean. */
export function findDockerfiles(paths = ["."]) {
  beginRun();
  return searchFor(paths).files.map(({ path }) => path);
}

/** The builds of the Dockerfiles that `paths` mean, each with the options for `analyze`. */
export async function findBuilds(paths = ["."], options = {}) {
  beginRun();
  const args = argumentsOf(options, paths);
  const dockerfiles = await plan(args, sessionOf(options));
  return dockerfiles.flatMap(({ builds }) => builds.map((build) => found(build, args)));
}

/** The builds of the Dockerfile at `path`, whose text is given: as an editor has it. */
export function buildsOf(path, text, options = {}) {
  beginRun();
  return buildsOfText(path, text, options);
}

/** The same by what was read since the run began; without a path, by the text alone. */
export function buildsOfText(path, text, options = {}) {
  const args = argumentsOf(options, [path]);
  const input = path === undefined ? { text, name: "Dockerfile" } : givenInput(path, text);
  input.settings = settingsFor(path, args);
  return buildsOfInput(input, args, sessionOf(options)).map((build) => found(build, args));
}

/**
 * The builds of each Dockerfile that the compose or bake file at `path` builds, as its text says: a list a Dockerfile, each build with its `input`. One that is a file has all of its builds,
 * whoever defines them. None where it is another kind of file.
 */
export function buildsOfDefinition(path, options = {}) {
  const args = argumentsOf(options, [path]);
  const session = sessionOf(options);
  const dockerfiles = new Map();
  for (const definition of definitionsIn(path) ?? []) {
    const { inline, from } = definition;
    if (inline) {
      const input = { ...inlineInput(definition), settings: settingsFor(path, args) };
      dockerfiles.set(from, definedBuilds(input, [definition], args, session).map((build) => found(build, args, input)));
      continue;
    }
    const identity = dockerfileOf(definition);
    const text = identity === undefined ? undefined : textOfRegular(identity, LARGEST);
    if (text === undefined || dockerfiles.has(identity)) continue;
    const input = givenInput(relative("", definition.dockerfile), text);
    dockerfiles.set(identity, buildsOfText(input.path, text, options).map((build) => ({ ...build, input })));
  }
  return [...dockerfiles.values()].filter((builds) => builds.length > 0);
}

/**
 * Has the `text` of an editor say what the file at `path` builds, in the place of what is on disk. What is
 * half typed, and cannot be read, leaves it at the text before.
 */
export function openDefinition(path, text) {
  if (isReadable(path, text)) setOpenText(path, text);
  forgetDefinitions();
}

/** Has the file at `path` say on disk what it builds, since no editor has it open. */
export function closeDefinition(path) {
  closeOpenText(path);
  forgetDefinitions();
}

function argumentsOf({ context, config, onProblem, ...options }, paths) {
  return { paths, context, config, options };
}

/**
 * The files that the reports of a Dockerfile's builds propose to keep the context small, with the
 * `rules` whose issues that takes away. None for a context that is a guess: it might be another's; and none that
 * another Dockerfile speaks against.
 */
export function ignoresOf(path, text, builds) {
  const proposed = proposedIgnores(inTheirContext(path, text, builds)).filter(({ wantedBy }) => wantedBy === undefined);
  return proposed.map((one) => ({ ...one, name: fromHere(one.path), rules: RULES }));
}

/**
 * The files that the builds of a Dockerfile get with a fix that brings `lines` of .dockerignore; undefined where
 * another Dockerfile speaks against that.
 */
export function ignoresWith(path, text, builds, lines) {
  const known = inTheirContext(path, text, builds);
  const ignores = ignoresOfLines(known, known.map(() => lines));
  return ignores.some(({ wantedBy }) => wantedBy !== undefined) ? undefined : ignores;
}

// As builds of the command line; none where the context is a guess: it might be another's.
function inTheirContext(path, text, builds) {
  if (path === undefined || builds.some(({ context }) => context.learntFrom === "guess")) return [];
  const input = givenInput(path, text);
  return builds.map((build) => ({ ...build, builder: build.options.builder, input }));
}

// What the command line tells on standard error goes to whoever asks for it.
function sessionOf({ onProblem = () => {} }) {
  const mistake = (error) => {
    if (!isMistake(error)) throw error;
    onProblem(error.message);
  };
  return { warn: onProblem, fail: onProblem, note: () => {}, mistake };
}

function known(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function found(build, args, inside) {
  const { input, context: { directory, learntFrom, from }, target } = build;
  return {
    dockerfile: input.name,
    text: input.text,
    context: directory ?? null,
    learntFrom,
    ...(from !== undefined && { from: from.replace(/,$/, "") }), // it stands in sentences
    ...(target !== undefined && { target }),
    ...(inside !== undefined && { input: inside }),
    options: known(optionsOf(build, args)),
  };
}
