// What the command line reads of the build context.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { excludesAll, wantsText } from "layerwise";
import { readContext } from "../../pkg-template/cli/context.js";
import { layerwise, within } from "./command-line.mjs";

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
    "yarn.lock": "{}",
    "src/index.js": "1",
    "api/requirements/dev.txt": "flask",
  });
  assert.deepEqual(files, {
    "package.json": "{}",
    "yarn.lock": "{}",
    "src/index.js": null,
    "api/requirements/dev.txt": "flask",
  });
  assert.equal(filesComplete, true);
  assert.equal(dockerignore, undefined);
});

test("a text is read as its byte order mark says", () => {
  const text = "-r base.txt\r\nflask\r\n";
  const little = Buffer.from(`\ufeff${text}`, "utf16le");
  const { files } = contextOf({
    "requirements.txt": little,
    "requirements-dev.txt": Buffer.from(little).swap16(),
    "requirements-test.txt": text,
  });
  assert.deepEqual(Object.values(files), [text, text, text]);
});

test("a manifest of more than 1 MiB is listed but not read", () => {
  const { files } = contextOf({ "go.mod": "a".repeat(2 ** 20), "x/go.mod": "a".repeat(2 ** 20 + 1) });
  assert.equal(files["go.mod"]?.length, 2 ** 20);
  assert.equal(files["x/go.mod"], null);
});

test("texts that a report looks for are read, under whatever name", () => {
  const found = (named) => {
    const files = {
      Dockerfile: `FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r ${named}\n`,
      "reqs/prod.lst": "-r base.lst\n",
      "reqs/base.lst": "flask\n",
      "app.py": "",
    };
    const { out } = within(files, (directory) => layerwise(directory, ["--context", ".", "--format", "json", "Dockerfile"]));
    const { report } = JSON.parse(out).builds[0];
    return [report.fixes[0].applicability, report.rewritten.split("\n")[2]];
  };
  assert.deepEqual(found("reqs/prod.lst"), ["safe", "COPY reqs/prod.lst reqs/base.lst ./reqs/"]);
  assert.deepEqual(found("reqs/base.lst"), ["safe", "COPY reqs/base.lst ./reqs/"]);
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
  // Near miss: the classic builder reads none of the kind.
  assert.equal(contextOf(files, { fileName: "other.Dockerfile", builder: "classic" }).dockerignore, "a");
  assert.equal(contextOf(files, { fileName: "other.Dockerfile", builder: "buildah" }).dockerignore, "b");
});

test("a directory is skipped only when nothing in it can come back", () => {
  const some = excludesAll("*\n!src\n!api/package.json\n", ["docs", "src", "api", "api/lib"]);
  assert.deepEqual(some, [true, false, false, true]);
  assert.deepEqual(excludesAll("docs\n!**/*.md\n", ["docs"]), [false]);
  assert.deepEqual(excludesAll("doc[s]\n", ["docs/", "./docs", "doc"]), [true, true, false]);
  assert.deepEqual(excludesAll("", ["docs"]), [false]);
  // Whatever a pattern is, it takes time in its length times that of the path.
  assert.deepEqual(excludesAll("*a*a*a*a*a*a*a*ab\n", ["a".repeat(60)]), [false]);
  for (const [ignore, directories] of [[1, []], ["", "docs"], ["", [1]]]) {
    assert.throws(() => excludesAll(ignore, directories), TypeError);
  }
});

test("links and odd names do no harm", () => {
  const { files, filesComplete } = contextOf({ ["__proto__"]: "", "a b/\u00e9": "" }, {}, (directory) => {
    symlinkSync("circle", join(directory, "circle"));
    symlinkSync("nowhere", join(directory, "package.json"));
  });
  assert.deepEqual(Object.keys(files).sort(), ["__proto__", "a b/\u00e9", "circle", "package.json"]);
  assert.equal(files["package.json"], null);
  assert.equal(filesComplete, true);
});

test("a link to a directory without manifests is one entry", () => {
  const project = { "skills/a/SKILL.md": "", "package.json": "{}" };
  const { files, filesComplete } = contextOf(project, {}, (directory) => symlinkSync("skills", join(directory, "link")));
  assert.deepEqual(Object.keys(files).sort(), ["link", "package.json", "skills/a/SKILL.md"]);
  assert.equal(filesComplete, true);
});

test("behind a link to a directory with manifests there may be anything", () => {
  const project = { "libs/a/package.json": "{}", "package.json": '{"workspaces":["packages/*"]}' };
  const linked = (ignore) =>
    contextOf({ ...project, ...ignore }, {}, (directory) => symlinkSync("libs", join(directory, "packages")));
  const { files, filesComplete } = linked({});
  assert.deepEqual(Object.keys(files).sort(), ["libs/a/package.json", "package.json", "packages"]);
  assert.equal(filesComplete, false);
  assert.equal(linked({ ".dockerignore": "packages\n" }).filesComplete, true);
});

test("which programs of packages may be run is told by their mode", () => {
  const project = {
    "package.json": '{"bin":"./cli.js"}',
    "a/package.json": '{"bin":{"a":"bin/a.js","b":"bin/b.js"}}',
    "b/package.json": '{"bin":',
    "cli.js": "",
    "a/bin/a.js": "",
    "a/bin/b.js": "",
    "other.js": "",
  };
  const { executables } = contextOf(project, {}, (directory) => {
    for (const path of ["a/bin/a.js", "other.js"]) chmodSync(join(directory, path), 0o755);
  });
  assert.deepEqual(executables, ["a/bin/a.js"]);
});

test("a pipe is listed, not read", { skip: process.platform === "win32" }, () => {
  const { files, dockerignore } = contextOf({ a: "" }, { fileName: "Dockerfile" }, (directory) => {
    const pipes = ["package.json", ".dockerignore", "Dockerfile.dockerignore"];
    execFileSync("mkfifo", pipes.map((name) => join(directory, name)));
  });
  assert.equal(files["package.json"], null);
  assert.equal(dockerignore, undefined);
});

test("files whose text counts are known by name, wherever they lie", () => {
  for (const path of ["package.json", "a/go.mod", "requirements-dev.txt", "a/b/App.csproj", ".cargo/config.toml", "a/Gemfile.lock"]) {
    assert.ok(wantsText(path), path);
  }
  for (const path of ["index.js", "README.md", "my-requirements.md", "config.toml", "go.mod/x"]) {
    assert.ok(!wantsText(path), path);
  }
});
