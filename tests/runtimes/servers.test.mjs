// Runtimes without a page: Node, Deno, Bun, workerd, and what bundlers make for Node.

import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import resolveModules from "@rollup/plugin-node-resolve";
import commonjs from "@rollup/plugin-commonjs";
import { build } from "esbuild";
import { rollup } from "rollup";
import { build as viteBuild } from "vite";
import { bundled } from "./bundled.mjs";
import { PROGRAM, WORKS, bin, projectIn, works } from "./installed.mjs";

const project = projectIn(fileURLToPath(new URL(".", import.meta.url)));
const { directory, run, tarball, write } = project;
const node = { version: () => process.versions.node };

write({
  "program.mjs": PROGRAM.esm,
  "program.cjs": PROGRAM.cjs,
  "both.mjs": `import { createRequire } from "node:module";
    import { analyze } from "layerwise";
    const { analyze: required } = createRequire(import.meta.url)("layerwise");
    console.log(analyze === required);`,
});

test("the packed package stays as small as its two copies of the module allow", () => {
  assert.ok(statSync(tarball).size < 1_270_000, `${statSync(tarball).size} bytes`);
});

works("Node", { how: "import", ...node }, () => assert.equal(run(process.execPath, ["program.mjs"]), WORKS));
works("Node", { how: "require", ...node }, () => assert.equal(run(process.execPath, ["program.cjs"]), WORKS));
works("Node", { how: "both, one instance", ...node }, () => assert.equal(run(process.execPath, ["both.mjs"]), "true"));
works("Node", { how: "`npx layerwise`", ...node }, () => {
  write({ "cli/Dockerfile": "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\n", "cli/package.json": "{}" });
  const args = ["--no-install", "layerwise", "--format", "ndjson", "--fail-on", "never", "cli"];
  const found = JSON.parse(run(process.platform === "win32" ? "npx.cmd" : "npx", args));
  assert.equal(found.report.issues.filter((issue) => issue.severity !== "info").length, 1);
});

works("Deno", { how: "import, without permissions" }, () =>
  assert.equal(run(process.execPath, [bin("deno"), "run", "--no-prompt", "--quiet", "program.mjs"]), WORKS));
works("Bun", { how: "import" }, () => assert.equal(run(bin("bun"), ["program.mjs"]), WORKS));
works("Bun", { how: "`bun build`" }, () => {
  run(bin("bun"), ["build", "program.mjs", "--target=bun", "--outfile=bun/program.js"]);
  assert.equal(run(bin("bun"), ["bun/program.js"]), WORKS);
});

works("workerd", { how: "static import of the module" }, async () => {
  write({
    "workerd/worker.mjs": `${PROGRAM.esm.split("console.log")[0]}
      export default { test() { if (found !== 1) throw new Error(String(found)); } };`,
    "workerd/config.capnp": `using Workerd = import "/workerd/workerd.capnp";
      const config :Workerd.Config = (services = [(name = "main", worker = (
        modules = [(name = "worker.js", esModule = embed "worker.js"),
          (name = "layerwise_bg.wasm", wasm = embed "../node_modules/layerwise/layerwise_bg.wasm")],
        compatibilityDate = "2025-01-01"))]);`,
  });
  await build({
    entryPoints: [join(directory, "workerd/worker.mjs")], outfile: join(directory, "workerd/worker.js"),
    bundle: true, format: "esm", conditions: ["workerd", "worker"], external: ["*.wasm"], logLevel: "silent",
  });
  run(bin("workerd"), ["test", "config.capnp"], { folder: "workerd" });
});

works("esbuild", { how: "for Node, CommonJS" }, async () => {
  const options = { bundle: true, platform: "node", logLevel: "silent" };
  await build({ ...options, entryPoints: [join(directory, "program.cjs")], outfile: join(directory, "esbuild/a.cjs") });
  assert.equal(run(process.execPath, ["esbuild/a.cjs"]), WORKS);
  // With conditions of its own it takes Node's entry, which finds no file beside it.
  await build({ ...options, conditions: ["custom"], entryPoints: [join(directory, "program.cjs")], outfile: join(directory, "esbuild/b.cjs") });
  assert.match(readFileSync(join(directory, "esbuild/b.cjs"), "utf8"), /readFileSync/);
  assert.equal(run(process.execPath, ["esbuild/b.cjs"]), WORKS);
});
works("esbuild", { how: "for Node, ES module" }, async () => {
  await build({
    bundle: true, platform: "node", format: "esm", logLevel: "silent",
    entryPoints: [join(directory, "program.mjs")], outfile: join(directory, "esbuild/c.mjs"),
  });
  assert.equal(run(process.execPath, ["esbuild/c.mjs"]), WORKS);
});

for (const [how, plugins] of Object.entries({
  "for Node, without other plugins": [],
  "for Node, with @rollup/plugin-commonjs": [commonjs()],
})) {
  works("Rollup", { how }, async () => {
    const bundle = await rollup({
      input: join(directory, "program.mjs"),
      plugins: [resolveModules({ exportConditions: ["node"] }), ...plugins],
    });
    await bundle.write({ file: join(directory, "rollup/program.mjs"), inlineDynamicImports: true });
    assert.equal(run(process.execPath, ["rollup/program.mjs"]), WORKS);
  });
}

works("webpack", { how: "for Node" }, async () => {
  await bundled({
    mode: "production", target: "node20", context: directory, entry: "./program.cjs",
    output: { path: join(directory, "webpack"), filename: "program.cjs" },
  });
  assert.equal(run(process.execPath, ["webpack/program.cjs"]), WORKS);
});

works("Vite", { how: "server build, everything bundled" }, async () => {
  await viteBuild({
    root: directory, logLevel: "silent", configFile: false, ssr: { noExternal: true },
    build: { ssr: "program.mjs", outDir: "vite-server" },
  });
  assert.equal(run(process.execPath, ["vite-server/program.js"]), WORKS);
});
