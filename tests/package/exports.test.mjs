// What programs get beside the core: builds and contexts of a repository, and reports in other forms.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { analyze } from "layerwise";
import * as formats from "layerwise/formats";
import * as repository from "layerwise/node";
import { layerwise, within } from "./command-line.mjs";
import { COPY_FIRST, MANIFEST_FIRST, RULE } from "./dockerfiles.mjs";

const require = createRequire(import.meta.url);
const FILES = { "requirements.txt": "flask\n", "run.py": "" };
const report = analyze(COPY_FIRST, { files: FILES });
const uri = "file:///app/Dockerfile";

test("import and require give the same functions", () => {
  assert.deepEqual(Object.keys(require("layerwise/node")).sort(), Object.keys(repository).sort());
  assert.equal(require("layerwise/node").findBuilds, repository.findBuilds);
  const { toMarkdown } = require("layerwise/formats");
  assert.equal(toMarkdown(report), formats.toMarkdown(report));
  assert.deepEqual(Object.keys(formats).sort(), ["toLsp", "toMarkdown", "toSarif", "unifiedDiff"]);
});

test("formats need no Node", () => {
  const source = readFileSync(new URL("../../pkg/formats.js", import.meta.url), "utf8");
  assert.doesNotMatch(source, /["'](?:node:|fs|path|crypto)|require\(|\bprocess\b/);
});

test("a context is read as the command line reads it", () => {
  const files = { ...FILES, "Dockerfile": COPY_FIRST, ".dockerignore": "*.md\n", "api.Dockerfile.dockerignore": "docs\n", "docs/a.md": "" };
  within(files, (directory) => {
    const context = repository.readContext(directory);
    assert.deepEqual(Object.keys(context.files).sort(), [".dockerignore", "Dockerfile", "api.Dockerfile.dockerignore", "docs/a.md", "requirements.txt", "run.py"]);
    assert.equal(context.files["requirements.txt"], "flask\n");
    assert.deepEqual([context.files["run.py"], context.dockerignore, context.filesComplete], [null, "*.md\n", true]);
    const own = repository.readContext(directory, { dockerfile: join(directory, "api.Dockerfile") });
    assert.equal(own.dockerignore, "docs\n");
    assert.equal("docs/a.md" in own.files, false);
    assert.equal(repository.readContext(directory, { dockerfile: join(directory, "api.Dockerfile"), builder: "classic" }).dockerignore, "*.md\n");
  });
});

test("what has changed since is read again", () => {
  within({ ...FILES, Dockerfile: COPY_FIRST }, (directory) => {
    repository.readContext(directory);
    writeFileSync(join(directory, "requirements.txt"), "django\n");
    assert.equal(repository.readContext(directory).files["requirements.txt"], "django\n");
  });
});

/** Runs `body`, an expression over the functions of `layerwise/node`, in `directory`. */
function inside(directory, body) {
  const entry = JSON.stringify(new URL("../../pkg/repository.js", import.meta.url).href);
  const source = `import * as repository from ${entry}; const problems = [];
    const onProblem = (sentence) => problems.push(sentence);
    console.log(JSON.stringify([await ${body}, problems]));`;
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "--eval", source], { cwd: directory, encoding: "utf8" }));
}

test("the builds of a repository are those that the command line tells", () => {
  const files = {
    "compose.yaml": "services:\n  api:\n    build: { context: ., dockerfile: api/Dockerfile, target: run, args: { A: b } }\n",
    "api/Dockerfile": "ARG A\nFROM python:3 AS run\nARG A\nCOPY . /app\nRUN pip install -r /app/requirements.txt\nFROM scratch\n",
    "requirements.txt": "flask\n",
    "web/Dockerfile": COPY_FIRST, "web/requirements.txt": "", "web/run.py": "",
  };
  within(files, (directory) => {
    const [builds, problems] = inside(directory, "repository.findBuilds()");
    assert.deepEqual(problems, []);
    const told = builds.map(({ dockerfile, context, learntFrom, target }) => ({ dockerfile, context, learntFrom, target }));
    const { out } = layerwise(directory, ["--json"]);
    const asTold = JSON.parse(out).builds.map(({ dockerfile, context, learntFrom, target }) => ({ dockerfile, context, learntFrom, target }));
    assert.deepEqual(told, asTold);
    const [api] = builds;
    assert.deepEqual([api.learntFrom, api.target, api.options.buildArgs], ["compose", "run", { A: "b" }]);
    assert.equal(api.from, "compose.yaml, service api");
    assert.deepEqual(analyze(api.text, api.options).issues, JSON.parse(out).builds[0].report.issues);
    assert.deepEqual(inside(directory, "repository.findDockerfiles()")[0], ["api/Dockerfile", "web/Dockerfile"]);
  });
});

