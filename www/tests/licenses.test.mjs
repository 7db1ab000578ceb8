// The licences of what the built demo holds go where it goes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

test("every library and font of the demo is listed with its licence", () => {
  const code = read("dist/licenses/code.md");
  const fonts = read("dist/licenses/fonts.txt");
  const { dependencies } = JSON.parse(read("package.json"));
  for (const name of Object.keys(dependencies).filter((name) => name !== "layerwise")) {
    if (name.startsWith("@fontsource")) continue;
    assert.match(code, new RegExp(`^## ${name} - \\S+ \\((?:MIT|ISC|Apache-2\\.0|BSD-\\d-Clause)\\)$`, "m"), name);
  }
  assert.equal(fonts.match(/SIL OPEN FONT LICENSE Version 1\.1/g).length, Object.keys(dependencies).filter((name) => name.startsWith("@fontsource")).length);
});
