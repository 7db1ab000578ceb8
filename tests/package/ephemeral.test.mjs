// Builders that are gone behind each build: how that is learnt, and what it changes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { layerwise, within } from "./command-line.mjs";

const MOUNTS = "install-without-cache-mount";
const CACHE = "build-cache-not-exported";
const DOCKERFILE = `FROM node:24 AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
FROM nginx:1.29
COPY --from=build /app/node_modules/a /a
`;
const PROJECT = { Dockerfile: DOCKERFILE, "package.json": "{}", "package-lock.json": "{}" };

/** A workflow of one job with these steps. */
const workflow = (steps, runsOn = "ubuntu-latest") => JSON.stringify({ jobs: { image: { "runs-on": runsOn, steps } } });
const build = (given = {}) => ({ uses: "docker/build-push-action@v6", with: given });

/** The rules of what is found where files beside the project define its builds. */
function rulesWith(files, args = []) {
  return within({ ...PROJECT, ...files }, (directory) => {
    const { builds } = JSON.parse(layerwise(directory, ["--json", ...args]).out);
    return builds.map(({ report }) => report.issues.map(({ rule }) => rule));
  });
}

const ci = (...given) => ({ ".github/workflows/ci.yml": workflow(...given) });

test("said by whoever calls, or by a configuration", () => {
  assert.deepEqual(rulesWith({}), [[MOUNTS]]);
  assert.deepEqual(rulesWith({}, ["--ephemeral"]), [[]]);
  assert.deepEqual(rulesWith({ "layerwise.json": '{ "ephemeral": true }' }), [[]]);
  const overrides = { overrides: [{ files: ["Dockerfile"], ephemeral: false }] };
  assert.deepEqual(rulesWith({ "layerwise.json": JSON.stringify({ ephemeral: true, ...overrides }) }), [[MOUNTS]]);
  assert.match(within({ ...PROJECT, "layerwise.json": '{ "ephemeral": 1 }' }, (directory) => layerwise(directory, []).err), /ephemeral/);
});

test("learnt from a workflow of hosted machines", () => {
  assert.deepEqual(rulesWith(ci([build()])), [[CACHE]]);
  assert.deepEqual(rulesWith(ci([build()]), ["--rule", `${CACHE}=off`]), [[]]);
  const max = { "cache-from": "type=gha", "cache-to": "type=gha,mode=max" };
  assert.deepEqual(rulesWith(ci([build(max)])), [[]]);
  assert.deepEqual(rulesWith(ci([{ run: "docker build ." }])), [[]]);
  const [told] = rulesWith({ ...ci([build()]), "layerwise.json": '{ "ephemeral": false }' });
  assert.deepEqual(told.sort(), [CACHE, MOUNTS]);
  for (const files of [
    ci([build()], "self-hosted"),
    ci([build()], ["self-hosted", "linux"]),
    ci([build()], "${{ matrix.os }}"),
    ci([{ uses: "docker/setup-buildx-action@v3", with: { driver: "cloud" } }, build()]),
    ci([{ uses: "reproducible-containers/buildkit-cache-dance@v3" }, build()]),
    // Somebody builds it on a machine that stays.
    { ...ci([build()]), Makefile: "a:\n\tdocker build .\n" },
  ]) {
    for (const rules of rulesWith(files)) assert.deepEqual(rules, [MOUNTS]);
  }
});

test("what a workflow keeps no cache of", () => {
  const told = (files) => within({ ...PROJECT, ...files }, (directory) => {
    const { builds } = JSON.parse(layerwise(directory, ["--json"]).out);
    return builds.flatMap(({ report }) => report.issues.filter(({ rule }) => rule === CACHE).map(({ message, help, range }) => [message, help, range.start.line]));
  });
  const from = ".github/workflows/ci.yml, job image,";
  const lines = "Give that build `cache-from: type=gha` and `cache-to: type=gha,mode=max`, or a registry in place of `gha`.";
  assert.deepEqual(told(ci([build()])), [[`${from} builds it on a new machine and keeps no cache`, lines, 5]]);
  const min = build({ "cache-from": "type=gha", "cache-to": "type=gha" });
  assert.deepEqual(told(ci([min])), [[`${from} keeps the layers of the last stage alone`, "Write `cache-to: type=gha,mode=max`.", 5]]);
  const max = { "cache-from": "type=gha", "cache-to": "type=gha,mode=max" };
  const other = { "web/Dockerfile": "FROM scratch\nCOPY . /\n" };
  const two = told({ ...other, ...ci([build(max), build({ ...max, context: "web" })]) });
  assert.deepEqual(two.map(([message]) => message), [`${from} keeps the caches of several images in one place`]);
  const scoped = ["a", "b"].map((scope) => ({ "cache-from": `type=gha,scope=${scope}`, "cache-to": `type=gha,mode=max,scope=${scope}` }));
  for (const files of [
    { ...other, ...ci([build(scoped[0]), build({ ...scoped[1], context: "web" })]) },
    ci([build({ "no-cache": true })]),
    ci([build({ "cache-to": "${{ inputs.cache }}" })]),
    ci([build({ "cache-from": "type=gha" })]),
    ci([build()], "self-hosted"),
  ]) {
    assert.deepEqual(told(files), []);
  }
});

test("what a bake file keeps no cache of, where a workflow builds it", () => {
  const bake = (target = {}) => ({ "docker-bake.json": JSON.stringify({ target: { app: target } }) });
  const step = { uses: "docker/bake-action@v6" };
  assert.deepEqual(rulesWith(bake()), [[MOUNTS]]);
  assert.deepEqual(rulesWith({ ...bake(), ...ci([step]) }), [[CACHE]]);
  assert.deepEqual(rulesWith({ ...bake({ "cache-from": ["type=gha"], "cache-to": ["type=gha,mode=max"] }), ...ci([step]) }), [[]]);
  assert.deepEqual(rulesWith({ ...bake({ "cache-from": [{ type: "gha" }], "cache-to": [{ type: "gha" }] }), ...ci([step]) }), [[CACHE]]);
  const set = { ...step, with: { set: "*.cache-to=type=gha,mode=max" } };
  assert.deepEqual(rulesWith({ ...bake(), ...ci([set]) }), [[]]);
  assert.deepEqual(rulesWith({ ...bake(), ...ci([step], "self-hosted") }), [[MOUNTS]]);
});
