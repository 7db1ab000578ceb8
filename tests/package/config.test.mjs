// The configuration: where it is found, what it decides, what is wrong with one.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { layerwise, within } from "./command-line.mjs";
import { COPY_FIRST, RULE, NO_MOUNTS } from "./dockerfiles.mjs";

const require = createRequire(import.meta.url);
const Ajv = require("ajv");

const json = (value) => JSON.stringify(value, null, 2);

/** The builds that are told: their paths, contexts, targets, and how severe their issues are. */
function told(directory, args = []) {
  return JSON.parse(layerwise(directory, ["--json", ...args]).out).builds.map(
    ({ dockerfile, context, learntFrom, target, report }) =>
      [dockerfile, context, learntFrom, target, report.issues.map(({ severity }) => severity).join()]);
}

test("the nearest configuration counts, and the command line before it", () => {
  const files = {
    "layerwise.json": json({ rules: { [RULE]: "error" } }),
    Dockerfile: COPY_FIRST,
    "a/package.json": json({ name: "a", layerwise: { rules: { [RULE]: "info" } } }),
    "a/Dockerfile": COPY_FIRST,
    "a/b/package.json": json({ name: "b" }),
    "a/b/Dockerfile": COPY_FIRST,
    "c/layerwise.json": json({ extends: "../layerwise.json", builder: "classic" }),
    "c/Dockerfile": COPY_FIRST,
    "other.json": json({ rules: { [RULE]: "off" } }),
  };
  within(files, (directory) => {
    const levels = (args) => told(directory, args).map(([name, , , , levels]) => [name, levels]);
    assert.deepEqual(levels([]), [
      ["Dockerfile", "error"], ["a/Dockerfile", "info"], ["a/b/Dockerfile", "info"], ["c/Dockerfile", "error"],
    ]);
    assert.deepEqual(levels(["c", "--rule", `${RULE}=warning`]), [["c/Dockerfile", "warning"]]);
    assert.deepEqual(levels(["c", "--config", "other.json"]), [["c/Dockerfile", ""]]);
  });
});

test("contexts, targets and arguments, for some Dockerfiles", () => {
  const text = `ARG V=1\nFROM python:$V AS dev\n${COPY_FIRST.split("\n").slice(1).join("\n")}FROM scratch\n`;
  const config = {
    target: "dev",
    buildArgs: { V: "3" },
    overrides: [
      { files: ["images/**"], context: "app", target: "1" },
      { files: ["*.special"], targets: ["dev"], buildArgs: { V: "4" } },
    ],
  };
  const files = { "x/layerwise.json": json(config), "x/images/a.Dockerfile": text, "x/app/requirements.txt": "", "x/app/run.py": "", "x/Dockerfile.special": text };
  within(files, (directory) => {
    assert.deepEqual(told(directory).map((build) => build.slice(0, 4)), [
      ["x/Dockerfile.special", "x", "guess", "dev"],
      ["x/images/a.Dockerfile", "x/app", "config", "1"],
    ]);
    const { builds } = JSON.parse(layerwise(directory, ["--json", "--build-arg", "V=5"]).out);
    assert.deepEqual(builds.map(({ report }) => report.stages[0].base), ["python:5", "python:5"]);
    assert.equal(JSON.parse(layerwise(directory, ["--json"]).out).builds[0].report.stages[0].base, "python:4");
    assert.match(layerwise(directory, ["x/images"]).out, /context: x\/app, target 1 \(as x\/layerwise\.json says\)\n/);
    assert.equal(told(directory, ["--context", "x", "x/images"])[0][2], "option");
  });
  within({ "layerwise.json": json({ context: "none" }), Dockerfile: COPY_FIRST }, (directory) => {
    const { code, err } = layerwise(directory, []);
    assert.deepEqual([code, err], [2, "layerwise: layerwise.json: the context none is no directory\n"]);
  });
});

test("what is known of base images reaches the core", () => {
  const text = `FROM base\nCOPY . ./\nRUN pip install -r requirements.txt\n${NO_MOUNTS}`;
  const config = { baseImages: { base: { workdir: "/srv" } } };
  within({ Dockerfile: text, "layerwise.json": json(config) }, (directory) => {
    const [{ report }] = JSON.parse(layerwise(directory, ["--json"]).out).builds;
    assert.equal(report.stages[0].steps[0].cwd, "/srv");
  });
});

test("parts of Dockerfiles are read where the configuration says that they are some", () => {
  const part = "COPY . .\nRUN npm ci\n";
  const files = {
    "layerwise.json": JSON.stringify({ overrides: [{ files: ["docs/**"], fragment: true }] }),
    "docs/Dockerfile": part,
    "app/Dockerfile": part,
  };
  within(files, (directory) => {
    const errors = (path) => JSON.parse(layerwise(directory, ["--format", "json", path]).out).builds[0].report.errors;
    assert.deepEqual(errors("docs/Dockerfile"), []);
    assert.match(errors("app/Dockerfile")[0].message, /no build stage/);
  });
});

