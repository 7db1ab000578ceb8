// The action for GitHub, run as its runner would: an event, a repository of git, and a server that
// answers like GitHub's.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { filesOf, replacementOf } from "../../integrations/github/patch.mjs";
import { layerwise, within } from "./command-line.mjs";
import { COPY_FIRST, MANIFEST_FIRST } from "./dockerfiles.mjs";
import { serveGitHub } from "./github/server.mjs";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const ACTION = parse(readFileSync(path("../../action.yml"), "utf8"));
const CLI = path("../../pkg/cli.cjs");
const { version } = createRequire(import.meta.url)("layerwise/package.json");
const HEAD = "2222222222222222222222222222222222222222";
const MARK = "<!-- layerwise: layerwise -->\n";

const directories = [];
const servers = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));
after(() => directories.forEach((directory) => rmSync(directory, { recursive: true })));

function git(directory, ...args) {
  return execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.org", ...args], { cwd: directory, encoding: "utf8", stdio: "pipe" });
}

/** A repository whose last commit brings `after` on top of `before`, and the server that knows the pull request. */
async function pullRequest({ before, after }) {
  const directory = mkdtempSync(join(tmpdir(), "layerwise-"));
  directories.push(directory);
  git(directory, "init", "-q");
  for (const files of [before, after]) {
    for (const [name, text] of Object.entries(files)) {
      execFileSync("mkdir", ["-p", join(directory, name, "..")]);
      writeFileSync(join(directory, name), text);
    }
    git(directory, "add", "-A");
    git(directory, "commit", "-qm", "commit", "--allow-empty");
  }
  const files = Object.keys(after).map((filename) => ({
    filename, patch: git(directory, "diff", "HEAD~1", "--", filename).replace(/^[^]*?(?=^@@)/m, "").trimEnd(),
  }));
  const server = await serveGitHub({ files, contents: { ...before, ...after } });
  servers.push(server);
  return { directory, server, github: server.state };
}

