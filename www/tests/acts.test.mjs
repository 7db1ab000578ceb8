// What a visitor does with what was found: fixes, one or all, taken back, copied, ignored, by mouse and by keyboard.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { complaints, context, open, overflow, page, paste, settled, violations } from "./page.mjs";

const NODE = "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
const FIXED = "FROM node:24\nWORKDIR /app\nCOPY package*.json .npmrc* ./\nRUN npm ci\nCOPY . .\n";

/** The text, when what was begun is done. */
const editor = async () => (await settled(), await lines());
const lines = async () => (await page.locator("#editor .cm-line").allTextContents()).join("\n");
const sum = async () => (await settled(), await page.locator("#sum").textContent());
const status = async () => (await settled(), await page.locator("#status").textContent());
const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className);

async function copiedBy(name) {
  const button = page.getByRole("button", { name, exact: true });
  const handle = await button.elementHandle();
  await button.click();
  await handle.waitForSelector("xpath=self::*[text()='Copied']");
  return page.evaluate(() => navigator.clipboard.readText());
}

test("the largest sentence says what is lost and what the rewrite leaves of it", async () => {
  await open();
  assert.equal(await sum(), "An edit rebuilds 31 s. Rewritten: under 1 s.");
  assert.match(await status(), /^2 issues, 4 notes · 30 s lost per edit$/);
  await paste("FROM alpine:3.22\nRUN apk add curl\nCOPY . /srv\n");
  assert.equal(await sum(), "No step runs again for nothing.");
  await paste("FROM alpine\nRUMBLE x\n");
  assert.equal(await sum(), "This file does not build.");
});

test("an issue stands below its line; its fix is applied there, and taken back", async () => {
  await open();
  await paste(NODE);
  const note = page.locator("#editor .inline-note");
  assert.deepEqual(await note.allTextContents(), ["npm installs the dependencies after COPY . . (line 3). About 30 s again each time. Fix Why"]);
  await note.getByText("Why").click();
  assert.equal(await focused(), "headline");
  await note.getByText("Fix").click();
  assert.equal(await editor(), FIXED);
  assert.equal(await note.count(), 0);
  await page.getByRole("button", { name: "Undo" }).click();
  assert.equal(await editor(), NODE);
  assert.equal(await note.count(), 1);
});

test("there is nothing to undo in what was opened", async () => {
  await open();
  assert.ok(await page.getByRole("button", { name: "Undo" }).isDisabled());
});

test("one fix is applied from the list, also one that is only suggested", async () => {
  await open();
  await paste(NODE);
  await page.getByRole("button", { name: "Apply this fix" }).first().click();
  assert.equal(await editor(), FIXED);
  await page.getByRole("button", { name: "Apply this fix" }).click();
  assert.match(await editor(), /RUN --mount=type=cache,target=\/root\/\.npm npm ci/);
});

test("which fixes are in the rewritten file, and the command that does the same", async () => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open();
  await paste(NODE);
  const fixes = page.getByLabel("Fixes in the rewritten file");
  const rewritten = async () => (await settled(), await page.locator("#diff").textContent());
  assert.equal(await copiedBy("npx layerwise --fix assumed"), "npx layerwise --fix assumed");
  await fixes.selectOption("Suggested, too");
  assert.match(await rewritten(), /--mount=type=cache/);
  assert.equal(await copiedBy("npx layerwise --fix suggested"), "npx layerwise --fix suggested");
  await fixes.selectOption("Safe fixes");
  await settled();
  assert.ok(await page.getByRole("button", { name: "Use this" }).isDisabled());
  assert.equal(await copiedBy("npx layerwise --fix"), "npx layerwise --fix");
  assert.equal(await sum(), "One issue, and none that could be rewritten.");
});

test("the rewritten file is downloaded, and what was found copied as Markdown", async () => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open();
  await paste(NODE);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download" }).click()]);
  assert.equal(download.suggestedFilename(), "Dockerfile");
  assert.equal(readFileSync(await download.path(), "utf8"), FIXED);
  assert.match(await copiedBy("Copy as Markdown"), /^### `Dockerfile`\n[^]*\| A source file is edited \| \\?~30 s \|[^]*```diff\n/);
  await paste("FROM alpine\n");
  assert.equal(await copiedBy("Copy as Markdown"), "No issues in `Dockerfile`.\n");
});

test("a rule leads to its page, and an issue is ignored by the comment that says so", async () => {
  await open();
  await paste(NODE);
  const rule = page.getByRole("link", { name: "source-copied-before-install" });
  assert.equal(await rule.getAttribute("href"), "#rule/source-copied-before-install");
  const ignore = page.getByRole("button", { name: "Ignore this" });
  await ignore.first().click();
  assert.equal(await editor(), NODE.replace("RUN", "# layerwise ignore=source-copied-before-install\nRUN"));
  assert.equal(await status(), "no issues, 1 note");
  await ignore.first().click();
  assert.equal(await editor(), NODE.replace("RUN", "# layerwise ignore=source-copied-before-install,install-without-cache-mount\nRUN"));
  assert.equal(await status(), "no issues");
});

