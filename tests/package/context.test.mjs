// What the command line reads of the build context.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { readContext } from "../../pkg/cli/context.js";
import { excludesAll } from "../../pkg/cli/ignore.js";
import { isManifest } from "../../pkg/cli/manifests.js";

function contextOf(files, input = {}, prepare = () => {}) {
  const directory = mkdtempSync(join(tmpdir(), "layerwise-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    prepare(directory);
    const context = readContext({ directory, besides: directory, ...input });
    return { ...context, files: { ...context.files } };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test("all files are listed, and manifests are read", () => {
  const { files, filesComplete, dockerignore } = contextOf({
    "package.json": "{}",
    "package-lock.json": "{}",
    "src/index.js": "1",
    "api/requirements/dev.txt": "flask",
  });
  assert.deepEqual(files, {
    "package.json": "{}",
    "package-lock.json": null,
    "src/index.js": null,
    "api/requirements/dev.txt": "flask",
  });
  assert.equal(filesComplete, true);
  assert.equal(dockerignore, undefined);
});

test("a manifest of more than 64 KB is listed but not read", () => {
  const { files } = contextOf({ "go.mod": "a".repeat(65536), "x/go.mod": "a".repeat(65537) });
  assert.equal(files["go.mod"]?.length, 65536);
  assert.equal(files["x/go.mod"], null);
});

test("directories that are not walked are seen to be there", () => {
  const { files } = contextOf({
    "node_modules/.package-lock.json": "{}",
    "node_modules/a/package.json": "{}",
    ".git/HEAD": "",
    ".git/objects/aa/bb": "",
    "sub/node_modules/b/c/index.js": "",
    "sub/node_modules/d/index.js": "",
  });
  assert.deepEqual(Object.keys(files).sort(), [
    ".git/HEAD",
    "node_modules/.package-lock.json",
    "sub/node_modules/b/c/index.js",
  ]);
});

test(".dockerignore is handed on, and saves walking what it excludes", () => {
  const ignore = "# all of it\nbuild\n**/cache\n/docs/\nsrc/*.map\n";
  const { files, dockerignore } = contextOf({
    ".dockerignore": ignore,
    "build/a": "",
    "src/cache/b": "",
    "docs/c": "",
    "src/d.map": "",
    "src/e": "",
  });
  assert.equal(dockerignore, ignore);
  assert.deepEqual(Object.keys(files).sort(), [".dockerignore", "src/d.map", "src/e"]);
});

test("the ignore file of the Dockerfile goes first", () => {
  const files = { ".dockerignore": "a", "other.Dockerfile.dockerignore": "b" };
  assert.equal(contextOf(files, { fileName: "other.Dockerfile" }).dockerignore, "b");
  assert.equal(contextOf(files, { fileName: "Dockerfile" }).dockerignore, "a");
});

test("a directory is skipped only when nothing in it can come back", () => {
  const excluded = excludesAll("*\n!src\n!api/package.json\n");
  assert.equal(excluded("docs"), true);
  assert.equal(excluded("src"), false);
  assert.equal(excluded("api"), false);
  assert.equal(excludesAll("docs\n!**/*.md\n")("docs"), false);
  assert.equal(excludesAll("docs/*\n")("docs"), false);
  assert.equal(excludesAll("doc[s]\n")("docs"), false);
  assert.equal(excludesAll("a.b\n")("axb"), false);
  assert.equal(excludesAll("")("docs"), false);
});

test("links and odd names do no harm", () => {
  const { files } = contextOf({ ["__proto__"]: "", "a b/\u00e9": "" }, {}, (directory) => {
    symlinkSync(directory, join(directory, "loop"));
    symlinkSync("nowhere", join(directory, "package.json"));
  });
  assert.deepEqual(Object.keys(files).sort(), ["__proto__", "a b/\u00e9", "loop", "package.json"]);
  assert.equal(files["package.json"], null);
});

test("manifests are known by name, wherever they lie", () => {
  for (const path of ["package.json", "a/go.mod", "requirements-dev.txt", "a/b/App.csproj", ".cargo/config.toml"]) {
    assert.ok(isManifest(path), path);
  }
  for (const path of ["package-lock.json", "README.md", "my-requirements.md", "config.toml", "go.mod/x"]) {
    assert.ok(!isManifest(path), path);
  }
});
