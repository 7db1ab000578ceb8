// How the builder is called: the builder itself, and what it keeps between builds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { context, open, page, paste, settled, violations } from "./page.mjs";

const NODE = "FROM node:24\nWORKDIR /app\nCOPY package.json .\nRUN npm install\nCOPY . .\n";

const known = () => page.locator("#context-status").textContent();
const rules = async () => (await settled(), await page.locator("#issues .issue").evaluateAll((all) => all.map((one) => one.dataset.rule)));
const builder = () => page.getByLabel("Builder", { exact: true });
const ephemeral = () => page.getByLabel("It keeps no cache mounts between builds, as in hosted CI");

async function openForm() {
  await open();
  await page.locator(".context summary").click();
  await paste(NODE);
}

/** Opens the link that "Copy link" makes. */
async function openLink() {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const copy = await page.locator("#copy-link").elementHandle();
  await copy.click();
  await copy.waitForSelector("xpath=self::*[text()='Copied']");
  const address = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto("about:blank");
  await page.goto(address);
}

test("where no mounts are kept, none is advised, and the link says so", async () => {
  await openForm();
  assert.deepEqual(await rules(), ["install-without-cache-mount"]);
  await ephemeral().check();
  assert.deepEqual(await rules(), []);
  assert.equal(await known(), "no mounts kept");
  assert.deepEqual(await violations(), []);
  await openLink();
  await page.waitForFunction(() => document.querySelector("#context-status").textContent === "no mounts kept");
  assert.deepEqual(await rules(), []);
  assert.equal(await ephemeral().isChecked(), true);
});

test("another builder has no mounts, or other steps, and the link names it", async () => {
  await openForm();
  assert.deepEqual(await builder().locator("option").allTextContents(), ["BuildKit, as in Docker", "Docker’s classic builder", "Buildah, Podman"]);
  await builder().selectOption("Docker’s classic builder");
  assert.deepEqual(await rules(), []);
  assert.equal(await known(), "classic");
  await openLink();
  await page.waitForFunction(() => document.querySelector("#context-status").textContent === "classic");
  assert.equal(await builder().inputValue(), "classic");
});
