// The site of examples/docs-site as its own script builds it, with the plugins for markdown-it and remark.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { remark } from "remark";
import gfm from "remark-gfm";
import { browser, overflow, page, violations } from "./page.mjs";
import { serve } from "./server.mjs";

const www = join(dirname(fileURLToPath(import.meta.url)), "..");
const COPIES_FIRST = "```dockerfile\nFROM node:24\nCOPY . .\nRUN npm ci\n```\n";

let folder, site;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "layerwise-docs-"));
  cpSync(join(www, "../examples/docs-site"), folder, { recursive: true });
  // As if `npm install` had run there.
  symlinkSync(join(www, "node_modules"), join(folder, "node_modules"));
  execFileSync(process.execPath, ["build.mjs", "site"], { cwd: folder });
  site = await serve({ "/docs/": join(folder, "site") });
});
after(async () => {
  await site?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("without scripts each Dockerfile has its report behind it, where there is anything to say", async () => {
  const plain = await browser.newContext({ javaScriptEnabled: false });
  try {
    const bare = await plain.newPage();
    await bare.goto(`${site.origin}/docs/reports.html`);
    assert.equal(await bare.locator("pre > code.language-dockerfile").count(), 3);
    assert.equal(await bare.getByRole("heading", { level: 3 }).count(), 1);
    assert.match(await bare.locator("main").innerText(), /source-copied-before-install, line 4: npm installs the dependencies/);
    assert.match(await bare.locator("code.language-diff").textContent(), /\+COPY package\*\.json/);
  } finally {
    await plain.close();
  }
});

test("with the element each Dockerfile says in place what is wrong, fragments as well", async () => {
  await page.goto(`${site.origin}/docs/elements.html`);
  const elements = page.locator("layerwise-dockerfile");
  assert.equal(await elements.count(), 3);
  for (const element of await elements.all()) await element.locator(".block").waitFor();
  assert.deepEqual(await elements.locator(".below").allTextContents(), ["npm installs the dependencies after COPY . . (line 3)\n", "npm installs the dependencies after COPY . . (line 2)\n"]);
});

test("both pages are accessible, in both schemes and on a phone", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const [file, ready] of [["reports.html", "table"], ["elements.html", "layerwise-dockerfile .block"]]) {
      await page.setViewportSize({ width: 390, height: 800 });
      await page.goto(`${site.origin}/docs/${file}`);
      await page.locator(ready).first().waitFor();
      assert.deepEqual(await violations(), [], `${file}, ${colorScheme}`);
      assert.ok((await overflow()) <= 0, file);
    }
  }
});

test("remark puts the report behind a Dockerfile, and nothing behind other code", async () => {
  const { default: plugin } = await import(pathToFileURL(join(folder, "remark-layerwise.mjs")).href);
  const made = async (text) => String(await remark().use(gfm).use(plugin).process(text));
  const [, behind] = (await made(`${COPIES_FIRST}\nAfter it.\n`)).split("```dockerfile");
  assert.match(behind, /```\n\n### `Dockerfile`\n\n\| When[^]*source-copied-before-install[^]*```diff[^]*\n\nAfter it\.\n$/);
  for (const text of ["```dockerfile\nFROM scratch\n```\n", "```dockerfile\nCOPY . .\nRUN npm ci\n```\n", "```sh\nFROM x\nCOPY . .\nRUN npm ci\n```\n"]) assert.equal(await made(text), text);
});
