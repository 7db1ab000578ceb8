// The formats for machines, and which findings are told.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { rules } from "layerwise";
import { layerwise, within } from "./command-line.mjs";
import { COPY_FIRST, MANIFEST_FIRST, RULE } from "./dockerfiles.mjs";

const require = createRequire(import.meta.url);
const Ajv = require("ajv");

const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/;
const FORMATS = ["pretty", "json", "ndjson", "sarif", "github", "gitlab", "junit", "markdown"];
const PROJECT = {
  "a b/Dockerfile": COPY_FIRST, "a b/requirements.txt": "flask\n", "a b/run.py": "",
  "bad/Dockerfile": "FROM scratch\nCOPI <x> \"y\" & |\n",
  "fine/Dockerfile": MANIFEST_FIRST, "fine/requirements.txt": "", "fine/run.py": "",
};

/** A schema's judgement of a document, as the errors it finds. */
function errorsOf(schema, document) {
  const ajv = new Ajv({ allErrors: true, schemaId: "auto" });
  ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-04.json"));
  const validate = ajv.compile(schema);
  return validate(document) ? [] : validate.errors;
}

test("SARIF is valid, with pages, replacements and fingerprints", () => {
  const schema = JSON.parse(readFileSync(
    require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8"));
  within(PROJECT, (directory) => {
    const { code, out } = layerwise(directory, ["--format", "sarif"]);
    assert.equal(code, 1);
    const log = JSON.parse(out);
    assert.deepEqual(errorsOf(schema, log), []);
    // The schema says no to what is wrong.
    assert.notDeepEqual(errorsOf(schema, { ...log, runs: [{}] }), []);
    const [{ tool: { driver }, results }] = log.runs;
    assert.deepEqual(driver.rules.map(({ id }) => id), [...rules().map(({ id }) => id), "syntax-error"]);
    for (const { id, help } of driver.rules.slice(0, -1)) assert.ok(help.markdown.startsWith(`# ${id}\n`), id);
    assert.deepEqual(driver.rules.slice(0, -1).map(({ helpUri }) => helpUri), rules().map(({ url }) => url));
    const [issue, error] = results;
    assert.deepEqual([issue.ruleId, issue.level, error.ruleId, error.level], [RULE, "warning", "syntax-error", "error"]);
    assert.equal(driver.rules[issue.ruleIndex].id, RULE);
    const { artifactLocation, region } = issue.locations[0].physicalLocation;
    assert.deepEqual(artifactLocation, { uri: "a%20b/Dockerfile" });
    assert.deepEqual(region, { startLine: 3, startColumn: 1, endLine: 3, endColumn: 41 });
    assert.equal(issue.relatedLocations[0].physicalLocation.region.startLine, 2);
    assert.match(issue.partialFingerprints["layerwise/v1"], /^[0-9a-f]{32}$/);
    const [{ artifactChanges: [{ replacements }] }] = issue.fixes;
    assert.deepEqual(replacements[0], {
      deletedRegion: { startLine: 2, startColumn: 5, endLine: 2, endColumn: 11 },
      insertedContent: { text: "requirements.txt /app/requirements.txt" },
    });
  });
});

test("an empty run is valid in every format", () => {
  within({ "fine/Dockerfile": "FROM scratch\n" }, (directory) => {
    const out = Object.fromEntries(FORMATS.map((format) => [format, layerwise(directory, ["--format", format, "fine"]).out]));
    assert.deepEqual(JSON.parse(out.sarif).runs[0].results, []);
    assert.deepEqual(JSON.parse(out.gitlab), []);
    assert.equal(out.github, "");
    assert.match(out.junit, /tests="1" failures="0"/);
    assert.equal(out.markdown, "1 Dockerfile: no issues\n");
    assert.equal(layerwise(directory, ["--format", "markdown", "none"]).out, "No Dockerfiles.\n");
  });
});

test("github: a workflow command a finding", () => {
  within(PROJECT, (directory) => {
    const { out } = layerwise(directory, ["--format", "github"]);
    const [issue, error, end] = out.split("\n");
    assert.ok(issue.startsWith(`::warning file=a b/Dockerfile,line=3,endLine=3,col=1,endColumn=41,title=${RULE}::pip installs`), issue);
    assert.match(error, /^::error file=bad\/Dockerfile,line=2,.*title=syntax-error::unknown instruction: COPI/);
    assert.equal(end, "");
  });
  const folded = { "a,b%:/Dockerfile": COPY_FIRST.replace("pip install", "pip \\\n  install") };
  within(folded, (directory) => {
    assert.match(layerwise(directory, ["--format", "github"]).out, /^::warning file=a%2Cb%25%3A\/Dockerfile,line=3,endLine=4,title=/);
    const info = layerwise(directory, ["--format", "github", "--rule", `${RULE}=info`]);
    assert.match(info.out, /^::notice /);
    assert.equal(info.code, 0);
  });
});

test("gitlab: code quality", () => {
  within(PROJECT, (directory) => {
    const [issue, error, ...others] = JSON.parse(layerwise(directory, ["--format", "gitlab"]).out);
    assert.deepEqual(others, []);
    assert.equal(error.severity, "critical");
    const { description, fingerprint, ...rest } = issue;
    assert.match(description, /^pip installs/);
    assert.deepEqual(rest, {
      check_name: RULE, severity: "major", location: { path: "a b/Dockerfile", lines: { begin: 3, end: 3 } },
    });
    // A fingerprint stays where lines move.
    writeFileSync(join(directory, "a b/Dockerfile"), `# moved\n\n${COPY_FIRST}`);
    assert.equal(JSON.parse(layerwise(directory, ["--format", "gitlab"]).out)[0].fingerprint, fingerprint);
  });
});

test("junit: a case a finding, and one for what passed", () => {
  within(PROJECT, (directory) => {
    const { out } = layerwise(directory, ["--format", "junit"]);
    assert.match(out, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="layerwise" tests="3" failures="2">\n/);
    assert.match(out, /<testcase name="source-copied-before-install \(line 3\)" classname="a b\/Dockerfile">\n +<failure type="warning" message="pip installs/);
    assert.ok(out.includes('<testcase name="layerwise" classname="fine/Dockerfile"/>'));
    assert.doesNotMatch(out.replace(/<\/?(testsuites?|testcase|failure|\?xml)\b[^<>]*>/g, ""), /[<>]|&(?!amp;|lt;|gt;|quot;)/);
  });
});

test("markdown: a table, the issues and the change for each build", () => {
  within({ ...PROJECT, "compose.yaml": "services:\n  a: {build: './a b'}\n" }, (directory) => {
    const { out } = layerwise(directory, ["--format", "markdown"]);
    assert.ok(out.startsWith("### `a b/Dockerfile` (context `a b`)\n\n| When | rebuilding takes | and when rewritten |\n|---|---|---|\n| `run.py` is edited | \\~"), out);
    assert.match(out, /\n- \*\*warning\*\* `source-copied-before-install`, line 3: pip installs the dependencies after `ADD \. \/app` \(line 2\) {2}\n {2}Copy the manifests first/);
    assert.match(out, /<details><summary>Suggested change<\/summary>\n\n```diff\n--- a b\/Dockerfile\n/);
    assert.match(out, /\n- \*\*error\*\*, line 2: unknown instruction: COPI/);
    assert.match(out, /\n3 Dockerfiles: 1 syntax error, 1 issue\n/);
  });
});

test("markdown: nothing in a file is markup", () => {
  const hostile = COPY_FIRST.replace("/app\n", "/app` <img src=x> @team [a](b) ```\n");
  const fence = COPY_FIRST.replace("FROM", "# ```` </details>\nFROM");
  const files = { "x`<b>/Dockerfile": hostile, "y/Dockerfile": "FROM a\n<img src=x>\nRUN b|c\n", "z/Dockerfile": fence, "z/requirements.txt": "", "z/run.py": "" };
  within(files, (directory) => {
    const { out } = layerwise(directory, ["--format", "markdown"]);
    const outside = out.replace(/(`{5,})diff[^]*?\n\1\n/g, "").replace(/`[^`\n]*`/g, "");
    assert.doesNotMatch(outside.replace(/<\/?(details|summary)>/g, ""), /[<@]/);
    assert.match(out, /\n`````diff\n/);
    assert.ok(out.includes("&#60;img src=x&#62; &#64;team \\[a\\](b)"), out);
  });
});

test("--output writes the report to a file, and nothing else is printed", () => {
  within(PROJECT, (directory) => {
    const { out: printed } = layerwise(directory, ["--format", "gitlab"]);
    for (let time = 0; time < 2; time++) {
      const { code, out } = layerwise(directory, ["--format", "gitlab", "--output", "report.json"]);
      assert.deepEqual([code, out], [1, ""]);
      assert.equal(readFileSync(join(directory, "report.json"), "utf8"), printed);
    }
    const forced = layerwise(directory, ["--output", "report.txt"], { env: { FORCE_COLOR: "1" } });
    assert.equal(forced.out, "");
    assert.doesNotMatch(readFileSync(join(directory, "report.txt"), "utf8"), CONTROLS);
    const wrong = layerwise(directory, ["--output", "none/report"]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /ENOENT.*none\/report/);
  });
});

test("--diff is a patch that git applies, and writes nothing", () => {
  within({ "x/Dockerfile": COPY_FIRST, "x/requirements.txt": "", "x/run.py": "" }, (directory) => {
    const { code, out } = layerwise(directory, ["--diff"]);
    assert.equal(code, 1);
    assert.ok(out.startsWith("--- a/x/Dockerfile\n+++ b/x/Dockerfile\n@@ -1,5 +1,6 @@\n"), out);
    assert.equal(readFileSync(join(directory, "x/Dockerfile"), "utf8"), COPY_FIRST);
    execFileSync("git", ["apply"], { cwd: directory, input: out });
    assert.equal(readFileSync(join(directory, "x/Dockerfile"), "utf8"), MANIFEST_FIRST);
    assert.deepEqual(layerwise(directory, ["--diff"]), { code: 0, out: "", err: "" });
  });
});

test("infos of a rule are told together where people read", () => {
  const text = `FROM node:24\n${["a", "b", "c"].map((name) => `RUN npm install -g ${name}\n`).join("")}USER app\nRUN apt-get install -y d\n`;
  within({ Dockerfile: text }, (directory) => {
    const told = (...args) => layerwise(directory, ["--no-context", ...args]).out;
    const rule = "install-without-cache-mount";
    const message = "install keeps no downloads for the next one: 4 steps (lines 2, 3, 4, 6)";
    const pretty = told();
    assert.ok(pretty.startsWith(`info[${rule}]: ${message}\n  --> Dockerfile:2:1\n\n  why:    A change`), pretty);
    assert.match(pretty, /\n  help:   Mount a cache where it keeps its downloads\.\n  help:   Mount caches at `\/var\/cache\/apt`/);
    assert.match(pretty, /\n  fix:    Keep the caches of the tool in mounts \(suggested\)\n  if: /);
    assert.match(pretty, /\nDockerfile: no issues, 4 infos\n3 suggested fixes: /);
    assert.equal(told("--verbose").match(/^info\[/gm).length, 4);
    assert.equal(told("--quiet"), `Dockerfile:2:1: info[${rule}]: ${message}\n`);
    assert.match(told("--format", "markdown"), new RegExp(`\\n- \\*\\*info\\*\\* \`${rule}\`: ${message.replace(/[()]/g, "\\$&")} {2}\\n`));
    assert.equal(told("--format", "github").match(/^::notice /gm).length, 1);
    assert.equal(JSON.parse(told("--json")).builds[0].report.issues.length, 4);
    assert.equal(JSON.parse(told("--format", "sarif")).runs[0].results.length, 4);
    const fixed = layerwise(directory, ["--no-context", "--fix=suggested"]);
    assert.match(fixed.out, /^Dockerfile: rewritten, 3 of 4 issues fixed\n/);
  });
  // What matters comes first, and many lines are not all named.
  const many = `FROM node:24\nCOPY . .\n${"RUN npm install -g a\n".repeat(10)}`;
  within({ Dockerfile: many }, (directory) => {
    const lines = layerwise(directory, ["--no-context", "--quiet"]).out.trimEnd().split("\n");
    assert.equal(lines.length, 11);
    assert.match(lines.at(-1), /: 10 steps \(lines 3, 4, 5, 6, 7, 8, 9, 10, and 2 more\)$/);
  });
});

test("--quiet is a line an issue", () => {
  within(PROJECT, (directory) => {
    const { code, out, err } = layerwise(directory, ["--quiet"]);
    assert.deepEqual([code, err], [1, ""]);
    const [issue, error, end] = out.split("\n");
    assert.match(issue, /^a b\/Dockerfile:3:1: warning\[source-copied-before-install\]: pip installs/);
    assert.match(error, /^bad\/Dockerfile:2:1: error\[syntax-error\]: unknown instruction: COPI/);
    assert.equal(end, "");
  });
});

test("--verbose also tells what has no issues", () => {
  within(PROJECT, (directory) => {
    assert.match(layerwise(directory, ["--verbose"]).out, /\nfine\/Dockerfile: no issues\n/);
    assert.doesNotMatch(layerwise(directory, []).out, /fine/);
  });
});

test("--fail-on and --rule decide the exit code", () => {
  within({ Dockerfile: COPY_FIRST }, (directory) => {
    const code = (...args) => layerwise(directory, args).code;
    assert.deepEqual(["error", "warning", "info", "never"].map((level) => code("--fail-on", level)), [0, 1, 1, 0]);
    assert.equal(code("--rule", `${RULE}=error`, "--fail-on=error"), 1);
    assert.equal(code("--rule", `${RULE}=info`), 0);
    assert.equal(code("--rule", `${RULE}=info`, "--fail-on", "info"), 1);
    assert.match(layerwise(directory, ["--rule", `${RULE}=off`]).out, /Dockerfile: no issues\n$/);
    for (const [args, message] of [
      [["--rule", "x"], /--rule takes NAME=LEVEL/],
      [["--rule", `${RULE}s=off`], /--rule: there is no rule `source-copied-before-installs`; the nearest is/],
      [["--rule", `${RULE}=on`], /--rule must be an object of "off"/],
      [["--fail-on", "x"], /--fail-on takes error, warning, info or never/],
      [["--format", "x"], /--format takes pretty, .* or markdown/],
      [["--update-baseline"], /--update-baseline needs --baseline FILE/],
    ]) {
      const wrong = layerwise(directory, args);
      assert.equal(wrong.code, 2, args.join(" "));
      assert.match(wrong.err, message);
    }
  });
  within({ Dockerfile: "FROM a\nCOPI\n" }, (directory) => {
    assert.equal(layerwise(directory, ["--fail-on", "error"]).code, 1);
    assert.equal(layerwise(directory, ["--fail-on", "never"]).code, 0);
  });
});

test("a baseline keeps what is known from being told", () => {
  within({ ...PROJECT, "c/Dockerfile": COPY_FIRST }, (directory) => {
    const run = (...args) => layerwise(directory, ["--baseline", "known.json", ...args]);
    const none = run();
    assert.equal(none.code, 2);
    assert.match(none.err, /^layerwise: there is no baseline known\.json; --update-baseline writes it\n/);
    assert.deepEqual(run("--update-baseline"), { code: 0, out: "known.json: 2 issues\n", err: "" });
    const known = run("a b", "c");
    assert.deepEqual([known.code, known.out], [0, "2 Dockerfiles: no issues\n"]);
    // A syntax error is never known; a line more moves nothing, a step more is new.
    assert.equal(run("bad").code, 1);
    appendFileSync(join(directory, "c/Dockerfile"), "RUN pip install -r /app/requirements.txt\n");
    const { code, out } = run("--format", "gitlab", "c");
    assert.equal(code, 1);
    assert.deepEqual(JSON.parse(out).map(({ location }) => location.lines.begin), [6]);
    // From elsewhere in the repository it is the same file.
    mkdirSync(join(directory, ".git"));
    run("--update-baseline");
    assert.equal(layerwise(join(directory, "c"), ["--baseline", "../known.json"]).code, 0);
    writeFileSync(join(directory, "known.json"), "{}");
    assert.match(run().err, /known\.json is no baseline/);
  });
});

test("--since tells the builds that a change reaches", () => {
  const app = (name) => ({
    [`${name}/Dockerfile`]: COPY_FIRST, [`${name}/requirements.txt`]: "", [`${name}/run.py`]: "", [`${name}/.dockerignore`]: "*.md\n",
  });
  within({ ...app("a"), ...app("b"), ...app("c"), "compose.yaml": "services: {a: {build: a}, b: {build: b}}\n" }, (directory) => {
    const git = (...args) => execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.org", ...args], { cwd: directory, stdio: "pipe" });
    const since = (ref = "HEAD") => {
      const { out } = layerwise(directory, ["--since", ref, "--format", "ndjson"]);
      return out.split("\n").slice(0, -1).map((line) => JSON.parse(line).dockerfile);
    };
    git("init", "-q");
    git("add", ".");
    git("commit", "-qm", "first");
    assert.deepEqual(since(), []);
    writeFileSync(join(directory, "a/new.md"), "");
    assert.deepEqual(since(), []);
    writeFileSync(join(directory, "a/new.py"), "");
    assert.deepEqual(since(), ["a/Dockerfile"]);
    appendFileSync(join(directory, "c/Dockerfile"), "# x\n");
    git("commit", "-qam", "second");
    assert.deepEqual(since("HEAD~1"), ["a/Dockerfile", "c/Dockerfile"]);
    appendFileSync(join(directory, "compose.yaml"), "# x\n");
    assert.deepEqual(since(), ["a/Dockerfile", "b/Dockerfile"]);
    const wrong = layerwise(directory, ["--since", "none"]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /^layerwise: --since none: fatal: /);
    const without = layerwise(directory, ["--since", "HEAD"], { env: { PATH: "/none" } });
    assert.match(without.err, /^layerwise: --since HEAD: git is not there\n/);
    assert.match(layerwise(directory, ["--since=--output=x"]).err, /--since --output=x is no commit/);
  });
  within({ Dockerfile: COPY_FIRST }, (directory) => {
    assert.match(layerwise(directory, ["--since", "HEAD"]).err, /--since needs a repository of git/);
  });
});

test("the same of several builds is one finding", () => {
  const compose = "services:\n  a: {build: {context: a, dockerfile: ../Dockerfile}}\n  b: {build: {context: b, dockerfile: ../Dockerfile}}\n";
  const files = { "compose.yaml": compose, Dockerfile: COPY_FIRST, "a/requirements.txt": "", "a/run.py": "" };
  within({ ...files, "b/requirements.txt": "", "b/run.py": "" }, (directory) => {
    const [{ results }] = JSON.parse(layerwise(directory, ["--format", "sarif"]).out).runs;
    assert.deepEqual(results.map(({ fixes }) => fixes.length), [1]);
  });
  within({ ...files, "b/run.py": "" }, (directory) => {
    const [{ results }] = JSON.parse(layerwise(directory, ["--format", "sarif"]).out).runs;
    assert.deepEqual(results.map(({ fixes }) => fixes), [undefined]);
  });
});

test("a finding in a compose file is told where it stands there", () => {
  const block = "services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM a\n        BAD\n";
  const folded = 'services:\n  a:\n    build:\n      dockerfile_inline: "FROM a\\nBAD\\n"\n';
  for (const [text, line] of [[block, 6], [folded, 1]]) {
    within({ "compose.yaml": text }, (directory) => {
      const [{ location }] = JSON.parse(layerwise(directory, ["--format", "gitlab"]).out);
      assert.deepEqual([location.path, location.lines.begin], ["compose.yaml", line]);
    });
  }
});

test("no format prints a control", { skip: process.platform === "win32" }, () => {
  const name = "\x1b[2J\u009b2J";
  const hostile = COPY_FIRST.replace("CMD", `# ${name}\nCMD`).replace("RUN", `RUN echo '${name}' &&`);
  within({ [`${name}/Dockerfile`]: hostile, "b/Dockerfile": `FROM a\nBAD ${name}\n` }, (directory) => {
    for (const format of FORMATS) {
      for (const more of [[], ["--quiet"], ["--fix=assumed", "--no-context"]]) {
        const { out, err } = layerwise(directory, ["--format", format, ...more]);
        assert.doesNotMatch(out + err, CONTROLS, format);
      }
    }
    assert.doesNotMatch(layerwise(directory, ["--diff"]).out, CONTROLS);
  });
});

test("--help fits a screen and names every option", () => {
  const { out } = layerwise(".", ["--help"]);
  const lines = out.split("\n");
  assert.ok(lines.length <= 50 && lines.every((line) => line.length <= 80), out);
  for (const option of ["fix", "diff", "print", "format", "json", "output", "quiet", "verbose", "explain", "no-color", "rule", "fail-on",
    "since", "baseline", "update-baseline", "context", "no-context", "target", "build-arg", "builder", "timings", "stdin-jobs", "config", "help", "version"]) {
    assert.ok(out.includes(`--${option}`), option);
  }
  for (const format of FORMATS) assert.ok(out.includes(format), format);
});
