// Runs the command line of the package over files of the test's own.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../../pkg/cli.cjs", import.meta.url));

/** Runs `body` with a directory that holds `files`. */
export function within(files, body) {
  const directory = mkdtempSync(join(tmpdir(), "layerwise-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    return body(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Runs the command line in `cwd`: its exit code, and what it printed. */
export function layerwise(cwd, args, { input = "", env = {} } = {}) {
  const { PATH } = process.env;
  const run = spawnSync(process.execPath, [CLI, ...args], {
    cwd, input, env: { PATH, ...env }, maxBuffer: 2 ** 28,
  });
  return { code: run.status, out: run.stdout.toString(), err: run.stderr.toString() };
}
