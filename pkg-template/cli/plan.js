// What a run does: which Dockerfiles, and the builds of each.

import { isAbsolute, relative, resolve } from "node:path";
import { UsageError } from "./arguments.js";
import { buildsOf, definedBuilds } from "./builds.js";
import { settingsFor } from "./config/settings.js";
import { definitionsAround, definitionsIn, dockerfileOf } from "./definitions.js";
import { NoDockerfile, inlineInput, isDirectory, readInput } from "./input.js";
import { searchFor } from "./search.js";

/**
 * The Dockerfiles that the arguments mean, each `{ input, builds }`. Links to one file lead to one
 * entry. What is wrong is told to `session`.
 */
export async function plan(args, session) {
  const { files, problems } = searchFor(args.paths);
  const found = [...files, ...definedBelow(args, files, session)];
  for (const { word, problem } of problems) {
    if (!found.some(({ foundIn }) => foundIn === word)) session.fail(problem);
  }
  const dockerfiles = new Map();
  const add = (input, builds) => {
    if (builds.length === 0) return;
    const known = dockerfiles.get(input.identity);
    if (known === undefined) dockerfiles.set(input.identity, { input, builds });
    else known.builds.push(...builds);
  };
  for (const file of found) {
    if (isLeftOut(file, args, session)) continue;
    const definitions = file.definition ? [file.definition] : namedDefinitions(file, session);
    for (const definition of definitions ?? [undefined]) {
      try {
        const input = await (definition === undefined ? read(file, session) : definedInput(definition, session));
        if (input === undefined) continue;
        input.settings = settingsFor(input.path ?? input.inlineIn, args);
        if (definition === undefined) add(input, buildsOf(input, args, session));
        else add(input, definedBuilds(input, [definition], args, session));
      } catch (error) {
        session.mistake(error);
      }
    }
  }
  return checkCount([...dockerfiles.values()], args);
}

function checkCount(dockerfiles, args) {
  for (const [option, isGiven] of Object.entries({
    "--print": args.print, "--timings": args.timings, "--explain": args.explain,
  })) {
    if (!isGiven || dockerfiles.length <= 1) continue;
    throw new UsageError(`${option} is for one Dockerfile, and these are ${dockerfiles.length}`);
  }
  return dockerfiles;
}

// What a configuration leaves out, unless it is named.
function isLeftOut({ path, isNamed, definition }, args, { mistake, note }) {
  if (isNamed) return false;
  try {
    const { isIgnored } = settingsFor(path ?? definition.file, args);
    if (isIgnored) note(`${path ?? definition.file} is left out, as the configuration says`);
    return isIgnored;
  } catch (error) {
    mistake(error);
    return true;
  }
}

async function read({ path, isNamed }, { warn, mistake }) {
  try {
    return { ...await readInput(path), isNamed };
  } catch (error) {
    // What a directory holds under such a name may be anything; what is named is meant.
    if (error instanceof NoDockerfile && !isNamed) warn(error.message);
    else mistake(error);
    return undefined;
  }
}

// The builds of a compose or bake file that is named; undefined where it is neither.
function namedDefinitions({ path, isNamed }, { fail, mistake }) {
  if (!isNamed || path === "-") return undefined;
  try {
    const definitions = definitionsIn(path);
    if (definitions?.length === 0) fail(`${path} builds nothing`);
    return definitions;
  } catch (error) {
    mistake(error);
    return [];
  }
}

async function definedInput(definition, session) {
  const { inline, dockerfile, from } = definition;
  if (inline) return inlineInput(definition);
  if (inline === null || dockerfile === null) {
    session.note(`${from} builds a Dockerfile that is not known here`);
    return undefined;
  }
  if (dockerfileOf(definition) === undefined) {
    session.fail(`${from} builds ${toldFromHere(dockerfile)}, and there is no such file`);
    return undefined;
  }
  return read({ path: toldFromHere(dockerfile), isNamed: true }, session);
}

// Dockerfiles below the directories that are searched which files of the repository name, whatever
// they are called, and those that stand in such a file.
function definedBelow({ paths, textOnly }, files, session) {
  const known = new Set(files.map(({ path }) => resolve(path)));
  const found = [];
  for (const word of textOnly ? [] : paths.filter(isDirectory)) {
    const isBelow = (path) => {
      const below = relative(word, path);
      return !below.startsWith("..") && !isAbsolute(below);
    };
    for (const definition of definitionsAround(word, session)) {
      const { inline, file, dockerfile } = definition;
      if (inline !== undefined) {
        if (isBelow(file)) found.push({ definition, foundIn: word });
      } else if (dockerfile !== null && isBelow(dockerfile) && !known.has(dockerfile)) {
        if (dockerfileOf(definition) === undefined) continue;
        known.add(dockerfile);
        found.push({ path: toldFromHere(dockerfile), isNamed: false, foundIn: word });
      }
    }
  }
  return found;
}

function toldFromHere(path) {
  return relative("", path);
}
