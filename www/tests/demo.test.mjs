// The built demo in a real browser, served from a sub-path: what a visitor sees and can do.
// It also holds the package's browser entry to its promises, as a Vite application uses it.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { browser, complaints, context, open, overflow, page, paste, pkg, settled, site, violations } from "./page.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const fixture = join(here, "../../tests/fixtures/pip-2014");

const DJANGO = readFileSync(join(fixture, "before.Dockerfile"), "utf8");
const REPAIRED = readFileSync(join(fixture, "after.Dockerfile"), "utf8");

const INSTALL = 'article.issue[data-rule="source-copied-before-install"]';

/** The text of a pane, line by line, without the lines a diff shows as deleted. */
const textOf = (pane) =>
  page.locator(`${pane} .cm-content > .cm-line`).evaluateAll((lines) => lines.map((line) => line.textContent));
const changes = async () => ({
  removed: await page.locator("#diff .cm-deletedLine").allTextContents(),
  added: (await page.locator("#diff .cm-changedLine").allTextContents()).filter((line) => line !== ""),
});

test("the first example is analysed, and the diff shows the file as its author repaired it", async () => {
  await open();
  assert.equal((await textOf("#editor")).join("\n"), DJANGO);
  assert.equal((await textOf("#diff")).join("\n"), REPAIRED);
  const { removed, added } = await changes();
  assert.ok(removed.includes("ADD . /app"));
  assert.ok(added.includes("ADD requirements.txt /app/requirements.txt"));
  assert.ok(added.includes("ADD . /app"));
  assert.match(await page.locator("#status").textContent(), /^\d+ issues?, \d+ notes · /);
  assert.equal(await page.locator(INSTALL).count(), 1);
});

test("a step says what it needs of each copy, and an issue leads to its place", async () => {
  await open();
  const line = DJANGO.split("\n").indexOf("RUN pip install -r /app/requirements.txt");
  await page.locator("#editor .cm-line").nth(line).click();
  await settled();
  assert.match(await page.locator("#step").textContent(), /Only requirements\.txt/);
  assert.equal(await page.locator("article.issue[data-severity=warning][aria-current]").count(), 1);
  assert.equal(await page.locator("#editor .cm-linked").textContent(), "ADD . /app");

  await page.locator("#editor .cm-line").nth(1).click();
  await settled();
  assert.equal(await page.locator("article.issue[aria-current]").count(), 0);
  await page.locator(`${INSTALL} .headline`).click();
  const selected = await page.evaluate(() => window.getSelection().toString());
  assert.equal(selected, "RUN pip install -r /app/requirements.txt");
});

test("how a step is read unfolds, and stays so for the next step", async () => {
  await open();
  const line = DJANGO.split("\n").indexOf("RUN pip install -r /app/requirements.txt");
  await page.locator("#editor .cm-line").nth(line).click();
  const reading = page.locator("#step .reading");
  assert.equal(await reading.locator("dt").count(), 0);
  await reading.locator("summary").click();
  // It is filled when it is unfolded.
  await reading.locator("dt").first().waitFor();
  assert.match(await reading.textContent(), /is invalidated needlessly byline 15/);
  assert.match(await reading.locator(".command").textContent(), /is known aspip, install/);
  await page.locator("#editor .cm-line").nth(DJANGO.split("\n").indexOf("ADD . /app")).click();
  await page.locator("#step .reading", { hasText: "bringssource files, which change often" }).waitFor();
});

test("notes of one rule are folded behind the issues", async () => {
  await open();
  await paste("FROM node:24\nRUN npm install -g a\nRUN npm install -g b\nCOPY . .\nRUN npm ci\n");
  const items = page.locator("#issues .list > li");
  assert.match(await items.first().textContent(), /^Warning, line 5/);
  const notes = items.last().locator("details");
  assert.equal(await notes.locator("summary").textContent(), "3 notes, lines 2, 3, 5: install keeps no downloads for the next one");
  assert.equal(await notes.locator("article").first().isVisible(), false);
  await notes.locator("summary").click();
  assert.equal(await notes.locator("article:visible").count(), 3);
  assert.equal(await notes.locator(".repair:visible").count(), 3);
});

