// What leaves has the properties that its declaration names, and no others.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { analyze, compare, copiedPaths, inspect, parse, rebuild, replay, rules } from "layerwise";
import { COPY_FIRST } from "./dockerfiles.mjs";

const declarations = readFileSync(
  createRequire(import.meta.url).resolve("layerwise").replace(/node\.cjs$/, "index.d.cts"),
  "utf8",
);

/** For each interface its properties: whether one may be missing, and its type. */
const interfaces = new Map();
for (const [, name, body] of declarations.matchAll(/export interface (\w+) \{\n([^]*?)\n\}/g)) {
  const properties = body.matchAll(/^    (\w+)(\??): (.*);$/gm);
  interfaces.set(name, [...properties].map(([, key, maybe, type]) => ({ key, maybe, type })));
}

/** Names of interfaces that a value was held against. */
const seen = new Set();

function check(value, type) {
  if (type.endsWith("[]")) {
    assert.ok(Array.isArray(value), type);
    for (const item of value) check(item, type.slice(0, -2));
  } else if (interfaces.has(type)) {
    seen.add(type);
    const properties = interfaces.get(type);
    for (const key of Object.keys(value)) {
      assert.ok(properties.some((property) => property.key === key), `${type} declares no ${key}`);
    }
    for (const { key, maybe, type: inner } of properties) {
      if (maybe && !(key in value)) continue;
      assert.ok(key in value, `${type}.${key} is missing`);
      check(value[key], inner.replace(/ \| undefined$/, ""));
    }
  } else if (type === "Change") {
    // A union of objects with one property each.
    const [key, ...others] = Object.keys(value);
    assert.ok(declarations.includes(`{ ${key}: `) && others.length === 0, key);
  } else if (["string", "number", "boolean"].includes(type)) {
    assert.equal(typeof value, type);
  } else {
    assert.equal(typeof value, "string", type);
  }
}

test("reports, outcomes, instructions and rules are what their declarations say", () => {
  const texts = [
    COPY_FIRST,
    "FROM node:22 AS build\nWORKDIR /a\nCOPY . .\nRUN npm ci\nRUN npm run \"build\"\\\n\t\u00e9\n" +
      "FROM build\nUSER app\nARG V\nRUN make\nCOPY --link --from=build /a /b\n",
    "# layerwise ignore=other\nFROM a\nONBUILD COPY --from=b x /\nCOPY . /\nRUN <<-'E'\n\tpip install -r requirements.txt\nE\nBAD \u0001\n",
  ];
  for (const text of texts) {
    check(analyze(text), "Report");
    check(analyze(text, { fix: "none", files: [] }), "Report");
    check(parse(text), "ParseResult");
    check(inspect(text), "Inspection");
    check(copiedPaths(text), "CopiedPath[]");
    for (const change of [{ files: ["run.py"] }, { baseImage: "node:22" }, { buildArg: "V" }]) {
      check(rebuild(text, change), "RebuiltStep[]");
    }
    check(compare({ dockerfile: text }, { dockerfile: text.replace(/(RUN.*)/, "$1 x") }), "StepOutcome[]");
    const file = { type: "file", text: "1" };
    const commit = { id: "1", time: 0, title: "Add a file", changes: { "run.py": file, x: file } };
    check(replay({ dockerfile: text }, [commit], { rewrite: "suggested" }), "Replay");
  }
  check(rules(), "RuleInfo[]");
  const most = ["Issue", "Fix", "Refusal", "CopyNeed", "Rebuild", "RebuiltStep", "SyntaxError", "Heredoc", "ReplayedCommit"];
  const replayed = ["StepTotal", "CauseTotal", "PathTotal", "WeekTotal"];
  const missing = [...most, ...replayed, "Notice", "CopiedPath", "InspectedFact"].filter((name) => !seen.has(name));
  assert.deepEqual(missing, []);
});

test("texts are what they were, whatever their characters", () => {
  const name = "a\"b\\c\t\u0001\u2028\ud83d\udc0b";
  const { errors, stages } = analyze(`FROM x\nRUN echo\nUSER ${name}\nRUN true\nNO${name}\n`);
  assert.ok(errors.length > 0);
  assert.equal(stages[0].base, "x");
  assert.equal(parse(`USER ${name}\n`).instructions[0].args[0], name);
});
