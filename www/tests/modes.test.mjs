// The page as people set their browsers: large letters, small windows, no motion, colours of their own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open, overflow, page, site, violations } from "./page.mjs";

/** What is drawn behind or around an element. */
const drawn = (selector) => page.locator(selector).first().evaluate((element) => {
  const { backgroundColor, backgroundImage, boxShadow, outlineStyle } = getComputedStyle(element);
  return { backgroundColor, backgroundImage, boxShadow, outlineStyle };
});

test("with colours of the system, what is chosen, marked and removed can be told", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ forcedColors: "active", colorScheme });
    await open();
    const canvas = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    for (const selector of ["#examples [aria-current]", ".dot-warning", ".change input:checked + .face", ".bar span"]) {
      assert.notEqual((await drawn(selector)).backgroundColor, canvas, `${selector}, ${colorScheme}`);
    }
    assert.match((await drawn(".strip-paths")).backgroundImage, /gradient/);
    assert.equal((await drawn("#editor .cm-linked")).outlineStyle, "dashed");
    assert.equal(await page.locator("#diff del").first().evaluate((element) => getComputedStyle(element).textDecorationLine), "line-through");
    assert.deepEqual(await violations(), []);
  }
});

test("with our own colours none of that is drawn twice", async () => {
  await open();
  assert.equal((await drawn("#editor .cm-linked")).outlineStyle, "none");
  assert.equal(await page.locator("#diff del").first().evaluate((element) => getComputedStyle(element).textDecorationLine), "none");
});

test("at 200 % everything fits, and the sum and the text begin on the first screen", async () => {
  const apart = await browser.newContext({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
  try {
    const zoomed = await apart.newPage();
    await zoomed.goto(`${site.origin}/projects/layerwise/`);
    await zoomed.waitForFunction(() => document.querySelector("#status").textContent !== "");
    assert.ok((await zoomed.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)) <= 0);
    for (const part of ["#sum", "#editor"]) assert.ok((await zoomed.locator(part).boundingBox()).y < 400, part);
  } finally {
    await apart.close();
  }
});

test("in a window of 320 pixels the sheets fit as well", async () => {
  await page.setViewportSize({ width: 320, height: 640 });
  await open("#rule/volatile-value-before-expensive-step");
  const sheet = page.locator("dialog[open]");
  await sheet.waitFor();
  const fits = () => sheet.evaluate((element) => element.scrollWidth <= element.clientWidth && element.getBoundingClientRect().right <= window.innerWidth);
  assert.ok(await fits());
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "All examples" }).click();
  await sheet.waitFor();
  await page.keyboard.type("workspace");
  assert.ok(await fits());
  assert.ok((await overflow()) <= 0);
});

test("who wants no motion gets none", async () => {
  const motion = () => page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open();
  assert.equal(await motion(), "auto");
  assert.deepEqual(await page.evaluate(() => document.getAnimations().map(({ animationName }) => animationName)), []);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  assert.equal(await motion(), "smooth");
});
