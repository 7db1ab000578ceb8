// The entries: what each exports, and when it is ready.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as esm from "layerwise";
import * as browser from "layerwise/browser";
import * as inline from "layerwise/inline";
import { COPY_FIRST, RULE } from "./dockerfiles.mjs";

const require = createRequire(import.meta.url);
const FUNCTIONS = ["analyze", "checkOptions", "compare", "copiedPaths", "excludesAll", "inspect", "parse", "rebuild", "replay", "rules", "wantsText"];
const manifest = require("layerwise/package.json");
const inPackage = (path) => new URL(path, new URL("../../pkg/", import.meta.url));

function works({ analyze, compare, parse, rules }) {
  const build = { dockerfile: "FROM scratch\nCOPY a /\n" };
  assert.equal(compare(build, build)[0].outcome, "cached");
  assert.equal(analyze(COPY_FIRST).issues[0].rule, RULE);
  assert.deepEqual(parse("FROM scratch").instructions[0].args, ["scratch"]);
  assert.ok(rules().some((rule) => rule.id === RULE));
}

test("import in Node is ready at once", () => works(esm));

test("require in Node is ready at once, and the same instance", () => {
  const cjs = require("layerwise");
  works(cjs);
  assert.equal(cjs.analyze, esm.analyze);
});

test("the inline entry is ready at once", () => works(inline));

// In a process of its own: an entry that is ready makes the others of its process ready.
function runAlone(source) {
  const given = `
    import assert from "node:assert/strict";
    import { readFileSync } from "node:fs";
    import * as browser from "layerwise/browser";
    const bytes = readFileSync(${JSON.stringify(fileURLToPath(inPackage("layerwise_bg.wasm")))});
    const ready = () => assert.equal(browser.parse("FROM a").instructions.length, 1);
    ${source}`;
  execFileSync(process.execPath, ["--input-type=module", "--eval", given], {
    cwd: new URL(".", import.meta.url),
    encoding: "utf8",
  });
}

test("the browser entry says what is missing before init", () => {
  runAlone(`
    for (const name of ${JSON.stringify(FUNCTIONS)}) {
      const message =
        'layerwise is not ready: call "await init()", its default export, before ' + name + "()";
      assert.throws(() => browser[name]("FROM scratch"), { message });
    }`);
});

test("init takes a module, bytes, a response, or a promise of one", () => {
  for (const source of [
    "new WebAssembly.Module(bytes)",
    "bytes",
    "bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)",
    'new Response(bytes, { headers: { "content-type": "application/wasm" } })',
    "new Response(bytes)",
    "Promise.resolve(bytes)",
    '"data:application/wasm;base64," + bytes.toString("base64")',
  ]) {
    runAlone(`await browser.default(${source}); ready(); await browser.default();`);
  }
});

test("where the module is not beside it, the browser entry takes its text", () => {
  // Node fetches no files, as a bundle's server finds none.
  runAlone("await browser.default(); ready();");
  runAlone("process.getBuiltinModule = undefined; await browser.default(); ready();");
});

test("the text is the module", () => {
  runAlone(`
    const { lengths, packed, size } = await import(${JSON.stringify(inPackage("module.js").href)});
    const { joined } = await import(${JSON.stringify(inPackage("joined.js").href)});
    const { inflateRawSync } = await import("node:zlib");
    assert.ok(bytes.equals(joined(inflateRawSync(Buffer.from(packed, "base64")), lengths, size)));`);
});

test("an init that failed says so and can be tried again", () => {
  runAlone(`
    await assert.rejects(browser.default(new Response("", { status: 404 })), /answered 404/);
    await assert.rejects(browser.default(new Uint8Array([0])));
    await Promise.all([browser.default(bytes), browser.default()]);
    ready();`);
});

test("a call that runs out of memory says so, and the next gets a fresh instance", () => {
  runAlone(`
    // The module with little memory: its memory section gets a maximum.
    function limited(pages) {
      for (let at = 8; at < bytes.length; ) {
        const [size, from] = leb(at + 1);
        const [least, end] = leb(from + 2);
        if (bytes[at] === 5) {
          assert.deepEqual([...bytes.subarray(from, from + 2)], [1, 0], "one memory without a maximum");
          const content = [1, 1, ...toLeb(least), ...toLeb(least + pages)];
          const rest = bytes.subarray(end);
          return new Uint8Array([...bytes.subarray(0, at), 5, ...toLeb(content.length), ...content, ...rest]);
        }
        at = from + size;
      }
    }
    function leb(at, value = 0, shift = 0) {
      value |= (bytes[at] & 127) << shift;
      return bytes[at] > 127 ? leb(at + 1, value, shift + 7) : [value, at + 1];
    }
    function toLeb(value) {
      return value > 127 ? [(value & 127) | 128, ...toLeb(value >> 7)] : [value];
    }
    await browser.default(limited(50));
    const large = "FROM a\\n".repeat(400_000);
    console.error = () => {};
    for (const call of [() => browser.analyze(large), () => browser.parse(large)]) {
      assert.throws(call, (error) => /^layerwise: (analyze|parse)\\(\\) stopped: .*fresh instance$/.test(error.message) && error.cause instanceof WebAssembly.RuntimeError);
      ready();
      assert.equal(browser.analyze(${JSON.stringify(COPY_FIRST)}).issues.length, 1);
    }`);
});

test("every entry has the same named exports and an init", async () => {
  const cjs = require("layerwise");
  for (const entry of [esm, inline, browser, cjs]) {
    assert.deepEqual(Object.keys(entry).sort(), [...FUNCTIONS, "default"].sort());
    assert.equal(typeof entry.default, "function");
  }
  await esm.default();
  // The entries that Node cannot load name the same ones.
  for (const file of ["workerd.js", "bundler.js", "edge.js"]) {
    const source = readFileSync(inPackage(file), "utf8");
    assert.ok(source.includes(`export { ${FUNCTIONS.join(", ")} } from "./link.js";`));
    assert.ok(source.includes("export default alreadyReady;"));
  }
});

test("every file that package.json names is there", () => {
  const named = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(named));
  const { exports, bin, main, module, types, sideEffects } = manifest;
  for (const path of named([exports, bin, main, module, types, sideEffects])) {
    assert.ok(existsSync(inPackage(path)), path);
  }
  assert.match(manifest.version, /^\d+\.\d+\.\d+/);
  assert.notEqual(manifest.version, "0.0.0");
});

test("conditions go from the narrow to the wide, types first", () => {
  const conditions = Object.keys(manifest.exports["."]);
  assert.deepEqual(conditions, ["workerd", "edge-light", "deno", "bun", "browser", "node", "default"]);
  const first = (value) => (typeof value === "string" ? [] : [Object.keys(value)[0], ...Object.values(value).flatMap(first)]);
  const leaves = first(manifest.exports["."]).filter((key) => key === "types");
  assert.equal(leaves.length, 12);
});

test("entries that initialise themselves are kept by bundlers", () => {
  const selfInitialising = ["bundler.js", "edge.js", "inline.js", "node.cjs", "node.js", "workerd.js"];
  for (const file of selfInitialising) assert.ok(manifest.sideEffects.includes(`./${file}`), file);
  assert.ok(!manifest.sideEffects.includes("./browser.js"));
});