/** Runs the action's script, with the inputs as action.yml hands them on. */
async function run({ directory, server }, { event = "pull_request", inputs = {}, env = {} } = {}) {
  const outside = mkdtempSync(join(tmpdir(), "layerwise-runner-"));
  directories.push(outside);
  const files = Object.fromEntries(["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"].map((name) => [name, join(outside, name)]));
  const given = Object.fromEntries(Object.entries(ACTION.runs.steps[0].env).map(([name, value]) => {
    const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)[1];
    return [name, inputs[input] ?? { cli: CLI, token: "secret-token" }[input] ?? ACTION.inputs[input].default];
  }));
  const script = path("../../integrations/github/main.mjs");
  const child = spawn(process.execPath, [script], {
    cwd: outside,
    env: {
      PATH: process.env.PATH, GITHUB_API_URL: server?.url, GITHUB_REPOSITORY: "example/shop", GITHUB_WORKSPACE: directory,
      GITHUB_EVENT_PATH: path(`github/${event}.json`), RUNNER_TEMP: outside, GITHUB_TOKEN: "secret-token", ...files, ...given, ...env,
    },
  });
  const [out, err] = ["", ""].map((text, at) => {
    const stream = [child.stdout, child.stderr][at];
    stream.setEncoding("utf8");
    const read = { text };
    stream.on("data", (more) => (read.text += more));
    return read;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  const read = (name) => (existsSync(files[name]) ? readFileSync(files[name], "utf8") : "");
  const outputs = Object.fromEntries(read("GITHUB_OUTPUT").split("\n").filter(Boolean).map((line) => line.split(/=(.*)/s)));
  return { code, out: out.text, err: err.text, outputs, summary: read("GITHUB_STEP_SUMMARY") };
}

const BEFORE = { "api/Dockerfile": "FROM python:3.13\n", "api/requirements.txt": "flask\n", "api/run.py": "" };
const PROJECT = { before: BEFORE, after: { "api/Dockerfile": COPY_FIRST } };

test("a pull request gets annotations, a SARIF file, a comment and a suggested change", async () => {
  const repository = await pullRequest(PROJECT);
  const { code, out, err, outputs, summary } = await run(repository);
  assert.deepEqual([code, err, outputs.code], [0, "", "1"]);
  assert.match(out, /^::warning file=api\/Dockerfile,line=3,endLine=3,col=1,.*title=source-copied-before-install::pip installs[^\n]*\n$/);
  const [{ results }] = JSON.parse(readFileSync(outputs.sarif, "utf8")).runs;
  assert.equal(results[0].locations[0].physicalLocation.artifactLocation.uri, "api/Dockerfile");
  const { comments, reviewComments, requests } = repository.github;
  assert.equal(comments.length, 1);
  assert.equal(comments[0].body, `${MARK}${summary}`);
  assert.match(summary, /^### `api\/Dockerfile` \(context `api`\)\n/);
  assert.deepEqual(reviewComments.map(({ id, user, author_association, ...rest }) => rest), [{
    commit_id: HEAD,
    side: "RIGHT",
    path: "api/Dockerfile",
    line: 3,
    start_line: 2,
    start_side: "RIGHT",
    body: `${MARK}The image stays the same, and fewer steps run again.\n\n\`\`\`suggestion\n` +
      "ADD requirements.txt /app/requirements.txt\nRUN pip install -r /app/requirements.txt\nADD . /app\n```\n",
  }]);
  assert.ok(requests.every(({ authorization }) => authorization === "Bearer secret-token"));
});

test("later runs update the comment and the suggestion, and write no second one", async () => {
  const repository = await pullRequest(PROJECT);
  const { github, directory } = repository;
  await run(repository);
  const [first, suggested] = [github.comments[0], github.reviewComments[0]];
  await run(repository);
  assert.deepEqual([github.comments, github.reviewComments], [[first], [suggested]]);
  assert.ok(!github.requests.some(({ call }) => /^(?:PATCH|DELETE)/.test(call)));
  // It is repaired, though not as suggested.
  writeFileSync(join(directory, "api/Dockerfile"), MANIFEST_FIRST);
  github.contents["api/Dockerfile"] = MANIFEST_FIRST;
  const { outputs } = await run(repository);
  assert.equal(outputs.code, "0");
  assert.deepEqual(github.comments.map(({ id, body }) => [id, body]), [[first.id, `${MARK}1 Dockerfile: no issues\n`]]);
  assert.deepEqual(github.reviewComments, []);
});

test("a suggestion that somebody has answered stays, and one whose lines have changed is replaced", async () => {
  const repository = await pullRequest(PROJECT);
  const { github } = repository;
  await run(repository);
  const [first] = github.reviewComments;
  Object.assign(first, { line: null, start_line: null });
  await run(repository);
  assert.equal(github.reviewComments.length, 1);
  assert.notEqual(github.reviewComments[0].id, first.id);
  Object.assign(github.reviewComments[0], { line: null });
  github.reviewComments.push({ id: 1, body: "Why?", in_reply_to_id: github.reviewComments[0].id, user: { type: "User" }, author_association: "NONE" });
  await run(repository);
  assert.equal(github.reviewComments.length, 3);
});

test("where nothing is found, nothing is written", async () => {
  const repository = await pullRequest({ before: BEFORE, after: { "api/Dockerfile": MANIFEST_FIRST } });
  const { out, outputs } = await run(repository);
  assert.deepEqual([out, outputs.code], ["", "0"]);
  assert.ok(repository.github.requests.every(({ call }) => call.startsWith("GET ")));
});

test("a comment of somebody else's is left alone, whatever it begins with", async () => {
  const repository = await pullRequest(PROJECT);
  const forged = { id: 1, body: `${MARK}mine`, user: { login: "contributor", type: "User" }, author_association: "CONTRIBUTOR" };
  repository.github.comments.push(...Array.from({ length: 120 }, (_, at) => ({ ...forged, id: at + 1000, body: "talk" })), { ...forged });
  repository.github.reviewComments.push({ ...forged });
  await run(repository);
  const { comments, reviewComments } = repository.github;
  assert.deepEqual(comments[120], forged);
  assert.deepEqual(reviewComments[0], forged);
  assert.deepEqual([comments.length, reviewComments.length], [122, 2]);
  // A person who may write is one whose token the action may have been given.
  Object.assign(comments[121], { user: { type: "User" }, author_association: "MEMBER" });
  await run(repository);
  assert.equal(comments.length, 122);
});

test("a push is told in its log alone", async () => {
  const repository = await pullRequest(PROJECT);
  const { out, outputs, summary } = await run(repository, { event: "push" });
  assert.match(out, /^::warning /);
  assert.deepEqual([outputs.code, repository.github.requests], ["1", []]);
  assert.match(summary, /^### /);
});

test("a token that may not write fails no job", async () => {
  const repository = await pullRequest(PROJECT);
  for (const [status, sentence] of [
    [403, /\n::notice::layerwise could not comment: the token may not; `permissions: pull-requests: write` lets it, but not for pull requests from forks\n::notice::layerwise could not suggest changes: /],
    [500, /\n::warning::layerwise could not comment: POST \/issues\/7\/comments was answered with 500\n/],
  ]) {
    repository.github.status = status;
    const { code, out, outputs } = await run(repository);
    assert.deepEqual([code, outputs.code], [0, "1"]);
    assert.match(out, sentence);
  }
});

test("what changes rebuild more than at the base, or than is allowed, is told with the fix beside it", async () => {
  const limits = { "layerwise.json": '{ "budget": { "source": "10s" } }\n' };
  const before = { "api/Dockerfile": MANIFEST_FIRST, "api/requirements.txt": "flask\n", "api/run.py": "" };
  const repository = await pullRequest({ before: { ...before, ...limits }, after: { "api/Dockerfile": COPY_FIRST } });
  const base = git(repository.directory, "rev-parse", "HEAD~1").trim();
  const event = JSON.parse(readFileSync(path("github/pull_request.json"), "utf8"));
  event.pull_request.base.sha = base;
  const file = join(repository.directory, ".git/event.json");
  writeFileSync(file, JSON.stringify(event));
  const env = { GITHUB_EVENT_PATH: file };
  const { outputs } = await run(repository, { env, inputs: { "fail-on": "never" } });
  assert.equal(outputs.code, "1");
  const { comments, reviewComments } = repository.github;
  assert.match(comments[0].body, /\n## What changes rebuild, at the base and now\n\n### `api\/Dockerfile`\n[^]*\| a source edit \|[^\n]*10 s, exceeded/);
  assert.match(comments[0].body, /\n- a source edit: [^\n]* more than the 10 s allowed, for line 3 runs again now/);
  assert.equal(reviewComments.length, 1);
  // A checkout without the base still has the limits.
  const alone = await run(repository, { inputs: { "fail-on": "never" } });
  assert.equal(alone.outputs.code, "1");
  assert.match(repository.github.comments[0].body, /\n## What changes rebuild\n/);
  const off = await run(repository, { env, inputs: { "fail-on": "never", budget: "false" } });
  assert.equal(off.outputs.code, "0");
  assert.ok(!off.summary.includes("What changes rebuild"));
});

test("inputs switch off what they name", async () => {
  const repository = await pullRequest(PROJECT);
  const inputs = { comment: "false", suggestions: "false", "fail-on": "error", paths: "api\n", options: "--rule\nsource-copied-before-install=info\n" };
  const { out, outputs } = await run(repository, { inputs });
  assert.match(out, /^::notice /);
  assert.deepEqual([outputs.code, repository.github.requests], ["0", []]);
});

test("changes are suggested only where the pull request shows the lines of the head", async () => {
  const changes = {
    "the diff shows other lines": ({ github }) => (github.files[0].patch = "@@ -1,0 +2,1 @@\n+ADD . /app"),
    "the pull request does not change the file": ({ github }) => (github.files[0].filename = "Dockerfile"),
    "the diff is not shown": ({ github }) => delete github.files[0].patch,
    "the head has another text": ({ github }) => (github.contents["api/Dockerfile"] = `# other\n${COPY_FIRST}`),
    "the head has no such file": ({ github }) => delete github.contents["api/Dockerfile"],
    "lines end as on Windows": ({ github, directory }) => {
      github.contents["api/Dockerfile"] = COPY_FIRST.replaceAll("\n", "\r\n");
      writeFileSync(join(directory, "api/Dockerfile"), github.contents["api/Dockerfile"]);
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    const repository = await pullRequest(PROJECT);
    change(repository);
    await run(repository);
    assert.deepEqual(repository.github.reviewComments, [], what);
    assert.equal(repository.github.comments.length, 1);
  }
});

test("a suggestion makes of the lines what --fix makes of the file", () => {
  const far = "FROM node:22\nWORKDIR /app\nCOPY . .\n# why\nENV A=b\nRUN npm ci\nLABEL a=b\nLABEL c=d\nLABEL e=f\nLABEL g=h\nRUN apt-get update && apt-get install -y curl\nRUN npm run build\n";
  for (const text of [COPY_FIRST, far, `${far}RUN npx tsc\n`]) {
    const files = { Dockerfile: text, "requirements.txt": "flask\n", "run.py": "", "package.json": '{"scripts":{"build":"tsc"}}', "package-lock.json": '{"lockfileVersion":3,"packages":{}}' };
    within(files, (directory) => {
      for (const level of ["safe", "assumed", "suggested"]) {
        const patch = layerwise(directory, ["--diff", `--fix=${level}`]).out;
        const after = layerwise(directory, ["--print", `--fix=${level}`]).out;
        const [{ path: name, hunks } = {}] = filesOf(patch);
        if (name === undefined) {
          assert.equal(after, text);
          continue;
        }
        const { start, end, lines } = replacementOf(text, hunks);
        const made = text.split("\n");
        made.splice(start - 1, end - start + 1, ...lines);
        assert.deepEqual([name, made.join("\n")], ["Dockerfile", after]);
      }
    });
  }
  // What is only put in takes a line along.
  const hunk = (start, ...lines) => [{ start, lines }];
  assert.deepEqual(replacementOf("a\nb\n", hunk(1, " a", "+x", " b")), { start: 1, end: 1, lines: ["a", "x"] });
  assert.deepEqual(replacementOf("a\nb\n", hunk(1, "+x", " a")), { start: 1, end: 1, lines: ["x", "a"] });
});

test("a comment holds whole sections", async () => {
  const app = (name) => ({ [`${name}/Dockerfile`]: `${COPY_FIRST}${`# ${name} `.repeat(3000)}\nRUN pip install -r /app/requirements.txt\n`, [`${name}/requirements.txt`]: "", [`${name}/run.py`]: "" });
  const many = Object.assign({}, ...["a", "b", "c", "d", "e", "f", "g"].map((name) => app(name)));
  const repository = await pullRequest({ before: {}, after: many });
  const { summary } = await run(repository);
  const [{ body }] = repository.github.comments;
  assert.ok(summary.length > 65_536 && body.length < 65_536);
  assert.match(body, /\n\d more are too long for a comment; the summary of the job has them\.\n$/);
  assert.equal(body.match(/<details>/g).length, body.match(/<\/details>/g).length);
});

test("variables of the runner are told to nobody", async () => {
  const compose = "services:\n  api:\n    build:\n      context: api\n      target: $GITHUB_TOKEN\n      args: {A: $LAYERWISE_TOKEN}\n";
  const repository = await pullRequest({ ...PROJECT, after: { ...PROJECT.after, "compose.yaml": compose } });
  const { out, err, outputs, summary } = await run(repository);
  const told = [out, err, summary, readFileSync(outputs.sarif, "utf8"), JSON.stringify(repository.github.comments), JSON.stringify(repository.github.reviewComments)].join("\n");
  assert.doesNotMatch(told, /secret-token/);
});

test("what the command line complains of is no command to the runner", async () => {
  const repository = await pullRequest({ before: BEFORE, after: { "api/Dockerfile": "FROM a\n##[error]x\n" } });
  const { out, outputs } = await run(repository, { inputs: { paths: "none\n::error::forged\n" } });
  assert.equal(outputs.code, "2");
  const [, token] = /^::stop-commands::(\S+)$/m.exec(out);
  assert.match(out, new RegExp(`^::stop-commands::${token}\nlayerwise: there is no file none\n[^]*\n::${token}::\n`, "m"));
});

test("action.yml puts nothing of an event into a shell, and names the version of the package", () => {
  const { inputs, outputs, runs } = ACTION;
  assert.equal(runs.using, "composite");
  for (const { run: script, shell, uses } of runs.steps) {
    if (script === undefined) assert.match(uses, /^github\/codeql-action\/upload-sarif@v\d+$/);
    else assert.deepEqual([shell, script.includes("${{")], ["bash", false]);
  }
  const used = [...JSON.stringify(runs).matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name);
  assert.deepEqual([...new Set(used)].sort(), Object.keys(inputs).sort());
  for (const part of [...Object.values(inputs), ...Object.values(outputs)]) assert.ok(part.description.length > 0);
  assert.equal(inputs.version.default, version);
});

test("the job fails as the command line does", () => {
  const last = ACTION.runs.steps.at(-1);
  for (const code of ["1", "2"]) {
    assert.throws(() => execFileSync("bash", ["--norc", "--noprofile", "-c", last.run], { stdio: "ignore", env: { CODE: code } }), { status: Number(code) });
  }
});
