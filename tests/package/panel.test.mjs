// What pages show of a report: the headline, and the overview that goes through messages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { analyze, rules } from "layerwise";
import { headlineOf, overviewOf } from "layerwise/panel";
import { COPY_FIRST, MANIFEST_FIRST, RULE } from "./dockerfiles.mjs";

const overview = (text, options = {}) => overviewOf(analyze(text, options), { text, rules: rules() });
const headline = (text, options) => headlineOf(analyze(text, options)).text;
const badge = (text, options) => overview(text, options).badge;

/** Steps that an edit does not reach, but a new base image does. */
const LABELLED = "FROM node:24\nARG COMMIT\nRUN npm install -g typescript\nRUN echo $COMMIT > /commit\n";

test("the headline says what an edit rebuilds, and what it would", () => {
  assert.equal(headline(COPY_FIRST), "An edit rebuilds 30 s. Rewritten: under 1 s.");
  assert.deepEqual(badge(COPY_FIRST), { text: "30 s lost per edit", tone: "lost" });
  assert.equal(headline(MANIFEST_FIRST), "No step runs again for nothing.");
});

test("measured times are told as they are", () => {
  const timings = "#7 [2/3] ADD . /app\n#7 DONE 0.4s\n#8 [3/3] RUN pip install -r /app/requirements.txt\n#8 DONE 83.0s\n";
  assert.equal(headline(COPY_FIRST, { timings }), "An edit rebuilds 83 s. Rewritten: 0.4 s.");
  assert.equal(headlineOf(analyze(COPY_FIRST, { timings })).measured, true);
  assert.equal(headlineOf(analyze(COPY_FIRST)).measured, false);
});

test("where an edit gains nothing, the change counts that gains most", () => {
  assert.match(headline(LABELLED), /^A new build argument rebuilds \d+ s\. Rewritten: under 1 s\.$/);
  assert.match(badge(LABELLED).text, /^\d+ s lost per new build argument$/);
});

test("what cannot be rewritten, notes, and what does not build", () => {
  const refused = "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN ./prepare && npm ci\n";
  assert.equal(headline(refused), "One issue, and none that could be rewritten.");
  assert.deepEqual(badge(refused), { text: "1 issue", tone: "note" });
  const files = ["package.json", "node_modules/a/index.js"];
  assert.equal(headline("FROM node:24\nWORKDIR /app\nCOPY package.json .\nRUN npm install\nCOPY . .\n", { files }), "One issue, and lines to add to .dockerignore.");
  assert.deepEqual(badge("FROM node:24\nRUN npm install -g a\n"), { text: "1 note", tone: "note" });
  assert.deepEqual(badge("FROM alpine\n"), { text: "nothing lost", tone: "kept" });
  assert.deepEqual(badge("FROM alpine\nRUMBLE\n"), { text: "does not build", tone: "bad" });
  assert.equal(headline("FROM alpine\nRUMBLE\n"), "This file does not build.");
});

test("an entry says what is wrong, where, what it costs, and what to do", () => {
  const { entries: [entry], patch, rewritten } = overview(COPY_FIRST);
  assert.deepEqual([entry.severity, entry.rule, entry.lines.length, entry.fix.applicability], ["warning", RULE, 1, "assumed"]);
  assert.match(entry.price, /^1 step runs again, about 30 s$/);
  assert.match(entry.page, new RegExp(`^https://github\\.com/.*/docs/rules/${RULE}\\.md$`));
  assert.match(patch, /^--- a\/Dockerfile\n\+\+\+ b\/Dockerfile\n@@ /);
  assert.equal(rewritten, analyze(COPY_FIRST).rewritten);
  const text = COPY_FIRST;
  const own = overviewOf(analyze(text), { text, name: "api.Dockerfile", rules: rules(), manual: "https://example.org/" });
  assert.equal(own.entries[0].page, `https://example.org/rules/${RULE}.md`);
  assert.match(own.patch, /^--- a\/api\.Dockerfile\n/);
  assert.equal(overviewOf(analyze(text), { text }).entries[0].page, undefined);
});

test("notes of one rule are one entry, and so is what one fix repairs", () => {
  const notes = overview(`FROM node:24\n${"RUN npm install -g a\n".repeat(12)}`).entries;
  assert.deepEqual(notes.map(({ lines, moreLines, message }) => [lines.length, moreLines, message]), [[8, 4, "install keeps no downloads for the next one"]]);
  const shared = overview("FROM python:3\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nRUN apt-get update && apt-get install -y curl\n").entries;
  assert.deepEqual(shared[0].lines, [4, 5]);
});

test("an overview is plain data, and stays small", () => {
  const text = `FROM debian:13\n${Array.from({ length: 1500 }, (_, at) => `COPY ${at} /srv/${at}\nRUN apt-get install -y p${at}\n`).join("")}`;
  const made = overview(text);
  const message = JSON.stringify(made);
  assert.deepEqual(JSON.parse(message), JSON.parse(JSON.stringify(structuredClone(made))));
  assert.equal(made.entries.length, 50);
  assert.ok(made.more > 1000);
  assert.ok(message.length - text.length < 60_000, `${message.length}`);
});

test("the custom element may be imported where pages are built", async () => {
  const { LayerwiseDockerfile } = await import("layerwise/element");
  assert.deepEqual(LayerwiseDockerfile.observedAttributes, ["fix", "theme", "manual", "name"]);
});
