// Many Dockerfiles in one run: which are found, what is said of all of them, what is written.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { layerwise, within } from "./command-line.mjs";
import { COPY_FIRST, MANIFEST_FIRST, NO_MOUNTS } from "./dockerfiles.mjs";

const SCRATCH = "FROM scratch\n";

/** The Dockerfiles that are told, in order. */
function told(directory, args) {
  const { out } = layerwise(directory, ["--format", "ndjson", ...args]);
  return out.split("\n").slice(0, -1).map((line) => JSON.parse(line).dockerfile);
}

/** A project of COPY_FIRST in a directory of its own. */
function project(name, text = COPY_FIRST) {
  return { [`${name}/Dockerfile`]: text, [`${name}/requirements.txt`]: "flask\n", [`${name}/run.py`]: "" };
}

test("a directory is searched for the names of Dockerfiles, in a stable order", () => {
  const found = [
    "Containerfile", "Containerfile.ci", "Dockerfile", "Dockerfile.dev", "a/Dockerfile",
    "b/api.Dockerfile", "b/api.dockerfile", "b/c/Dockerfile",
  ];
  const others = [
    "Dockerfile.dockerignore", "Dockerfiles", "MyDockerfile", ".git/Dockerfile", "b/vendor/x/Dockerfile",
    "node_modules/x/Dockerfile", ".venv/Dockerfile",
  ];
  within(Object.fromEntries([...found, ...others].map((path) => [path, SCRATCH])), (directory) => {
    assert.deepEqual(told(directory, []), found);
    assert.deepEqual(told(directory, ["b"]), found.slice(5));
    assert.deepEqual(told(join(directory, "b"), [".."]), found.map((path) => join("..", path)).map((path) => path.replace(/^\.\.\/b\//, "")));
    // What is named is read, and each file once.
    assert.deepEqual(told(directory, ["node_modules/x", "./a", "a/Dockerfile"]), ["node_modules/x/Dockerfile", "a/Dockerfile"]);
  });
});

test("what git ignores is not found, unless it is named", () => {
  const files = {
    ".gitignore": "build/\n*.dev\n!keep.dev\n",
    "a/.gitignore": "/generated\n!Dockerfile.dev\n",
    "Dockerfile.dev": SCRATCH,
    "build/Dockerfile": SCRATCH,
    "a/Dockerfile.dev": SCRATCH,
    "a/generated/Dockerfile": SCRATCH,
    "a/b/generated/Dockerfile": SCRATCH,
    "out/Dockerfile": SCRATCH,
  };
  within(files, (directory) => {
    mkdirSync(join(directory, ".git/info"), { recursive: true });
    execFileSync("cp", ["-f", join(directory, ".gitignore"), join(directory, ".git/info/other")]);
    assert.deepEqual(told(directory, []), ["a/Dockerfile.dev", "a/b/generated/Dockerfile", "out/Dockerfile"]);
    assert.deepEqual(told(directory, ["a"]), ["a/Dockerfile.dev", "a/b/generated/Dockerfile"]);
    assert.deepEqual(told(directory, ["build"]), ["build/Dockerfile"]);
    assert.deepEqual(told(directory, ["a/generated/Dockerfile"]), ["a/generated/Dockerfile"]);
  });
});

test("globs are matched, and a pattern that matches nothing is told", () => {
  const paths = ["a/Dockerfile", "a/x/Dockerfile", "b/Dockerfile", "b/node_modules/Dockerfile", "c.docker"];
  within(Object.fromEntries(paths.map((path) => [path, SCRATCH])), (directory) => {
    assert.deepEqual(told(directory, ["*/Dockerfile"]), ["a/Dockerfile", "b/Dockerfile"]);
    assert.deepEqual(told(directory, ["**/Dockerfile"]), paths.slice(0, 3));
    assert.deepEqual(told(directory, ["./{a,c}/**", "*.docker"]), ["a/Dockerfile", "a/x/Dockerfile", "c.docker"]);
    const { code, err } = layerwise(directory, ["d/*/Dockerfile", "a"]);
    assert.equal(code, 2);
    assert.equal(err, "layerwise: no file matches d/*/Dockerfile\n");
  });
});

test("one argument that means nothing does not drop the others", () => {
  within({ ...project("a"), "b/x": "" }, (directory) => {
    const { code, out, err } = layerwise(directory, ["none", "a", "b"]);
    assert.equal(code, 2);
    assert.equal(err, "layerwise: there is no file none\nlayerwise: there is no Dockerfile in b\n");
    assert.match(out, /\na\/Dockerfile: 1 issue\n/);
  });
});

test("a file that is no Dockerfile gets one sentence", () => {
  const yaml = "services:\n  api:\n    image: x\n";
  const files = {
    ...project("a", MANIFEST_FIRST),
    "Dockerfile.png": Buffer.from([0x89, 0x50, 0, 1]),
    "Dockerfile.yaml": yaml,
    "Dockerfile.typo": "FORM scratch\n",
    "Dockerfile.list": "what\n".repeat(2000),
    "Dockerfile.misspelt": "FROM scratch\nCOPI a b\nRUM x\nRUN y\n",
  };
  within(files, (directory) => {
    const found = layerwise(directory, []);
    assert.equal(found.code, 1);
    assert.deepEqual(found.err.split("\n"), [
      'layerwise: Dockerfile.list is no Dockerfile: 2000 of its 2000 instructions are unknown, such as "what"',
      "layerwise: Dockerfile.png is no Dockerfile: it is binary",
      'layerwise: Dockerfile.typo is no Dockerfile: its only line that could be an instruction is none ("FORM scratch")',
      'layerwise: Dockerfile.yaml is no Dockerfile: 3 of its 3 instructions are unknown, such as "services:"',
      "",
    ]);
    assert.match(found.out, /^error: unknown instruction: COPI/);
    assert.match(found.out, /\n2 Dockerfiles: 2 syntax errors, no issues\n$/);
    // What is named is meant, and what is found may be anything.
    assert.equal(layerwise(directory, ["a", "Dockerfile.yaml"]).code, 2);
    assert.equal(layerwise(directory, ["a", "Dockerfile.*[gl]"]).code, 0);
  });
});

test("a file that is far too large is not read", () => {
  within({ Dockerfile: "FROM a\n" }, (directory) => {
    truncateSync(join(directory, "Dockerfile"), 17 * 2 ** 20);
    const { code, err } = layerwise(directory, ["Dockerfile"]);
    assert.deepEqual([code, err], [2, "layerwise: Dockerfile is no Dockerfile: it has 17825792 bytes\n"]);
  });
});

test("the summary ranks what is lost", () => {
  const slow = `${COPY_FIRST}RUN apt-get update && apt-get install -y curl\n`;
  const files = { ...project("a"), ...project("fine", MANIFEST_FIRST), ...project("b", slow) };
  within(files, (directory) => {
    const { code, out, err } = layerwise(directory, []);
    assert.deepEqual([code, err], [1, ""]);
    assert.doesNotMatch(out, /fine/);
    assert.match(out, /\na\/Dockerfile: 1 issue\n\n/);
    assert.match(out, /\n3 Dockerfiles: 3 issues\n(.*\n)*needless at each edit of the source: .* \(b\/Dockerfile .*, a\/Dockerfile .*\)\n$/);
  });
});

test("--fix writes each file, and says how many", () => {
  const files = { ...project("a"), ...project("b"), ...project("c", MANIFEST_FIRST) };
  within(files, (directory) => {
    const { code, out } = layerwise(directory, ["--fix=assumed", "a", "b", "c"]);
    assert.equal(code, 0);
    for (const name of ["a", "b"]) {
      assert.equal(readFileSync(join(directory, name, "Dockerfile"), "utf8"), MANIFEST_FIRST);
      assert.match(out, new RegExp(`^${name}/Dockerfile: rewritten, 1 of 1 issues fixed$`, "m"));
    }
    assert.match(out, /\n3 Dockerfiles: no issues\n2 of 3 Dockerfiles rewritten, 2 of 2 issues fixed\n$/);
  });
});

test("--format json with --fix: the report as it was, and the fixes that were written", () => {
  within(project("a"), (directory) => {
    const { code, out } = layerwise(directory, ["--format=json", "--fix=assumed", "a"]);
    assert.equal(code, 0);
    const [{ report, applied, context }] = JSON.parse(out).builds;
    assert.deepEqual([report.issues.length, applied, context], [1, [0], "a"]);
    assert.deepEqual(JSON.parse(layerwise(directory, ["--json", "a"]).out).builds[0].applied, []);
    assert.deepEqual(JSON.parse(layerwise(directory, ["--json", "none"]).out).builds, []);
  });
});

test("the level of --fix may stand behind a blank", () => {
  within({ ...project("a"), ...project("b") }, (directory) => {
    assert.equal(layerwise(directory, ["--fix", "assumed", "a"]).code, 0);
    assert.equal(readFileSync(join(directory, "a/Dockerfile"), "utf8"), MANIFEST_FIRST);
    // Without a level, safe fixes are meant.
    assert.equal(layerwise(directory, ["--fix", "b"]).code, 0);
  });
  within({ safe: COPY_FIRST }, (directory) => {
    const { code, err } = layerwise(directory, ["--fix", "safe"]);
    assert.equal(code, 2);
    assert.match(err, /^layerwise: --fix safe is a level and a file: --fix=safe or --fix \.\/safe\n/);
    assert.match(layerwise(directory, ["--fix", "./safe"]).out, /safe: /);
  });
});

test("what is for one Dockerfile is refused for several", () => {
  within({ ...project("a"), ...project("b"), log: "" }, (directory) => {
    for (const option of [["--print"], ["--timings", "log"]]) {
      const { code, out, err } = layerwise(directory, option);
      assert.deepEqual([code, out], [2, ""]);
      assert.ok(err.startsWith(`layerwise: ${option[0]} is for one Dockerfile, and these are 2\n`), err);
    }
  });
});

test("a guess that decides what is written is not written", () => {
  const root = { "package.json": '{"workspaces":["api"]}', "package-lock.json": "{}" };
  const text = `FROM node\nCOPY . .\nRUN npm ci\n${NO_MOUNTS}`;
  const api = { "api/package.json": "{}", "api/package-lock.json": "{}", "api/x.js": "", "api/Dockerfile": text };
  within({ ...root, ...api }, (directory) => {
    const { code, out, err } = layerwise(directory, ["--fix=assumed", "api"]);
    assert.equal(code, 2);
    // What was found is told all the same.
    assert.match(out, /\napi\/Dockerfile: 1 issue\n/);
    assert.match(err, /^layerwise: api\/Dockerfile is left alone: its context may be api or \., and what is written depends on which; name it with --context\n/);
    assert.equal(readFileSync(join(directory, "api/Dockerfile"), "utf8"), text);
    // Near miss: a context that is named.
    assert.equal(layerwise(directory, ["--fix=assumed", "api", "--context", "."]).err, "");
  });
});

test("a directory without the manifests of an install is not the context", () => {
  within({ ...project("a"), "other.txt": "" }, (directory) => {
    assert.match(layerwise(directory, ["a"]).out, /\ncontext: a \(it has what is copied\)\n/);
  });
  // Near misses: there is one above as well, or none at all.
  within({ ...project("a"), "requirements.txt": "" }, (directory) => {
    assert.match(layerwise(directory, ["a"]).out, /\ncontext: a \(a guess: \. would do as well/);
  });
  within({ "a/Dockerfile": COPY_FIRST, "a/run.py": "" }, (directory) => {
    assert.match(layerwise(directory, ["a"]).out, /\ncontext: a \(a guess: \. would do as well/);
  });
});

test("a source that lies in a directory above is told", () => {
  const text = "FROM node\nCOPY package-lock.json ./\n";
  within({ "package-lock.json": "{}", "packages/api/Dockerfile": text, "packages/api/made": "" }, (directory) => {
    const { err } = layerwise(directory, ["packages/api", "--context", "packages/api"]);
    assert.equal(
      err,
      "layerwise: package-lock.json (packages/api/Dockerfile:2) is not in the context packages/api; " +
        "it is in .: is that the context?\n",
    );
  });
});

test("what leads out of the context is cut off", () => {
  const text = "FROM alpine\nCOPY ../scripts/a.sh /\n";
  within({ "scripts/a.sh": "", "tools/Dockerfile": text }, (directory) => {
    assert.equal(layerwise(directory, ["tools", "--context", "."]).err, "");
  });
});

test("links, pipes and what may not be read do not end a search", { skip: process.platform === "win32" }, () => {
  within({ ...project("a"), "b/Dockerfile": SCRATCH }, (directory) => {
    symlinkSync("..", join(directory, "a/up"));
    symlinkSync("loop", join(directory, "loop"));
    symlinkSync("Dockerfile", join(directory, "b/Dockerfile.same"));
    execFileSync("mkfifo", [join(directory, "Dockerfile")]);
    assert.deepEqual(told(directory, ["."]), ["a/Dockerfile", "b/Dockerfile", "b/Dockerfile.same"]);
    const { code, err } = layerwise(directory, ["loop", "Dockerfile", "b"]);
    assert.equal(code, 2);
    assert.match(err, /^layerwise: ELOOP.*\nlayerwise: Dockerfile is no regular file; a pipe is read as "-"\n$/);
    if (process.getuid() === 0) return;
    chmodSync(join(directory, "b/Dockerfile"), 0);
    assert.match(layerwise(directory, ["."]).err, /EACCES/);
  });
});

test("a lock file that lies in a directory above is told", () => {
  const text = "FROM node\nCOPY . .\nRUN npm ci\n";
  const files = { "package-lock.json": "{}", "packages/api/package.json": "{}", "packages/api/Dockerfile": text };
  const told = "layerwise: package-lock.json is not in the context packages/api of packages/api/Dockerfile; it is in .: is that the context? --context names it\n";
  within(files, (directory) => {
    for (const args of [["packages/api", "--context", "packages/api"], ["packages/api"]]) assert.equal(layerwise(directory, args).err, told);
    assert.equal(layerwise(directory, ["packages/api", "--quiet"]).err, "");
    // Near misses: in the right context, and left out of it.
    assert.equal(layerwise(directory, ["packages/api", "--context", "."]).err, "");
  });
  within({ ...files, "packages/api/package-lock.json": "{}", "packages/api/.dockerignore": "package-lock.json\n" }, (directory) => {
    assert.equal(layerwise(directory, ["packages/api", "--context", "packages/api"]).err, "");
  });
});
