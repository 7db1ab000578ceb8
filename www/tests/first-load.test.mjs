// What a visitor loads before the first result, and what only those who ask for it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { context, open, page, paste, settled } from "./page.mjs";

const dist = join(dirname(fileURLToPath(import.meta.url)), "../dist");

/** Most that is not the module, in bytes of gzip: it grows only where someone means it to. */
const MOST = 160_000;

/** The files that are asked for from now on, without their hashes. */
function asked() {
  const files = [];
  context.on("request", (request) => files.push(new URL(request.url()).pathname.replace("/projects/layerwise/", "")));
  return files;
}
const named = (files) => [...new Set(files.map((file) => file.replace(/^assets\/|-[\w-]{8}(?=\.\w+$)/g, "")))].sort();

test("the first result takes the module, one script, one worker, and what is read at once", async () => {
  const files = asked();
  await open();
  await page.evaluate(() => document.fonts.ready);
  assert.deepEqual(named(files), ["", "before.js", "icon.svg", "index.css", "index.js", "layerwise_bg.wasm", "mono-400.woff2", "mono-600.woff2", "serif.woff2", "worker.js"]);
  const weights = [...new Set(files)].filter((file) => !file.endsWith(".wasm") && file !== "icon.svg").map((file) => gzipSync(readFileSync(join(dist, file || "index.html")), { level: 9 }).length);
  const sum = weights.reduce((one, other) => one + other, 0);
  assert.ok(sum < MOST, `${sum} bytes`);
  // Preloaded and asked for once: what is preloaded in another way than it is used is loaded twice.
  assert.equal(files.filter((file) => file.endsWith(".wasm")).length, 1);
});

test("the module is there once, and not as text", () => {
  const files = readdirSync(join(dist, "assets"));
  assert.equal(files.filter((file) => file.endsWith(".wasm")).length, 1);
  const scripts = files.filter((file) => file.endsWith(".js"));
  assert.ok(scripts.length > 3);
  for (const file of scripts) assert.doesNotMatch(readFileSync(join(dist, "assets", file), "utf8"), /[A-Za-z0-9+/]{2000}/, file);
});

test("letters beyond the keyboard bring a font of their own, others do not", async () => {
  const files = asked();
  await open();
  await page.evaluate(() => document.fonts.ready);
  const whole = () => named(files).filter((file) => file.startsWith("ibm-plex") || file.startsWith("source-serif"));
  await paste("FROM alpine\n# plain ’…–\n");
  assert.deepEqual(whole(), []);
  await Promise.all([page.waitForRequest(/ibm-plex-mono-latin/), paste("FROM alpine\n# für\n")]);
  assert.match(whole()[0], /^ibm-plex-mono/);
});

const gallery = () => page.getByRole("dialog", { name: "Examples" });
const visible = () => gallery().locator("li:visible").allTextContents();

test("examples are loaded when somebody looks for one: in groups, and by words", async () => {
  const files = asked();
  await open();
  assert.ok(!named(files).some((file) => /^(all|some|gallery)/.test(file)));
  await page.getByRole("button", { name: "npm workspaces" }).click();
  await page.waitForFunction(() => document.querySelector("#editor .cm-content").textContent.includes("FROM node"));
  assert.ok(!named(files).some((file) => /^(all|gallery)/.test(file)), "those with buttons are apart");

  await page.getByRole("button", { name: "All examples" }).click();
  await gallery().waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.type), "search");
  const titles = await gallery().locator("summary").allTextContents();
  assert.deepEqual(titles.slice(0, 3).map((title) => title.replace(/ \d+$/, "")), ["Node.js", "Python", "Go"]);
  assert.match(titles.at(-1), /^Not repaired, and why \d+$/);
  assert.deepEqual(await visible(), []);
  const status = gallery().getByRole("status");
  const [all] = /[\d,]+/.exec(await status.textContent());
  assert.ok(Number(all.replaceAll(",", "")) > 800, all);

  await page.keyboard.type("pnpm fetch");
  assert.ok((await visible()).includes("Pnpm fetch and install"));
  assert.ok((await visible()).length < 20);
  await page.keyboard.type(" zzz");
  assert.deepEqual(await visible(), []);
  assert.equal(await status.textContent(), "None has all of these words.");
  for (let letter = 0; letter < 4; letter++) await page.keyboard.press("Backspace");
  await gallery().getByRole("button", { name: "Pnpm fetch and install" }).click();
  await page.waitForFunction(() => window.location.hash === "#example=pnpm-fetch-and-install");
  await settled();
  assert.equal(await gallery().isVisible(), false);
  assert.match(await page.locator("#editor .cm-content").textContent(), /pnpm fetch/);
});

test("each example is in one group, and Escape leaves them", async () => {
  await open();
  await page.getByRole("button", { name: "All examples" }).click();
  await gallery().waitFor();
  const counts = await gallery().locator("summary span").allTextContents();
  const all = await gallery().locator("li button").allTextContents();
  assert.equal(counts.reduce((sum, count) => sum + Number(count.replace(",", "")), 0), all.length);
  assert.equal(await gallery().locator("[aria-current]").textContent(), "Django, 2014");
  await page.keyboard.press("Escape");
  assert.equal(await gallery().isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "All examples");
});