test("the keyboard goes from issue to issue, applies a fix, and leaves", async () => {
  await open();
  await page.locator("#editor .cm-content").focus();
  const selected = async (key) => {
    await page.keyboard.press(key);
    await settled();
    return page.evaluate(() => window.getSelection().toString());
  };
  assert.equal(await selected("F8"), "RUN apt-get update");
  assert.equal(await selected("F8"), "RUN pip install -r /app/requirements.txt");
  assert.equal(await selected("F8"), "RUN apt-get update");
  assert.equal(await selected("Shift+F8"), "RUN pip install -r /app/requirements.txt");
  await page.keyboard.press("Control+.");
  assert.match(await editor(), /\nADD requirements\.txt \/app\/requirements\.txt\n/);
  await page.keyboard.press("Control+Z");
  assert.doesNotMatch(await editor(), /ADD requirements/);
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "source-title");
});

test("the files of an example do not stay with another Dockerfile, unless they are wanted", async () => {
  await open("#example=npm-install-and-build");
  const known = () => page.locator("#context-status").textContent();
  const before = await known();
  assert.match(before, /files/);
  await paste(NODE);
  assert.equal(await known(), "not given");
  const notice = page.locator("#notice");
  assert.match(await notice.textContent(), /^The files of the example were left out: they belong to its Dockerfile\. Keep them$/);
  await page.waitForFunction(() => window.location.hash.startsWith("#file="));
  await notice.getByRole("button", { name: "Keep them" }).click();
  assert.equal(await known(), before);
  assert.equal(await notice.isVisible(), false);
});

test("an edit of an example keeps its files, and files of one's own stay with any text", async () => {
  await open("#example=npm-install-and-build");
  const known = () => page.locator("#context-status").textContent();
  const before = await known();
  await page.locator("#editor .cm-content").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("# more\n");
  assert.equal(await known(), before);
  await page.locator(".context summary").click();
  await page.getByLabel("File list").fill("package.json\n");
  await paste(NODE);
  assert.match(await known(), /^1 file/);
  assert.equal(await page.locator("#notice").isVisible(), false);
});

test("a damaged link says so and shows nothing that it did not mean", async () => {
  for (const [broken, sentence] of [
    ["#file=bm90IGRlZmxhdGVk", /^This link is damaged/],
    ["#file=%%%", /^This link is damaged/],
    ["#example=%E0%A4%A", /^This link is damaged/],
    ["#example=none", /^There is no example `none`\.$/],
  ]) {
    await page.goto("about:blank");
    await open(broken);
    assert.match(await page.locator("#notice").textContent(), sentence);
    assert.equal(await editor(), "Paste a Dockerfile, drop one here with its folder, or choose an example.", broken);
    assert.equal(await status(), "empty");
    assert.match(await sum(), /^Paste a Dockerfile/);
  }
  assert.deepEqual(await violations(), []);
});

/** Drops files on the page as a visitor would. */
const drop = (...files) => page.evaluate((given) => {
  const dataTransfer = new DataTransfer();
  for (const [name, text] of given) dataTransfer.items.add(new File([text], name));
  const to = document.querySelector("#editor .cm-content");
  for (const type of ["dragover", "drop"]) to.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
}, files);

test("a Dockerfile that is dropped replaces the text, and a log measures it", async () => {
  await open();
  await drop(["Dockerfile", NODE]);
  await page.waitForFunction(() => document.querySelector("#editor .cm-line").textContent === "FROM node:24");
  assert.equal(await editor(), NODE);
  assert.equal(await page.locator("#context-status").textContent(), "not given");
  await drop(["build.log", "#8 [4/4] RUN npm ci\n#8 DONE 83.0s\n"]);
  await page.waitForFunction(() => /83 s/.test(document.querySelector("#sum").textContent));
  assert.equal(await editor(), NODE);
});

test("inside another page it shows the panes alone, and leaves the address as it is", async () => {
  await open("#embed&example=npm-install-and-build");
  assert.equal(await page.getByRole("heading", { level: 1 }).count(), 0);
  assert.ok(await page.locator("#editor").isVisible());
  assert.match(await editor(), /^# syntax=docker\/dockerfile:1\nFROM node/);
  await paste(NODE);
  await page.locator("#takings select").focus();
  assert.equal(new URL(page.url()).hash, "#embed&example=npm-install-and-build");
});

test("on a phone the rewritten file begins on the second screen at the latest", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open();
  const { y } = await page.locator("#diff").boundingBox();
  assert.ok(y < 2 * 844 - 300, `${y}`);
  assert.ok((await overflow()) <= 0);
  assert.deepEqual(complaints, []);
});
