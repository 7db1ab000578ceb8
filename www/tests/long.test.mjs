// Long files: what is counted here (nodes, pixels, messages) is what keeps the page quick. How quick it is
// on a machine, `npm run figures` says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { installs, replaceText } from "./long-file.mjs";
import { open, page, paste, settled } from "./page.mjs";

/** Counts the messages to workers, and lets the first that ask for an analysis get lost, if so many are to. */
const listen = (lost = 0) => page.addInitScript((lose) => {
  globalThis.messages = [];
  globalThis.workers = 0;
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (message, ...rest) {
    globalThis.messages.push(message.name);
    if (message.name === "analyse" && globalThis.isLosing && lose-- > 0) return;
    postMessage.call(this, message, ...rest);
  };
  const Started = globalThis.Worker;
  globalThis.Worker = class extends Started {
    constructor(...given) {
      super(...given);
      globalThis.workers++;
    }
  };
}, lost);
const messages = (name) => page.evaluate((wanted) => globalThis.messages.filter((one) => one === wanted).length, name);
const forget = () => page.evaluate(() => (globalThis.messages.length = 0));
const size = () => page.evaluate(() => ({ nodes: document.querySelectorAll("*").length, height: document.documentElement.scrollHeight }));

/** Puts a text into the editor at once, as the clipboard does. */
async function pasteAtOnce(text) {
  await page.evaluate(() => (document.querySelector("#status").textContent = ""));
  await replaceText(page, text);
  await page.waitForFunction(() => document.querySelector("#status").textContent !== "");
  await settled();
}

test("3,000 lines with 1,500 issues make a page of bounded size, and more is shown on request", async () => {
  await open();
  await pasteAtOnce(installs(750));
  assert.match(await page.locator("#status").textContent(), /^750 issues, 750 notes/);
  const { nodes, height } = await size();
  assert.ok(nodes < 6000 && height < 20_000, `${nodes} nodes, ${height} px`);
  const articles = page.locator("#issues article");
  const before = await articles.count();
  assert.ok(before < 60, `${before}`);
  await page.locator("#issues").getByRole("button", { name: /^Show more \(/ }).first().click();
  await settled();
  const more = await articles.count();
  assert.ok(more > before && more <= before + 20, `${before}, then ${more}`);
  // The keyboard is where it was, at the first of what came.
  assert.ok(await page.evaluate(() => document.activeElement.closest("#issues article, #issues li") !== null));
});

test("of few issues all are shown", async () => {
  await open();
  await paste(installs(3));
  assert.equal(await page.locator("#issues article").count(), 6);
  assert.equal(await page.getByRole("button", { name: /^Show more/ }).count(), 0);
});

test("a panel that is far away is not drawn until somebody comes near", async () => {
  await page.setViewportSize({ width: 390, height: 600 });
  await open();
  await paste(installs(3));
  assert.equal(await page.locator("#timeline li").count(), 0);
  await page.locator("#timeline-title").scrollIntoViewIfNeeded();
  await page.locator("#timeline li").first().waitFor();
});

test("what has not changed is not drawn again", async () => {
  await open();
  await paste(installs(3));
  const first = await page.locator("#issues article").first().elementHandle();
  await page.locator("#editor .cm-content").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("# done");
  await settled();
  assert.ok(await first.evaluate((element) => element.isConnected));
  await page.keyboard.press("Control+Home");
  await page.keyboard.insertText("# begun\n");
  await settled();
  assert.ok(!(await first.evaluate((element) => element.isConnected)));
});

test("what is opened is analysed once", async () => {
  await listen();
  await open();
  assert.equal(await messages("analyse"), 1);
  await page.getByRole("button", { name: "npm workspaces" }).click();
  await page.waitForFunction(() => window.location.hash === "#example=npm-workspaces");
  await settled();
  assert.equal(await messages("analyse"), 2);
});

test("of texts that follow each other quickly only the latest is analysed", async () => {
  await listen();
  await open();
  await forget();
  await page.locator("#editor .cm-content").focus();
  // In one task: no pause between them.
  await page.evaluate(() => {
    for (const letter of "abcdefgh") document.execCommand("insertText", false, letter);
  });
  await settled();
  assert.equal(await messages("analyse"), 1);
  assert.match(await page.locator("#editor .cm-content").textContent(), /abcdefgh/);
});

test("a worker that is busy with a text which nobody wants any more is stopped for a fresh one", async () => {
  await listen(1);
  await open("#example=npm-install-and-build");
  const workers = () => page.evaluate(() => globalThis.workers);
  assert.equal(await workers(), 1);
  await page.evaluate(() => (globalThis.isLosing = true));
  await page.locator("#editor .cm-content").focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.insertText("# one\n");
  await page.waitForFunction(() => globalThis.messages.filter((name) => name === "analyse").length > 1);
  await page.keyboard.insertText("# two\n");
  await settled();
  assert.equal(await workers(), 2);
  // The context went to the new one as well.
  assert.match(await page.locator("#status").textContent(), /issue/);
  assert.equal(await page.locator("#issues .badge").first().textContent(), "Safe");
});
