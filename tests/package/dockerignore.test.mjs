// The .dockerignore that is proposed: shown, as a patch, and written.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { analyze } from "../../pkg/node.js";
import { layerwise, within } from "./command-line.mjs";

const DOCKERFILE = `FROM node:24
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY . .
CMD ["node", "app.js"]
`;
const PROJECT = {
  Dockerfile: DOCKERFILE, "package.json": "{}", "package-lock.json": "{}", "app.js": "",
  "node_modules/.package-lock.json": "{}", "node_modules/a/index.js": "",
};
const textAt = (directory, path) => readFileSync(join(directory, path), "utf8");

test("the report has it", () => {
  const files = Object.keys(PROJECT);
  const { dockerignore, issues } = analyze(DOCKERFILE, { files, dockerignore: "*.md\n" });
  assert.equal(dockerignore, "*.md\nnode_modules\n");
  assert.deepEqual(issues.map(({ rule }) => rule), ["host-artifacts-in-context"]);
  const again = analyze(DOCKERFILE, { files, dockerignore });
  assert.deepEqual([again.dockerignore, again.issues], [undefined, []]);
});

test("it is shown", () => {
  within(PROJECT, (directory) => {
    const { code, out } = layerwise(directory, []);
    assert.equal(code, 1);
    assert.match(out, /the copy brings along `node_modules` of the machine that builds/);
    assert.match(out, /--- \/dev\/null\n\+\+\+ \.dockerignore \(proposed\)\n@@ -0,0 \+1,1 @@\n\+node_modules\n--fix=suggested writes \.dockerignore\n/);
    const [build] = JSON.parse(layerwise(directory, ["--json"]).out).builds;
    assert.deepEqual([build.dockerignore, build.report.dockerignore], [".dockerignore", "node_modules\n"]);
    assert.equal(existsSync(join(directory, ".dockerignore")), false);
  });
});

test("in a comment for a pull request", () => {
  for (const [before, hunk] of [[undefined, "@@ -0,0 +1,1 @@\n+"], ["*.md\n", "@@ -1,1 +1,2 @@\n *.md\n+"]]) {
    within({ ...PROJECT, ...(before !== undefined && { ".dockerignore": before }) }, (directory) => {
      const { out } = layerwise(directory, ["--format", "markdown"]);
      const from = before === undefined ? "/dev/null" : ".dockerignore";
      const diff = `--- ${from}\n+++ .dockerignore (proposed)\n${hunk}node_modules\n`;
      assert.ok(out.includes(`<details><summary>Suggested .dockerignore</summary>\n\n\`\`\`diff\n${diff}\`\`\`\n`), out);
      const fixed = layerwise(directory, ["--format", "markdown", "--fix=suggested"]).out;
      assert.doesNotMatch(fixed, /Suggested/);
    });
  }
});

test("as a patch that git takes", () => {
  for (const before of [undefined, "*.md", "*.md\n", "*.md\r\n"]) {
    within({ ...PROJECT, ...(before !== undefined && { ".dockerignore": before }) }, (directory) => {
      assert.equal(layerwise(directory, ["--diff"]).out, "");
      const patch = layerwise(directory, ["--diff", "--fix=suggested"]).out;
      execFileSync("git", ["apply", "-"], { cwd: directory, input: patch });
      const end = before?.includes("\r") ? "\r\n" : "\n";
      assert.equal(textAt(directory, ".dockerignore"), `${before === undefined ? "" : `*.md${end}`}node_modules${end}`);
      assert.equal(layerwise(directory, []).code, 0);
    });
  }
});

test("it is written where suggestions are", () => {
  for (const before of [undefined, "*.md\n"]) {
    within({ ...PROJECT, ...(before !== undefined && { ".dockerignore": before }) }, (directory) => {
      assert.equal(layerwise(directory, ["--fix=assumed"]).code, 1);
      assert.equal(existsSync(join(directory, ".dockerignore")), before !== undefined);
      const { code, out, err } = layerwise(directory, ["--fix=suggested"]);
      assert.deepEqual([code, err], [0, ""]);
      assert.match(out, /^\.dockerignore: written\nDockerfile: 1 of 1 issues fixed\n/);
      assert.equal(textAt(directory, ".dockerignore"), `${before ?? ""}node_modules\n`);
      assert.equal(textAt(directory, "Dockerfile"), DOCKERFILE);
      assert.deepEqual(readdirSync(directory).filter((name) => name.startsWith(".layerwise")), []);
    });
  }
});

test("the one that is named after the Dockerfile", () => {
  within({ ...PROJECT, "Dockerfile.dockerignore": "*.md\n" }, (directory) => {
    assert.equal(layerwise(directory, ["--fix=suggested"]).code, 0);
    assert.equal(textAt(directory, "Dockerfile.dockerignore"), "*.md\nnode_modules\n");
    assert.equal(existsSync(join(directory, ".dockerignore")), false);
  });
  // Other Dockerfiles may need what this one does not.
  const other = "FROM node:24\nCOPY node_modules /app/node_modules\n";
  within({ ...PROJECT, ".dockerignore": "*.md\n", "Dockerfile.dev": other }, (directory) => {
    assert.equal(layerwise(directory, ["--fix=suggested", "Dockerfile"]).code, 0);
    assert.equal(textAt(directory, "Dockerfile.dockerignore"), "*.md\nnode_modules\n");
    assert.equal(textAt(directory, ".dockerignore"), "*.md\n");
    assert.equal(layerwise(directory, ["--fix=suggested"]).code, 0);
  });
});

