// The .dockerignore that is proposed: shown with its added lines, taken along, used and taken back.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { context, open, overflow, page, paste, settled, violations } from "./page.mjs";

const NODE = "FROM node:24\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nCOPY . .\nRUN npm run build\n";
const PACKAGE = '{ "scripts": { "build": "next build" }, "dependencies": { "next": "16.0.0" } }';
const FILES = "package.json\npackage-lock.json\napp.ts\n.next/BUILD_ID\nnode_modules/.package-lock.json\n";

const part = () => page.getByRole("region", { name: ".dockerignore" });
const button = (name) => part().getByRole("button", { name, exact: true });
const ignored = () => page.locator("#context-ignore").inputValue();
const issues = async () => (await settled(), await page.locator("#issues .issue").evaluateAll((all) => all.map((one) => one.dataset.rule)));

/** Opens a Dockerfile whose context holds what tools left there. */
async function openProject(dockerignore = "") {
  await open();
  await page.locator(".context summary").click();
  await page.getByLabel("File list").fill(FILES);
  if (dockerignore !== "") await page.locator("#context-ignore").fill(dockerignore);
  await page.getByRole("button", { name: "Add a manifest" }).click();
  await page.getByLabel("Path of manifest 1").fill("package.json");
  await page.getByLabel("Text of manifest 1").fill(PACKAGE);
  await paste(NODE);
}

test("lines to add stand below those that are there, and are told as added", async () => {
  await openProject("a\nb\nc\nd\ne\n");
  assert.deepEqual(await part().locator(".lines > div").allTextContents(), ["2 lines above", "c", "d", "e", ".next", "node_modules"]);
  assert.deepEqual(await part().locator("ins").allTextContents(), [".next", "node_modules"]);
  assert.equal(await part().locator(".status").textContent(), "2 lines to add");
  assert.equal(await page.locator("#sum").textContent(), "One issue, and lines to add to .dockerignore.");
  assert.ok(await page.getByRole("button", { name: "Use this" }).first().isDisabled(), "the Dockerfile stays as it is");
  assert.deepEqual(await violations(), []);
});

test("nothing is shown where nothing is proposed", async () => {
  await open();
  assert.equal(await part().count(), 0);
  await openProject(".next\nnode_modules\n");
  assert.equal(await part().count(), 0);
});

test("it is copied, and downloaded under its name", async () => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openProject("*.md");
  const copy = await button("Copy").elementHandle();
  await copy.click();
  await copy.waitForSelector("xpath=self::*[text()='Copied']");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "*.md\n.next\nnode_modules\n");
  const [download] = await Promise.all([page.waitForEvent("download"), part().getByRole("link", { name: "Download" }).click()]);
  assert.match(download.suggestedFilename(), /^[._]?dockerignore$/);
  assert.equal(await part().getByRole("status").textContent(), "Browsers leave out its first dot");
  assert.equal(readFileSync(await download.path(), "utf8"), "*.md\n.next\nnode_modules\n");
});

test("used, it belongs to the known files, and the issue is gone; the keyboard takes it back", async () => {
  await openProject("*.md\n");
  assert.deepEqual(await issues(), ["host-artifacts-in-context"]);
  await button("Use this").focus();
  await page.keyboard.press("Enter");
  await button("Take back").waitFor();
  assert.deepEqual(await issues(), []);
  assert.equal(await ignored(), "*.md\n.next\nnode_modules\n");
  assert.match(await part().textContent(), /2 lines added to “Your files” on this page; the file on your disk is as it was\./);
  assert.match(await page.locator("#context-status").textContent(), /\.dockerignore$/);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Take back");
  assert.deepEqual(await violations(), []);
  await page.keyboard.press("Enter");
  await button("Use this").waitFor();
  assert.deepEqual(await issues(), ["host-artifacts-in-context"]);
  assert.equal(await ignored(), "*.md\n");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Use this");
});