test("Dockerfiles are left out, unless they are named", () => {
  const files = { "layerwise.json": json({ ignore: ["old/**", "*.bak"] }), Dockerfile: "FROM a\n", "old/Dockerfile": "FROM a\n", "x/Dockerfile.bak": "FROM a\n" };
  within(files, (directory) => {
    assert.deepEqual(told(directory).map(([name]) => name), ["Dockerfile"]);
    assert.deepEqual(told(directory, ["old/Dockerfile"]).map(([name]) => name), ["old/Dockerfile"]);
    assert.match(layerwise(directory, ["--verbose"]).err, /^layerwise: old\/Dockerfile is left out, as the configuration says\n/);
  });
});

const WRONG = [
  ['{\n  "rule": {}\n}', /^layerwise: layerwise\.json:2: there is no key `rule`; the nearest is `rules`\n$/],
  [`{\n  "rules": {\n    "${RULE}": "error",\n    "${RULE}s": "off"\n  }\n}`, /^layerwise: layerwise\.json:4: rules: there is no rule `source-copied-before-installs`; the nearest is/],
  ['{\n\n  "rules": { "a": "on" }\n}', /^layerwise: layerwise\.json:3: rules must be an object of "off", /],
  ['{ "context": 1 }', /^layerwise: layerwise\.json:1: `context` must be a string\n$/],
  ['{ "ignore": "x" }', /:1: `ignore` must be an array of strings\n$/],
  ['{ "overrides": {} }', /:1: `overrides` must be an array of objects\n$/],
  ['{\n"overrides": [\n{ "files": [] },\n{ "target": "x" }] }', /:4: an override has `files`, to which it applies\n$/],
  ['{\n"overrides": [\n1] }', /:3: an override is an object\n$/],
  ['{\n"overrides": [\n{ "files": [],\n"contexts": "x" }] }', /:4: there is no key `contexts`; the nearest is `context`\n$/],
  ['{ "baseImages": { "a": { "env": 1 } } }', /:1: baseImages must be an object of /],
  ["[]", /:1: a configuration is an object\n$/],
  ['{\n  "rules": {}\n  "x": 1\n}', /^layerwise: layerwise\.json:3: this is no JSON: /],
  ['{ "extends": "layerwise.json" }', /^layerwise: layerwise\.json extends itself\n$/],
  ['{ "extends": "none.json" }', /^layerwise: there is no configuration none\.json\n$/],
];

test("what is wrong is told once, with its line and the nearest key", () => {
  for (const [text, message] of WRONG) {
    within({ "layerwise.json": text, Dockerfile: "FROM a\n", "a/Dockerfile": "FROM a\n" }, (directory) => {
      const { code, out, err } = layerwise(directory, []);
      assert.deepEqual([code, out], [2, ""], text);
      assert.match(err, message);
    });
  }
  const manifest = '{\n  "name": "x",\n  "layerwise": {\n    "rulez": {}\n  }\n}';
  within({ "package.json": manifest, Dockerfile: "FROM a\n" }, (directory) => {
    assert.match(layerwise(directory, []).err, /^layerwise: package\.json:4: there is no key `rulez`/);
  });
  // A package.json that is broken is not ours to complain of.
  within({ "package.json": "{", Dockerfile: "FROM a\n" }, (directory) => {
    assert.equal(layerwise(directory, []).code, 0);
  });
});

test("the schema of the package says the same", () => {
  const schema = JSON.parse(readFileSync(require.resolve("layerwise/layerwise.schema.json"), "utf8"));
  const validate = new Ajv().compile(schema);
  const right = {
    $schema: "./node_modules/layerwise/layerwise.schema.json",
    ignore: ["a"], rules: { [RULE]: "off" }, context: ".", target: "a", targets: ["b"], buildArgs: { A: "1" },
    baseImages: { a: { workdir: "/", env: { A: "" }, user: "u", shell: ["sh"], onbuild: [] } }, builder: "buildah",
    overrides: [{ files: ["*"], rules: {}, context: ".", target: "0" }],
  };
  assert.ok(validate(right), JSON.stringify(validate.errors));
  within({ "layerwise.json": json({ ...right, target: "0", overrides: [] }), Dockerfile: "FROM a\n" }, (directory) => {
    assert.deepEqual(layerwise(directory, []).err, "");
  });
  // Those whose shape is wrong; a file that is not there has the right one.
  const shapes = WRONG.flatMap(([text]) => {
    try {
      return [JSON.parse(text)];
    } catch {
      return [];
    }
  });
  const refused = shapes.filter((value) => !validate(value));
  assert.equal(refused.length, shapes.length - 3);
});

test("nothing in a configuration commands the terminal", () => {
  const name = "\x1b[2J\u009b2J";
  for (const value of [{ [name]: 1 }, { rules: { [name]: "off" } }, { context: name }, { extends: name }, { target: name }]) {
    within({ "layerwise.json": json(value), Dockerfile: "FROM a\n" }, (directory) => {
      const { out, err } = layerwise(directory, []);
      assert.doesNotMatch(out + err, /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/);
    });
  }
});
