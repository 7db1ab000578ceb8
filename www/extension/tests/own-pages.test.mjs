// The popup, the options, and the sites that a visitor adds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { badges, browser, open, page, panel, panelText, says, settled } from "./page.mjs";
import { LATE } from "./look-alike/dockerfiles.mjs";

const LOST = "30 s lost per edit";
const own = (name) => `chrome-extension://${browser.id}/${name}.html`;

/** Does something on a page of the extension's own, beside the page of the test. */
async function beside(name, act) {
  const other = await browser.context.newPage();
  const complaints = [];
  other.on("console", (message) => complaints.push(message.text()));
  other.on("pageerror", (error) => complaints.push(error.message));
  try {
    await other.goto(own(name));
    await act(other);
    assert.deepEqual(complaints, []);
  } finally {
    await other.close();
  }
}

test("the popup analyses what is pasted, as it is typed", async () => {
  await page.goto(own("popup"));
  const field = page.getByLabel("Paste a Dockerfile");
  assert.ok(await field.evaluate((element) => element === document.activeElement));
  await field.fill(LATE);
  const result = page.locator("#pasted");
  await result.getByText("An edit rebuilds").waitFor();
  assert.match(await result.locator(".panel").textContent(), /An edit rebuilds 30 s\..*Judged by its text alone/s);
  await field.fill("FROM alpine\n");
  await result.getByText("No step runs again for nothing.").waitFor();
  await field.fill(" ");
  await page.waitForFunction(() => document.querySelector("#pasted").childElementCount === 0);
});

test("the popup shows the Dockerfile of the tab that it is opened on", async () => {
  await open("github", "/acme/shop/blob/main/Dockerfile");
  await says(LOST);
  await beside("popup", async (popup) => {
    // It is in a tab here: the other one is brought to the front before it asks which is there.
    await page.bringToFront();
    await popup.reload();
    const current = popup.getByRole("region", { name: "The Dockerfile of this page" });
    await current.waitFor();
    assert.match(await current.locator(".panel").textContent(), /An edit rebuilds 30 s/);
  });
});

test("which fixes go into the rewritten file can be chosen", async () => {
  await open("github", "/acme/shop/blob/main/Dockerfile");
  await says(LOST);
  await beside("options", async (options) => {
    assert.ok(await options.getByRole("radio", { name: /also assumed/ }).isChecked());
    await options.getByRole("radio", { name: /^safe/ }).check();
    await says("1 issue");
    await options.getByRole("radio", { name: /also suggested/ }).check();
    await says(LOST);
    await options.reload();
    assert.ok(await options.getByRole("radio", { name: /also suggested/ }).isChecked());
  });
  await badges().click();
  assert.match(await panel().locator(".diff").textContent(), /--mount=type=cache/);
});

test("the pages of a site can be left alone", async () => {
  await open("github", "/acme/shop/blob/main/Dockerfile");
  await says(LOST);
  await beside("options", async (options) => {
    await options.getByRole("checkbox", { name: "github.com" }).uncheck();
    await says();
    await options.getByRole("checkbox", { name: "github.com" }).check();
    await says(LOST);
  });
});

test("the theme can be chosen", async () => {
  await open("github", "/acme/shop/blob/main/Dockerfile");
  await says(LOST);
  await beside("options", (options) => options.getByRole("radio", { name: "dark" }).check());
  await page.waitForFunction(() => document.querySelector("[data-layerwise-badge]")?.dataset.theme === "dark");
});

test("another site is read from when it is added until it is removed, raw files too", async () => {
  await beside("options", async (options) => {
    const field = options.getByLabel(/Address of a GitHub Enterprise/);
    const said = options.locator("#site-status");
    for (const wrong of ["http://example.org", "https://"]) {
      await field.fill(wrong);
      await field.evaluate((element) => element.form.dispatchEvent(new Event("submit", { cancelable: true })));
      await options.waitForFunction(() => /An address of the site is needed, such as https:/.test(document.querySelector("#site-status").textContent));
    }
    await field.fill("http://other.localhost/acme");
    await options.getByRole("button", { name: "Add" }).click();
    await options.getByRole("button", { name: "Remove http://other.localhost" }).waitFor();
    assert.match(await said.textContent(), /^http:\/\/other\.localhost is read from the next page on\.$/);

    await open("other", "/acme/shop/blob/main/Dockerfile");
    await says(LOST);
    // Scripts may not run there, not even those of a test.
    await open("other", "/acme/shop/raw/main/Dockerfile");
    await badges().click();
    assert.match(await panelText(), /An edit rebuilds 30 s/);

    await options.getByRole("button", { name: "Remove http://other.localhost" }).click();
    await options.waitForFunction(() => document.querySelectorAll("#sites li").length === 0);
    await open("other", "/acme/shop/blob/main/Dockerfile");
    assert.equal(await settled(), false);
    await says();
  });
});
