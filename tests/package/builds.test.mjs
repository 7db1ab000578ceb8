// Which build is it: contexts, targets and arguments as the files of a repository define them.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { layerwise, within } from "./command-line.mjs";
import { told } from "./definitions.mjs";
import { COPY_FIRST, MANIFEST_FIRST } from "./dockerfiles.mjs";

const SCRATCH = "FROM scratch\n";

test("the context is that of the compose file, and a fix is safe in it", () => {
  const files = {
    "compose.yaml": "services:\n  api:\n    build:\n      context: .\n      dockerfile: packages/api/Dockerfile\n",
    "requirements.txt": "flask\n",
    "run.py": "",
    "packages/api/Dockerfile": COPY_FIRST,
    "packages/api/requirements.txt": "",
  };
  within(files, (directory) => {
    assert.deepEqual(told(directory), [
      { dockerfile: "packages/api/Dockerfile", context: ".", learntFrom: "compose" },
    ]);
    const { out } = layerwise(directory, ["packages/api"]);
    assert.match(out, /\ncontext: \. \(as compose\.yaml, service api, says\)\n/);
    assert.match(out, /\n1 safe fix: --fix applies it\n/);
    // What is named goes before what is defined.
    assert.equal(told(directory, ["--context", "packages/api"])[0].learntFrom, "option");
  });
});

test("compose: a file that is wrong or hostile says nothing, or one sentence", () => {
  const bomb = ["a0: &a0 [x, x]", ...Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)].join("\n");
  const files = {
    "Dockerfile": SCRATCH,
    "compose.yaml": "services:\n  a:\n    build: [\n",
    "b.yaml": `${bomb}\nservices:\n  a:\n    build: .\n`,
    "loop.yaml": "include: [loop2.yaml]\n",
    "loop2.yaml": "include: [loop.yaml]\nservices:\n  a:\n    build: .\n",
  };
  within(files, (directory) => {
    const { code, err } = layerwise(directory, ["--verbose"]);
    assert.equal(code, 0);
    assert.match(err, /^layerwise: compose\.yaml is no YAML: .*$/m);
    assert.match(err, /^layerwise: b\.yaml cannot be read: .*$/m);
    assert.equal(layerwise(directory, []).err, "");
    const named = layerwise(directory, ["compose.yaml"]);
    assert.equal(named.code, 2);
    assert.match(named.err, /^layerwise: compose\.yaml is no YAML/);
  });
});

test("several builds of one Dockerfile: a fix must be right for all", () => {
  const compose = "services:\n  a: {build: {context: a, dockerfile: ../Dockerfile}}\n  b: {build: {context: b, dockerfile: ../Dockerfile}}\n";
  const shared = { "compose.yaml": compose, "Dockerfile": COPY_FIRST };
  const project = (name) => ({ [`${name}/requirements.txt`]: "flask\n", [`${name}/run.py`]: "" });
  within({ ...shared, ...project("a"), ...project("b") }, (directory) => {
    assert.deepEqual(told(directory).map(({ context }) => context), ["a", "b"]);
    // What is the same is told once.
    const { out } = layerwise(directory, []);
    assert.equal(out.match(/^warning/gm).length, 1);
    assert.match(out, /\ncontext: a \(as .*\)\ncontext: b \(as .*\)\nDockerfile: 1 issue\n/);
    assert.match(out, /\n2 builds of 1 Dockerfile: 1 issue\n1 safe fix: --fix applies it\n/);
    assert.equal(layerwise(directory, ["--fix"]).code, 0);
    assert.equal(readFileSync(join(directory, "Dockerfile"), "utf8"), MANIFEST_FIRST);
  });
  // Near miss: in one of them the fix would break the build.
  within({ ...shared, ...project("a"), "b/run.py": "" }, (directory) => {
    const { code, err } = layerwise(directory, ["--fix"]);
    assert.equal(code, 2);
    assert.equal(err, "layerwise: Dockerfile: 1 fix is not right for all of its 2 builds, and not written\n");
    assert.equal(readFileSync(join(directory, "Dockerfile"), "utf8"), COPY_FIRST);
  });
});