test("a link is left alone, and so is a guess", { skip: process.platform === "win32" }, () => {
  within({ ...PROJECT, elsewhere: "*.md\n" }, (directory) => {
    symlinkSync("elsewhere", join(directory, ".dockerignore"));
    const { code, err } = layerwise(directory, ["--fix=suggested"]);
    assert.deepEqual([code, err], [2, "layerwise: .dockerignore is left alone: it is a link\n"]);
    assert.equal(textAt(directory, "elsewhere"), "*.md\n");
  });
  const files = Object.fromEntries(Object.entries(PROJECT).map(([path, text]) => [`api/${path}`, text]));
  within({ ...files, "package.json": "{}", "package-lock.json": "{}", ".git/HEAD": "" }, (directory) => {
    writeFileSync(join(directory, "app.js"), "");
    const { code, err } = layerwise(directory, ["--fix=suggested", "api/Dockerfile"]);
    assert.equal(code, 2);
    assert.match(err, /api\/\.dockerignore is not written: the context of api\/Dockerfile may be another directory; name it with --context/);
    assert.equal(existsSync(join(directory, "api/.dockerignore")), false);
  });
});

const BEFORE = `FROM node:24
WORKDIR /app
COPY . .
RUN npm ci
CMD ["node", "app.js"]
`;
const AFTER = `FROM node:24
WORKDIR /app
COPY package.json package-lock.json .npmrc* ./
RUN npm ci
COPY . .
CMD ["node", "app.js"]
`;
// One rule, so that what a fix brings stands alone.
const ONLY_ORDER = { rules: { "host-artifacts-in-context": "off", "install-without-cache-mount": "off" } };
const CLEAN = {
  Dockerfile: BEFORE, "layerwise.json": JSON.stringify(ONLY_ORDER), "app.js": "",
  "package.json": '{"dependencies":{"a":"1"}}',
  "package-lock.json": '{"lockfileVersion":3,"packages":{"":{"dependencies":{"a":"1"}},"node_modules/a":{"version":"1.0.0"}}}\n',
};
const USED = { ...CLEAN, "layerwise.json": "{}", "node_modules/.package-lock.json": "{}", "node_modules/a/index.js": "" };

test("a fix brings its line, and writes it", () => {
  for (const before of [undefined, "*.md"]) {
    within({ ...CLEAN, ...(before !== undefined && { ".dockerignore": before }) }, (directory) => {
      const { out: shown } = layerwise(directory, []);
      assert.match(shown, /fix: {4}Copy the manifests first, the rest after the install \(safe, .*\)\n {2}with: {3}`node_modules` in \.dockerignore\n/);
      assert.match(shown, /\n\+node_modules\n--fix writes \.dockerignore\n/);
      const { code, out, err } = layerwise(directory, ["--fix"]);
      assert.deepEqual([code, err], [0, ""]);
      assert.match(out, /^\.dockerignore: written\nDockerfile: rewritten, 1 of 1 issues fixed\n/);
      assert.equal(textAt(directory, "Dockerfile"), AFTER);
      assert.equal(textAt(directory, ".dockerignore"), before === undefined ? "node_modules\n" : "*.md\nnode_modules\n");
    });
  }
});

test("a checkout that is used is repaired where both are written", () => {
  within(USED, (directory) => {
    assert.equal(layerwise(directory, ["--fix"]).code, 1);
    assert.equal(textAt(directory, "Dockerfile"), BEFORE);
    assert.match(layerwise(directory, []).out, /\(assumed, .*\)\n {2}if: {5}`\.dockerignore` excludes `node_modules`, which the image makes for itself\.\n {2}with: {3}`node_modules` in \.dockerignore\n/);
    assert.equal(layerwise(directory, ["--fix=assumed"]).err, "");
    assert.equal(textAt(directory, "Dockerfile"), AFTER);
    assert.equal(textAt(directory, ".dockerignore"), "node_modules\n");
  });
});

test("the patch has both, and so has what programs read", () => {
  within(CLEAN, (directory) => {
    execFileSync("git", ["apply", "-"], { cwd: directory, input: layerwise(directory, ["--diff", "--fix"]).out });
    assert.equal(textAt(directory, "Dockerfile"), AFTER);
    assert.equal(textAt(directory, ".dockerignore"), "node_modules\n");
  });
  within(CLEAN, (directory) => {
    const [{ report, dockerignore }] = JSON.parse(layerwise(directory, ["--json"]).out).builds;
    assert.deepEqual([report.fixes[0].dockerignore, report.dockerignore, dockerignore], [["node_modules"], "node_modules\n", ".dockerignore"]);
    assert.match(layerwise(directory, ["--format", "markdown"]).out, /with: `node_modules` in \.dockerignore\n/);
    assert.match(layerwise(directory, ["--format", "sarif"]).out, /with: `node_modules` in \.dockerignore"/);
  });
});

test("where the line cannot be written, nothing is", { skip: process.platform === "win32" }, () => {
  within({ ...CLEAN, elsewhere: "*.md\n" }, (directory) => {
    symlinkSync("elsewhere", join(directory, ".dockerignore"));
    const { code, err } = layerwise(directory, ["--fix"]);
    assert.deepEqual([code, err], [2, "layerwise: .dockerignore is left alone: it is a link\n"]);
    assert.equal(textAt(directory, "Dockerfile"), BEFORE);
  });
  // One line of it is there already.
  within({ ...CLEAN, ".dockerignore": "node_modules\n" }, (directory) => {
    const { out } = layerwise(directory, ["--fix"]);
    assert.match(out, /^Dockerfile: rewritten/);
    assert.equal(textAt(directory, ".dockerignore"), "node_modules\n");
  });
});