test("options go before what is found, and problems are told", () => {
  within({ "a/Dockerfile": COPY_FIRST, ...FILES }, (directory) => {
    const [[build]] = inside(directory, 'repository.findBuilds(["a"], { context: ".", builder: "classic" })');
    assert.deepEqual([build.context, build.learntFrom, build.options.builder], [".", "option", "classic"]);
    const [found, problems] = inside(directory, 'repository.findBuilds(["b", "a"], { onProblem })');
    assert.equal(found.length, 1);
    assert.deepEqual(problems, ["there is no file b"]);
  });
});

test("a text that is not written yet has builds, too", () => {
  within({ Dockerfile: MANIFEST_FIRST, ...FILES }, (directory) => {
    const body = `repository.buildsOf("Dockerfile", ${JSON.stringify(COPY_FIRST)}, { onProblem })`;
    const [[build], problems] = inside(directory, body);
    assert.deepEqual([build.text, build.context, problems], [COPY_FIRST, ".", []]);
    assert.equal(analyze(build.text, build.options).issues[0].rule, RULE);
    const [, missing] = inside(directory, 'repository.buildsOf("Dockerfile", "FROM a\\nCOPY b /\\n", { onProblem })');
    assert.match(missing[0], /^b \(Dockerfile:2\) is not in \.; judged from the text alone/);
  });
});

