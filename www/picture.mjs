// Makes the pictures of the page: the one that is shown where somebody shares its address, and the
// README's. `npm run build` first; what changes the page changes them, so this runs by hand.

import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "./tests/chromium.mjs";
import { serve } from "./tests/server.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/** Services ask for 1200 by 630, and show it small: so the letters are larger than on the page. */
const PICTURES = [
  { file: "public/picture.png", width: 1000, height: 525, scale: 1.2, without: ".examples, .lede, .masthead .tools, #acts, .after, .status .wide { display: none } :root { --pane: 18.9rem }" },
  { file: "../docs/demo.png", width: 1440, height: 900, scale: 1, without: "" },
];

const site = await serve({ "/layerwise/": join(here, "dist") });
const browser = await launch();
for (const { file, width, height, scale, without } of PICTURES) {
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: scale, colorScheme: "light", reducedMotion: "reduce" });
  await page.goto(`${site.origin}/layerwise/`);
  if (without) await page.addStyleTag({ content: without });
  await page.waitForFunction(() => document.querySelector("#status").textContent !== "" && !document.documentElement.hasAttribute("data-analysing"));
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.screenshot({ path: join(here, file) });
  console.log(`${file}: ${statSync(join(here, file)).size.toLocaleString("en")} bytes`);
}
await browser.close();
await site.stop();
