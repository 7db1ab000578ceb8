// What a run of the command line loads: a hook that looks at one file spends most of its time on that.

import assert from "node:assert/strict";
import { test } from "node:test";
import { layerwise, within } from "./command-line.mjs";
import { COPY_FIRST } from "./dockerfiles.mjs";

const FILES = { Dockerfile: COPY_FIRST, "requirements.txt": "flask\n", "run.py": "" };
const COMPOSE = { "compose.yaml": "services:\n  api:\n    build: .\n" };

/** Tells on standard error the files of the package, and what of Node, a run has loaded. */
const PROBE = `
  process.on("exit", () => {
    const files = Object.keys(require("module")._cache).map((path) => path.split(/[\\\\/]/).at(-1));
    const builtin = process.moduleLoadList.flatMap((name) => /^NativeModule (child_process|crypto|readline|worker_threads)$/.exec(name)?.[1] ?? []);
    console.error(JSON.stringify([...files, ...builtin]));
  });
`;

function loadedBy(args, files = FILES) {
  return within({ ...files, "probe.cjs": PROBE }, (directory) => {
    const { err } = layerwise(directory, args, { env: { NODE_OPTIONS: "--require ./probe.cjs" } });
    const loaded = JSON.parse(err.trim().split("\n").at(-1));
    return loaded.filter((name) => name !== "probe.cjs").sort();
  });
}

test("the version needs no core", () => {
  assert.deepEqual(loadedBy(["--version"]), ["cli.cjs", "command-line.cjs"]);
});

const PLAIN = ["cli.cjs", "command-line.cjs", "guard.cjs", "layerwise_bg.cjs", "node.cjs"];

test("a Dockerfile needs the core and little of Node", () => {
  assert.deepEqual(loadedBy(["Dockerfile"]), PLAIN);
});

test("a file of YAML needs its library, and fingerprints need hashes", () => {
  assert.deepEqual(loadedBy(["Dockerfile"], { ...FILES, ...COMPOSE }), [...PLAIN, "yaml.cjs"]);
  assert.deepEqual(loadedBy(["Dockerfile", "--format", "sarif"]), [...PLAIN, "crypto"].sort());
});
