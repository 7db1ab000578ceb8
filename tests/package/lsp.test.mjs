// `layerwise lsp`, driven by a client of the protocol's own library.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  CodeActionRequest, CodeLensRequest, DidChangeTextDocumentNotification, DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification, DidOpenTextDocumentNotification, DidSaveTextDocumentNotification, ExitNotification,
  HoverRequest, InitializeRequest, InitializedNotification, LogMessageNotification, PublishDiagnosticsNotification,
  RegistrationRequest, ShutdownRequest, createProtocolConnection,
} from "vscode-languageserver-protocol/node";
import { analyze } from "layerwise";
import { layerwise } from "./command-line.mjs";
import { COPY_FIRST, MANIFEST_FIRST, NO_MOUNTS, RULE } from "./dockerfiles.mjs";

const CLI = fileURLToPath(new URL("../../pkg/cli.cjs", import.meta.url));
const FILES = { "requirements.txt": "flask\n", "run.py": "" };
const WHOLE = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

/** An editor with a folder of `files` open, whose server ends with the tests. */
async function editor(files, capabilities = {}) {
  const folder = mkdtempSync(join(tmpdir(), "layerwise-lsp-"));
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  const server = spawn(process.execPath, [CLI, "lsp", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const connection = createProtocolConnection(server.stdout, server.stdin);
  after(() => {
    server.kill();
    rmSync(folder, { recursive: true });
  });
  // Notifications in the order in which they come, each taken once.
  const inbox = (type) => {
    const [come, waiting] = [[], []];
    connection.onNotification(type, (given) => (waiting.length > 0 ? waiting.shift()(given) : come.push(given)));
    return () => (come.length > 0 ? Promise.resolve(come.shift()) : new Promise((resolve) => waiting.push(resolve)));
  };
  const diagnostics = inbox(PublishDiagnosticsNotification.type);
  const logged = inbox(LogMessageNotification.type);
  const registered = new Promise((resolve) => {
    connection.onRequest(RegistrationRequest.type, ({ registrations }) => resolve(registrations));
  });
  connection.listen();
  const { capabilities: offered, serverInfo } = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid, rootUri: pathToFileURL(folder).href, capabilities,
  });
  await connection.sendNotification(InitializedNotification.type, {});
  const uriOf = (path) => pathToFileURL(join(folder, path)).href;
  return {
    connection, server, folder, write, uriOf, diagnostics, logged, registered, offered, serverInfo,
    async open(path, text, { languageId = "dockerfile", uri = uriOf(path) } = {}) {
      await connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId, version: 1, text } });
      return diagnostics();
    },
    change: (path, version, contentChanges) =>
      connection.sendNotification(DidChangeTextDocumentNotification.type, { textDocument: { uri: uriOf(path), version }, contentChanges }),
    actions: (path, range, only) =>
      connection.sendRequest(CodeActionRequest.type, { textDocument: { uri: uriOf(path) }, range, context: { diagnostics: [], ...(only && { only }) } }),
    hover: (path, line) =>
      connection.sendRequest(HoverRequest.type, { textDocument: { uri: uriOf(path) }, position: { line, character: 1 } }),
    close: (path) => connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri: uriOf(path) } }),
    lenses: (path) => connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: uriOf(path) } }),
  };
}

function codes({ diagnostics }) {
  return diagnostics.map(({ code }) => code);
}

/** A text with edits of the protocol. */
function edited(text, edits) {
  const lines = text.split("\n");
  const offset = ({ line, character }) => lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0) + character;
  return [...edits].reverse().reduce((out, { range, newText }) => out.slice(0, offset(range.start)) + newText + out.slice(offset(range.end)), text);
}

test("what is found follows what is typed", async () => {
  const { open, change, diagnostics, connection, uriOf, serverInfo } = await editor(FILES);
  assert.equal(serverInfo.name, "layerwise");
  const first = await open("Dockerfile", MANIFEST_FIRST);
  assert.deepEqual([first.version, first.diagnostics], [1, []]);
  await change("Dockerfile", 2, [{ text: COPY_FIRST }]);
  const second = await diagnostics();
  assert.deepEqual([second.version, codes(second)], [2, [RULE]]);
  assert.match(second.diagnostics[0].message, /\nfix: .* \(safe, saves ~[\d.]+ s at each edit\)$/);
  assert.match(second.diagnostics[0].codeDescription.href, new RegExp(`/docs/rules/${RULE}\\.md$`));
  // A word in the middle, as an editor sends it.
  await change("Dockerfile", 3, [{ range: { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } }, text: "AD" }]);
  assert.ok(codes(await diagnostics()).includes("syntax-error"));
  await connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri: uriOf("Dockerfile") } });
  assert.deepEqual((await diagnostics()).diagnostics, []);
});

