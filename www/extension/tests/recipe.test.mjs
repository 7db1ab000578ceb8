// The recipe of the package's README for authors of other extensions, run as it stands there.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { started } from "./browser.mjs";
import { LATE } from "./look-alike/dockerfiles.mjs";
import { gitlabFile } from "./look-alike/pages.mjs";
import { serve } from "./look-alike/server.mjs";

const PACKAGE = fileURLToPath(new URL("../../../pkg/", import.meta.url));
const recipe = readFileSync(join(PACKAGE, "README.md"), "utf8").split("## In an extension of a browser\n")[1];
const blocks = [...recipe.matchAll(/```(?:js|json)\n([^]*?)```/g)].map(([, code]) => code);

test("the recipe for extensions works on a page with a strict policy", async () => {
  const folder = mkdtempSync(join(tmpdir(), "layerwise-recipe-"));
  cpSync(PACKAGE, join(folder, "layerwise"), { recursive: true });
  const [policy, ...scripts] = blocks;
  for (const script of scripts.slice(0, 2)) writeFileSync(join(folder, /^\/\/ (\S+)\n/.exec(script)[1]), script);
  const [background] = /\{ "service_worker": [^}]*\}/.exec(recipe);
  writeFileSync(join(folder, "manifest.json"), JSON.stringify({
    manifest_version: 3,
    name: "recipe",
    version: "1",
    background: JSON.parse(background),
    content_scripts: [{ matches: ["http://recipe.localhost/*"], js: ["content.js"] }],
    ...JSON.parse(policy),
  }));
  const site = await serve({ "/Dockerfile": gitlabFile({ path: "Dockerfile", text: LATE }) });
  const browser = await started({ folder });
  try {
    const page = await browser.context.newPage();
    await page.goto(`http://recipe.localhost:${site.port}/Dockerfile`);
    await page.waitForFunction(() => document.querySelector("pre").title !== "");
    assert.equal(await page.locator("pre").getAttribute("title"), "An edit rebuilds 30 s. Rewritten: under 1 s.");
  } finally {
    await browser.stop();
    await site.stop();
    rmSync(folder, { recursive: true });
  }
});
