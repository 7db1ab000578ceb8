// The builds of a Dockerfile: what each is given as its context, and how that was learnt.

import { copiedPaths } from "layerwise";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { lacksManifest } from "./analysis.js";
import { directoriesUpTo, discoverContext } from "./discovery.js";
import { shown } from "./formats/excerpt.js";

/**
 * The builds of `input` as the arguments say, each `{ input, context, target, buildArgs }`; `warn`
 * takes a sentence about what is missing.
 */
export function buildsOf(input, args, warn) {
  const { target, buildArgs } = args.options;
  return [{ input, context: contextOf(input, args, warn), target, buildArgs }];
}

// The context that is used: where it is, and how that was learnt.
function contextOf(input, args, warn) {
  if (args.textOnly) return { learntFrom: "option" };
  if (args.context !== undefined) {
    const context = { directory: args.context, learntFrom: "option" };
    warnOfMissing(input, context.directory, warn);
    return context;
  }
  if (input.besides === undefined) return { learntFrom: "option" };
  const found = discoverContext(input.text, input.besides);
  if (found.missing !== undefined) {
    const { path, range } = found.missing;
    warn(
      `${shown(path)} (line ${range.start.line}) is not in ${shown(input.besides)}; judged from ` +
        "the text alone, without a context: name it with --context",
    );
  }
  if (found.learntFrom === "guess") return withManifests(input, found, args);
  return { ...found, learntFrom: found.learntFrom ?? "sources" };
}

// A directory that lacks what an install reads is not the context where another one has it.
function withManifests(input, found, args) {
  const directories = [found.directory, ...found.others];
  const builds = directories.map((directory) => ({
    input, context: { directory, learntFrom: "sources" }, target: args.options.target, buildArgs: args.options.buildArgs,
  }));
  const [directory, ...others] = builds.filter((build) => !lacksManifest(build, args)).map(({ context }) => context.directory);
  if (directory === undefined) return found;
  return { directory, learntFrom: others.length > 0 ? "guess" : "sources", others };
}

/** Says which path that is copied lies not in the context `directory` but in one above it. */
export function warnOfMissing(input, directory, warn) {
  for (const { path, range } of copiedPaths(input.text)) {
    if (existsSync(join(directory, path))) continue;
    const found = directoriesUpTo(input.besides ?? directory).find((above) => existsSync(join(above, path)));
    if (found === undefined) continue; // it may be made before the build
    warn(
      `${shown(path)} (${shown(input.name)}:${range.start.line}) is not in the context ` +
        `${shown(directory)}; it is in ${shown(found)}: is that the context?`,
    );
    return;
  }
}
