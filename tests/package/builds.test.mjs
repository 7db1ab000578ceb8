// Which build is it: contexts, targets and arguments as the files of a repository define them.

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { bakeBuilds } from "../../pkg-template/cli/definitions/bake.js";
import { commandBuilds } from "../../pkg-template/cli/definitions/commands.js";
import { composeBuilds } from "../../pkg-template/cli/definitions/compose.js";
import { withDotenv } from "../../pkg-template/cli/definitions/dotenv.js";
import { interpolate } from "../../pkg-template/cli/definitions/interpolation.js";
import { makefileBuilds } from "../../pkg-template/cli/definitions/scripts.js";
import { workflowBuilds } from "../../pkg-template/cli/definitions/workflow.js";
import { layerwise, within } from "./command-line.mjs";
import { COPY_FIRST, MANIFEST_FIRST } from "./dockerfiles.mjs";

const SCRATCH = "FROM scratch\n";

/** The builds that the command line tells, without their reports. */
function told(directory, args = []) {
  const { out } = layerwise(directory, ["--json", ...args]);
  return JSON.parse(out).builds.map(({ report, applied, ...build }) => build);
}

/** What a reader of definitions found, with paths relative to `directory`. */
function plain(builds, directory) {
  const inside = (path) => path === null ? null : path.replace(directory, "").replace(/^\//, "");
  return builds.map(({ context, dockerfile, target, args, contexts }) => ({
    context: inside(context),
    dockerfile: inside(dockerfile),
    ...(target !== undefined && { target }),
    ...(Object.keys(args).length > 0 && { args }),
    ...(Object.keys(contexts).length > 0 && { contexts }),
  }));
}

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

test("compose: forms of build", () => {
  const cases = {
    "build: api": { context: "api", dockerfile: "api/Dockerfile" },
    "build: {dockerfile: x.Dockerfile}": { context: "", dockerfile: "x.Dockerfile" },
    "build: {context: ./api, dockerfile: ../x, target: dev}": { context: "api", dockerfile: "x", target: "dev" },
    "build: {context: api, args: {A: 1, B: '$X', C: }}": { context: "api", dockerfile: "api/Dockerfile", args: { A: "1", B: "x" } },
    "build: {context: api, args: [A=1, 'B=a=b', X, Y]}": { context: "api", dockerfile: "api/Dockerfile", args: { A: "1", B: "a=b", X: "x" } },
    "build: {context: '${NONE:-api}'}": { context: "api", dockerfile: "api/Dockerfile" },
    "build: {context: '${NONE}/api'}": { context: null, dockerfile: null },
    "build: {context: api, target: '${NONE}'}": { context: "api", dockerfile: "api/Dockerfile", target: null },
    "build: https://example.org/a.git": { context: null, dockerfile: null },
    "build: git@example.org:a": { context: null, dockerfile: null },
    "build: {context: api, additional_contexts: {base: ../base}}": { context: "api", dockerfile: "api/Dockerfile", contexts: { base: "../base" } },
    "build: {context: api, additional_contexts: ['base=docker-image://a']}": { context: "api", dockerfile: "api/Dockerfile", contexts: { base: "docker-image://a" } },
    "profiles: [debug]\n    build: api": { context: "api", dockerfile: "api/Dockerfile" },
    "image: x": undefined,
    "build: [a, b]": undefined,
  };
  for (const [text, expected] of Object.entries(cases)) {
    within({ "compose.yaml": `services:\n  a:\n    ${text}\n` }, (directory) => {
      const builds = composeBuilds(join(directory, "compose.yaml"), { X: "x" });
      assert.deepEqual(plain(builds, directory), expected === undefined ? [] : [expected], text);
    });
  }
});

test("compose: extends, include, overrides, anchors and .env", () => {
  const files = {
    ".env": "# paths\nexport WHERE=api # the new one\nDEEP='$WHERE'\nBOTH=\"${WHERE}/x\"\nBAD LINE\n",
    "compose.yaml":
      "include: [more/compose.yaml, {path: other.yml, project_directory: elsewhere}]\n" +
      "x-build: &build {context: shared, args: {A: a}}\n" +
      "services:\n" +
      "  env: {build: {context: '$WHERE'}}\n" +
      "  anchored: {build: {<<: *build, target: t}}\n" +
      "  extended: {extends: {file: base/common.yaml, service: common}, build: {target: own, args: {B: b}}}\n" +
      "  here: {extends: env}\n" +
      "  round: {extends: round}\n",
    "base/common.yaml": "services:\n  common:\n    build: {context: ., target: base, args: {A: a, B: a}}\n",
    "more/compose.yaml": "services:\n  more: {build: .}\n",
    "other.yml": "services:\n  other: {build: ./c}\n",
    "compose.override.yaml": "services:\n  env: {build: {args: {A: over}}}\n  new: {build: n}\n",
    "compose.dev.yaml": "services:\n  env: {build: {target: dev}}\n  alone: {build: {context: d}}\n",
  };
  within(files, (directory) => {
    const of = (file) => plain(composeBuilds(join(directory, file), {}), directory);
    const at = (context, rest) => ({ context, dockerfile: `${context}/Dockerfile`, ...rest });
    assert.deepEqual(of("compose.yaml"), [
      at("more"),
      at("elsewhere/c"),
      at("api"),
      at("shared", { target: "t", args: { A: "a" } }),
      at("base", { target: "own", args: { A: "a", B: "b" } }),
      at("api"),
    ]);
    assert.deepEqual(of("compose.override.yaml"), [at("api", { args: { A: "over" } }), at("n")]);
    assert.deepEqual(of("compose.dev.yaml"), [at("api", { target: "dev" }), at("d")]);
    const variables = withDotenv(join(directory, ".env"), { GIVEN: "1" });
    assert.deepEqual(variables, { GIVEN: "1", WHERE: "api", DEEP: "$WHERE", BOTH: "api/x" });
  });
});

test("compose: variables", () => {
  const variables = { A: "a", EMPTY: "" };
  for (const [text, expected] of [
    ["$A-${A}", "a-a"], ["$$A", "$A"], ["${B-x}${B:-${A}}", "xa"], ["${EMPTY-x}", ""], ["${EMPTY:-x}", "x"],
    ["${A:+y}${B+y}", "y"], ["$B", undefined], ["${B:?no}", undefined], ["${A:?no}", "a"], ["${A", undefined],
    ["100$", "100$"], ["${A%x}", undefined], ["$EMPTY", ""],
  ]) {
    assert.equal(interpolate(text, variables), expected, text);
  }
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
    "empty.compose.yaml": "services:\n  a: {image: x}\n  b:\n    build: {}\n    x: 1\n",
    "a/Dockerfile": SCRATCH,
    "b/Dockerfile": SCRATCH,
  };
  within(files, (directory) => {
    assert.deepEqual(told(directory, ["compose.yaml"]).map(({ dockerfile }) => dockerfile), ["a/Dockerfile"]);
    const { code, err } = layerwise(directory, ["compose.yaml"]);
    assert.equal(code, 2);
    assert.equal(err, "layerwise: compose.yaml, service none, builds none/Dockerfile, and there is no such file\n");
    assert.match(layerwise(directory, ["images.yaml"]).err, /images\.yaml is no Dockerfile/);
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

test("bake: JSON", () => {
  const file = {
    variable: { V: { default: "3" } },
    group: { default: { targets: ["api"] } },
    target: {
      base: { args: { A: "a", B: "${V}" }, target: "run" },
      api: { inherits: ["base"], context: "api", args: { A: "own", C: "${lower(V)}", D: "$${V}" } },
      root: { dockerfile: "x.Dockerfile", contexts: { y: "z" } },
      remote: { context: "https://example.org/a.git" },
    },
  };
  const files = {
    "docker-bake.json": JSON.stringify(file),
    "docker-bake.override.json": JSON.stringify({ target: { root: { target: "over" } } }),
    "api/Dockerfile": "ARG A\nFROM scratch\n",
    "ci/docker-bake.json": JSON.stringify({ target: { a: { context: "api" } } }),
  };
  within(files, (directory) => {
    const builds = plain(bakeBuilds(join(directory, "docker-bake.json"), directory), directory);
    assert.deepEqual(builds, [
      { context: "", dockerfile: "Dockerfile", target: "run", args: { A: "a", B: "3" } },
      { context: "api", dockerfile: "api/Dockerfile", target: "run", args: { A: "own", B: "3", D: "${V}" } },
      { context: "", dockerfile: "x.Dockerfile", target: "over", contexts: { y: "z" } },
      { context: null, dockerfile: null },
    ]);
    // Run from the root, where the Dockerfile is.
    assert.deepEqual(plain(bakeBuilds(join(directory, "ci/docker-bake.json"), directory), directory), [
      { context: "api", dockerfile: "api/Dockerfile" },
    ]);
  });
});

test("bake: HCL is read by docker, and a sentence says where that is not", { skip: process.platform === "win32" }, () => {
  const hcl = 'variable "V" {}\ntarget "api" {\n  context = "api"\n}\n';
  const printed = JSON.stringify({ target: { api: { context: "api", dockerfile: "Dockerfile", target: "${run}" } } });
  const docker = `#!/bin/sh\n[ "$*" = "buildx bake -f docker-bake.hcl --print api" ] || { echo "#1 reading\nERROR: no\nhint" >&2; exit 1; }\necho '${printed}'\n`;
  const files = { "docker-bake.hcl": hcl, "api/Dockerfile": "FROM scratch AS run\n", "bin/docker": docker, "empty/x": "" };
  within(files, (directory) => {
    chmodSync(join(directory, "bin/docker"), 0o755);
    const run = (path, args = ["docker-bake.hcl"]) => layerwise(directory, args, { env: { PATH: path } });
    const found = run(`${join(directory, "bin")}${delimiter}/bin${delimiter}/usr/bin`, ["--json", "api"]);
    assert.match(found.out, /"context": "api",\n\s*"learntFrom": "bake",\n\s*"target": "\$\{run\}"/);
    // A target that the file has not is an error of the file that names it.
    assert.match(found.out, /target stage `\$\{run\}` could not be found/);
    const none = run(join(directory, "empty"));
    assert.equal(none.code, 2);
    assert.match(none.err, /^layerwise: the builds of docker-bake\.hcl are not known: it is read by `docker buildx bake --print`, which cannot be run here \(ENOENT\)\n/);
    // Where it is only found, its sentence is no failure.
    assert.match(run(join(directory, "empty"), ["api"]).err, /^layerwise: the builds of docker-bake\.hcl are not known/);
    assert.equal(run(join(directory, "empty"), ["api"]).code, 0);
    writeFileSync(join(directory, "docker-bake.hcl"), `${hcl}target "b" {}\n`);
    assert.match(run(`${join(directory, "bin")}${delimiter}/bin`).err, /which says: ERROR: no\n/);
  });
});

test("workflows: build-push-action and docker build", () => {
  const workflow = `
env: {DIR: services}
jobs:
  images:
    strategy:
      matrix:
        name: [api, web]
        include: [{name: api, target: run}, {name: job, target: all}]
    steps:
      - uses: docker/build-push-action@v6
        with:
          context: \${{ env.DIR }}/\${{ matrix.name }}
          target: \${{ matrix.target }}
          build-args: |
            NAME=\${{ matrix.name }}
            SECRET=\${{ secrets.X }}
      - uses: actions/checkout@v4
  root:
    defaults: {run: {working-directory: services}}
    steps:
      - uses: docker/build-push-action@v6
      - uses: docker/build-push-action@v6
        with: {file: docker/Dockerfile, context: "{{defaultContext}}:docker"}
      - uses: docker/build-push-action@v6
        with: {context: "https://example.org/a.git"}
      - run: |
          # docker build nothing
          docker build -t "x:$TAG" --target dev \\
            --build-arg A=1 -f api/Dockerfile api
          cd web && docker buildx build --load . ; echo done
      - run: docker build \${{ github.workspace }}
        working-directory: web
`;
  within({ ".github/workflows/ci.yml": workflow }, (directory) => {
    const builds = plain(workflowBuilds(join(directory, ".github/workflows/ci.yml"), directory), directory);
    const at = (context, rest) => ({ context, dockerfile: join(context, "Dockerfile"), ...rest });
    assert.deepEqual(builds, [
      at("services/api", { target: "run", args: { NAME: "api" } }),
      at("services/web", { target: null, args: { NAME: "web" } }),
      at("services/job", { target: "all", args: { NAME: "job" } }),
      at(""),
      { context: "docker", dockerfile: "docker/Dockerfile" },
      { context: null, dockerfile: null },
      { context: "services/api", dockerfile: "services/api/Dockerfile", target: "dev", args: { A: "1" } },
      at("services/web"),
    ]);
  });
});

test("commands: what builds, and what does not", () => {
  const of = (text) => plain(commandBuilds(text, "/r", { KNOWN: "k" }), "/r");
  for (const [text, context, dockerfile] of [
    ["docker build .", "", "Dockerfile"],
    ["sudo DOCKER_BUILDKIT=1 docker build -q -f 'a b/Dockerfile' .", "", "a b/Dockerfile"],
    ["docker build -fx.Dockerfile -t a:b c", "c", "x.Dockerfile"],
    ["docker build --file=$KNOWN/Dockerfile --pull --cache-from x .", "", "k/Dockerfile"],
    ["docker build -f $UNKNOWN/Dockerfile .", "", null],
    ["docker build \"${UNKNOWN:-x}\"", null, null],
    ["podman build a && buildah bud b", "a", "a/Dockerfile"],
    ["cd a; docker build ../b", "b", "b/Dockerfile"],
    ["cd $(mktemp -d); docker build .", null, null],
    ["docker build https://example.org/a.git", null, null],
  ]) {
    assert.deepEqual({ ...of(text)[0] }, { context, dockerfile }, text);
  }
  for (const text of ["docker build - < Dockerfile", "docker run build .", "echo 'docker build .'", "# docker build .", "docker build", "docker ps"]) {
    assert.deepEqual(of(text), [], text);
  }
});

test("Makefiles and the scripts of package.json are read", () => {
  const makefile = "DIR ?= services\nAPI := $(DIR)/api\nbuild:\n\t@docker build -f $(API)/Dockerfile \\\n\t\t--target $(shell cat x) $(DIR)\n\techo $$HOME\n";
  const files = {
    Makefile: makefile,
    "package.json": JSON.stringify({ scripts: { image: "docker build -f web/Dockerfile .", a: 1 } }),
    "services/api/Dockerfile": "FROM scratch AS a\n",
    "web/Dockerfile": SCRATCH,
  };
  within(files, (directory) => {
    assert.deepEqual(plain(makefileBuilds(join(directory, "Makefile")), directory), [
      { context: "services", dockerfile: "services/api/Dockerfile", target: null },
    ]);
    assert.deepEqual(told(directory), [
      { dockerfile: "services/api/Dockerfile", context: "services", learntFrom: "workflow" },
      { dockerfile: "web/Dockerfile", context: ".", learntFrom: "workflow" },
    ]);
    assert.match(layerwise(directory, ["web"]).out, /^context: \. \(as package\.json, script image, says\)\n/);
    assert.match(layerwise(directory, ["services"]).out, /^context: services \(as Makefile says\)\n/);
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
  const files = { "package.json": "{}", "package-lock.json": "{}", "x.js": "", "a.mk": "b:\n\tdocker build --target dev .\n" };
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
    assert.equal(layerwise(directory, []).code, 0);
  });
});
