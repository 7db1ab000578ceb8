// What the tests of the extension share: the look-alike sites, Chromium with the extension, a page of each test.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, afterEach, before, beforeEach } from "node:test";
import { started, unpacked } from "./browser.mjs";
import { serve } from "./look-alike/server.mjs";
import { ROUTES } from "./look-alike/routes.mjs";

const HOSTS = ["github", "gitlab"].map((name) => `http://${name}.localhost/*`);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What the tests of a file share; `page` is new in each. */
export let browser, site, page;
/** What the console said. */
export let complaints;
let extension;

before(async () => {
  site = await serve(ROUTES);
  // A visitor grants the third host; here that is done beforehand, since nobody can click.
  extension = unpacked("chromium", HOSTS, { hosts: ["http://other.localhost/*"], permissions: ["scripting"] });
  browser = await started(extension);
});
after(async () => {
  await browser?.stop();
  extension?.remove();
  await site?.stop();
});
beforeEach(async () => {
  site.asked.length = 0;
  complaints = [];
  page = await browser.context.newPage();
  await page.setViewportSize({ width: 1440, height: 900 });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !/favicon|Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
});
afterEach(async () => {
  await page.close();
  await browser.worker.evaluate(() => chrome.storage.local.clear());
  assert.deepEqual(complaints, [], "the console is silent");
});

/** The address of a page of a site. */
export const address = (name, path) => `http://${name}.localhost:${site.port}${path}`;

/** Opens a page of a site. */
export const open = (name, path) => page.goto(address(name, path));

/** The page's badges, and its panel. */
export const badges = () => page.locator("[data-layerwise-badge] button");
export const panel = () => page.getByRole("dialog");

/** What the panel says. */
export const panelText = async () => (await panel().locator("header h2, .body").allTextContents()).join("");

/** Waits until as many badges say this. */
export async function says(...texts) {
  await page.waitForFunction((wanted) => {
    const found = [...document.querySelectorAll("[data-layerwise-badge]")].map((host) => host.shadowRoot.querySelector("button").textContent);
    return JSON.stringify(found) === JSON.stringify(wanted);
  }, texts);
}

/** Waits until the extension has looked at the page as it is now; answers whether it has a part in it. */
export async function settled() {
  await page.bringToFront();
  return browser.worker.evaluate(async () => {
    const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
    return chrome.tabs.sendMessage(tab.id, { kind: "current" }).then(() => true, () => false);
  });
}

/** What axe finds wrong with the page as it is. */
export async function violations() {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run("[data-layerwise-badge], [data-layerwise-panel]", { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  return violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html.slice(0, 160))]);
}
