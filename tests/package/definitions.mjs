// What tests say of the builds that files define.

import { layerwise } from "./command-line.mjs";

/** The builds that the command line tells, without their reports. */
export function told(directory, args = []) {
  const { out } = layerwise(directory, ["--json", ...args]);
  return JSON.parse(out).builds.map(({ report, applied, ...build }) => build);
}

/** What a reader of definitions found, with paths relative to `directory`. */
export function plain(builds, directory) {
  const inside = (path) => path === null ? null : path.replace(directory, "").replace(/^\//, "");
  return builds.map(({ context, dockerfile, target, args, contexts }) => ({
    context: inside(context),
    dockerfile: inside(dockerfile),
    ...(target !== undefined && { target }),
    ...(Object.keys(args).length > 0 && { args }),
    ...(Object.keys(contexts).length > 0 && { contexts }),
  }));
}
