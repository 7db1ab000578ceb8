// `layerwise budget`: what changes rebuild now and at a commit, held against limits.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { layerwise, within } from "./command-line.mjs";
import { PROJECT, SOURCE_FIRST, withRepository } from "./repositories.mjs";

const require = createRequire(import.meta.url);
const MANIFEST_FIRST = "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n";
const configured = (budget) => JSON.stringify({ budget });

/** A repository whose Dockerfile was in order at its first commit and is not any more. */
function withWorse(budget, body) {
  withRepository(({ directory, commit }) => {
    commit({ Dockerfile: SOURCE_FIRST });
    return body(directory);
  }, { ...PROJECT, ".dockerignore": "node_modules\n", Dockerfile: MANIFEST_FIRST, "layerwise.json": configured(budget) });
}

const changes = (out) => Object.fromEntries(JSON.parse(out).builds[0].changes.map((change) => [change.kind, change]));

test("what a change rebuilds is held against a commit, and against its limit", () => {
  withWorse({ source: "20s", dependencies: "5m" }, (directory) => {
    const { code, out, err } = layerwise(directory, ["budget", "--base", "HEAD~1", "--json"]);
    assert.deepEqual([code, err], [1, ""]);
    const { source, dependencies } = changes(out);
    assert.deepEqual([source.limit, source.isExceeded, dependencies.limit, dependencies.isExceeded], [20, true, 300, false]);
    assert.ok(source.before.seconds < 1 && source.after.seconds > 20);
    assert.deepEqual(source.step, { text: "RUN npm ci", line: 4 });
    const pretty = layerwise(directory, ["budget", "--base", "HEAD~1"]);
    assert.equal(pretty.code, 1);
    assert.match(pretty.out, /^Dockerfile, against HEAD~1\n/);
    assert.match(pretty.out, /^ {2}above a source edit: ~0\.\d s -> ~30 s, more than the 20 s allowed, for line 4 runs again now: `RUN npm ci`\. Comes after line 3, but needs only `package\.json` and `package-lock\.json` of it$/m);
    assert.match(pretty.out, /^ +a new dependency: ~\d+ s -> ~\d+ s, within the 5 min allowed$/m);
    assert.match(pretty.out, /A safe fix makes this cheaper: layerwise --fix writes it\./);
  });
});

test("what is within its limits is no failure, and neither is what has none", () => {
  withWorse({ source: "1m" }, (directory) => {
    const { code, out } = layerwise(directory, ["budget"]);
    assert.equal(code, 0);
    assert.match(out, /a source edit: ~30 s, within the 60 s allowed/);
    assert.equal(layerwise(directory, ["budget", "-q"]).out, "");
    assert.match(layerwise(directory, ["budget", "--base", "HEAD~1", "-q"]).out, /a source edit: .* -> /);
    writeFileSync(join(directory, "layerwise.json"), "{}");
    const without = layerwise(directory, ["budget", "--base", "HEAD"]);
    assert.equal(without.code, 0);
    assert.match(without.err, /no limits are set: "budget" of the configuration holds them/);
    assert.doesNotMatch(without.out, /allowed|runs again now/);
  });
});

test("a Dockerfile that is new has nothing to be held against", () => {
  withWorse({ source: "1m" }, (directory) => {
    writeFileSync(join(directory, "new.Dockerfile"), MANIFEST_FIRST);
    const { code, out } = layerwise(directory, ["budget", "--base", "HEAD", "new.Dockerfile"]);
    assert.equal(code, 0);
    assert.match(out, /^new\.Dockerfile, not there at HEAD\n +a source edit: ~0\.\d s, within/);
  });
});

test("the comment of a pull request is a table and what got worse", () => {
  withWorse({ source: "20s" }, (directory) => {
    const { out } = layerwise(directory, ["budget", "--base", "HEAD~1", "--format", "markdown"]);
    assert.match(out, /^### `Dockerfile`\n\n\| A change \| at HEAD\\~1 \| now takes \| allowed \|\n\|---\|---\|---\|---\|\n/);
    assert.match(out, /\n\| a source edit \| \\~0\.\d s \| \\~30 s \| 20 s, exceeded \|\n/);
    assert.match(out, /\n- a source edit: /);
  });
});

test("a limit that is none is told with its line", () => {
  const WRONG = [
    [{ source: 30 }, /layerwise\.json:3: a limit of `budget` is a time such as `30s`, `2m` or `1h`/],
    [{ source: "30 s" }, /layerwise\.json:3: a limit of `budget`/],
    [{ sources: "30s" }, /layerwise\.json:3: `budget` has no `sources`; the nearest is `source`/],
    ["30s", /layerwise\.json:2: `budget` must be an object/],
  ];
  for (const [budget, message] of WRONG) {
    within({ "layerwise.json": JSON.stringify({ budget }, null, 2), Dockerfile: SOURCE_FIRST }, (directory) => {
      const { code, err } = layerwise(directory, ["budget"]);
      assert.match(err, message);
      assert.equal(code, 2);
    });
  }
  const Ajv = require("ajv");
  const schema = JSON.parse(readFileSync(require.resolve("layerwise/layerwise.schema.json"), "utf8"));
  const isValid = new Ajv({ strict: false }).compile(schema);
  assert.ok(isValid({ budget: { source: "1.5m", "base-image": "1h" }, overrides: [{ files: ["a"], budget: { "lock-file": "1s" } }] }));
  assert.ok(!isValid({ budget: { source: "1 min" } }) && !isValid({ budget: { sources: "1m" } }));
});

test("a wrong call says what is wrong and what to do", () => {
  withWorse({}, (directory) => {
    for (const [args, message] of [
      [["--base", "nowhere"], /--base: there is no commit nowhere/],
      [["--format", "svg"], /--format takes pretty, json or markdown/],
      [["--bass", "x"], /the nearest is '--base'/],
    ]) {
      const { code, err, out } = layerwise(directory, ["budget", ...args]);
      assert.match(err, message);
      assert.deepEqual([code, out], [2, ""]);
    }
    const { code, out } = layerwise(directory, ["budget", "--help"]);
    assert.equal(code, 0);
    assert.ok(out.split("\n").every((line) => line.length <= 80));
  });
  within({ Dockerfile: SOURCE_FIRST }, (directory) => {
    assert.match(layerwise(directory, ["budget", "--base", "HEAD"]).err, /--base needs a repository of git/);
  });
});
