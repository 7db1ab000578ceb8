// What is dropped on the page: a folder as the file manager gives it, several files, and compose files.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, test } from "node:test";
import { context, open, page, settled, violations } from "./page.mjs";

const folders = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A folder with these files. */
function folder(files) {
  const path = mkdtempSync(join(tmpdir(), "layerwise-drop-"));
  folders.push(path);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

/** Drops files and folders of the disk on the page, as the system does. */
async function drop(...files) {
  const session = await context.newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) await session.send("Input.dispatchDragEvent", { type, x: 300, y: 400, data });
}

const editor = async () => (await settled(), (await page.locator("#editor .cm-line").allTextContents()).join("\n"));
const begins = (line) => page.waitForFunction((wanted) => document.querySelector("#editor .cm-line")?.textContent === wanted, line);
const known = () => page.locator("#context-status").textContent();
const notice = () => page.locator("#notice").textContent();
const builds = () => page.getByRole("dialog", { name: "Which build?" });

const NODE = "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
const COMPOSE = `services:
  api:
    build:
      context: ./api
      dockerfile: api.Dockerfile
      target: \${STAGE:-runtime}
      args: { PYTHON: "3.13" }
  web:
    build: web
  page:
    build:
      dockerfile_inline: |
        FROM nginx:1.29
        COPY . /usr/share/nginx/html
  database:
    image: postgres:18
  other:
    build: https://example.com/other.git
`;
const API = "ARG PYTHON=3\nFROM python:$PYTHON AS runtime\nCOPY . /app\nRUN pip install -r /app/requirements.txt\nFROM scratch\n";
const FILES = { "compose.yaml": COMPOSE, "api/api.Dockerfile": API, "api/requirements.txt": "flask==3.0\n", "api/app.py": "", "web/Dockerfile": NODE, "web/package.json": "{}\n" };

test("a folder: its Dockerfile, its files and their texts, and nothing of what is vast", async () => {
  await open();
  await drop(folder({ Dockerfile: NODE, "package.json": '{ "name": "a" }\n', "package-lock.json": "{}\n", "src/deep/index.js": "", "node_modules/a/index.js": "", "node_modules/b/index.js": "", ".dockerignore": "dist\n" }));
  await begins("FROM node:24");
  assert.equal(await known(), "6 files, 5 read, .dockerignore");
  await page.locator(".context summary").click();
  assert.deepEqual((await page.getByLabel("File list").inputValue()).split("\n"), [".dockerignore", "Dockerfile", "node_modules/a/index.js", "package-lock.json", "package.json", "src/deep/index.js"]);
});

test("a folder without a Dockerfile gives its files to the text that is there", async () => {
  await open();
  const before = await editor();
  await drop(folder({ "requirements.txt": "django\n" }));
  await page.waitForFunction(() => document.querySelector("#context-status").textContent === "1 file, 1 read");
  assert.equal(await editor(), before);
});

test("several files are a folder; words that are dragged are none", async () => {
  await open();
  const path = folder({ Dockerfile: NODE, "package.json": "{}\n" });
  await drop(join(path, "Dockerfile"), join(path, "package.json"));
  await begins("FROM node:24");
  assert.equal(await known(), "2 files, 2 read");
  const session = await context.newCDPSession(page);
  const data = { items: [{ mimeType: "text/plain", data: "FROM scratch" }], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver"]) await session.send("Input.dispatchDragEvent", { type, x: 300, y: 400, data });
  await session.send("Input.dispatchDragEvent", { type: "dragCancel", x: 300, y: 400, data });
  assert.equal(await known(), "2 files, 2 read");
});

test("a folder with a compose file: one of its builds is chosen, with its target and arguments", async () => {
  await open();
  await drop(folder(FILES));
  await builds().waitFor();
  assert.deepEqual(await builds().getByRole("listitem").allTextContents(), ["apiapi/api.Dockerfile, target runtime", "webweb/Dockerfile", "pagein this file"]);
  assert.deepEqual(await violations(), []);
  await builds().getByRole("button", { name: /^api/ }).click();
  await begins("ARG PYTHON=3");
  assert.equal(await known(), "3 files, 3 read, target runtime, build arguments");
  await page.locator(".context summary").click();
  assert.equal(await page.getByLabel("Target stage").inputValue(), "runtime");
  assert.equal(await page.getByLabel(/Build arguments/).inputValue(), "PYTHON=3.13");
  // The target does not need the last stage, and the address remembers it.
  await page.waitForFunction(() => window.location.hash.startsWith("#file="));
  const address = page.url();
  await page.goto("about:blank");
  await page.goto(address);
  await begins("ARG PYTHON=3");
  assert.match(await known(), /target runtime, build arguments$/);
});

test("a compose file with one build of the folder asks nothing; one without leaves the Dockerfile", async () => {
  await open();
  await drop(folder({ "docker-compose.yml": "services:\n  web:\n    build: ./web\n", "web/Dockerfile": NODE, "Dockerfile": "FROM scratch\n" }));
  await begins("FROM node:24");
  await drop(folder({ "compose.yml": "services:\n  web:\n    image: nginx\n", "Dockerfile": "FROM alpine:3.22\n" }));
  await begins("FROM alpine:3.22");
  assert.equal(await builds().count(), 0);
});

test("a compose file alone: what stands in it is opened, for others their Dockerfile is asked for", async () => {
  await open();
  const path = folder(FILES);
  await drop(join(path, "compose.yaml"));
  await builds().getByRole("button", { name: /^page/ }).click();
  await begins("FROM nginx:1.29");
  await drop(join(path, "compose.yaml"));
  await builds().getByRole("button", { name: /^api/ }).click();
  await page.locator("#notice").waitFor();
  assert.match(await notice(), /^Now drop api\/api\.Dockerfile, which api is built from/);
  await drop(join(path, "api/api.Dockerfile"));
  await begins("ARG PYTHON=3");
  assert.equal(await known(), "target runtime, build arguments");
  // What was waited for is there; the next file is another build.
  await drop(join(path, "web/Dockerfile"));
  await begins("FROM node:24");
  assert.equal(await known(), "not given");
});

test("a file that looks like a compose file and is none is told", async () => {
  await open();
  await drop(join(folder({ "compose.yaml": "services:\n  a:\n    build: [\n" }), "compose.yaml"));
  const failure = page.locator("#failure");
  await failure.waitFor({ state: "visible" });
  assert.match(await failure.textContent(), /^The compose file could not be read: /);
  await drop(join(folder({ "compose.yaml": "services:\n  a:\n    build: https://example.com/a.git\n" }), "compose.yaml"));
  await page.locator("#notice").waitFor();
  assert.match(await notice(), /^This compose file builds nothing/);
});
