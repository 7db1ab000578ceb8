// The manual of the rules in the page, the addresses of the project, and what the page says of itself.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { browser, complaints, context, open, page, paste, pkg, settled, violations } from "./page.mjs";

const dist = join(dirname(fileURLToPath(import.meta.url)), "../dist");
const rules = readdirSync(join(pkg, "rules")).map((file) => file.replace(/\.md$/, ""));
const { repository } = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
const home = repository.url.replace(/^git\+|\.git$/g, "");

const manual = () => page.getByRole("dialog", { name: "Rules" });
const editor = async () => (await settled(), (await page.locator("#editor .cm-line").allTextContents()).join("\n"));

test("each rule has its page, where its address leads", async () => {
  assert.ok(rules.length > 15);
  await open();
  for (const rule of rules) {
    await page.evaluate((id) => (window.location.hash = `#rule/${id}`), rule);
    await manual().getByRole("heading", { level: 3, name: rule, exact: true }).waitFor();
    assert.deepEqual(await manual().getByRole("heading", { level: 4 }).allTextContents(), ["What it finds", "Why it costs", "What to do", "How safe the fix is", "How often it is right"]);
    const text = await manual().locator(".rule-page").textContent();
    assert.doesNotMatch(text, /```|\]\(|`/, `${rule}: all of its Markdown is read`);
    assert.equal(await manual().locator("nav [aria-current=page] code").textContent(), rule);
  }
});

test("an issue leads to its rule; what was shown is there again, and the way back leads there as well", async () => {
  await open();
  const text = "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
  await paste(text);
  await page.waitForFunction(() => window.location.hash.startsWith("#file="));
  const address = page.url();
  await page.getByRole("link", { name: "source-copied-before-install" }).click();
  await manual().waitFor();
  assert.equal(new URL(page.url()).hash, "#rule/source-copied-before-install");
  await page.keyboard.press("Escape");
  await page.waitForFunction((url) => window.location.href === url, address);
  assert.equal(await manual().isVisible(), false);
  assert.equal(await editor(), text);

  await page.getByRole("link", { name: "source-copied-before-install" }).click();
  await manual().waitFor();
  await page.goBack();
  await manual().waitFor({ state: "hidden" });
  assert.equal(page.url(), address);
  // The text was left alone: there is still something to undo.
  assert.ok(await page.getByRole("button", { name: "Undo" }).isEnabled());
});

test("a page opens from an address, its example is tried, and a rule that there is not is told", async () => {
  await open("#rule/stale-package-index");
  await manual().getByRole("button", { name: "Try it" }).first().click();
  assert.equal(await manual().isVisible(), false);
  assert.match(await editor(), /^FROM .*\n[^]*apt-get update/);
  assert.ok((await page.locator("article.issue[data-rule=stale-package-index]").count()) > 0);

  await page.goto("about:blank");
  await open("#rule/no-such-rule");
  assert.match(await manual().locator(".rule-page").textContent(), /^There is no rule no-such-rule\. Choose a rule/);
  await manual().getByRole("link", { name: "unpinned-download" }).click();
  await manual().getByRole("heading", { level: 3, name: "unpinned-download" }).waitFor();
});

test("the pages come when somebody reads one", async () => {
  const files = [];
  context.on("request", (request) => files.push(request.url()));
  await open();
  assert.ok(!files.some((file) => /manual-/.test(file)));
  await page.getByRole("link", { name: "Rules", exact: true }).first().click();
  await manual().waitFor();
  assert.equal(await manual().getByRole("link", { name: /^[a-z-]+[a-z ]/ }).count(), rules.length);
  assert.ok(files.some((file) => /manual-/.test(file)));
});

test("sheets are accessible in both themes, wide and narrow", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto("about:blank");
      await open("#rule/source-copied-before-install");
      await manual().waitFor();
      assert.deepEqual(await violations(), [], `manual, ${colorScheme} ${width}`);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "All examples" }).click();
      await page.getByRole("dialog", { name: "Examples" }).waitFor();
      await page.keyboard.type("cargo");
      assert.deepEqual(await violations(), [], `examples, ${colorScheme} ${width}`);
    }
  }
});

test("links lead to the project, whose address stands in one place", async () => {
  await open();
  const links = await page.locator(".links a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  for (const link of [`${home}/tree/main/docs/guides#readme`, `${home}/blob/main/docs/evidence.md`, home, "https://www.npmjs.com/package/layerwise", "#rules"]) assert.ok(links.includes(link), link);
  const html = readFileSync(join(dist, "index.html"), "utf8");
  assert.doesNotMatch(html, /REPOSITORY|DEMO|NPM/);
});

test("who shares the address shows a picture of it", async () => {
  await open();
  const said = (name) => page.locator(`meta[property="${name}"]`).getAttribute("content");
  const [, owner, project] = new URL(home).pathname.split("/");
  assert.equal(await said("og:image"), `https://${owner}.github.io/${project}/picture.png`);
  const picture = readFileSync(join(dist, "picture.png"));
  assert.deepEqual([picture.readUInt32BE(16), picture.readUInt32BE(20)], [Number(await said("og:image:width")), Number(await said("og:image:height"))]);
  assert.ok(picture.length < 200_000);
  assert.ok((await said("og:image:alt")).length > 40);
});

test("opened from a disk, the page says what to do instead", async () => {
  const apart = await browser.newPage();
  try {
    await apart.goto(pathToFileURL(join(dist, "index.html")).href);
    assert.match(await apart.locator("body").innerText(), /^This page needs a server\n[^]*npx http-server/);
    assert.equal(await apart.locator(".masthead").isVisible(), false);
  } finally {
    await apart.close();
  }
  await open();
  assert.equal(await page.locator("#from-disk").isVisible(), false);
  assert.deepEqual(complaints, []);
});
