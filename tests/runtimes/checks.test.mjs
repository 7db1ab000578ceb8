// What checks programs that use the package: test runners, compilers, linters of packages.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { bin, projectIn, works } from "./installed.mjs";

const { directory, run, tarball, write } = projectIn(fileURLToPath(new URL(".", import.meta.url)));
const FOUND = 'analyze("FROM node:24\\nWORKDIR /app\\nCOPY . .\\nRUN npm ci\\n").issues.filter((issue) => issue.severity !== "info").length';

for (const environment of ["node", "jsdom"]) {
  works("Jest", { how: `environment ${environment}` }, () => {
    const folder = `jest-${environment}`;
    write({
      [`${folder}/package.json`]: "{}",
      [`${folder}/analyses.test.js`]: `const { analyze } = require("layerwise");
        test("analyses", () => expect(${FOUND}).toBe(1));
        test("is the environment that was asked for", () => expect(typeof document).toBe("${environment === "node" ? "undefined" : "object"}"));`,
    });
    run(process.execPath, [bin("jest"), "--rootDir", ".", "--env", environment, "--watchman=false"], { folder });
  });
  works("Vitest", { how: `environment ${environment}` }, () => {
    const folder = `vitest-${environment}`;
    write({
      [`${folder}/analyses.test.js`]: `import { expect, test } from "vitest";
        import init, { analyze } from "layerwise";
        test("analyses", async () => { await init(); expect(${FOUND}).toBe(1); });
        test("is the environment that was asked for", () => expect(typeof document).toBe("${environment === "node" ? "undefined" : "object"}"));`,
    });
    run(process.execPath, [bin("vitest"), "run", "--root", ".", "--environment", environment], { folder, env: { ...process.env, CI: "1" } });
  });
}

for (const [module, resolution] of [["node16", "node16"], ["nodenext", "nodenext"], ["esnext", "bundler"]]) {
  works("TypeScript", { how: `strict, module resolution ${resolution}` }, () => {
    const folder = `types-${resolution}`;
    const uses = `import init, { analyze, type Report } from "layerwise";
      import { toLsp } from "layerwise/formats";
      import { findBuilds, type FoundBuild } from "layerwise/node";
      const report: Report = analyze("FROM scratch");
      const builds: Promise<FoundBuild[]> = findBuilds(["."]);
      export default [init, report, builds, toLsp(report, { uri: "file:///Dockerfile" })];
      // @ts-expect-error a Dockerfile is a string
      analyze(1);`;
    write({
      [`${folder}/esm.mts`]: uses,
      // A program without "type": "module", which gets what is for \`require\`.
      ...(resolution !== "bundler" && { [`${folder}/cjs.cts`]: uses }),
    });
    const files = resolution === "bundler" ? ["esm.mts"] : ["esm.mts", "cjs.cts"];
    const strict = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--types", "", "--lib", "es2022"];
    run(process.execPath, [bin("typescript", "tsc"), ...strict, "--target", "es2022", "--module", module, "--moduleResolution", resolution, ...files], { folder });
  });
}

works("publint", { how: "no message" }, async () => {
  const { messages } = await publint({ pkgDir: join(directory, "node_modules/layerwise"), strict: true, pack: false });
  assert.deepEqual(messages, []);
});

works("Are the types wrong?", { how: "no problem but that some entries are ES modules only", version: "@arethetypeswrong/core" }, async () => {
  const checked = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))));
  const problems = checked.problems.filter(({ kind, entrypoint, resolutionKind }) => {
    // Versions of TypeScript that know no "exports" see no entry but the first.
    if (resolutionKind === "node10" || entrypoint === "./layerwise_bg.wasm") return false;
    return !(kind === "CJSResolvesToESM" && ["./inline", "./bundler", "./browser", "./element", "./panel"].includes(entrypoint));
  });
  assert.deepEqual(problems, []);
});
