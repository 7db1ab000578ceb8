// So many Dockerfiles that threads analyse them: the same is told, in the same order.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { analyze } from "layerwise";
import { readContext } from "layerwise/node";
import { layerwise, within } from "./command-line.mjs";
import { COPY_FIRST, MANIFEST_FIRST } from "./dockerfiles.mjs";

const COUNT = 130;
const name = (at) => `p${String(at).padStart(3, "0")}`;

/** Projects of which every third is in the right order, and every fourth has a manifest of its own. */
function projects(change = (text) => text) {
  const files = {};
  for (let at = 0; at < COUNT; at++) {
    files[`${name(at)}/Dockerfile`] = change(`${at % 3 === 0 ? MANIFEST_FIRST : COPY_FIRST}LABEL at=${at}\n`, at);
    files[`${name(at)}/requirements.txt`] = at % 4 === 0 ? `flask==${at}\n` : "";
    files[`${name(at)}/run.py`] = "";
  }
  return files;
}

test("reports come in the order of the files, each of its own", () => {
  const files = projects();
  within(files, (directory) => {
    const { code, out, err } = layerwise(directory, ["--format", "ndjson"]);
    assert.deepEqual([code, err], [1, ""]);
    const builds = out.trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(builds.map(({ dockerfile }) => dockerfile), Array.from({ length: COUNT }, (_, at) => `${name(at)}/Dockerfile`));
    for (const at of [0, 1, 2, 64, COUNT - 1]) {
      const options = readContext(join(directory, name(at)));
      const report = analyze(files[`${name(at)}/Dockerfile`], options);
      assert.deepEqual(builds[at].report, JSON.parse(JSON.stringify(report)));
    }
  });
});

test("a mistake in some of them is told, and the others are done", () => {
  const files = projects((text, at) => (at % 50 === 7 ? text : text.replace("FROM python:3.13", "FROM python:3.13 AS run")));
  within(files, (directory) => {
    const { code, out, err } = layerwise(directory, ["--format", "ndjson", "--target", "run"]);
    assert.equal(code, 2);
    assert.deepEqual(err.match(/p\d+(?=\/Dockerfile: --target)/g), ["p007", "p057", "p107"]);
    assert.equal(out.trim().split("\n").length, COUNT - 3);
  });
});

test("fixes are written as they are one by one", () => {
  within(projects(), (directory) => {
    const { code, err } = layerwise(directory, ["--fix", "--quiet"]);
    assert.deepEqual([code, err], [0, ""]);
    for (let at = 0; at < COUNT; at++) {
      assert.equal(readFileSync(join(directory, name(at), "Dockerfile"), "utf8"), `${MANIFEST_FIRST}LABEL at=${at}\n`);
    }
  });
});