test("a pasted Dockerfile is analysed, undone and kept in the link", async () => {
  await open();
  await paste("FROM alpine:3.20\nRUN apk add --no-cache curl\nCOPY . /srv\n");
  assert.match(await page.locator("#status").textContent(), /^no issues, 1 note$/);
  assert.deepEqual(await changes(), { removed: [], added: [] });
  assert.ok(await page.locator("#rewrite-use").isDisabled());

  await page.waitForFunction(() => window.location.hash.startsWith("#file="));
  const link = new URL(page.url()).hash;
  await page.goto("about:blank");
  await open(link);
  assert.equal((await textOf("#editor")).join("\n"), "FROM alpine:3.20\nRUN apk add --no-cache curl\nCOPY . /srv\n");
  await paste("FROM scratch\n");
  await page.keyboard.press("Control+Z");
  assert.equal((await textOf("#editor"))[0], "FROM alpine:3.20");
});

test("a copy that moves down is shown as that, not as steps that move up", async () => {
  await open();
  await paste("FROM python:3\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nRUN pip install -r extra.txt\nCMD [\"./run\"]\n");
  const { removed, added } = await changes();
  assert.deepEqual(removed, ["COPY . ."]);
  assert.equal(added.at(-1), "COPY . .");
});

test("what BuildKit refuses is said where it stands", async () => {
  await open();
  await paste("FROM alpine\nRUMBLE x\n");
  const issue = page.locator('article.issue[data-severity="error"]');
  assert.match(await issue.first().textContent(), /line 2/);
  assert.equal((await textOf("#diff")).join("\n"), "FROM alpine\nRUMBLE x\n");
});

test("a file list and a manifest reach the analysis", async () => {
  await open();
  const badge = page.locator(".repair .badge").first();
  assert.equal(await badge.textContent(), "Assumed");
  await page.locator(".context summary").click();
  await page.getByLabel("File list").fill("manage.py\nrequirements.txt\nrun.sh\napp/urls.py\n");
  await page.getByRole("button", { name: "Add a manifest" }).click();
  await page.getByLabel("Path of manifest 1").fill("requirements.txt");
  await page.getByLabel("Text of manifest 1").fill("Django==1.6\npsycopg2==2.5\n");
  await page.waitForFunction(() => document.querySelector(".repair .badge").textContent === "Safe");
  assert.equal(await page.locator("#context-status").textContent(), "4 files, 1 manifest");
});

test("a project folder is read in the page: its Dockerfile, its files, their texts", async () => {
  await open();
  const folder = mkdtempSync(join(tmpdir(), "layerwise-demo-"));
  try {
    mkdirSync(join(folder, "node_modules/left/lib"), { recursive: true });
    for (const [path, text] of Object.entries({
      Dockerfile: "FROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\nCOPY . .\n",
      "package.json": "{}\n",
      ".dockerignore": ".git\n",
      "node_modules/left/index.js": "",
      "node_modules/left/lib/pad.js": "",
    })) {
      writeFileSync(join(folder, path), text);
    }
    await page.locator("#context-folder").setInputFiles(folder);
    await page.waitForFunction(() => document.querySelector("#editor .cm-line").textContent === "FROM node:22");
    const listed = await page.getByLabel("File list").inputValue();
    assert.equal(listed.split("\n").length, 4, listed);
    assert.equal(await page.locator("#context-ignore").inputValue(), ".git\n");
    assert.equal(await page.locator("#context-status").textContent(), "4 files, 3 read, .dockerignore");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the link and the result can be copied, and the result shown bare", async () => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open();
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.waitForFunction(() => document.querySelector("#copy-link").textContent === "Copied");
  assert.equal(await clipboard(), `${site.origin}/projects/layerwise/#example=pip-2014`);
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await page.waitForFunction(() => document.querySelector("#rewrite-copy").textContent === "Copied");
  assert.equal(await clipboard(), REPAIRED);
  await page.getByRole("button", { name: "Changes", exact: true }).click();
  assert.deepEqual(await changes(), { removed: [], added: [] });
  assert.equal((await textOf("#diff")).join("\n"), REPAIRED);
});

test("the repaired file can be taken over, and then has nothing left to repair", async () => {
  await open();
  await page.getByRole("button", { name: "Use this" }).click();
  await page.waitForFunction(() => document.querySelector("#rewrite-use").disabled);
  assert.equal((await textOf("#editor")).join("\n"), REPAIRED);
  assert.deepEqual(await changes(), { removed: [], added: [] });
});

test("phone width: everything fits, also on a desktop at 400 %", async () => {
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    await open();
    assert.ok((await overflow()) <= 0);
    await page.locator(".context summary").click();
    assert.ok((await overflow()) <= 0);
    await paste(`FROM alpine\nRUM${"x".repeat(400)} y\nRUN ${"z".repeat(400)}\n`);
    assert.ok((await overflow()) <= 0);
  }
});