test("targets and arguments reach the core, each build once", () => {
  const text = "ARG V=1\nFROM python:$V AS dev\nADD . /app\nRUN pip install -r /app/requirements.txt\nFROM scratch\nCOPY --from=dev /app /app\n";
  const compose =
    "services:\n  a: {build: {context: ., target: dev, args: {V: 3, OTHER: 1}}}\n" +
    "  b: {build: {context: ., target: dev, args: {V: 3, OTHER: 2}}}\n  c: {build: .}\n";
  within({ "compose.yaml": compose, Dockerfile: text, "requirements.txt": "" }, (directory) => {
    assert.deepEqual(told(directory), [
      { dockerfile: "Dockerfile", context: ".", learntFrom: "compose", target: "dev" },
      { dockerfile: "Dockerfile", context: ".", learntFrom: "compose" },
    ]);
    const { builds: [{ report }] } = JSON.parse(layerwise(directory, ["--json"]).out);
    assert.equal(report.stages[0].base, "python:3");
    assert.match(layerwise(directory, []).out, /\ncontext: \., target dev \(as compose\.yaml, service a, says\)\n/);
    assert.deepEqual(told(directory, ["--target", "1"]).map(({ target }) => target), ["1", "1"]);
    const wrong = layerwise(directory, ["--target", "none"]);
    assert.equal(wrong.code, 2);
  });
});

test("a context that takes the place of a stage keeps fixes from being written", () => {
  const compose = (name) => `services:\n  a: {build: {context: ., additional_contexts: {${name}: ./base}}}\n`;
  const files = { Dockerfile: COPY_FIRST, "requirements.txt": "", "run.py": "" };
  within({ ...files, "compose.yaml": compose("'python:3.13'") }, (directory) => {
    const { code, err } = layerwise(directory, ["--fix"]);
    assert.equal(code, 2);
    assert.equal(err, "layerwise: Dockerfile is left alone: by compose.yaml, service a, another context takes the place of python:3.13\n");
  });
  within({ ...files, "compose.yaml": compose("other") }, (directory) => {
    assert.equal(layerwise(directory, ["--fix"]).code, 0);
  });
});

