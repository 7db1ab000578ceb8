// Makes one file of the command line and the libraries it uses: `cli.cjs` of the package. The core
// stays beside it, and so does what is loaded only where it is needed. Also writes the schema of
// configurations.

import { build } from "esbuild";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SCHEMA } from "./config/keys.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const PACKAGE = join(HERE, "../../pkg");

/** What is bundled into which file of the package; a library has its licenses passed on. */
const BUNDLES = [
  {
    from: { entryPoints: ["cli.js"] },
    to: "cli.cjs",
    minifyIdentifiers: false, // the stack of a bug of ours has names
    plugins: [core(), later("yaml", ["LineCounter", "parseDocument"])],
  },
  { from: reexport("yaml", ["LineCounter", "parseDocument"]), to: "yaml.cjs" },
  { from: reexport("fflate", ["inflateSync"]), to: "inflate.js", platform: "neutral", format: "esm" },
];

const licenses = ["The files named here contain the libraries below them.\n"];
for (const { from, to, ...options } of BUNDLES) {
  const { metafile } = await build({
    absWorkingDir: HERE,
    outfile: join(PACKAGE, to),
    bundle: true,
    format: "cjs",
    legalComments: "none", // the licenses are in a file of their own
    metafile: true,
    minify: true,
    platform: "node",
    target: "node20",
    ...from,
    ...options,
  });
  const used = librariesOf(Object.keys(metafile.inputs));
  if (used.length > 0) licenses.push([to, ...used.map((name) => `${name}\n\n${licenseOf(name)}`)].join("\n\n"));
}
writeFileSync(join(PACKAGE, "layerwise.schema.json"), `${JSON.stringify(SCHEMA, null, 2)}\n`);
writeFileSync(join(PACKAGE, "THIRD-PARTY-LICENSES"), licenses.join(`\n${"-".repeat(80)}\n\n`));

/** The core is that of Node's entry, beside the bundle. */
function core() {
  return {
    name: "core",
    setup({ onResolve }) {
      onResolve({ filter: /^layerwise$/ }, () => ({ path: "./node.cjs", external: true }));
    },
  };
}

/** A library in a file of its own, beside the bundle, which is loaded at its first call. */
function later(library, names) {
  const load = `require("./${library}.cjs")`;
  const contents = names.map((name) => `export function ${name}(...given) {
    return new.target ? new (${load}.${name})(...given) : ${load}.${name}(...given);
  }\n`).join("");
  return {
    name: "later",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: new RegExp(`^${library}$`) }, () => ({ path: library, namespace: "later" }));
      onResolve({ filter: /^\.\//, namespace: "later" }, ({ path }) => ({ path, external: true }));
      onLoad({ filter: /^/, namespace: "later" }, () => ({ contents }));
    },
  };
}

function reexport(library, names) {
  return { stdin: { contents: `export { ${names.join(", ")} } from "${library}";`, resolveDir: HERE } };
}

/** The libraries that `files` belong to. */
function librariesOf(files) {
  const names = files.map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

function licenseOf(name) {
  const named = ["LICENSE", "LICENSE-MIT", "LICENSE.md"];
  const file = named.map((file) => join(HERE, "node_modules", name, file)).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`${name} brings no license that could be passed on`);
  return readFileSync(file, "utf8");
}
