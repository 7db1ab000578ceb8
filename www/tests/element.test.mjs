// The custom element of the package, on the page of examples/docs-site: plain files under a strict policy.
import assert from "node:assert/strict";
import { test } from "node:test";
import { context, overflow, page, site, violations } from "./page.mjs";

const EXAMPLE = "/examples/docs-site/index.html";
const FIRST = "FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD [\"python\", \"run.py\"]\n";
const REPAIRED = FIRST.replace("COPY . .\nRUN pip install -r requirements.txt\n", "COPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\n");

async function open() {
  await page.goto(site.origin + EXAMPLE);
  for (const id of ["", "#fragment", "#good"]) await page.locator(`layerwise-dockerfile${id} .block`).first().waitFor();
}
const first = () => page.locator("layerwise-dockerfile").first();
const lines = (block) => block.locator(".line").allTextContents();

test("a block of code says what is wrong below the line, and shows the rewritten file", async () => {
  await open();
  assert.equal(await first().locator(".headline").textContent(), "An edit rebuilds 30 s. Rewritten: under 1 s.");
  assert.deepEqual(await first().locator(".below").allTextContents(), ["pip installs the dependencies after COPY . . (line 3)\n"]);
  assert.deepEqual(await first().locator(".line[data-severity]").allTextContents(), ["4RUN pip install -r requirements.txt\n"]);
  assert.equal(await first().locator("summary").first().textContent(), "1 issue, 1 note");
  const button = first().getByRole("button", { name: "Rewritten" });
  await button.click();
  assert.equal(await button.getAttribute("aria-pressed"), "true");
  assert.deepEqual(await lines(first()), [
    "1FROM python:3.13\n", "2WORKDIR /app\n", "-removed: COPY . .\n", "+added: COPY requirements.txt ./\n",
    "4RUN pip install -r requirements.txt\n", "+added: COPY . .\n", "6CMD [\"python\", \"run.py\"]\n",
  ]);
  await button.click();
  assert.equal((await lines(first())).length, 5);
});

test("what is copied is what is shown", async () => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open();
  const copied = async (block) => {
    await block.getByRole("button", { name: "Copy" }).click();
    await block.getByRole("button", { name: "Copied" }).waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  assert.equal(await copied(first()), FIRST);
  await page.reload();
  await first().getByRole("button", { name: "Rewritten" }).click();
  assert.equal(await copied(first()), REPAIRED);
  const fragment = page.locator("#fragment");
  await fragment.getByRole("button", { name: "Rewritten" }).click();
  assert.equal(await copied(fragment), "COPY package*.json .npmrc* ./\nRUN npm ci\nCOPY . .\n");
});

test("a fragment without FROM is read, and the line above it is drawn as added", async () => {
  await open();
  const fragment = page.locator("#fragment");
  assert.deepEqual(await fragment.locator(".added-for-it").allTextContents(), ["1FROM image\n"]);
  assert.match(await fragment.locator(".below").textContent(), /npm installs the dependencies after COPY \. \. \(line 2\)/);
});

test("where nothing is wrong it says so, and offers nothing", async () => {
  await open();
  const good = page.locator("#good");
  assert.equal(await good.locator(".headline").textContent(), "No step runs again for nothing.");
  assert.deepEqual(await good.getByRole("button").allTextContents(), ["Copy"]);
});

test("a program sets the text and the fixes, and hears of the report", async () => {
  await open();
  const heard = await page.evaluate(() => new Promise((done) => {
    const element = document.querySelector("layerwise-dockerfile");
    element.addEventListener("layerwise", ({ detail }) => done([detail.edits.length, element.report === detail, element.text]), { once: true });
    element.setAttribute("fix", "none");
    element.text = "FROM node:24\nCOPY . .\nRUN npm ci\n";
  }));
  assert.deepEqual(heard, [0, true, "FROM node:24\nCOPY . .\nRUN npm ci\n"]);
  assert.equal((await lines(first())).length, 3);
});

test("no text becomes markup", async () => {
  await open();
  await page.evaluate(() => {
    document.querySelector("layerwise-dockerfile").text = 'FROM node AS <b/class=forged>\nCOPY . "<img src=x class=forged onerror=window.forged=1>"\nRUN npm ci <b/class=forged>\n';
  });
  await first().getByText("onerror=").first().waitFor();
  assert.equal(await page.locator(".forged").count(), 0);
  assert.equal(await page.evaluate(() => window.forged), undefined);
});

test("where the module cannot be loaded, the block stays what it is", async () => {
  await page.route(/\.wasm$|embedded\.js$/, (route) => route.abort());
  await page.addInitScript(() => document.addEventListener("layerwise-error", () => (globalThis.told = true), true));
  await page.goto(site.origin + EXAMPLE);
  await page.waitForFunction(() => globalThis.told);
  assert.ok(await page.getByText("RUN pip install -r requirements.txt").isVisible());
  // The browser's own lines about what was not answered.
  const { complaints } = await import("./page.mjs");
  complaints.length = 0;
});

test("light, dark, wide and narrow: accessible, and no wider than the page", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await open();
      assert.deepEqual(await violations(), [], `${colorScheme} ${width}`);
      assert.ok((await overflow()) <= 0);
    }
  }
  const sheet = () => first().locator(".block").evaluate((block) => getComputedStyle(block).backgroundColor);
  assert.equal(await sheet(), "rgb(21, 27, 31)");
  await first().evaluate((element) => element.setAttribute("theme", "light"));
  await page.waitForFunction(() => getComputedStyle(document.querySelector("layerwise-dockerfile").shadowRoot.querySelector(".block")).backgroundColor === "rgb(255, 255, 255)");
});
