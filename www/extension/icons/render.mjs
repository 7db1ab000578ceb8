// Renders icon.svg in the sizes that browsers ask for: run by hand where it changes.

import { readFileSync, writeFileSync } from "node:fs";
import { launch } from "../../tests/chromium.mjs";

const svg = readFileSync(new URL("icon.svg", import.meta.url), "utf8");
const browser = await launch();
for (const size of [16, 32, 48, 128]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: ${size}px; height: ${size}px }</style>${svg}`);
  writeFileSync(new URL(`${size}.png`, import.meta.url), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
