// The package as people get it: packed, and installed from that file into a project of its own.

import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("../../pkg", import.meta.url));
const NPM = process.platform === "win32" ? "npm.cmd" : "npm";

/** What a program writes where the package works. */
export const WORKS = "layerwise found 1 issue";

const CALL = 'analyze("FROM node:24\\nWORKDIR /app\\nCOPY . .\\nRUN npm ci\\n").issues.filter((issue) => issue.severity !== "info").length';
const SAYS = "`layerwise found ${found} issue`";

/** Programs that analyse a Dockerfile and say what they found. */
export const PROGRAM = {
  esm: `import init, { analyze } from "layerwise";\nawait init();\nconst found = ${CALL};\nconsole.log(${SAYS});\n`,
  cjs: `const { analyze } = require("layerwise");\nconst found = ${CALL};\nconsole.log(${SAYS});\n`,
  found: CALL,
  says: SAYS,
};

/** A project below `at`, whose tools are found from there: `{ directory, tarball, write, run }`. */
export function projectIn(at) {
  const directory = mkdtempSync(join(at, ".project-"));
  after(() => rmSync(directory, { recursive: true }));
  const [{ filename }] = JSON.parse(npm(["pack", PACKAGE, "--json", "--pack-destination", directory], directory));
  writeFileSync(join(directory, "package.json"), '{ "private": true, "type": "module" }\n');
  npm(["install", "--offline", "--no-audit", "--no-fund", `./${filename}`], directory);
  return {
    directory,
    tarball: join(directory, filename),
    write(files) {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(directory, path)), { recursive: true });
        writeFileSync(join(directory, path), content);
      }
    },
    /** What a command prints that is run in a folder of the project. */
    run(command, args, { folder = ".", ...options } = {}) {
      try {
        const given = { cwd: join(directory, folder), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], ...options };
        return execFileSync(command, args, given).trim();
      } catch (error) {
        throw new Error(`${command} ${args.join(" ")}: ${error.stdout}${error.stderr}`, { cause: error });
      }
    },
  };
}

/**
 * A test of the package in a `tool`, as a row of the README's table says it: `how` it is used. The
 * version is that of the npm package of that name, or what a function answers.
 */
export function works(tool, { how, version }, body) {
  test(`${tool}: ${how}`, async () => {
    await body();
    if (process.env.RUNTIMES === undefined) return;
    const row = { tool, how, version: versionOf(version ?? tool.toLowerCase()) };
    appendFileSync(process.env.RUNTIMES, `${JSON.stringify(row)}\n`);
  });
}

/** The program of an npm package that is installed beside these tests. */
export function bin(name, program = name, from = import.meta.url) {
  const manifest = createRequire(from).resolve(`${name}/package.json`);
  const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
  return join(dirname(manifest), typeof bin === "string" ? bin : bin[program]);
}

function versionOf(given) {
  if (typeof given === "function") return given();
  const { name, from } = typeof given === "string" ? { name: given, from: import.meta.url } : given;
  return JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, from), "utf8")).version;
}

function npm(args, cwd) {
  return execFileSync(NPM, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], shell: process.platform === "win32" });
}
