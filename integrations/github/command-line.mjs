// Runs the command line in the workspace. A compose file may name any variable, and what is found is
// told to everyone, so it gets none of the runner's but those that programs need to be found.

import { spawnSync } from "node:child_process";

const HANDED_ON = ["PATH", "Path", "HOME", "USERPROFILE", "SystemRoot", "TEMP", "TMP", "TMPDIR", "LANG"];

/** A function that runs it with options and answers `{ code, out, err }`. */
export function commandLine({ cli, workspace, options, paths }) {
  const env = Object.fromEntries(HANDED_ON.filter((name) => name in process.env).map((name) => [name, process.env[name]]));
  return (given) => {
    const words = [cli, ...given, ...options, "--", ...paths];
    const run = spawnSync(process.execPath, words, { cwd: workspace, env, encoding: "utf8", maxBuffer: 2 ** 28 });
    if (run.error !== undefined) throw run.error;
    return { code: run.status ?? 2, out: run.stdout, err: run.stderr };
  };
}
