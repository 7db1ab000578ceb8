// --stdin-jobs: an answer a line for a job a line.

import assert from "node:assert/strict";
import { test } from "node:test";
import { analyze, replay } from "layerwise";
import { layerwise } from "./command-line.mjs";
import { COPY_FIRST, RULE } from "./dockerfiles.mjs";

function answers(lines) {
  const { code, out, err } = layerwise(".", ["--stdin-jobs"], { input: lines.join("\n") });
  return { code, err, answers: out.split("\n").slice(0, -1).map((line) => JSON.parse(line)) };
}

test("each job is answered in order, with the options of analyze", () => {
  const options = { files: { "requirements.txt": "flask\n", "run.py": null }, rules: { [RULE]: "error" } };
  const jobs = [{ id: 1, dockerfile: COPY_FIRST, ...options }, { id: { a: "b" }, dockerfile: "FROM a\n" }, { dockerfile: "" }];
  const { code, err, answers: found } = answers(jobs.map((job) => JSON.stringify(job)));
  assert.deepEqual([code, err], [0, ""]);
  assert.deepEqual(found.map(({ id }) => id), [1, { a: "b" }, null]);
  assert.deepEqual(found[0].report, JSON.parse(JSON.stringify(analyze(COPY_FIRST, options))));
  assert.equal(found[1].report.issues.length, 0);
});

test("a job that is wrong is answered, and the others too", () => {
  const { code, answers: found } = answers([
    "{", "", '{"id":1}', '{"id":2,"dockerfile":"FROM a","file":[]}', "null", '{"id":3,"dockerfile":"FROM a"}',
  ]);
  assert.equal(code, 2);
  assert.deepEqual(found.map(({ id }) => id), [null, 1, 2, null, 3]);
  assert.match(found[0].error, /JSON/);
  assert.equal(found[3].error, "a job must be an object");
  assert.equal(found[1].error, "dockerfile must be a string");
  assert.match(found[2].error, /^options\.file is unknown/);
  assert.equal(found[4].report.rewritten, "FROM a");
});

test("a history is a job, with the options of replay", () => {
  const start = { dockerfile: COPY_FIRST, context: { "requirements.txt": { type: "file", sha256: "a" } } };
  const commits = [{ id: "1", changes: { "run.py": { type: "file", sha256: "b" } } }];
  const { code, answers: found } = answers([
    { id: "a", start, commits, rewrite: "assumed" }, { id: "b", start, commits, fix: "safe" }, { id: "c", commits },
  ].map((job) => JSON.stringify(job)));
  assert.equal(code, 2);
  assert.deepEqual(found[0], { id: "a", replay: JSON.parse(JSON.stringify(replay(start, commits, { rewrite: "assumed" }))) });
  assert.equal(found[0].replay.commits[0].reruns.length, 2);
  assert.match(found[1].error, /^options\.fix is unknown/);
  assert.match(found[2].error, /^start must be/);
});

test("many jobs are answered while they come", () => {
  const job = JSON.stringify({ id: 0, dockerfile: COPY_FIRST });
  const { code, answers: found } = answers(Array(2000).fill(job));
  assert.deepEqual([code, found.length], [0, 2000]);
});
