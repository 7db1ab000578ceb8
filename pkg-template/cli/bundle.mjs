// Makes few files of the command line, of what programs can use of it, and of their libraries. The
// core stays beside them, and so does what is loaded only where it is needed. Also writes the schema
// of configurations.

import { build } from "esbuild";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { SCHEMA } from "./config/keys.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const PACKAGE = join(HERE, "../../pkg");
const YAML = ["LineCounter", "parseDocument"];
const CORE = [...readFileSync(join(PACKAGE, "node.cjs"), "utf8").matchAll(/^exports\.(\w+) =/gm)].map(([, name]) => name);

/** What a run loads only where it asks for it, and what of that: the version needs no core, one file no threads. */
const LATER = [
  ["layerwise", "./node.cjs", CORE],
  ["yaml", "./yaml.cjs", YAML],
  ...Object.entries({
    "node:child_process": ["execFileSync", "spawnSync"],
    "node:crypto": ["createHash", "randomBytes"],
    "node:readline": ["createInterface"],
    "node:worker_threads": ["Worker", "parentPort", "workerData"],
  }).map(([name, used]) => [name, name, used]),
];

/** What is bundled into which file of the package. Stacks of bugs of ours have names. */
const ours = { minifyIdentifiers: false };
const formats = { from: { entryPoints: ["exports/formats.js"] }, ...ours, plugins: [core("layerwise"), withoutFiles()] };
const BUNDLES = [
  { from: { entryPoints: ["command-line.js"] }, to: "command-line.cjs", ...ours, plugins: [...LATER.map((one) => later(...one)), core("./node.cjs"), beside("lsp.js", "lsp/server.js")] },
  { from: { entryPoints: ["cli.js"] }, to: "cli.cjs", ...ours, plugins: [beside("command-line.js", "main.js")] },
  { from: { entryPoints: ["lsp/server.js"] }, to: "lsp.cjs", plugins: [core("./node.cjs"), beside("command-line.js", "exports/node.js"), withoutFiles()] },
  { ...formats, to: "formats.js", platform: "neutral", format: "esm" },
  { ...formats, to: "formats.cjs" },
  { from: { entryPoints: ["exports/panel.js"] }, to: "panel.js", ...ours, platform: "neutral", format: "esm", plugins: [core("layerwise")] },
  { from: { entryPoints: ["exports/element.js"] }, to: "element.js", ...ours, platform: "neutral", format: "esm", plugins: [core("./browser.js")] },
  { from: reexport("yaml", YAML), to: "yaml.cjs" },
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
for (const name of ["formats", "repository"]) {
  const declarations = readFileSync(join(HERE, `../${name}.d.ts`), "utf8");
  writeFileSync(join(PACKAGE, `${name}.d.cts`), declarations.replaceAll('/index.js"', '/index.cjs"'));
  writeFileSync(join(PACKAGE, `${name}.d.ts`), `export * from "./${name}.cjs";\n`);
}

/** The core is an entry of the package. */
function core(path) {
  return {
    name: "core",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^layerwise$/ }, () => ({ path, external: true }));
      // Of its manifest the version and the address are asked for.
      onLoad({ filter: /[\\/]pkg[\\/]package\.json$/ }, ({ path }) => {
        const { homepage, version } = JSON.parse(readFileSync(path, "utf8"));
        return { contents: JSON.stringify({ homepage, version }), loader: "json" };
      });
    },
  };
}

/** Imports of some of our files are imports of the `bundle` that has them. */
function beside(bundle, ...files) {
  const path = `./${bundle.replace(/js$/, "cjs")}`;
  return replaced("beside", /^\.\.?\//, ({ path: file, resolveDir }) =>
    (files.some((name) => resolve(resolveDir, file) === join(HERE, name)) ? { path, external: true } : undefined));
}

/** Where there are no files. */
function withoutFiles() {
  const needFiles = ["paths.js", "fingerprints.js", "explain.js", "dockerignore.js"].map((name) => join(HERE, name));
  return {
    name: "without-files",
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) =>
        (needFiles.includes(resolve(resolveDir, path)) ? { path: join(HERE, "exports/without-files.js") } : undefined));
      // What is left of Node is not called.
      onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
    },
  };
}

/** What `path` has of a library is loaded where the first of its `names` is asked for. */
function later(library, path, names) {
  const getters = names.map((name) => `get ${name}() { return require("${path}").${name}; }`);
  const contents = `module.exports = { ${getters.join(", ")} };`;
  const filter = new RegExp(`^${library}$`);
  return {
    name: "later",
    setup({ onLoad, onResolve }) {
      onResolve({ filter }, ({ namespace }) => (namespace === "file" ? { path: library, namespace: "later" } : { path, external: true }));
      onResolve({ filter: /^\.\//, namespace: "later" }, ({ path }) => ({ path, external: true }));
      onLoad({ filter, namespace: "later" }, () => ({ contents }));
    },
  };
}

function replaced(name, filter, by) {
  return { name, setup: ({ onResolve }) => onResolve({ filter }, by) };
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
  const named = ["LICENSE", "LICENSE-MIT", "LICENSE.md", "License.txt"];
  const file = named.map((file) => join(HERE, "node_modules", name, file)).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`${name} brings no license that could be passed on`);
  return readFileSync(file, "utf8");
}
