// The example with Spark, over a folder of Dockerfiles; where there is no Spark, what it pipes.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { layerwise, within } from "./command-line.mjs";
import { COPY_FIRST, MANIFEST_FIRST, RULE } from "./dockerfiles.mjs";

const EXAMPLE = fileURLToPath(new URL("../../examples/spark.py", import.meta.url));
const CLI = fileURLToPath(new URL("../../pkg/cli.cjs", import.meta.url));
const PYTHON = process.env.PYTHON ?? "python3";

const isThere = (command, args) => spawnSync(command, args, { stdio: "ignore" }).status === 0;
const hasSpark = isThere("java", ["-version"]) && isThere(PYTHON, ["-c", "import pyspark"]);

test("issues are counted by rule over a folder", () => {
  const files = { "a/Dockerfile": COPY_FIRST, "b/Dockerfile": COPY_FIRST, "c/Dockerfile.dev": MANIFEST_FIRST };
  within(files, (folder) => {
    if (hasSpark) {
      const command = `${process.execPath} ${CLI}`;
      const env = { ...process.env, SPARK_LOCAL_IP: "127.0.0.1", PYSPARK_PYTHON: PYTHON };
      const out = execFileSync(PYTHON, [EXAMPLE, folder, command], { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] });
      assert.equal(out, `2\t${RULE}\n`);
    }
    // What its job() writes, and what its counts() reads.
    const source = readFileSync(EXAMPLE, "utf8");
    assert.match(source, /"id": str\(path\), "dockerfile": path/);
    const jobs = Object.entries(files).map(([id, dockerfile]) => JSON.stringify({ id, dockerfile }));
    const { out } = layerwise(folder, ["--stdin-jobs"], { input: jobs.join("\n") });
    const rules = out.trim().split("\n").flatMap((line) => JSON.parse(line).report.issues.map(({ rule }) => rule));
    assert.deepEqual(rules, [RULE, RULE]);
  });
});
