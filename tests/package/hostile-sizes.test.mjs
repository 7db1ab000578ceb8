// Builds that are made to take long or much memory: the module survives each, and answers the next
// call. The core's own table, `tests/hostile.rs`, has more; these are as large as the aims are.

import assert from "node:assert/strict";
import { test } from "node:test";
import { analyze } from "layerwise";
import { COPY_FIRST } from "./dockerfiles.mjs";

const parts = (count, part) => Array.from({ length: count }, (_, at) => part(at)).join("");
const chained = (count, line) => `FROM a AS s0\nCOPY . /app\n${parts(count, (at) => `FROM s${at} AS s${at + 1}\n${line(at)}\n`)}`;
const lines = (count, command) => `FROM a\nCOPY . /app\nRUN true${parts(count, (at) => ` \\\n && ${command(at)}`)}\n`;
const body = (count, line) => `FROM a\nCOPY . /app\nRUN <<EOF\n${parts(count, line)}EOF\n`;
const copied = "FROM a\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";

/** What is tried: the Dockerfile, and the options. */
const TRIED = {
  "100,000 chained stages": [chained(100_000, () => "")],
  "100,000 chained stages with a RUN each": [chained(100_000, () => "RUN true")],
  "20,000 chained stages that install": [chained(20_000, () => "RUN pip install flask")],
  "200,000 lines": [`FROM a\n${"# a comment\n".repeat(100_000)}${"LABEL a=b\n".repeat(100_000)}`],
  "200,000 continuation lines": [lines(200_000, () => "true")],
  "50,000 continuation lines that install": [lines(50_000, () => "apt-get install x")],
  "50,000 lines of a here-document that install": [body(50_000, (at) => `pip install x${at}\n`)],
  "10,000 functions": [body(10_000, (at) => `f${at}() {\n make\n}\nf${at}\n`)],
  "functions that call each other": [body(4, (at) => `f${at + 1}() {\n${`f${at}\n`.repeat(200)}}\n`).replace("EOF\nf1", "EOF\nf0() { true; }\nf1").replace(/EOF\n$/, "f4\nEOF\n")],
  "20,000 directories in each other": [`FROM a\n${"WORKDIR a\n".repeat(20_000)}`],
  "100,000 paths of one command": [`FROM a\nCOPY . /app\nRUN npm ci && rm -rf${parts(100_000, (at) => ` /p${at}`)}\n`],
  "a million paths and 28 patterns": [copied, { files: Array.from({ length: 1_000_000 }, (_, at) => `d${at % 100}/e${at % 1000}/f${at}.js`), dockerignore: "**/*a*b*c\n!**/d*/e*\n".repeat(14) }],
  "2,000 members of a workspace": [copied, { files: Object.fromEntries([["package.json", JSON.stringify({ workspaces: Array.from({ length: 2000 }, (_, at) => `p${at}`) })], ["package-lock.json", null], ...Array.from({ length: 2000 }, (_, at) => [`p${at}/package.json`, "{}"])]) }],
  "a .dockerignore of many stars": [copied, { files: Array.from({ length: 1617 }, (_, at) => `x${at}/y`), dockerignore: `${"***/".repeat(86)}a\n`.repeat(28) }],
};

for (const [name, [text, options]] of Object.entries(TRIED)) {
  test(name, () => {
    const report = analyze(text, options);
    assert.ok(Array.isArray(report.issues));
    assert.equal(typeof report.rewritten, "string");
    assert.equal(analyze(COPY_FIRST).issues.length, 1);
  });
}
