// The extension in Firefox, where that is installed: badge, panel, keyboard, and navigation without a reload.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { unpacked } from "./browser.mjs";
import { FIREFOX, startedFirefox } from "./firefox.mjs";
import { ROUTES } from "./look-alike/routes.mjs";
import { serve } from "./look-alike/server.mjs";

const ESCAPE = "\ue00c";
let site, extension, firefox;

/** A promise in the page, for an expression to be true of it. */
const until = (expression) => firefox.evaluate(`new Promise((done) => {
  const look = () => (${expression} ? done(true) : setTimeout(look, 50));
  look();
})`);
const BADGE = 'document.querySelector("[data-layerwise-badge]")?.shadowRoot.querySelector("button")';
const PANEL = 'document.querySelector("[data-layerwise-panel]")';
const says = (text) => until(`${BADGE}?.textContent === ${JSON.stringify(text)}`);
const open = (name, path) => firefox.goto(`http://${name}.localhost:${site.port}${path}`);

if (FIREFOX) {
  before(async () => {
    site = await serve(ROUTES);
    extension = unpacked("firefox", ["github", "gitlab"].map((name) => `http://${name}.localhost/*`));
    firefox = await startedFirefox(extension);
  });
  after(async () => {
    await firefox?.stop();
    extension?.remove();
    await site?.stop();
  });

  test("Firefox: badge, panel, keyboard", async () => {
    await open("github", "/acme/shop/blob/main/Dockerfile");
    await says("30 s lost per edit");
    await firefox.evaluate(`${BADGE}.click()`);
    await until(`/An edit rebuilds 30 s\\./.test(${PANEL}?.shadowRoot.textContent)`);
    assert.equal(await firefox.evaluate(`getComputedStyle(${PANEL}).backgroundColor`), "rgb(255, 255, 255)");
    await firefox.press(ESCAPE);
    await until(`${PANEL} === null`);
  });

  test("Firefox: navigation without a reload, and GitLab", async () => {
    await open("github", "/acme/shop/blob/main/README.md");
    await firefox.evaluate('document.querySelector(\'a[href$="services/api/Dockerfile"]\').click()');
    await says("nothing lost");
    await open("gitlab", "/acme/tools/shop/-/blob/main/docker/Dockerfile");
    await says("30 s lost per edit");
  });
}
