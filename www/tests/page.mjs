// The page under test: importing this serves the built demo, opens it in a browser before each
// test, and checks after each that the console was silent and nothing came from elsewhere.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, afterEach, before, beforeEach } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "./chromium.mjs";
import { serve } from "./server.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "../dist");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The npm package that was built. */
export const pkg = join(here, "../../pkg");

/** What the tests of a file share; set before each test. */
export let site, browser, context, page;
/** What the console said; a test that expects a line takes it out. */
export let complaints;
let foreign;

before(async () => {
  assert.ok(existsSync(join(dist, "index.html")), "run `npm run build` first");
  site = await serve({ "/projects/layerwise/": dist, "/pkg/": pkg, "/examples/": join(here, "../../examples") });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});
beforeEach(async () => {
  // So high that every panel is near enough to be drawn.
  context = await browser.newContext({ viewport: { width: 1280, height: 2600 } });
  page = await context.newPage();
  complaints = [];
  foreign = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (new URL(request.url()).hostname !== new URL(site.origin).hostname) foreign.push(request.url());
  });
});
afterEach(async () => {
  await context.close();
  assert.deepEqual(complaints, [], "the console is silent");
  assert.deepEqual(foreign, [], "nothing is fetched from elsewhere");
});

/** Opens the demo and waits for its first analysis. */
export async function open(hash = "") {
  await page.goto(`${site.origin}/projects/layerwise/${hash}`);
  await page.waitForFunction(() => document.querySelector("#status").textContent !== "");
  await settled();
}

/** Waits until what is shown is that of the text. */
export async function settled() {
  await page.waitForFunction(() => !document.documentElement.hasAttribute("data-analysing"));
}

/** Puts a text into the editor as a paste would, and waits for its analysis. */
export async function paste(text) {
  await page.evaluate(() => (document.querySelector("#status").textContent = ""));
  await page.locator("#editor .cm-content").focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(text);
  await page.waitForFunction(() => document.querySelector("#status").textContent !== "");
  await settled();
}

/** By how many pixels the page is wider than the window. */
export function overflow() {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/** What axe finds wrong with the page as it is. */
export async function violations() {
  // Through the debugger, which the page's own policy for scripts does not concern.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  return violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html.slice(0, 160))]);
}
