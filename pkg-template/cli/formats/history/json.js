// A history for programs: what `replay` gives of each build, and what .dockerignore would spare.

import { fromHere } from "../../paths.js";
import { version } from "../../version.js";
import { json } from "../escaped-json.js";

/** The shape of what is printed; a later one has another number. */
const SCHEMA = 1;

export function historyJson({ builds, range }) {
  const { commits, from, to } = range;
  const told = builds.map(({ build, replay, spared, git }) => ({
    dockerfile: fromHere(build.input.name),
    context: fromHere(build.context.directory),
    ...(build.target !== undefined && { target: build.target }),
    replay,
    ...(spared !== undefined && { dockerignore: spared }),
    ...(git !== undefined && { git }),
  }));
  return `${json({ schema: SCHEMA, version, range: { commits, from, to }, builds: told }, 2)}\n`;
}
