// What the package and the demo bundle of others: from the registry, under licences that ask for no
// more than their text being passed on. Advisories are asked for by a workflow, which has a network.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { parse } from "yaml";

const LICENCES = ["Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "OFL-1.1"];

const file = (name) => new URL(`../../${name}`, import.meta.url);
const read = (name) => readFileSync(file(name), "utf8");
const manifest = createRequire(import.meta.url)("layerwise/package.json");

/** The packages of a lock file but for our own, by name. */
function locked(directory) {
  const { packages } = JSON.parse(read(`${directory}/package-lock.json`));
  const others = Object.entries(packages).filter(([path, { link }]) => path.startsWith("node_modules/") && !link);
  return new Map(others.map(([path, found]) => [path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length), found]));
}

/** The libraries that are listed with their licences, by the file of the package that holds them. */
function listed() {
  const [, ...parts] = read("pkg/THIRD-PARTY-LICENSES").split(`${"-".repeat(80)}\n\n`);
  const names = new Set([...locked("pkg-template/cli").keys()]);
  return new Map(parts.map((part) => [part.split("\n")[0], part.split("\n").slice(1).filter((line) => names.has(line))]));
}

test("programs that import the package get nothing of others by npm", () => {
  for (const kind of ["dependencies", "optionalDependencies", "peerDependencies", "bundledDependencies"]) assert.ok(!(kind in manifest), kind);
  for (const script of ["preinstall", "install", "postinstall", "prepare"]) assert.ok(!(script in (manifest.scripts ?? {})), script);
});

test("what is bundled comes from the registry, under licences that are known", () => {
  const bundled = new Set([...listed().values()].flat());
  assert.ok(bundled.size > 3);
  let count = 0;
  for (const directory of ["pkg-template/cli", "www"]) {
    for (const [name, { license, resolved, integrity, dev }] of locked(directory)) {
      if (dev && !bundled.has(name)) continue;
      count += 1;
      assert.ok(LICENCES.includes(license), `${name}: ${license}`);
      assert.ok(resolved === undefined || resolved.startsWith("https://registry.npmjs.org/"), `${name}: ${resolved}`);
      assert.match(integrity, /^sha512-/, name);
    }
  }
  assert.ok(count > 15, `only ${count}`);
});

test("every bundle that holds a library is listed with its licence", () => {
  const found = listed();
  for (const [bundle, names] of found) {
    assert.ok(names.length > 0, bundle);
    assert.ok(read(`pkg/${bundle}`).length > 0);
  }
  const all = new Set([...found.values()].flat());
  for (const [name, { dev }] of locked("pkg-template/cli")) {
    if (!dev) assert.ok(all.has(name), `${name} is a dependency, and bundled into nothing`);
  }
});

test("a workflow asks for advisories of every lock file that something of is shipped", () => {
  const { jobs, on } = parse(read(".github/workflows/dependencies.yml"));
  assert.ok(on.schedule.length > 0);
  const audited = jobs.npm.strategy.matrix.include.map(({ directory }) => directory);
  assert.deepEqual(audited, ["pkg-template/cli", "www"]);
  for (const directory of audited) locked(directory);
  assert.match(JSON.stringify(jobs.cargo), /advisories bans licenses sources/);
});
