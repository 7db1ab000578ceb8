// Makes one file of the command line and the libraries it uses: `cli.cjs` of the package. The core
// stays beside it. Also writes the schema of configurations.

import { build } from "esbuild";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SCHEMA } from "./config/keys.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const PACKAGE = join(HERE, "../../pkg");

const core = {
  name: "core",
  setup({ onResolve }) {
    onResolve({ filter: /^layerwise$/ }, () => ({ path: join(HERE, "core.cjs") }));
    onResolve({ filter: /^\.\/(?:guard|layerwise_bg)\.cjs$/ }, ({ path }) => ({ path, external: true }));
  },
};

const { metafile } = await build({
  absWorkingDir: HERE,
  entryPoints: ["cli.js"],
  outfile: join(PACKAGE, "cli.cjs"),
  bundle: true,
  format: "cjs",
  legalComments: "none", // the licenses are in a file of their own
  metafile: true,
  minifySyntax: true,
  minifyWhitespace: true,
  platform: "node",
  plugins: [core],
  target: "node20",
});
writeFileSync(join(PACKAGE, "layerwise.schema.json"), `${JSON.stringify(SCHEMA, null, 2)}\n`);
writeFileSync(join(PACKAGE, "THIRD-PARTY-LICENSES"), licenses(Object.keys(metafile.inputs)));

/** The licenses of the libraries that `files` belong to. */
function licenses(files) {
  const names = files.map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  const used = [...new Set(names.filter((name) => name !== undefined))].sort();
  const texts = used.map((name) => `${name}\n\n${licenseOf(name)}`);
  return ["cli.cjs contains the libraries below.\n", ...texts].join(`\n${"-".repeat(80)}\n\n`);
}

function licenseOf(name) {
  const named = ["LICENSE", "LICENSE-MIT", "LICENSE.md"];
  const file = named.map((file) => join(HERE, "node_modules", name, file)).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`${name} brings no license that could be passed on`);
  return readFileSync(file, "utf8");
}
