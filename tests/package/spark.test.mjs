// The examples with Spark, over a folder of Dockerfiles and one of repositories; where there is no
// Spark, what they pipe.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { layerwise, within } from "./command-line.mjs";
import { COPY_FIRST, MANIFEST_FIRST, RULE } from "./dockerfiles.mjs";
import { PROJECT, repository } from "./repositories.mjs";

const EXAMPLE = fileURLToPath(new URL("../../examples/spark.py", import.meta.url));
const OF_HISTORIES = fileURLToPath(new URL("../../examples/spark_history.py", import.meta.url));
const CLI = fileURLToPath(new URL("../../pkg/cli.cjs", import.meta.url));
const PYTHON = process.env.PYTHON ?? "python3";

const isThere = (command, args) => spawnSync(command, args, { stdio: "ignore" }).status === 0;
const hasSpark = isThere("java", ["-version"]) && isThere(PYTHON, ["-c", "import pyspark"]);

function spark(example, folder) {
  const env = { ...process.env, SPARK_LOCAL_IP: "127.0.0.1", PYSPARK_PYTHON: PYTHON };
  const command = `${process.execPath} ${CLI}`;
  return execFileSync(PYTHON, [example, folder, command], { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] });
}

test("issues are counted by rule over a folder", (t) => {
  const files = { "a/Dockerfile": COPY_FIRST, "b/Dockerfile": COPY_FIRST, "c/Dockerfile.dev": MANIFEST_FIRST };
  within(files, (folder) => {
    if (hasSpark) assert.equal(spark(EXAMPLE, folder), `2\t${RULE}\n`);
    else t.diagnostic("no Java or no pyspark: the example is not run");
    // What its job() writes, and what its counts() reads.
    const source = readFileSync(EXAMPLE, "utf8");
    assert.match(source, /"id": str\(path\), "dockerfile": path/);
    const jobs = Object.entries(files).map(([id, dockerfile]) => JSON.stringify({ id, dockerfile }));
    const { out } = layerwise(folder, ["--stdin-jobs"], { input: jobs.join("\n") });
    const rules = out.trim().split("\n").flatMap((line) => JSON.parse(line).report.issues.map(({ rule }) => rule));
    assert.deepEqual(rules, [RULE, RULE]);
  });
});

test("repositories are ranked by the hours they lose", (t) => {
  within({}, (folder) => {
    const count = { quiet: 1, busy: 3 };
    for (const [name, commits] of Object.entries(count)) {
      mkdirSync(join(folder, name));
      const { commit } = repository(join(folder, name));
      commit(PROJECT);
      for (let at = 0; at < commits; at++) commit({ "src/a.js": `${at}\n` });
    }
    if (hasSpark) assert.match(spark(OF_HISTORIES, folder), /^\d\.\d\d\t0\.00\tbusy\n\d\.\d\d\t0\.00\tquiet\n$/);
    else t.diagnostic("no Java or no pyspark: the example is not run");
    // What its jobs() asks for, and what its seconds() reads.
    assert.match(readFileSync(OF_HISTORIES, "utf8"), /"history", "--quiet", "--format", "jobs"/);
    const jobs = Object.keys(count).map((name) => layerwise(join(folder, name), ["history", "--quiet", "--format", "jobs"]).out);
    assert.deepEqual(jobs.map((line) => JSON.parse(line).id), Object.keys(count).map((repository) => ({ repository, dockerfile: "Dockerfile" })));
    const { out } = layerwise(folder, ["--stdin-jobs"], { input: jobs.join("") });
    const answers = out.trim().split("\n").map((line) => JSON.parse(line).replay);
    assert.deepEqual(answers.map(({ commits }) => commits.length), [1, 3]);
    assert.ok(answers[1].seconds > answers[0].seconds && answers[1].rewritten.seconds < answers[1].seconds);
  });
});
