// The declarations: files in types/ must pass `tsc --strict`, errors marked in them included.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";

const require = createRequire(import.meta.url);
const compiler = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");

function check(file, ...options) {
  const strict = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--types", ""];
  const arguments_ = [compiler, ...strict, ...options, file];
  try {
    execFileSync(process.execPath, arguments_, { cwd: new URL(".", import.meta.url), encoding: "utf8" });
  } catch (error) {
    assert.fail(error.stdout || error.message);
  }
}

const node = ["--module", "nodenext", "--target", "es2022", "--lib", "es2022"];
const bundler = ["--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022"];

test("import, as Node resolves it", () => check("types/use.mts", ...node));
test("require, as Node resolves it", () => check("types/require.cts", ...node));
test("import, as bundlers resolve it", () =>
  check("types/use.mts", ...bundler, "--customConditions", "browser", "--lib", "es2022,dom"));

test("every declared property says what it is", () => {
  const text = ["index", "formats", "repository"].map((name) =>
    readFileSync(require.resolve("layerwise").replace(/node\.cjs$/, `${name}.d.cts`), "utf8")).join("\n");
  const undocumented = [...text.matchAll(/(.*)\n *(?:export (?:interface|type|function) )?(\w+)\??: .*;/g)];
  const bare = undocumented.filter(([, before]) => !before.trim().endsWith("*/"));
  assert.ok(undocumented.length > 40);
  assert.deepEqual(bare.map(([, , name]) => name), []);
});
