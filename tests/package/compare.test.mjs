// Two builds: what the second takes from the cache of the first, and why not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compare } from "layerwise";
import { COPY_FIRST, MANIFEST_FIRST } from "./dockerfiles.mjs";

const file = (text) => ({ type: "file", mode: "0o644", text });
const context = (text) => ({ "requirements.txt": file("flask\n"), "run.py": file(text) });
const edited = (dockerfile, options) =>
  compare({ dockerfile, context: context("1\n") }, { dockerfile, context: context("2\n") }, options);
const outcomes = (steps) => steps.map(({ outcome }) => outcome);

test("an edit reruns the install where the source is copied first, and only there", () => {
  assert.deepEqual(outcomes(edited(COPY_FIRST)), ["rerun", "rerun"]);
  assert.deepEqual(outcomes(edited(MANIFEST_FIRST)), ["cached", "cached", "rerun"]);
});

test("a step says where it is and why it is not cached", () => {
  const [copy, install] = edited(COPY_FIRST);
  assert.deepEqual([copy.stage, copy.keyword, copy.text], [0, "ADD", "ADD . /app"]);
  assert.equal(COPY_FIRST.slice(copy.range.start.offset, copy.range.end.offset), "ADD . /app");
  assert.deepEqual([copy.cause, install.cause], ["file-content", "parent"]);
  assert.equal(copy.because, "run.py changed, and `ADD . /app` on line 2 selects it");
  const [kept] = edited(MANIFEST_FIRST);
  assert.ok(!("cause" in kept) && !("because" in kept));
});

test("offsets are UTF-16 units", () => {
  const dockerfile = "FROM scratch\n# \u{1f40b}\nCOPY run.py /\n";
  const [copy] = edited(dockerfile);
  assert.equal(dockerfile.slice(copy.range.start.offset, copy.range.end.offset), "COPY run.py /");
});

test("everything a build is given counts, its secrets excepted", () => {
  const dockerfile = "FROM a AS x\nARG V\nRUN --mount=type=secret,id=s make\nFROM scratch AS y\nCOPY a /\n";
  const build = { dockerfile, target: "x", buildArgs: { V: "1" }, secrets: { s: "1" } };
  const one = (change, options) => outcomes(compare(build, { ...build, ...change }, options));
  assert.deepEqual(one({}), ["cached"]);
  assert.deepEqual(one({ secrets: { s: "2" } }), ["cached"]);
  assert.deepEqual(one({ buildArgs: { V: "2" } }), ["rerun"]);
  assert.deepEqual(one({ baseDigests: { a: "sha256:1" } }), ["rerun"]);
  assert.deepEqual(one({ platform: "linux/arm64" }), ["rerun"]);
  assert.deepEqual(one({}, { target: "y" }), ["cached"]);
  assert.deepEqual(one({}, { builder: "classic" }), ["cached", "cached"]);
});

test("a context may be a list of paths, and the ignore file may be in it", () => {
  const dockerfile = "FROM scratch\nCOPY *.txt /\n";
  const before = { dockerfile, files: ["a.txt"] };
  assert.deepEqual(outcomes(compare(before, { dockerfile, files: ["a.txt", "b.md"] })), ["cached"]);
  assert.deepEqual(outcomes(compare(before, { dockerfile, files: ["a.txt", "b.txt"] })), ["rerun"]);
  const ignored = { dockerfile, files: { "a.txt": null, "b.txt": null, ".dockerignore": "b.*" } };
  assert.deepEqual(outcomes(compare(before, ignored)), ["cached"]);
});

const DOCKERFILE = "FROM scratch";
const FILE =
  'after.context must be an object of { type: "file" | "dir" | "symlink", mode?: string like ' +
  '"0o644", owner?: string, text?: string, sha256?: string, target?: string }';
const WRONG = [
  [{ after: 1 }, "after must be an object"],
  [{ after: new Map() }, "after must be an object"],
  [{ after: {} }, "after.dockerfile must be a string"],
  [{ after: { dockerfile: 1 } }, "after.dockerfile must be a string"],
  [{ after: { dockerfile: "", context: { a: null } } }, FILE],
  [{ after: { dockerfile: "", context: { a: {} } } }, FILE],
  [{ after: { dockerfile: "", context: { a: { type: "pipe" } } } }, FILE],
  [{ after: { dockerfile: "", context: { a: { type: "file", mode: "rw" } } } }, FILE],
  [{ after: { dockerfile: "", context: { a: { type: "file", size: "1" } } } }, FILE],
  [{ after: { dockerfile: "", files: 1 } }, "after.files must be an array of strings or an object of strings or null"],
  [{ after: { dockerfile: "", buildArgs: ["A=1"] } }, "after.buildArgs must be an object of strings"],
  [{ before: { dockerfile: "", target: 1 } }, "before.target must be a string"],
  [{ options: 1 }, "options must be an object"],
  [{ options: { builder: "kaniko" } }, 'options.builder must be "buildkit", "classic" or "buildah"'],
  [{ options: { files: [] } }, "options.files is unknown; there are builder, target"],
];

test("a part of the wrong type is named", () => {
  const build = { dockerfile: DOCKERFILE };
  for (const [given, message] of WRONG) {
    const { before, after, options } = { before: build, after: build, ...given };
    assert.throws(() => compare(before, after, options), { name: "TypeError", message });
  }
  assert.throws(() => compare(build, { ...build, buildarg: {} }), {
    name: "TypeError",
    message: /^after\.buildarg is unknown; there are dockerfile, .*target$/,
  });
});

test("any text and any path gives an answer", () => {
  const context = { "": file(""), "../x": file(""), "/": file(""), "a//b": file("\ud800") };
  for (const dockerfile of ["", "RUN a", "FROM\n", "FROM \ud800\nCOPY \0 *[ /\n", "FROM a AS b\nFROM b AS a\nFROM a"]) {
    const build = { dockerfile, context };
    assert.ok(compare(build, build).every(({ outcome }) => outcome === "cached"));
  }
});
