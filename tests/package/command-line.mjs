// Runs the command line of the package over files of the test's own.

import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, lchownSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../../pkg/cli.cjs", import.meta.url));

/** Longer than any run takes: one that waits for something is ended, and has no exit code. */
const PATIENCE = 180_000;

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
export function layerwise(cwd, args, { input = "", env = {}, cli = CLI, ...who } = {}) {
  const { PATH } = process.env;
  const run = spawnSync(process.execPath, [cli, ...args], {
    cwd, input, env: { PATH, ...env }, maxBuffer: 2 ** 28, timeout: PATIENCE, ...who,
  });
  return { code: run.status, out: run.stdout.toString(), err: run.stderr.toString() };
}

/** The user and group that root runs the command line as where root may not be root. */
const NOBODY = 65534;

/**
 * The options of `layerwise` by which it runs as somebody whom modes concern, and who owns all in
 * `directory`: as nobody where root runs the tests.
 */
export function asNobody(directory) {
  if (process.getuid() !== 0) return {};
  const copy = join(directory, ".layerwise");
  cpSync(dirname(CLI), copy, { recursive: true });
  for (const path of [".", ...readdirSync(directory, { recursive: true })]) {
    if (!path.startsWith(".layerwise")) giveAway(join(directory, path));
  }
  return { cli: join(copy, "cli.cjs"), uid: NOBODY, gid: NOBODY };
}

function giveAway(path) {
  const mode = lstatSync(path).mode;
  lchownSync(path, NOBODY, NOBODY);
  if ((mode & 0o170000) !== 0o120000) chmodSync(path, mode & 0o7777);
}