test("each fix is an action, and all safe ones together", async () => {
  const { open, actions, uriOf } = await editor(FILES, { workspace: { workspaceEdit: { documentChanges: true } } });
  const { diagnostics: [diagnostic] } = await open("Dockerfile", COPY_FIRST);
  const [fix, all, ...others] = await actions("Dockerfile", diagnostic.range);
  assert.deepEqual([fix.kind, all.kind, others], ["quickfix", "source.fixAll.layerwise", []]);
  const { rewritten } = analyze(COPY_FIRST, { files: FILES });
  for (const { edit } of [fix, all]) {
    const [{ textDocument, edits }] = edit.documentChanges;
    assert.deepEqual(textDocument, { uri: uriOf("Dockerfile"), version: 1 });
    assert.equal(edited(COPY_FIRST, edits), rewritten);
  }
  const elsewhere = { start: { line: 3, character: 2 }, end: { line: 3, character: 2 } };
  assert.deepEqual((await actions("Dockerfile", elsewhere)).map(({ kind }) => kind), ["source.fixAll.layerwise"]);
  assert.deepEqual((await actions("Dockerfile", WHOLE, ["quickfix"])).map(({ kind }) => kind), ["quickfix"]);
  assert.deepEqual((await actions("Dockerfile", WHOLE, ["source.fixAll"])).map(({ kind }) => kind), ["source.fixAll.layerwise"]);
  assert.deepEqual(await actions("Dockerfile", WHOLE, ["refactor"]), []);
});

test("the .dockerignore that is proposed is an action", async () => {
  const text = "FROM node:24\nWORKDIR /app\nCOPY package.json ./\nRUN --mount=type=cache,target=/root/.npm npm install\nCOPY . .\n";
  const project = { "package.json": "{}", "app.js": "", "node_modules/a/index.js": "" };
  const edits = (line) => [{ range: { start: { line, character: 0 }, end: { line, character: 0 } }, newText: "node_modules\n" }];
  const capable = { workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ["create"] } } };
  const opened = async (files, capabilities) => {
    const { open, actions, uriOf } = await editor(files, capabilities);
    const { diagnostics: [diagnostic] } = await open("Dockerfile", text);
    assert.equal(diagnostic.code, "host-artifacts-in-context");
    return { uri: uriOf(".dockerignore"), offered: await actions("Dockerfile", diagnostic.range, ["quickfix"]) };
  };
  const { uri, offered: [made, ...others] } = await opened(project, capable);
  assert.deepEqual([made.title, others], ["Leave it out of the context, in .dockerignore (suggested)", []]);
  const [creation, change] = made.edit.documentChanges;
  assert.deepEqual([creation.kind, creation.uri, change], ["create", uri, { textDocument: { uri, version: null }, edits: edits(0) }]);
  // One that cannot make files is offered no file.
  assert.deepEqual((await opened(project)).offered, []);
  const there = await opened({ ...project, ".dockerignore": "*.md\n" });
  assert.deepEqual(there.offered[0].edit, { changes: { [there.uri]: edits(1) } });
});

test("an editor that knows no versions gets plain edits", async () => {
  const { open, actions, uriOf } = await editor(FILES);
  await open("Dockerfile", COPY_FIRST);
  const [{ edit }] = await actions("Dockerfile", WHOLE, ["quickfix"]);
  assert.equal(edited(COPY_FIRST, edit.changes[uriOf("Dockerfile")]), analyze(COPY_FIRST, { files: FILES }).rewritten);
});

test("a hover says what a step needs, and what its change runs again", async () => {
  const { open, hover } = await editor(FILES);
  await open("Dockerfile", COPY_FIRST);
  const { contents, range } = await hover("Dockerfile", 2);
  assert.deepEqual(range.start, { line: 2, character: 0 });
  assert.match(contents.value, /- \*\*needs\*\*: /);
  assert.match(contents.value, /A change of this line runs nothing else again\.$/);
  await open("b.Dockerfile", "FROM node:24 AS build\nRUN npm i -g a\nRUN npm i -g b\nFROM scratch\nCOPY --from=build /x /\n");
  assert.match((await hover("b.Dockerfile", 1)).contents.value, /A change of this line runs 2 more steps again \(~.* s; lines 3, 5\)\.$/);
  assert.equal((await hover("b.Dockerfile", 9)), null);
});

