// Your history: the commits of a branch, replayed with the Dockerfile in the editor.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, overflow, page, paste, violations } from "./page.mjs";

const object = (letter) => letter.repeat(40);
const change = (path, from, to) => `:${from ? "100644" : "000000"} ${to ? "100644" : "000000"} ${object(from || "0")} ${object(to || "0")} M\t${path}`;
const commit = (number, time, ...changes) => `commit ${object(String(number))} ${time} Change it\n\n${changes.join("\n")}\n`;
const MONDAY = 1_767_571_200;
const NODE = "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";

const section = () => page.locator("#history");
const verdict = () => page.locator("#history-verdict");
const told = async (pattern) => {
  await page.waitForFunction((source) => new RegExp(source).test(document.querySelector("#history-verdict")?.textContent), pattern.source);
  return verdict().textContent();
};
const rows = (title) => section().getByRole("region", { name: title }).locator("tbody tr").evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));

async function unfold() {
  await section().locator("summary").click();
  await section().getByLabel("What it printed").waitFor();
}

test("nothing of it is loaded before it is opened", async () => {
  const loaded = [];
  page.on("request", (request) => loaded.push(request.url()));
  await open();
  assert.ok(!loaded.some((url) => /section|history/.test(url)));
  await unfold();
  assert.ok(loaded.some((url) => /section/.test(url)));
});

test("a pasted log is replayed commit by commit, before and after", async () => {
  await open();
  await paste(NODE);
  await unfold();
  const log = commit(1, MONDAY, change("src/a.js", "a", "b"), change("package.json", "a", "b"), change("package-lock.json", "a", "b")) +
    commit(2, MONDAY + 60, change("src/a.js", "b", "c")) + commit(3, MONDAY + 8 * 86_400, change('"say \\"hi\\".md"', "", "a")) + commit(4, MONDAY + 9 * 86_400);
  await section().getByLabel("What it printed").fill(log);
  assert.equal(await told(/Rewritten/), "In these 4 commits npm ci would have run again 3 times: 2 min. Rewritten: 1 time, 30 s.");
  assert.deepEqual((await rows("The steps that cost most"))[0], ["npm ci", "3", "2 min", "1", "30 s"]);
  const files = await rows("The files that cost most");
  assert.deepEqual(files.map((cells) => cells.slice(0, 3)), [
    ["src/a.js", "2", "1"], ['say "hi".md', "1", "1"], ["package-lock.json", "1", "0"], ["package.json", "1", "0"],
  ]);
  assert.equal(await section().locator("svg.weeks rect").count(), 4);
  assert.match(await section().getByRole("img").getAttribute("aria-label"), /^What each of 2 weeks cost: .* in all, .* rewritten\.$/);
});

test("a log that comes newest first is the same, and another text is none", async () => {
  await open();
  await paste(NODE);
  await unfold();
  const field = section().getByLabel("What it printed");
  await field.fill(commit(2, MONDAY + 60, change("a", "b", "c")) + commit(1, MONDAY, change("a", "", "b")));
  assert.match(await told(/again/), /^In these 2 commits npm ci would have run again 2 times/);
  await field.fill("* 4f0c2a1 Fix it\n");
  assert.match(await told(/not what/), /^This is not what the command prints: each commit begins with a line like commit 4f0c2a1… 1764000000 Fix it\.$/);
  assert.equal(await section().locator("table").count(), 0);
  await paste("FROM a\nRUN b\n");
  await field.fill(commit(1, MONDAY, change("a", "", "b")));
  assert.equal(await told(/nothing/), "In this commit this build would have run nothing again.");
});

test("a step that is cut in two is told by what is left in all", async () => {
  await open();
  await paste(NODE.replace("npm ci", "npm ci && npm run build"));
  await unfold();
  await section().getByLabel("What it printed").fill(commit(1, MONDAY, change("src/a.js", "a", "b")));
  assert.match(await told(/Rewritten/), /^In this commit npm ci && npm run build would have run again 1 time: \d+ s\. Rewritten: \d+ s in all\.$/);
});

test("an example goes with the file in the editor, and a dropped log with the section closed", async () => {
  await open();
  await unfold();
  await section().getByRole("button", { name: "Try an example" }).click();
  assert.match(await told(/Rewritten/), /^In these 160 commits pip install .* would have run again 1\d\d times: \d.*\. Rewritten: /);
  assert.match(await section().getByLabel("What it printed").inputValue(), /^commit [0-9a-f]{40} \d+ /);
  assert.ok((await section().locator("svg.weeks rect.as-it-is").count()) > 20);
  assert.deepEqual(await violations(), []);
  await page.setViewportSize({ width: 360, height: 700 });
  assert.ok((await overflow()) <= 0);

  await open();
  await paste(NODE);
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "log.txt", { type: "text/plain" }));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, commit(1, MONDAY, change("a", "", "b")));
  assert.match(await told(/again/), /^In this commit npm ci would have run again 1 time: 30 s\./);
});
