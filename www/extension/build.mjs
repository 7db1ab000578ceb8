// Builds the extension: a folder and a zip for Chromium, and the same for Firefox. The same sources
// give the same bytes.

import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import { build } from "vite";
import { demo, owner, project, repository, version } from "../addresses.mjs";
import { withoutText } from "../without-text.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = join(HERE, "dist");

/** What browsers take differently. */
const BROWSERS = {
  chromium: { minimum_chrome_version: "123", background: { service_worker: "background.js", type: "module" } },
  firefox: {
    background: { scripts: ["background.js"], type: "module" },
    browser_specific_settings: {
      gecko: { id: `${project}@${owner}`, strict_min_version: "140.0", data_collection_permissions: { required: ["none"] } },
    },
  },
};

async function bundle(entries, format) {
  await build({
    root: HERE,
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    base: "./",
    define: { DEMO: JSON.stringify(demo) },
    plugins: [withoutText],
    build: {
      target: ["chrome123", "firefox140"],
      outDir: join(DIST, "common"),
      emptyOutDir: false,
      assetsInlineLimit: 0,
      modulePreload: false,
      minify: false, // reviewers of stores read it
      rolldownOptions: {
        input: Object.fromEntries(entries.map((entry) => [entry, join(HERE, `src/${entry}.ts`)])),
        output: {
          format,
          entryFileNames: "[name].js",
          chunkFileNames: "[name].js",
          assetFileNames: "[name][extname]",
          ...(format === "iife" && { codeSplitting: false }),
        },
      },
    },
  });
}

rmSync(DIST, { recursive: true, force: true });
await bundle(["background", "popup", "options"], "es");
await bundle(["content"], "iife");
const manifest = JSON.parse(readFileSync(join(HERE, "manifest.json"), "utf8"));
for (const [browser, own] of Object.entries(BROWSERS)) {
  const folder = join(DIST, browser);
  cpSync(join(DIST, "common"), folder, { recursive: true });
  for (const file of ["popup.html", "options.html", "pages.css"]) cpSync(join(HERE, file), join(folder, file));
  mkdirSync(join(folder, "icons"));
  for (const size of Object.values(manifest.icons)) cpSync(join(HERE, size), join(folder, size));
  for (const file of ["LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY-LICENSES"]) cpSync(join(HERE, "../../pkg", file), join(folder, `${file}.txt`));
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify({ ...manifest, version, homepage_url: repository, ...own }, null, 2)}\n`);
  const bytes = zipped(folder);
  writeFileSync(join(DIST, `layerwise-${version}-${browser}.zip`), bytes);
  console.log(`www/extension/dist/${browser} and layerwise-${version}-${browser}.zip (${bytes.length.toLocaleString("en")} bytes)`);
}
rmSync(join(DIST, "common"), { recursive: true });

/** A zip of a folder: sorted, without times. */
function zipped(folder) {
  const paths = readdirSync(folder, { recursive: true }).map((path) => join(folder, path)).filter((path) => statSync(path).isFile()).sort();
  const files = paths.map((path) => [relative(folder, path).replaceAll("\\", "/"), readFileSync(path)]);
  // The earliest time that a zip knows, in whatever zone this runs.
  return zipSync(Object.fromEntries(files), { level: 9, mtime: new Date(1980, 0, 1) });
}
