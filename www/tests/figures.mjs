// Prints what the page weighs and how long it holds the main thread: `npm run figures`. Figures are for
// people, who compare them; tests count nodes and requests instead, which are the same on every machine.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { launch } from "./chromium.mjs";
import { installs, replaceText } from "./long-file.mjs";
import { serve } from "./server.mjs";

/** 3,000 lines with 1,500 issues: each fourth line is an install, with a warning and a note. */
const LONG = installs(750);

const dist = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), "../dist");
const site = await serve({ "/layerwise/": dist });
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
const status = (state) => page.waitForFunction((given) => /\d issues?/.test(document.querySelector("#status").textContent) === given, state);

const weights = [];
page.on("response", (response) => weights.push(response.body().then((body) => [new URL(response.url()).pathname, body.length, gzipSync(body, { level: 9 }).length, brotliCompressSync(body).length])));
await page.addInitScript(() => {
  globalThis.tasks = [];
  new PerformanceObserver((list) => globalThis.tasks.push(...list.getEntries().map(({ duration }) => Math.round(duration)))).observe({ type: "longtask", buffered: true });
});
await page.goto(`${site.origin}/layerwise/`);
await status(true);
const first = await page.evaluate(() => Math.round(performance.now()));
await page.evaluate(() => document.fonts.ready);
console.log(`first result after ${first} ms; of files, in bytes:`);
const rows = (await Promise.all(weights)).filter(([path]) => !path.endsWith("favicon.ico"));
rows.push(["in all", ...[1, 2, 3].map((column) => rows.reduce((sum, row) => sum + row[column], 0))]);
console.table(rows.map(([path, raw, gzip, brotli]) => ({ path: path.replace("/layerwise/", ""), raw, gzip, brotli })));

/** What an action keeps the main thread from, in tasks over 50 ms. */
async function during(what, act) {
  await page.evaluate(() => (globalThis.tasks.length = 0));
  await act();
  const [tasks, nodes, height] = await page.evaluate(() => [globalThis.tasks, document.querySelectorAll("*").length, document.documentElement.scrollHeight]);
  console.log(`${what}: tasks over 50 ms ${JSON.stringify(tasks)}, ${nodes} nodes, ${height} px high`);
}

await page.locator("#editor .cm-content").focus();
const known = () => page.waitForFunction(() => document.querySelector("#status").textContent.startsWith("750 issues"), undefined, { timeout: 120_000 });
await during("pasting 3,000 lines", async () => {
  await replaceText(page, LONG);
  await known();
});
await during("typing 40 letters into them", async () => {
  for (const key of ["Control+Home", "ArrowDown", "ArrowDown", "End"]) await page.keyboard.press(key);
  for (const letter of " is a comment that goes on for a while..") await page.keyboard.type(letter, { delay: 90 });
  await page.evaluate(() => (document.querySelector("#status").textContent = ""));
  await page.keyboard.press("Enter");
  await known();
});
await during("scrolling to the end of the page", async () => {
  for (let at = 0; at < 30; at++) {
    await page.mouse.wheel(0, 600);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
});
await browser.close();
await site.stop();
