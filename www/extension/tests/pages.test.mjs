// The extension on the pages of GitHub and GitLab: badge and panel, and silence where there is nothing to say.

import assert from "node:assert/strict";
import { test } from "node:test";
import { address, badges, browser, complaints, open, page, panel, panelText, says, settled, site, violations } from "./page.mjs";
import { LATE } from "./look-alike/dockerfiles.mjs";

const LOST = "30 s lost per edit";

test("a badge says what an edit costs, and opens a panel that says why", async () => {
  await open("github", "/acme/shop/blob/main/Dockerfile");
  await says(LOST);
  assert.equal(await badges().getAttribute("aria-label"), `layerwise: ${LOST}, Dockerfile`);
  await badges().click();
  const text = await panelText();
  assert.match(text, /An edit rebuilds 30 s\. Rewritten: under 1 s\./);
  assert.match(text, /the 6 files that this page lists of the root of the repository, which is taken for the build context\. What they hold, and what else there is, is not known\./);
  assert.match(text, /npm installs the dependencies after COPY \. \. \(line 3\)/);
  assert.match(text, /Assumed: Copy the manifests first.*The build context is \.\/\./);
  assert.deepEqual(await panel().locator(".removed").allTextContents(), ["-removed: COPY . .\n"]);
  assert.equal(await panel().getByRole("link", { name: "source-copied-before-install" }).getAttribute("href"), "https://github.com/layerwise/layerwise/blob/main/docs/rules/source-copied-before-install.md");
  assert.match(await panel().getByRole("link", { name: "Open in the demo" }).getAttribute("href"), /^https:\/\/layerwise\.github\.io\/layerwise\/#file=[\w-]+$/);
  await panel().getByRole("button", { name: "4" }).first().click();
  assert.equal(new URL(page.url()).hash, "#L4");
  // Of the site's own files, and of nothing else.
  assert.deepEqual([...new Set(site.asked.map((asked) => asked.split("/")[0]))], ["github.localhost"]);
  assert.equal(site.asked.filter((asked) => asked.includes("/raw/")).length, 1);
});

test("the rewritten file and the patch can be copied", async () => {
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open("github", "/acme/shop/blob/main/Dockerfile");
  await badges().click();
  const copied = async (index) => {
    const button = panel().locator(".actions button").nth(index);
    await button.click();
    await button.filter({ hasText: "Copied" }).waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const rewritten = LATE.replace("COPY . .\nRUN npm ci\n", "COPY package*.json .npmrc* ./\nRUN npm ci\nCOPY . .\n");
  assert.equal(await copied(0), rewritten);
  assert.match(await copied(1), /^--- a\/Dockerfile\n\+\+\+ b\/Dockerfile\n@@ /);
});

test("the keyboard opens the panel, reads it, and comes back", async () => {
  await open("github", "/acme/shop/blob/main/Dockerfile");
  await badges().focus();
  await page.keyboard.press("Enter");
  const active = () => page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.textContent);
  assert.equal(await active(), "layerwise Dockerfile");
  await page.keyboard.press("Tab");
  assert.equal(await active(), "Close");
  await page.keyboard.press("Escape");
  assert.equal(await panel().count(), 0);
  assert.equal(await active(), LOST);
  await page.keyboard.press("Enter");
  await panel().getByRole("button", { name: "Close" }).click();
  assert.equal(await panel().count(), 0);
  assert.equal(await active(), LOST);
});

test("keys in the panel are not the page's", async () => {
  await open("github", "/acme/shop/blob/main/Dockerfile");
  await page.evaluate(() => {
    globalThis.keys = [];
    document.addEventListener("keydown", ({ key }) => globalThis.keys.push(key));
  });
  await badges().click();
  await page.keyboard.press("t");
  assert.deepEqual(await page.evaluate(() => globalThis.keys), []);
});

test("it follows navigation without a reload, and goes where there is no Dockerfile", async () => {
  await open("github", "/acme/shop/blob/main/README.md");
  await page.evaluate(() => (globalThis.same = true));
  const go = (path) => page.locator(`a[href$="/${path}"][data-soft]`).click();
  await go("blob/main/Dockerfile");
  await says(LOST);
  await badges().click();
  await go("services/api/Dockerfile");
  await says("nothing lost");
  await panel().waitFor({ state: "detached" });
  await badges().click();
  assert.match(await panelText(), /No step runs again for nothing\..*the 2 files that this page lists of services\/api/s);
  await go("README.md");
  await says();
  await panel().waitFor({ state: "detached" });
  await page.goBack();
  assert.ok(await settled());
  assert.equal(await page.evaluate(() => globalThis.same), true);
});

test("a badge that the page takes away comes again", async () => {
  await open("github", "/acme/shop/blob/main/Dockerfile");
  await says(LOST);
  await page.evaluate(() => document.querySelector("[data-layerwise-badge]").remove());
  await says(LOST);
  assert.equal(site.asked.filter((asked) => asked.includes("/raw/")).length, 1);
});

test("a branch whose name holds a slash", async () => {
  await open("github", "/acme/shop/blob/feature/api/services/api/Dockerfile");
  await badges().click();
  assert.equal(await panel().getAttribute("aria-label"), "layerwise: services/api/Dockerfile");
  assert.match(await panelText(), /the 2 files that this page lists of services\/api/s);
});

test("the Dockerfiles of a pull request, as it would leave them", async () => {
  await open("github", "/acme/shop/pull/7/files");
  await says(LOST, "nothing lost");
  await badges().first().click();
  assert.match(await panelText(), /^layerwise Dockerfile.*Judged by its text alone/s);
  assert.equal(await panel().getByRole("button", { name: "4", exact: true }).count(), 0);
});

test("the Dockerfiles of a commit, without those that it deletes", async () => {
  await open("github", "/acme/shop/commit/0123456789abcdef0123456789abcdef01234567");
  await says(LOST);
});

test("GitLab: a file, and the changes of a merge request", async () => {
  await open("gitlab", "/acme/tools/shop/-/blob/main/docker/Dockerfile");
  await says(LOST);
  await badges().click();
  assert.match(await panelText(), /^layerwise docker\/Dockerfile/);
  await open("gitlab", "/acme/tools/shop/-/merge_requests/3/diffs");
  await says(LOST);
});

test("a file that BuildKit refuses", async () => {
  await open("github", "/acme/shop/blob/main/broken.Dockerfile");
  await says("does not build");
  await badges().click();
  assert.match(await panelText(), /This file does not build\..*Error, line 2.*BuildKit refuses this file/s);
});

test("3,000 lines", async () => {
  await open("github", "/acme/shop/blob/main/long.Dockerfile");
  await badges().click({ timeout: 60_000 });
  assert.match(await panelText(), /And [\d,]+ more\./);
  assert.ok(await panel().locator(".diff code > span").count() <= 601);
});

test("no text of a Dockerfile becomes markup, and none hides", async () => {
  await open("github", "/acme/shop/blob/main/hostile.Dockerfile");
  await badges().click();
  assert.equal(await panel().locator(".forged").count(), 0);
  assert.equal(await page.evaluate(() => window.forged), undefined);
  const text = await panelText();
  assert.ok(text.includes("onerror="));
  assert.ok(!text.includes("\u202e"));
});

test("what the site does not answer is read from the page; what neither has is passed over", async () => {
  await open("github", "/acme/shop/blob/main/unreachable.Dockerfile");
  await says(LOST);
  await open("github", "/acme/shop/blob/main/nowhere.Dockerfile");
  assert.ok(await settled());
  await says();
});

test("a page that is built in another way stays as it is", async () => {
  await open("github", "/acme/shop/blob/tomorrow/Dockerfile");
  const before = await page.evaluate(() => document.documentElement.outerHTML);
  assert.ok(await settled());
  assert.equal(await page.evaluate(() => document.documentElement.outerHTML), before);
  assert.deepEqual(site.asked.filter((asked) => asked.includes("/raw/")), []);
  assert.deepEqual(complaints, []);
});

test("a page of another site is not touched", async () => {
  await open("other", "/acme/shop/blob/main/Dockerfile");
  assert.equal(await settled(), false);
  await says();
});

const sheet = () => page.evaluate(() => {
  const style = getComputedStyle(document.querySelector("[data-layerwise-panel]"));
  return [style.backgroundColor, style.color];
});

test("light, dark and more contrast, as the site has it or the system; accessible in each", async () => {
  const looks = [
    ["github", "/acme/shop/blob/main/Dockerfile", "dark", ["rgb(255, 255, 255)", "rgb(24, 35, 42)"]],
    ["github", "/acme/shop/blob/dark/Dockerfile", "light", ["rgb(21, 27, 31)", "rgb(221, 229, 232)"]],
    ["github", "/acme/shop/blob/contrast/Dockerfile", "light", ["rgb(1, 4, 9)", "rgb(255, 255, 255)"]],
    ["github", "/acme/shop/pull/7/files", "dark", ["rgb(21, 27, 31)", "rgb(221, 229, 232)"]],
    ["github", "/acme/shop/pull/7/files", "light", ["rgb(255, 255, 255)", "rgb(24, 35, 42)"]],
    ["gitlab", "/acme/tools/shop/-/blob/main/docker/Dockerfile", "light", ["rgb(21, 27, 31)", "rgb(221, 229, 232)"]],
  ];
  for (const [name, path, colorScheme, colours] of looks) {
    await page.emulateMedia({ colorScheme });
    await open(name, path);
    await badges().first().click();
    assert.deepEqual(await sheet(), colours, path);
    assert.deepEqual(await violations(), [], path);
  }
  await page.emulateMedia({ colorScheme: null });
});

test("a page that switches its theme takes badge and panel along", async () => {
  await open("github", "/acme/shop/blob/main/Dockerfile");
  await badges().click();
  await page.evaluate(() => (document.documentElement.dataset.colorMode = "dark"));
  await page.waitForFunction(() => document.querySelector("[data-layerwise-panel]").dataset.theme === "dark");
});

test("a phone's width", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open("github", "/acme/shop/blob/main/Dockerfile");
  await badges().click();
  const { width, x } = await panel().boundingBox();
  assert.deepEqual([x, width], [0, 390]);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  assert.equal(address("github", "/"), `http://github.localhost:${site.port}/`);
});
