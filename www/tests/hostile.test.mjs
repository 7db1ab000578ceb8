// Texts that are made to do harm: none becomes markup, and nothing leaves the page.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { browser, context, open, page, paste, site } from "./page.mjs";

const dist = join(dirname(fileURLToPath(import.meta.url)), "../dist");

/** Markup that would leave a mark if it were taken for that. */
const MARKUP = `<img src=x class=forged onerror="window.forged=1"><b class=forged>b</b><svg class=forged onload="window.forged=1">`;
/** The same without blanks, for words. */
const WORD = MARKUP.replaceAll(" ", "/");

/** A file in which it stands wherever a text may. */
const DOCKERFILE = `# ${MARKUP}
# layerwise ignore=${WORD}
FROM python:3 AS ${WORD}
ENV A="${MARKUP}"
COPY . /app/
COPY --from=${WORD} ${WORD} /
RUN pip install -r '/app/${WORD}' && echo ${WORD}
RUN pip install -r /app/requirements.txt ${WORD}
LABEL a="${MARKUP}"
BAD${WORD} x
`;

async function nothingForged(what) {
  assert.equal(await page.locator(".forged").count(), 0, what);
  assert.equal(await page.evaluate(() => window.forged), undefined, what);
}

test("no text of a Dockerfile becomes markup", async () => {
  await open();
  for (const text of [DOCKERFILE, DOCKERFILE.replace(/BAD.*\n/, ""), MARKUP, `FROM ${WORD}\nCOPY . /\nRUN npm ci ${WORD}\n`]) {
    await paste(text);
    await nothingForged(text);
    for (let line = 0; line < text.split("\n").length - 1; line++) {
      await page.locator("#editor .cm-line").nth(line).click();
      const reading = page.locator("#step .reading summary");
      if (await reading.count() > 0) await reading.first().click();
      await nothingForged(`${text}, line ${line + 1}`);
    }
  }
  // It was told, and not left out.
  await paste(DOCKERFILE);
  assert.ok((await page.locator("body").textContent()).includes("onerror="));
});

test("no text of a link becomes markup", async () => {
  const encoded = (bytes) => Buffer.from(bytes).toString("base64url");
  for (const hash of [`#file=${encoded(deflateRawSync(DOCKERFILE))}`, `#example=${encodeURIComponent(MARKUP)}`, `#${encodeURIComponent(MARKUP)}`, `#${MARKUP}`]) {
    await page.goto("about:blank");
    await open(hash);
    await nothingForged(hash);
  }
});

test("no name or text of the context becomes markup", async () => {
  await open();
  await page.locator(".context summary").click();
  await page.getByLabel("File list").fill(`requirements.txt\n${WORD}\n${MARKUP}/package.json\n`);
  await page.getByRole("button", { name: "Add a manifest" }).click();
  await page.getByLabel("Path of manifest 1").fill(`${MARKUP}/requirements.txt`);
  await page.getByLabel("Text of manifest 1").fill(`-r ${MARKUP}\n-e ${WORD}\n`);
  await page.getByLabel(".dockerignore").fill(`${MARKUP}\n`);
  await paste(DOCKERFILE.replace(/BAD.*\n/, ""));
  await nothingForged("the form");
  const folder = mkdtempSync(join(tmpdir(), "layerwise-demo-"));
  try {
    const name = "<img src=x class=forged onerror='window.forged=1'>";
    mkdirSync(join(folder, name));
    for (const path of ["Dockerfile", "requirements.txt", `${name}.txt`, `${name}/package.json`]) writeFileSync(join(folder, path), path === "Dockerfile" ? "FROM node\nCOPY . .\nRUN npm ci\n" : MARKUP);
    await page.locator("#context-folder").setInputFiles(folder);
    await page.waitForFunction(() => document.querySelector("#editor .cm-line").textContent === "FROM node");
    assert.ok((await page.getByLabel("File list").inputValue()).includes(name));
    await nothingForged("a folder");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("no name in a compose file becomes markup", async () => {
  await open();
  await page.evaluate((markup) => {
    const dataTransfer = new DataTransfer();
    const service = JSON.stringify(markup);
    dataTransfer.items.add(new File([`services:\n  ${service}: { build: { context: ${service}, dockerfile: ${service}, target: ${service} } }\n  b: { build: . }\n`], "compose.yaml"));
    for (const type of ["dragover", "drop"]) document.querySelector("#editor .cm-content").dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
  }, MARKUP);
  await page.getByRole("dialog", { name: "Which build?" }).getByRole("button", { name: /onerror/ }).click();
  await page.locator("#notice").getByText("onerror").waitFor();
  await nothingForged("a compose file");
});

test("the page asks for its own files, and for nothing once it is there", async () => {
  const asked = [];
  context.on("request", (request) => asked.push(request));
  await open();
  await page.evaluate(() => document.fonts.ready);
  const loaded = asked.length;
  assert.ok(loaded > 3);
  for (const request of asked) {
    const path = new URL(request.url()).pathname.replace("/projects/layerwise/", "") || "index.html";
    assert.deepEqual([request.method(), request.postData(), existsSync(join(dist, path))], ["GET", null, true], path);
  }
  await paste(DOCKERFILE);
  await page.locator(".context summary").click();
  await page.getByLabel("File list").fill("https://example.org/a\n//example.org/b\n");
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.waitForFunction(() => window.location.hash.startsWith("#file="));
  // A browser asks for the icon and for fonts when it likes.
  const later = asked.slice(loaded).map((request) => request.url()).filter((url) => !/\.woff2$|\/icon\.svg$/.test(url));
  assert.deepEqual(later, []);
});

test("the page could not ask elsewhere if it wanted to", async () => {
  // In a context of its own: what is refused is asked for all the same, as far as the browser tells.
  const apart = await browser.newContext();
  try {
    const other = await apart.newPage();
    const answered = [];
    other.on("response", (response) => answered.push(new URL(response.url()).hostname));
    await other.goto(`${site.origin}/projects/layerwise/`);
    const tried = await other.evaluate(async (address) => {
      const image = new Image();
      const shown = new Promise((resolve) => {
        image.onerror = () => resolve(false);
        image.onload = () => resolve(true);
      });
      image.src = `${address}/projects/layerwise/icon.svg`;
      const script = document.createElement("script");
      script.textContent = "window.forged = 1";
      document.head.append(script);
      const fetched = await fetch(`${address}/projects/layerwise/`).then(() => true, () => false);
      return { fetched, shown: await shown, forged: window.forged };
    }, site.origin.replace("127.0.0.1", "localhost"));
    assert.deepEqual(tried, { fetched: false, shown: false, forged: undefined });
    assert.deepEqual([...new Set(answered)], ["127.0.0.1"]);
  } finally {
    await apart.close();
  }
});