test("a lens says what a stage costs", async () => {
  const { open, lenses } = await editor(FILES);
  await open("Dockerfile", COPY_FIRST);
  const [{ range, command }, ...others] = await lenses("Dockerfile");
  assert.deepEqual([range.start.line, others], [0, []]);
  assert.match(command.title, /^builds in ~\d+ s, ~\d+ s of it again at each edit of the source$/);
  await open("other.Dockerfile", "FROM node:24\nRUN npm i -g a\n");
  assert.match((await lenses("other.Dockerfile"))[0].command.title, /^builds in ~\d+ s, nothing of it again at an edit of the source$/);
});

test("files that change beside a Dockerfile are read again", async () => {
  const capabilities = { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } };
  const { open, write, diagnostics, connection, uriOf, registered } = await editor(FILES, capabilities);
  assert.equal((await registered)[0].method, "workspace/didChangeWatchedFiles");
  assert.deepEqual(codes(await open("Dockerfile", COPY_FIRST)), [RULE]);
  write("layerwise.json", JSON.stringify({ rules: { [RULE]: "off" } }));
  await connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes: [{ uri: uriOf("layerwise.json"), type: 1 }] });
  assert.deepEqual(codes(await diagnostics()), []);
  write("layerwise.json", JSON.stringify({ rules: { [RULE]: "error" } }));
  await connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: { uri: uriOf("Dockerfile") } });
  assert.equal((await diagnostics()).diagnostics[0].severity, 1);
});

const COMPOSE = `services:
  api:
    build:
      context: ..
      dockerfile: docker/api
      target: run
      args: { EXTRA: yes }
`;

/** A Dockerfile of that compose file, whose name says nothing: it copies from the root, in two stages. */
const API = `FROM python:3.13 AS run
ARG EXTRA=no
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
FROM run AS test
RUN true
${NO_MOUNTS}`;

test("a Dockerfile that a compose file builds is analysed as that says", async () => {
  const files = { ...FILES, "docker/compose.yaml": COMPOSE, "docker/api": API };
  const { open, write, diagnostics, connection, uriOf, lenses } = await editor(files);
  const api = uriOf("docker/api");
  const { diagnostics: [found, ...others] } = await open("docker/api", API);
  // The context is the root, by the compose file: the manifest is there, so the fix is safe.
  assert.deepEqual([found.code, others], [RULE, []]);
  assert.match(found.message, /\nfix: .*\(safe/);
  // The stage that is not built has no cost.
  assert.deepEqual((await lenses("docker/api")).map(({ range }) => range.start.line), [0]);
  // Saved with another target and a context that has no such file.
  write("docker/compose.yaml", COMPOSE.replace("target: run", "target: test").replace("context: ..", "context: .").replace("docker/api", "api"));
  await connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: { uri: api } });
  const again = (await diagnostics()).diagnostics;
  assert.ok(again.every(({ message }) => !message.includes("(safe")), JSON.stringify(again));
  assert.deepEqual((await lenses("docker/api")).map(({ range }) => range.start.line), [0, 5]);
});