test("the keyboard gets there from the rewritten file, and on", async () => {
  await openProject();
  await page.getByRole("button", { name: "Copy as Markdown" }).focus();
  const reached = [];
  for (let stop = 0; stop < 5; stop++) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => document.activeElement.ariaLabel ?? document.activeElement.closest("#ignore, #timeline")?.id + " " + document.activeElement.textContent));
  }
  assert.deepEqual(reached.slice(0, 4), ["ignore Copy", "ignore Download", "ignore Use this", ".dockerignore as it would be"]);
  assert.match(reached[4], /^timeline /);
});

test("what was used goes with the link, and what is typed later leaves nothing to take back", async () => {
  await openProject();
  await button("Use this").click();
  await button("Take back").waitFor();
  await page.locator("#context-ignore").fill(".next\nnode_modules\n*.md\n");
  await settled();
  assert.equal(await part().count(), 0);
  await page.locator("#context-ignore").fill(".next\n");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const copy = await page.locator("#copy-link").elementHandle();
  await copy.click();
  await copy.waitForSelector("xpath=self::*[text()='Copied']");
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto("about:blank");
  await page.goto(link);
  await part().waitFor();
  assert.deepEqual(await part().locator("ins").allTextContents(), ["node_modules"]);
});

test("an example keeps its files when its .dockerignore is used", async () => {
  await open("#example=host-artifacts-of-a-web-application");
  assert.deepEqual(await part().locator(".lines > div").allTextContents(), ["*.md", ".next", "node_modules", ".git"]);
  await button("Use this").click();
  await button("Take back").waitFor();
  assert.deepEqual(await issues(), []);
  await paste("FROM node:24\nCOPY . .\n");
  assert.match(await page.locator("#notice").textContent(), /^The files of the example were left out/);
  assert.equal(await part().count(), 0);
});

test("the Markdown for a pull request has it", async () => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openProject("*.md\n");
  const copy = await page.getByRole("button", { name: "Copy as Markdown" }).elementHandle();
  await copy.click();
  await copy.waitForSelector("xpath=self::*[text()='Copied']");
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /Suggested \.dockerignore<\/summary>\n\n```diff\n--- \.dockerignore\n\+\+\+ \.dockerignore \(proposed\)\n@@ -1,1 \+1,3 @@\n \*\.md\n\+\.next\n\+node_modules\n```/);
});

for (const colorScheme of ["light", "dark"]) {
  test(`on a phone it is as wide as the page, ${colorScheme}`, async () => {
    await page.setViewportSize({ width: 390, height: 2600 });
    await page.emulateMedia({ colorScheme });
    await openProject(`${"a-directory-with-a-long-name/".repeat(8)}\n`);
    assert.equal(await part().count(), 1);
    assert.ok((await overflow()) <= 0);
    const { width } = await part().boundingBox();
    assert.ok(width <= 390, `${width}`);
    assert.deepEqual(await violations(), []);
  });
}

test("a Dockerfile with a file of its own has that one proposed", async () => {
  await open();
  const folder = mkdtempSync(join(tmpdir(), "layerwise-ignore-"));
  try {
    const files = { Dockerfile: NODE, "Dockerfile.dockerignore": "*.md\n", ".dockerignore": "docs\n", "package.json": PACKAGE, "package-lock.json": "{}", "app.ts": "", ".next/BUILD_ID": "1" };
    mkdirSync(join(folder, ".next"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    await page.locator("#context-folder").setInputFiles(folder);
    const own = page.getByRole("region", { name: "Dockerfile.dockerignore" });
    await own.waitFor();
    assert.deepEqual(await own.locator(".lines > div").allTextContents(), ["*.md", ".next"]);
    const [download] = await Promise.all([page.waitForEvent("download"), own.getByRole("link", { name: "Download" }).click()]);
    assert.equal(download.suggestedFilename(), "Dockerfile.dockerignore");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