test("a comment tells what the command line's does", () => {
  within({ Dockerfile: COPY_FIRST, ...FILES }, (directory) => {
    const { out } = layerwise(directory, ["--format", "markdown"]);
    const options = { text: COPY_FIRST, context: "." };
    assert.ok(out.startsWith(formats.toMarkdown(analyze(COPY_FIRST, repository.readContext(directory)), options)));
  });
  assert.doesNotMatch(formats.toMarkdown(report), /```diff/);
  assert.match(formats.toMarkdown(report, { dockerfile: "a/Dockerfile", target: "run", context: "a" }), /^### `a\/Dockerfile` \(context `a`, target `run`\)/);
  assert.equal(formats.toMarkdown(analyze(MANIFEST_FIRST, { files: FILES })), "");
});

test("Markdown has the lines of .dockerignore where that is known", () => {
  const files = [...Object.keys(FILES), ".venv/pyvenv.cfg"];
  const told = (dockerignore, ...given) =>
    formats.toMarkdown(analyze(COPY_FIRST, { files, dockerignore }), { dockerignore: given[0] }).match(/<summary>Suggested \.dockerignore[^]*?```diff\n([^]*?)```/)?.[1];
  assert.equal(told(""), undefined);
  assert.equal(told("", ""), "--- /dev/null\n+++ .dockerignore (proposed)\n@@ -0,0 +1,1 @@\n+.venv\n");
  assert.equal(told("*.md\n", "*.md\n"), "--- .dockerignore\n+++ .dockerignore (proposed)\n@@ -1,1 +1,2 @@\n *.md\n+.venv\n");
  assert.equal(told(".venv\n", ".venv\n"), undefined);
});

test("a log of SARIF has the rules, and each report under its own name", () => {
  const log = formats.toSarif([{ dockerfile: "a/Dockerfile", report }, { report }]);
  const [{ results, tool }] = log.runs;
  assert.equal(log.version, "2.1.0");
  assert.ok(tool.driver.rules.some(({ id }) => id === RULE));
  const places = results.map(({ locations: [{ physicalLocation }] }) => physicalLocation.artifactLocation.uri);
  assert.deepEqual([...new Set(places)], ["a/Dockerfile", "Dockerfile"]);
  assert.equal(results[0].fixes[0].artifactChanges[0].artifactLocation.uri, "a/Dockerfile");
});

/** What the edits of a code action make of a text. */
function applied(text, { edit: { changes, documentChanges } }) {
  const edits = changes?.[uri] ?? documentChanges[0].edits;
  const lines = text.split("\n");
  const offset = ({ line, character }) => lines.slice(0, line).join("\n").length + (line > 0 ? 1 : 0) + character;
  return [...edits].reverse().reduce((out, { range, newText }) =>
    out.slice(0, offset(range.start)) + newText + out.slice(offset(range.end)), text);
}

test("an editor gets diagnostics, and actions that make the rewritten file", () => {
  const { diagnostics, codeActions } = formats.toLsp(report, { uri });
  assert.equal(diagnostics[0].code, RULE);
  assert.equal(diagnostics[0].range.start.line, report.issues[0].range.start.line - 1);
  assert.equal(diagnostics[0].relatedInformation[0].location.uri, uri);
  assert.match(diagnostics[0].message, /\nfix: .* \(safe, saves ~[\d.]+ s at each edit\)$/);
  assert.deepEqual(codeActions.map(({ kind }) => kind), ["quickfix", "source.fixAll.layerwise"]);
  for (const action of codeActions) assert.equal(applied(COPY_FIRST, action), report.rewritten);
  assert.equal(codeActions[0].isPreferred, true);
  const { edit } = formats.toLsp(report, { uri, version: 7 }).codeActions[0];
  assert.deepEqual(edit.documentChanges[0].textDocument, { uri, version: 7 });
});

test("an assumed fix says what it rests on, and is not among the safe ones", () => {
  const assumed = analyze(COPY_FIRST);
  const { diagnostics, codeActions } = formats.toLsp(assumed, { uri });
  assert.deepEqual(codeActions.map(({ kind, isPreferred }) => [kind, isPreferred]), [["quickfix", false]]);
  assert.ok(diagnostics[0].message.includes(`\nif: ${assumed.fixes[0].assumptions[0]}`));
});

test("syntax errors and refused fixes are told; without an address nothing is", () => {
  const [error] = formats.toLsp(analyze("FROM a\nCOPPY b c\n"), { uri }).diagnostics;
  assert.deepEqual([error.code, error.severity, error.range.start], ["syntax-error", 1, { line: 1, character: 0 }]);
  const refused = analyze("FROM node:22\nCOPY . .\nRUN ./prepare.sh\nRUN npm ci\n");
  assert.ok(formats.toLsp(refused, { uri }).diagnostics[0].message.endsWith(`\nno fix: ${refused.issues[0].refusal.message}`));
  assert.throws(() => formats.toLsp(report), /^TypeError: options\.uri must be the address of the document$/);
});

test("the difference of two texts is a patch that git applies", () => {
  const many = Array.from({ length: 60 }, (_, at) => `line ${at}`).join("\n");
  const pairs = [
    [COPY_FIRST, report.rewritten],
    ["a\nb\n", "b\na\n"],
    ["", "a\n"],
    ["a\n", ""],
    ["a", "a\n"],
    ["a\r\nb\r\n", "a\r\nc\r\n"],
    [many, many.replace("line 3\n", "").replace("line 50", "other\nlines")],
  ];
  for (const [before, after] of pairs) {
    within({ file: before }, (directory) => {
      const patch = formats.unifiedDiff(before, after, { from: "a/file", to: "b/file" });
      const input = after === "" || before === "" ? patch : `diff --git a/file b/file\n${patch}`;
      execFileSync("git", ["apply", "--unidiff-zero", "-"], { cwd: directory, input });
      assert.equal(readFileSync(join(directory, "file"), "utf8"), after);
    });
  }
  assert.equal(formats.unifiedDiff("a\n", "a\n"), "");
  assert.match(formats.unifiedDiff("a\n", "b\n"), /^--- a\n\+\+\+ b\n@@ -1,1 \+1,1 @@\n-a\n\+b\n$/);
});