test("an open compose file shows what is found in the Dockerfiles that it builds", async () => {
  const inline = "  worker:\n    build:\n      dockerfile_inline: |\n        FROM python:3.13\n        WORKDIR /app\n        COPY . .\n        RUN pip install -r requirements.txt\n        " + NO_MOUNTS;
  const files = { ...FILES, "docker/compose.yaml": COMPOSE + inline, "docker/api": API, "other.yaml": "a: 1\n" };
  const { open, write, change, close, diagnostics, connection, uriOf } = await editor(files);
  const [compose, api] = [uriOf("docker/compose.yaml"), uriOf("docker/api")];
  const told = async (first) => new Map([first, await diagnostics()].map((given) => [given.uri, given.diagnostics]));
  const before = await told(await open("docker/compose.yaml", COMPOSE + inline, { languageId: "yaml" }));
  assert.deepEqual([...before.keys()].sort(), [api, compose].sort());
  assert.deepEqual(before.get(api).map(({ code }) => code), [RULE]);
  // What stands in the file itself is shown where it stands there.
  const [own] = before.get(compose);
  assert.deepEqual([own.code, own.range.start.line], [RULE, 13]);
  assert.deepEqual(own.relatedInformation.map(({ location }) => [location.uri, location.range.start.line]), [[compose, 12]]);
  // Without the service that was told, it is gone, before anything is saved.
  await change("docker/compose.yaml", 2, [{ text: inline.replace("  worker", "services:\n  worker") }]);
  const after = await told(await diagnostics());
  assert.deepEqual([after.get(api), after.get(compose).length], [[], 1]);
  // Saved, a file beside it is read again.
  await change("docker/compose.yaml", 3, [{ text: COMPOSE }]);
  assert.equal((await told(await diagnostics())).get(api).length, 1);
  write("docker/api", API.replace("COPY . .\n", "COPY requirements.txt .\n"));
  await connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: { uri: compose } });
  assert.deepEqual((await told(await diagnostics())).get(api), []);
  // A Dockerfile that is open is told once, by itself.
  assert.deepEqual(codes(await open("docker/api", API)), [RULE]);
  await connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: { uri: compose } });
  const both = await told(await diagnostics());
  assert.deepEqual([both.get(compose), both.get(api).length], [[], 1]);
  await close("docker/compose.yaml");
  assert.deepEqual([(await diagnostics()).uri, (await diagnostics()).uri, (await diagnostics()).uri], [compose, compose, api]);
  // Near miss: another YAML file builds nothing.
  const other = await open("other.yaml", "a: 1\n", { languageId: "yaml" });
  assert.deepEqual([other.uri, other.diagnostics], [uriOf("other.yaml"), []]);
});

/** A bake file of that Dockerfile. */
const BAKE = JSON.stringify({ target: { api: { dockerfile: "docker/api", target: "run" } } });

for (const [path, definition] of [["docker/compose.yaml", COMPOSE], ["docker-bake.json", BAKE]]) {
  test(`what is typed in ${path} counts before it is saved`, async () => {
    const { open, change, close, diagnostics, uriOf, lenses } = await editor({ ...FILES, [path]: definition, "docker/api": API });
    // A stage that is built has a lens.
    const stagesBuilt = async () => (await lenses("docker/api")).map(({ range }) => range.start.line);
    const told = async (count) => {
      const uris = [];
      while (uris.length < count) uris.push((await diagnostics()).uri);
      return uris;
    };
    await open("docker/api", API);
    assert.deepEqual(await stagesBuilt(), [0]);
    // Opened with what another session left unsaved.
    const [file, api] = [uriOf(path), uriOf("docker/api")];
    const typed = definition.replace(/run/, "test");
    assert.equal((await open(path, typed, { languageId: "yaml" })).uri, file);
    assert.deepEqual([await told(1), await stagesBuilt()], [[api], [0, 5]]);
    await change(path, 2, [{ text: definition }]);
    assert.deepEqual([await told(2), await stagesBuilt()], [[file, api], [0]]);
    // What is half typed counts as it was.
    await change(path, 3, [{ text: typed }]);
    assert.deepEqual(await told(2), [file, api]);
    await change(path, 4, [{ text: typed.replace("}", "") }]);
    assert.deepEqual([await told(2), await stagesBuilt()], [[file, api], [0, 5]]);
    // Near miss: closed without saving, the file counts as it is on disk.
    await close(path);
    assert.deepEqual([await told(3), await stagesBuilt()], [[file, file, api], [0]]);
  });
}

test("a mistake of the repository's is told, and takes nothing else down", async () => {
  const { open, write, diagnostics, connection, uriOf, logged } = await editor({ ...FILES, "layerwise.json": '{ "rulez": {} }' });
  assert.deepEqual(codes(await open("Dockerfile", COPY_FIRST)), []);
  assert.match((await logged()).message, /^Dockerfile: layerwise\.json:1: .*rulez/);
  write("layerwise.json", "{}");
  await connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: { uri: uriOf("Dockerfile") } });
  assert.deepEqual(codes(await diagnostics()), [RULE]);
});

