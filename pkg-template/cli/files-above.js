// What an install needs and its context has not, while a directory above has it: most likely that is
// the context.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { directoriesUpTo } from "./discovery.js";

/** Tells `warn` of the files that refusals in the report of a build name, and where they are. */
export function warnOfFilesAbove({ input, context: { directory }, report }, warn) {
  if (directory === undefined) return;
  for (const path of filesMissed(report)) {
    if (existsSync(join(directory, path))) continue; // it is there, and left out of the build
    const found = directoriesUpTo(directory).slice(1).find((above) => existsSync(join(above, path)));
    if (found === undefined) continue;
    warn(`${path} is not in the context ${directory} of ${input.name}; it is in ${found}: is that the context? --context names it`);
  }
}

// The names of files in sentences such as "`npm ci` needs a `package-lock.json`, which is not among
// the files that are copied".
function filesMissed({ issues }) {
  const messages = issues.map(({ refusal }) => (refusal?.reason === "unknown-manifests" ? refusal.message : ""));
  const names = messages.flatMap((message) => [...message.matchAll(/`([^`\s]+)`/g)].map(([, name]) => name));
  return [...new Set(names)].filter((name) => /\.[a-z]+$|[a-z]file$/i.test(name));
}