test("a Dockerfile in a compose file is analysed and not written", () => {
  const inline = COPY_FIRST.replace("CMD", "# $$$$x\nCMD").replaceAll(/^/gm, "        ").trimEnd();
  const compose = `services:\n  api:\n    build:\n      dockerfile_inline: |\n${inline}\n`;
  within({ "sub/compose.yaml": compose, "sub/requirements.txt": "", "sub/run.py": "" }, (directory) => {
    const { code, out } = layerwise(directory, []);
    assert.equal(code, 1);
    assert.match(out, /--> sub\/compose\.yaml, service api:3:1\n/);
    assert.match(out, /\ncontext: sub \(as sub\/compose\.yaml, service api, says\)\n/);
    assert.match(out, /\n # \$x\n/);
    const fixed = layerwise(directory, ["--fix=assumed", "sub/compose.yaml"]);
    assert.equal(fixed.code, 2);
    assert.match(fixed.err, /^layerwise: sub\/compose\.yaml, service api: what it would be is shown without --fix, to be put into sub\/compose\.yaml by hand\n/);
    assert.equal(readFileSync(join(directory, "sub/compose.yaml"), "utf8"), compose);
  });
  // Near miss: a variable that has no value here.
  within({ Dockerfile: SCRATCH, "compose.yaml": compose.replace("$$x", "$NONE") }, (directory) => {
    assert.deepEqual(told(directory).map(({ dockerfile }) => dockerfile), ["Dockerfile"]);
    assert.match(layerwise(directory, ["--verbose"]).err, /^layerwise: compose\.yaml, service api, builds a Dockerfile that is not known here\n/);
  });
});

test("a compose file that is named means its builds", () => {
  const files = {
    "compose.yaml": "services:\n  a: {build: a}\n  none: {build: none}\n",
    "images.yaml": "services:\n  a: {image: x}\n",
    "empty.compose.yaml": "services:\n  a: {image: x}\n  b:\n    build: []\n",
    "a/Dockerfile": SCRATCH,
    "b/Dockerfile": SCRATCH,
  };
  within(files, (directory) => {
    assert.deepEqual(told(directory, ["compose.yaml"]).map(({ dockerfile }) => dockerfile), ["a/Dockerfile"]);
    const { code, err } = layerwise(directory, ["compose.yaml"]);
    assert.equal(code, 2);
    assert.equal(err, "layerwise: compose.yaml, service none, builds none/Dockerfile, and there is no such file\n");
    assert.match(layerwise(directory, ["images.yaml"]).err, /images\.yaml is no Dockerfile/);
    assert.equal(layerwise(directory, ["empty.compose.yaml"]).err, "layerwise: empty.compose.yaml builds nothing\n");
  });
});

test("a Dockerfile of any name is found where a file of the repository builds it", () => {
  const files = {
    "compose.yaml": "services:\n  a: {build: {context: a, dockerfile: image.docker}}\n",
    "a/image.docker": SCRATCH,
    "b/Dockerfile": SCRATCH,
  };
  within(files, (directory) => {
    assert.deepEqual(told(directory).map(({ dockerfile }) => dockerfile), ["b/Dockerfile", "a/image.docker"]);
    assert.deepEqual(told(directory, ["a"]).map(({ dockerfile }) => dockerfile), ["a/image.docker"]);
  });
});

test("compose goes before bake, and bake before workflows", () => {
  const files = {
    Dockerfile: SCRATCH,
    "compose.yaml": "services:\n  a: {build: {context: ., args: {A: 1}}}\n",
    "docker-bake.json": JSON.stringify({ target: { a: {} } }),
    Makefile: "a:\n\tdocker build .\n\tdocker build -f Dockerfile sub\n\tdocker build -f Dockerfile none\n",
    "sub/x": "",
  };
  within(files, (directory) => {
    assert.deepEqual(told(directory).map(({ learntFrom, context }) => [learntFrom, context]), [["compose", "."], ["workflow", "sub"]]);
    assert.match(layerwise(directory, ["--verbose"]).err, /^layerwise: Makefile builds Dockerfile in a context that is not known here\n$/);
  });
});

test("a stage that somebody builds keeps its files", () => {
  const text = "FROM node AS dev\nWORKDIR /a\nCOPY . .\nRUN npm ci\nFROM dev\nRUN npm run build\n";
  const files = { "package.json": "{}", "package-lock.json": "{}", "x.js": "", ".dockerignore": "node_modules\n", "a.mk": "b:\n\tdocker build --target dev .\n" };
  within({ Dockerfile: text, ...files }, (directory) => {
    assert.deepEqual(told(directory).map(({ target }) => target), ["dev"]);
    // With a context of its own, the targets that others build are still known.
    const given = told(directory, ["--context", "."]);
    assert.deepEqual(given, [{ dockerfile: "Dockerfile", context: ".", learntFrom: "option" }]);
  });
});

test("names in definitions command no terminal", { skip: process.platform === "win32" }, () => {
  const name = "\x1b[2J\u009b2J";
  const quoted = JSON.stringify(name);
  const files = {
    [`${name}/compose.yaml`]: `services:\n  ${quoted}: {build: {context: ., dockerfile: ${quoted}, target: ${quoted}}}\n  b: {build: {context: ., dockerfile_inline: "FROM scratch\\nBAD\\n"}}\n`,
    [`${name}/${name}`]: COPY_FIRST,
    [`${name}/Makefile`]: `a:\n\tdocker build -f '${name}/none' ${quoted}\n`,
  };
  within(files, (directory) => {
    for (const args of [["."], [`${name}/compose.yaml`], ["--fix", "."], ["--verbose"], ["--json"]]) {
      const { out, err } = layerwise(directory, args);
      assert.doesNotMatch(out + err, /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/, args.join(" "));
    }
  });
});

test("definitions that are pipes or links in a circle are passed over", { skip: process.platform === "win32" }, () => {
  within({ Dockerfile: SCRATCH }, (directory) => {
    symlinkSync("compose.yaml", join(directory, "compose.yaml"));
    mkdirSync(join(directory, "Makefile"));
    execFileSync("mkfifo", [join(directory, "x.yaml")]);
    assert.equal(layerwise(directory, []).code, 0);
    assert.match(layerwise(directory, ["x.yaml"]).err, /^layerwise: x\.yaml is no regular file\n/);
  });
  const large = `services: {a: {build: .}}\n#${"x".repeat(2 ** 20)}\n`;
  within({ "large.yaml": large, "docker-bake.json": "{" }, (directory) => {
    assert.match(layerwise(directory, ["large.yaml"]).err, /^layerwise: large\.yaml is too large for a file that defines builds\n/);
    assert.match(layerwise(directory, ["docker-bake.json"]).err, /^layerwise: docker-bake\.json is no JSON: /);
  });
});

test("a workflow of a project that lies below is about that project", () => {
  const workflow = "jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with: {target: dev}\n";
  const files = { Dockerfile: "FROM scratch\n", "template/Dockerfile": "FROM scratch AS dev\n", "template/.github/workflows/ci.yml": workflow };
  within(files, (directory) => {
    assert.deepEqual(told(directory).map(({ dockerfile, target }) => [dockerfile, target]), [["Dockerfile", undefined], ["template/Dockerfile", "dev"]]);
  });
});