test("what has no file is judged from its text, and other languages not at all", async () => {
  const { open } = await editor(FILES);
  const [fix] = (await open("", COPY_FIRST, { uri: "untitled:Untitled-1" })).diagnostics;
  assert.match(fix.message, /\nfix: .* \(assumed, saves ~[\d.]+ s at each edit\)\nif: /);
  assert.deepEqual(codes(await open("compose.yaml", COPY_FIRST, { languageId: "yaml" })), []);
  assert.deepEqual(codes(await open("api.Dockerfile", COPY_FIRST, { languageId: "plaintext" })), [RULE]);
});

test("it ends when it is told to", async () => {
  const { connection, server } = await editor({});
  await connection.sendRequest(ShutdownRequest.type);
  const ended = once(server, "exit");
  await connection.sendNotification(ExitNotification.type);
  assert.deepEqual(await ended, [0, null]);
});

test("it takes no arguments", () => {
  const { code, err } = layerwise(".", ["lsp", "a"]);
  assert.equal(code, 2);
  assert.match(err, /^layerwise: lsp takes no arguments but --stdio; a directory of that name is \.\/lsp\n/);
});

test("a fix writes its line of .dockerignore too", async () => {
  const text = "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"a.js\"]\n";
  const lock = '{"lockfileVersion":3,"packages":{"":{"dependencies":{"a":"1"}},"node_modules/a":{"version":"1.0.0"}}}\n';
  const files = { "package.json": '{"dependencies":{"a":"1"}}', "package-lock.json": lock, "a.js": "", Dockerfile: text };
  const offered = async (more, workspaceEdit) => {
    const { open, actions, uriOf } = await editor({ ...files, ...more }, { workspace: { workspaceEdit } });
    const { diagnostics } = await open("Dockerfile", text);
    assert.match(diagnostics[0].message, /\nfix: Copy the manifests first, .*\(safe, .*\)\nwith: `node_modules` in \.dockerignore$/);
    const found = await actions("Dockerfile", WHOLE);
    return { found: found.filter(({ title }) => /^(?:Copy|Apply all safe)/.test(title)), uriOf };
  };
  const edits = (line) => [{ range: { start: { line, character: 0 }, end: { line, character: 0 } }, newText: "node_modules\n" }];
  const whole = { documentChanges: true, resourceOperations: ["create"] };
  for (const [more, line] of [[{}, 0], [{ ".dockerignore": "*.md\n" }, 1]]) {
    const { found, uriOf } = await offered(more, whole);
    assert.equal(found.length, 2);
    for (const { data, alone, edit: { documentChanges: [first, ...others] } } of found) {
      const uri = uriOf(".dockerignore");
      assert.deepEqual([data, alone, first.textDocument.uri], [undefined, undefined, uriOf("Dockerfile")]);
      assert.deepEqual(others, [
        ...(line === 0 ? [{ kind: "create", uri, options: { ignoreIfExists: true } }] : []),
        { textDocument: { uri, version: null }, edits: edits(line) },
      ]);
    }
  }
  // Another Dockerfile may want what it leaves out.
  const other = { "Dockerfile.dev": "FROM node:24\nCOPY node_modules /\n" };
  const beside = await offered({ ...other, ".dockerignore": "*.md\n" }, whole);
  assert.equal(beside.found.length, 2);
  for (const { edit: { documentChanges: [, , change] } } of beside.found) {
    assert.equal(change.textDocument.uri, beside.uriOf("Dockerfile.dockerignore"));
    assert.equal(change.edits[0].newText, "*.md\nnode_modules\n");
  }
  // For the classic builder there is no such file: nothing that would break the other is offered.
  assert.deepEqual((await offered({ ...other, "layerwise.json": '{"builder":"classic"}' }, whole)).found, []);
  assert.equal((await offered({ "layerwise.json": '{"builder":"classic"}' }, whole)).found.length, 2);
  // Who cannot make a file still gets the fix, and the line where there is a file for it.
  const { found, uriOf } = await offered({}, { documentChanges: true });
  assert.deepEqual(found.map(({ edit }) => edit.documentChanges.map(({ textDocument }) => textDocument.uri)), [[uriOf("Dockerfile")], [uriOf("Dockerfile")]]);
  const old = await offered({ ".dockerignore": "*.md\n" }, {});
  for (const { edit: { changes } } of old.found) assert.deepEqual(changes[old.uriOf(".dockerignore")], edits(1));
  assert.equal(old.found.length, 2);
});
