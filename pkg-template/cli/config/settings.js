// What a configuration says of a Dockerfile: `layerwise.json`, or `layerwise` in package.json, the
// nearest above it, and what that extends.

import picomatch from "picomatch";
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { LARGEST, readDefinition } from "../definitions/files.js";
import { InputError } from "../input.js";
import { keptForRun } from "../kept.js";
import { textOfRegular } from "../regular.js";
import { repositoryOf } from "../walk.js";
import { checkConfiguration } from "./check.js";

/** How many configurations may extend each other. */
const DEEPEST = 16;

const read = keptForRun();
const found = keptForRun();

/**
 * The settings for the Dockerfile at `path`, or what comes by standard input: `isIgnored`, a
 * `context` with the file that names it as `from`, the limits of a `budget`, and options of the core.
 */
export function settingsFor(path, { config }) {
  const settings = { isIgnored: false, context: undefined, from: undefined, budget: {}, options: {} };
  const file = config ?? nearest(dirname(resolve(path ?? "Dockerfile")));
  for (const { directory, file: from, value } of file === undefined ? [] : layers(file)) {
    const name = path === undefined ? "Dockerfile" : relative(directory, resolve(path)).split(sep).join("/");
    const matches = (globs) => globs.some((glob) => picomatch.isMatch(name, glob, { dot: true, basename: !glob.includes("/") }));
    const overrides = (value.overrides ?? []).filter(({ files }) => matches(files));
    if (matches(value.ignore ?? [])) settings.isIgnored = true;
    for (const given of [value, ...overrides]) add(settings, given, { directory, from });
  }
  return settings;
}

function add(settings, { rules, context, target, targets, buildArgs, baseImages, builder, fragment, ephemeral, budget }, { directory, from }) {
  Object.assign(settings.budget, budget);
  if (context !== undefined) Object.assign(settings, { context: relative("", resolve(directory, context)) || ".", from });
  const { options } = settings;
  const merge = (name, given) => given && { [name]: { ...options[name], ...given } };
  Object.assign(
    options, merge("rules", rules), merge("buildArgs", buildArgs), merge("baseImages", baseImages),
    target !== undefined && { target }, targets && { targets }, builder && { builder },
    fragment !== undefined && { fragment }, ephemeral !== undefined && { ephemeral },
  );
}

// Up to the root of the repository, or else to the directory the command runs in.
function nearest(directory) {
  if (found.has(directory)) return found.get(directory);
  const [own, manifest] = ["layerwise.json", "package.json"].map((name) => join(directory, name));
  const isLast = directory === dirname(directory) || directory === (repositoryOf(directory) ?? process.cwd());
  let file = isLast ? undefined : nearest(dirname(directory));
  if (existsSync(manifest) && configurationIn(manifest) !== undefined) file = relative("", manifest);
  if (existsSync(own)) file = relative("", own);
  found.set(directory, file);
  return file;
}

// The configuration at `file`, what it extends first.
function layers(file, below = []) {
  if (read.has(file)) return read.get(file);
  if (below.includes(file) || below.length > DEEPEST) throw new InputError(`${file} extends itself`);
  const value = configurationIn(file) ?? {};
  const directory = dirname(file);
  const base = value.extends === undefined ? [] : layers(join(directory, value.extends), [...below, file]);
  const all = [...base, { directory, file, value }];
  read.set(file, all);
  return all;
}

function configurationIn(path) {
  if (!existsSync(path)) throw new InputError(`there is no configuration ${path}`);
  const isManifest = /(?:^|[\\/])package\.json$/.test(path);
  const text = isManifest ? textOfRegular(path, LARGEST) : readDefinition(path);
  const whole = text === undefined ? undefined : parse(text, path, isManifest);
  const value = isManifest ? whole?.layerwise : whole;
  if (value === undefined) return undefined;
  checkConfiguration(value, { path: relative("", path), text, within: isManifest ? ["layerwise"] : [] });
  return value;
}

// A package.json that is broken, or no file that can be read, is not ours to complain of.
function parse(text, path, isManifest) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (isManifest) return undefined;
    const offset = /at position (\d+)/.exec(error.message)?.[1];
    const line = offset === undefined ? "" : `:${text.slice(0, Number(offset)).split("\n").length}`;
    throw new InputError(`${relative("", path)}${line}: this is no JSON: ${error.message.split(" in JSON")[0]}`);
  }
}