test("accessibility: names, landmarks and contrast, in both themes", async () => {
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    await open();
    await page.locator(".context summary").click();
    await page.getByRole("button", { name: "Add a manifest" }).click();
    assert.deepEqual(await violations(), [], scheme);
  }
});

test("the keyboard reaches everything and is never caught", async () => {
  await open();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the editor");
  const seen = new Set();
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press("Tab");
    seen.add(await page.evaluate(() => {
      const element = document.activeElement;
      return element.id || element.closest("[id]")?.id || element.className || element.tagName;
    }));
  }
  for (const id of ["copy-link", "theme", "examples", "editor", "issues", "diff", "timeline", "step", "context"]) {
    assert.ok(seen.has(id), `${id} is reached: ${[...seen].join(" ")}`);
  }
});

test("the theme button overrides the system and is remembered", async () => {
  await page.emulateMedia({ colorScheme: "light" });
  await open();
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.getByRole("button", { name: "Switch to the dark theme" }).click();
  const dark = await ground();
  assert.notEqual(dark, light);
  await open();
  assert.equal(await ground(), dark);
  await page.getByRole("button", { name: "Switch to the light theme" }).click();
  assert.equal(await ground(), light);
});

test("nothing on the page moves while it loads", async () => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.addInitScript(() => {
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        // The notes come between the lines of the text a moment after it, when it has been analysed.
        if (entry.sources.some(({ node }) => !node?.parentElement?.closest(".cm-editor"))) globalThis.shift += entry.value;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  await open();
  await page.evaluate(() => document.fonts.ready);
  assert.ok((await page.evaluate(() => globalThis.shift)) < 0.02);
});

test("a module that does not load is said, not shown as a file without issues", async () => {
  await page.route(/\.wasm$/, (route) => route.fulfill({ status: 404 }));
  await page.goto(`${site.origin}/projects/layerwise/`);
  const failure = page.locator("#failure");
  await failure.waitFor({ state: "visible" });
  assert.match(await failure.textContent(), /could not be loaded: .*404/);
  // The browser's own line about the answer.
  complaints.splice(0, complaints.length, ...complaints.filter((line) => !line.includes("404")));
});

test("without JavaScript the page says what it needs", async () => {
  const plain = await browser.newContext({ javaScriptEnabled: false });
  try {
    const bare = await plain.newPage();
    await bare.goto(`${site.origin}/projects/layerwise/`);
    assert.match(await bare.locator("noscript").textContent(), /JavaScript and WebAssembly/);
  } finally {
    await plain.close();
  }
});

test("before init() the browser entry says what to do", async () => {
  await open();
  const entry = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8")).exports["."];
  const target = entry.browser ?? entry.default;
  const file = typeof target === "string" ? target : (target.import?.default ?? target.import ?? target.default);
  const answer = await page.evaluate(async (url) => {
    const { default: init, analyze } = await import(url);
    const message = (() => {
      try {
        analyze("FROM alpine\n");
        return "no error";
      } catch (error) {
        return error.message;
      }
    })();
    await init();
    return { message, issues: analyze("FROM alpine\n").issues };
  }, new URL(file, `${site.origin}/pkg/`).href);
  assert.match(answer.message, /init\(\)/);
  assert.deepEqual(answer.issues, []);
});
