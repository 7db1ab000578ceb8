// Arguments of the wrong type: a TypeError that names the argument or option.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { analyze, checkOptions, compare, parse, rebuild } from "layerwise";
import { RULE } from "./dockerfiles.mjs";

const FILES = "options.files must be an array of strings or an object of strings or null";
const BASES =
  "options.baseImages must be an object of { workdir?: string, env?: object of strings, " +
  "user?: string, shell?: array of strings, onbuild?: array of strings }";

const WRONG = [
  [null, "options must be an object", ["", 1, true, [], () => {}, new Map(), new Set(), new Date()]],
  ["files", FILES, ["a", 1, null, [1], [null], { a: 1 }, new Map([["a", "b"]]), new Set(["a"]), new Set(), Promise.resolve({})]],
  ["fragment", "options.fragment must be a boolean", ["yes", 1, null]],
  ["filesComplete", "options.filesComplete must be a boolean", ["yes", 1, null]],
  ["dockerignore", "options.dockerignore must be a string", [["a"], null, 1]],
  ["history", "options.history must be an object of numbers from 0 to 1", [["a"], { a: "1" }, { a: -0.1 }, { a: 1.1 }, { a: NaN }, { a: null }, null]],
  ["builder", 'options.builder must be "buildkit", "classic" or "buildah"', ["docker", 1, null]],
  ["target", "options.target must be a string", [1, null]],
  ["targets", "options.targets must be an array of strings", ["dev", [1], {}, null]],
  ["buildArgs", "options.buildArgs must be an object of strings", [["A=1"], { A: 1 }, "A=1", null]],
  ["baseImages", BASES, [[], { a: 1 }, { a: { env: ["A=1"] } }, { a: { workdir: 1 } }]],
  ["fix", 'options.fix must be "none", "safe", "assumed" or "suggested"', ["all", true, null]],
  ["rules", 'options.rules must be an object of "off", "info", "warning" or "error"', [{ a: "on" }, { a: 0 }, [], new Set(["a"])]],
];

test("an option of the wrong type is named", () => {
  for (const [name, message, values] of WRONG) {
    for (const value of values) {
      const options = name === null ? value : { [name]: value };
      const call = () => analyze("FROM scratch", options);
      assert.throws(call, { name: "TypeError", message }, `${name}: ${String(value)}`);
    }
  }
});

test("options of the right type are taken", () => {
  const right = {
    files: ["a", "b/c"],
    filesComplete: false,
    dockerignore: "*.md\n",
    history: { a: 0, "b/c": 1, "b/": 0.5, "./": 1 },
    builder: "buildah",
    target: "x",
    fragment: true,
    targets: ["dev"],
    buildArgs: { A: "1" },
    baseImages: {
      scratch: { workdir: "/", env: { A: "b" }, user: "root", shell: ["sh"], onbuild: [] },
      other: {},
    },
    fix: "suggested",
    rules: { [RULE]: "off" },
  };
  assert.deepEqual(analyze("FROM scratch", right).issues, []);
  assert.deepEqual(analyze("FROM scratch", { files: { a: null, b: "text", c: undefined } }).issues, []);
  assert.deepEqual(analyze("FROM scratch", null).issues, []);
});

test("an object is one wherever it comes from", () => {
  const elsewhere = runInNewContext('({ files: { "requirements.txt": "flask" } })');
  assert.deepEqual(analyze("FROM scratch", elsewhere).issues, []);
  assert.deepEqual(analyze("FROM scratch", Object.assign(Object.create(null), { files: [] })).issues, []);
});

test("an unknown rule is refused, and the nearest is named", () => {
  assert.throws(() => analyze("FROM scratch", { rules: { [`${RULE}s`]: "off" } }), {
    name: "TypeError",
    message: `options.rules: there is no rule \`${RULE}s\`; the nearest is \`${RULE}\``,
  });
});

test("options can be checked by themselves", () => {
  checkOptions();
  checkOptions({ timings: "#7 [build 3/6] RUN npm ci\n#7 DONE 12.3s\n" });
  for (const options of [{ timings: "no log" }, { rules: { x: "off" } }, { files: 1 }, { x: 1 }]) {
    const error = (() => {
      try {
        analyze("", options);
      } catch (error) {
        return error;
      }
    })();
    assert.throws(() => checkOptions(options), { name: "TypeError", message: error.message });
  }
});

test("a target must be a stage of the file", () => {
  const file = "FROM a AS build\nFROM build\nRUN b\n";
  const message = "target stage `test` could not be found; the file has `build`, `1`";
  const wrong = (called) => ({ name: "TypeError", message: `${called}: ${message}` });
  assert.throws(() => checkOptions({ target: "test" }, file), wrong("options.target"));
  assert.throws(() => rebuild(file, { files: ["a"] }, { target: "test" }), wrong("options.target"));
  const build = { dockerfile: file };
  assert.throws(() => compare({ ...build, target: "test" }, build), wrong("before.dockerfile"));
  assert.throws(() => compare(build, { ...build, target: "test" }), wrong("after.dockerfile"));
  assert.throws(() => compare(build, build, { target: "test" }), wrong("before.dockerfile"));
  // A report says it among its errors.
  assert.deepEqual(analyze(file, { target: "test" }).errors.map((error) => error.message), [message]);
  for (const target of ["build", "1", "", undefined]) {
    checkOptions({ target }, file);
    assert.deepEqual(analyze(file, { target }).errors, []);
    rebuild(file, { files: ["a"] }, { target });
    compare({ ...build, target }, build);
  }
  checkOptions({ target: "test" });
  assert.throws(() => checkOptions({}, 1), { name: "TypeError", message: "dockerfile must be a string" });
});

test("an unknown option is refused, and the known ones are listed", () => {
  assert.throws(() => analyze("FROM scratch", { file: [] }), {
    name: "TypeError",
    message: /^options\.file is unknown; there are files, filesComplete, .*timings$/,
  });
});

test("a Dockerfile that is no string is refused", () => {
  for (const value of [undefined, null, 1, {}, ["FROM scratch"], new String("FROM scratch")]) {
    const wrong = { name: "TypeError", message: "dockerfile must be a string" };
    assert.throws(() => analyze(value), wrong);
    assert.throws(() => parse(value), wrong);
  }
});

test("a getter's error comes through", () => {
  const options = {
    get target() {
      throw new RangeError("mine");
    },
  };
  assert.throws(() => analyze("FROM scratch", options), { name: "RangeError", message: "mine" });
  // Many of them leave nothing behind.
  for (let count = 0; count < 20_000; count++) assert.throws(() => checkOptions(options));
  assert.deepEqual(analyze("FROM scratch").issues, []);
});
