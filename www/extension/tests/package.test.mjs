// What is given to the stores: the same bytes for the same sources, and no more rights than are said.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { unzipSync } from "fflate";

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url));
const json = (path) => JSON.parse(read(path));
const zips = () => readdirSync(new URL("../dist", import.meta.url)).filter((name) => name.endsWith(".zip"));

test("the extension may read the two sites, and keep its settings", () => {
  for (const browser of ["chromium", "firefox"]) {
    const manifest = json(`dist/${browser}/manifest.json`);
    assert.deepEqual(manifest.permissions, ["storage"]);
    assert.deepEqual([manifest.host_permissions, manifest.web_accessible_resources, manifest.externally_connectable], [undefined, undefined, undefined]);
    assert.deepEqual([manifest.optional_permissions, manifest.optional_host_permissions], [["scripting"], ["https://*/*"]]);
    assert.deepEqual(manifest.content_scripts.map(({ matches }) => matches), [["https://github.com/*", "https://gitlab.com/*"]]);
    assert.match(manifest.content_security_policy.extension_pages, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; /);
    assert.equal(manifest.version, json("../../pkg/package.json").version);
  }
});

test("a browser's folder is what is in its zip, with every file that the manifest names", () => {
  for (const browser of ["chromium", "firefox"]) {
    const zip = unzipSync(read(`dist/${zips().find((name) => name.endsWith(`${browser}.zip`))}`));
    const { background, content_scripts: [{ js }], icons, action, options_ui: options } = JSON.parse(Buffer.from(zip["manifest.json"]).toString());
    const named = [background.service_worker ?? background.scripts[0], ...js, ...Object.values(icons), action.default_popup, options.page, "layerwise_bg.wasm", "LICENSE-MIT.txt"];
    for (const name of named) assert.ok(name in zip, `${browser}: ${name}`);
    for (const [name, bytes] of Object.entries(zip)) assert.deepEqual(Buffer.from(bytes), read(`dist/${browser}/${name}`), name);
  }
});

test("nothing in it asks anybody but the page's own site", () => {
  for (const name of ["background.js", "content.js", "popup.js", "options.js", "panel.js"]) {
    const source = read(`dist/chromium/${name}`).toString();
    assert.doesNotMatch(source, /XMLHttpRequest|WebSocket|sendBeacon|EventSource|\beval\(|new Function|innerHTML/, name);
  }
  assert.equal(read("dist/chromium/content.js").toString().match(/\bfetch\(/g).length, 1);
});

test("the same sources give the same bytes", () => {
  const before = zips().map((name) => [name, read(`dist/${name}`)]);
  execFileSync(process.execPath, [new URL("../build.mjs", import.meta.url).pathname], { stdio: "pipe" });
  assert.equal(before.length, 2);
  for (const [name, bytes] of before) assert.ok(bytes.equals(read(`dist/${name}`)), name);
});
