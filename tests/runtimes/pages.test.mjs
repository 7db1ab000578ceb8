// Pages in real browsers: the package by itself, and what bundlers make of it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import resolveModules from "@rollup/plugin-node-resolve";
import { build } from "esbuild";
import { rollup } from "rollup";
import { createServer as viteServer, build as viteBuild } from "vite";
import { BROWSERS, STRICT, bodyOf, opened, postedFrom, posting, resolvers } from "./browser.mjs";
import { bundled } from "./bundled.mjs";
import { PROGRAM, WORKS, projectIn, works } from "./installed.mjs";

const { directory, write } = projectIn(fileURLToPath(new URL(".", import.meta.url)));

/** A program for a page or a worker, which posts what it found, or what it ran into. */
function program(entry) {
  const imports = `import init, { analyze } from "${entry}";`;
  const body = `async function run() { await init(); const found = ${PROGRAM.found}; return ${PROGRAM.says}; }`;
  return `${imports}\n${posting(`${body}\nconst said = await run().catch(String);`, "said")}\n`;
}

const PAGE = (script) => `<!doctype html><meta charset="utf-8"><script type="module" src="${script}"></script>`;
const OWN = "../node_modules/layerwise/browser.js";

write({
  "plain/index.html": PAGE("page.js"),
  "plain/page.js": program(OWN),
  "plain/worker.html": PAGE("starts.js"),
  "plain/starts.js": 'new Worker(new URL("page.js", import.meta.url), { type: "module" });',
  "source/page.js": program("layerwise"),
  "source/starts.js": 'new Worker(new URL("./page.js", import.meta.url), { type: "module" });',
  "source/index.html": PAGE("./page.js"),
  "source/worker.html": PAGE("./starts.js"),
  "bundler/index.html": PAGE("./page.js"),
  "bundler/page.js": program("layerwise/bundler"),
});

test("there is a browser to try", () => assert.ok(BROWSERS.some(({ name }) => name === "Chromium"), "set CHROMIUM_PATH"));

for (const browser of BROWSERS) {
  const version = () => /[\d.]+/.exec(execFileSync(browser.program, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }))[0];
  works(browser.name, { how: "page", version }, async () =>
    assert.equal(await postedFrom(directory, "plain/index.html", { browser }), WORKS));
  works(browser.name, { how: "page under a strict content security policy", version }, async () =>
    assert.equal(await postedFrom(directory, "plain/index.html", { browser, policy: STRICT }), WORKS));
  works(browser.name, { how: "worker", version }, async () =>
    assert.equal(await postedFrom(directory, "plain/worker.html", { browser, policy: STRICT }), WORKS));
}

test("a policy that forbids WebAssembly is told", async () => {
  const policy = STRICT.replace("'wasm-unsafe-eval'", "");
  assert.match(await postedFrom(directory, "plain/index.html", { policy }), /CompileError.*(?:unsafe-eval|Content Security Policy)/i);
});

/** A page beside the files of a bundle. */
function beside(folder, script) {
  write({ [`${folder}/index.html`]: PAGE(script) });
  return `${folder}/index.html`;
}

works("esbuild", { how: "for browsers" }, async () => {
  const options = { entryPoints: [join(directory, "source/page.js")], bundle: true, logLevel: "silent" };
  await build({ ...options, format: "esm", outfile: join(directory, "esbuild/page.js") });
  assert.equal(await postedFrom(directory, beside("esbuild", "page.js")), WORKS);
});

works("Rollup", { how: "for browsers" }, async () => {
  const bundle = await rollup({ input: join(directory, "source/page.js"), plugins: [resolveModules({ browser: true })] });
  await bundle.write({ dir: join(directory, "rollup") });
  assert.equal(await postedFrom(directory, beside("rollup", "page.js")), WORKS);
});

works("webpack", { how: "for browsers" }, async () => {
  await bundled({
    mode: "production", context: join(directory, "source"), entry: { page: "./page.js", worker: "./starts.js" },
    output: { path: join(directory, "webpack"), publicPath: "auto" }, performance: false,
  });
  assert.equal(await postedFrom(directory, beside("webpack", "page.js")), WORKS);
  assert.equal(await postedFrom(directory, beside("webpack", "worker.js")), WORKS);
});

works("webpack", { how: "`layerwise/bundler`" }, async () => {
  await bundled({
    mode: "production", context: join(directory, "bundler"), entry: "./page.js", experiments: { asyncWebAssembly: true },
    output: { path: join(directory, "webpack-module"), publicPath: "auto", filename: "page.js" }, performance: false,
  });
  assert.equal(await postedFrom(directory, beside("webpack-module", "page.js")), WORKS);
});

for (const [how, folder] of Object.entries({ "build": "source", "build, `layerwise/bundler`": "bundler" })) {
  works("Vite", { how }, async () => {
    const root = join(directory, folder);
    await viteBuild({ root, base: "./", logLevel: "silent", configFile: false, build: { target: "esnext", assetsInlineLimit: 0 } });
    assert.ok(readdirSync(join(root, "dist/assets")).some((name) => name.endsWith(".wasm")));
    assert.equal(await postedFrom(directory, `${folder}/dist/index.html`), WORKS);
  });
}

for (const [how, page] of Object.entries({
  "dev server": "source/index.html",
  "dev server, in a worker": "source/worker.html",
  "dev server, `layerwise/bundler`": "bundler/index.html",
})) {
  works("Vite", { how }, async () => {
    delete process.env.NODE_ENV; // a build in the same process has set it
    const inbox = resolvers();
    const posts = {
      name: "posts",
      configureServer({ middlewares }) {
        middlewares.use("/found", async (request, response) => {
          inbox.resolve(await bodyOf(request));
          response.end();
        });
      },
    };
    const server = await viteServer({
      root: directory, configFile: false, logLevel: "silent", plugins: [posts], cacheDir: join(directory, `.vite-${how.length}`),
      server: { port: 0, host: "127.0.0.1" },
    });
    try {
      await server.listen();
      const { port } = server.httpServer.address();
      assert.equal(await opened(BROWSERS[0], `http://127.0.0.1:${port}/${page}`, inbox.promise), WORKS);
    } finally {
      await server.close();
    }
  });
}
