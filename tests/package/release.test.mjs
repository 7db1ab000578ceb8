// What is published: its metadata, and the workflow that does it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const manifest = createRequire(import.meta.url)("layerwise/package.json");
const cargo = readFileSync(new URL("../../Cargo.toml", import.meta.url), "utf8");
const stated = (key) => new RegExp(`^${key} = "(.*)"$`, "m").exec(cargo)[1];

test("the package says where it comes from, in the words of the crate", () => {
  const repository = stated("repository");
  assert.deepEqual(manifest.repository, { type: "git", url: `git+${repository}.git` });
  assert.deepEqual(manifest.bugs, { url: `${repository}/issues` });
  assert.equal(manifest.homepage, `${repository}#readme`);
  assert.equal(manifest.author, "The layerwise contributors");
  assert.deepEqual([manifest.version, manifest.license], [stated("version"), stated("license")]);
});

test("a release tests before it publishes, with no more rights than it needs", () => {
  const { on, permissions, jobs } = parse(readFileSync(new URL("../../.github/workflows/release.yml", import.meta.url), "utf8"));
  assert.deepEqual([on, permissions], [{ push: { tags: ["v*"] } }, {}]);
  assert.deepEqual(jobs.publish.permissions, { contents: "read", "id-token": "write" });
  const runs = jobs.publish.steps.flatMap(({ run }) => run ?? []);
  assert.ok(runs.indexOf(".ci/run") < runs.findIndex((run) => /^npm publish \.\/pkg --provenance/.test(run)));
  const [isVersion] = runs;
  const tagged = (tag) => execFileSync("sh", ["-c", isVersion], { cwd: ROOT, env: { ...process.env, GITHUB_REF_NAME: tag }, stdio: "pipe" });
  tagged(`v${manifest.version}`);
  assert.throws(() => tagged(`v${manifest.version}1`));
});

test("the demo of a release is published, and only the step that deploys may do so", () => {
  const { on, permissions, jobs } = parse(readFileSync(new URL("../../.github/workflows/pages.yml", import.meta.url), "utf8"));
  assert.deepEqual([on.push, permissions], [{ tags: ["v*"] }, {}]);
  assert.deepEqual(jobs.build.permissions, { contents: "read" });
  assert.deepEqual([jobs.deploy.permissions, jobs.deploy.needs], [{ pages: "write", "id-token": "write" }, "build"]);
  assert.equal(jobs.build.steps.at(-1).with.path, "www/dist");
});

test("what is packed is what is needed", () => {
  const [{ files }] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json", "./pkg"], { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  const paths = files.map(({ path }) => path).filter((path) => !path.startsWith("rules/"));
  assert.ok(["package.json", "README.md", "LICENSE-MIT", "LICENSE-APACHE", "layerwise_bg.wasm", "cli.cjs"].every((path) => paths.includes(path)));
  assert.deepEqual(paths.filter((path) => !/^[\w.-]+\.(?:js|cjs|ts|cts|json|wasm|md)$|^(?:LICENSE|THIRD-PARTY)-/.test(path)), []);
});
