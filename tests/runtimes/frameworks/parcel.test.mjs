// Parcel, which takes the conditions of packages where it is told to.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { postedFrom, posting } from "../browser.mjs";
import { PROGRAM, WORKS, bin, projectIn, works } from "../installed.mjs";

const { directory, run, write } = projectIn(fileURLToPath(new URL(".", import.meta.url)));

works("Parcel", { how: "for browsers", version: { name: "parcel", from: import.meta.url } }, async () => {
  const body = `async function say() { await init(); const found = ${PROGRAM.found}; return ${PROGRAM.says}; }`;
  const said = posting(`${body}\nconst said = await say().catch(String);`, "said");
  write({
    "parcel/package.json": '{ "@parcel/resolver-default": { "packageExports": true } }',
    "parcel/index.html": '<!doctype html><meta charset="utf-8"><script type="module" src="page.js"></script>',
    "parcel/page.js": `import init, { analyze } from "layerwise";\n${said}`,
  });
  const options = ["build", "index.html", "--public-url", "./", "--no-cache", "--no-autoinstall"];
  run(process.execPath, [bin("parcel", "parcel", import.meta.url), ...options], { folder: "parcel" });
  assert.equal(await postedFrom(directory, "parcel/dist/index.html"), WORKS);
});
