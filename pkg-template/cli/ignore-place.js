// Which file lines of .dockerignore go into: the one in force, or one that is for a Dockerfile alone.

import { join } from "node:path";
import { ignoreFile, readsOwnIgnore } from "./context.js";
import { dockerfileWanting } from "./wanted-elsewhere.js";

/**
 * Where builds of one Dockerfile get the `lines` of each, a place a build: `{ path, before, inForce, directories }`,
 * `before` being the text of the file that is to be written, `inForce` that of the one that counts today,
 * and `directories` the contexts of those that get lines. A build without a context, or that gets none, has no place.
 *
 * Lines go into the file in force: what is added to it later (`.env`) then counts for every Dockerfile.
 * Where another one of the context may want what they leave out, they go into a copy that is named after
 * this one. Where the builder would not read that, the place is `wantedBy` the other.
 */
export function placesOf(builds, lines) {
  const getsLines = ({ input, context }, at) => lines[at].length > 0 && context.directory !== undefined && input.name !== undefined;
  // A file named after the Dockerfile counts for each of its builds, so that they have one answer.
  const wantedBy = builds.map((build, at) => (getsLines(build, at) ? dockerfileWanting(build, lines[at]) : undefined))
    .find((other) => other !== undefined);
  const directories = builds.filter(getsLines).map(({ context }) => context.directory);
  return builds.map((build, at) => (getsLines(build, at) ? { ...placeOf(build, wantedBy), directories } : undefined));
}

function placeOf({ input, context: { directory }, builder }, wantedBy) {
  const { path, text, isOwn } = ignoreFile({ ...input, directory, builder });
  const shared = { path, before: text, inForce: text };
  if (isOwn || wantedBy === undefined) return shared;
  const isRead = input.fileName !== undefined && readsOwnIgnore(builder);
  if (!isRead) return { ...shared, wantedBy };
  return { path: join(input.besides, `${input.fileName}.dockerignore`), before: undefined, inForce: text };
}
