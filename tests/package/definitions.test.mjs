// The files that define builds: what is read of each kind.

import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
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
import { plain, told } from "./definitions.mjs";

const SCRATCH = "FROM scratch\n";

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
    writeFileSync(join(directory, "bin/docker"), "#!/bin/sh\necho \"unknown shorthand flag: 'f' in -f\" >&2\nexit 125\n");
    assert.match(run(`${join(directory, "bin")}${delimiter}/bin`).err, /--print`, and docker has no buildx here: install its plugin\n/);
    writeFileSync(join(directory, "bin/docker"), "#!/bin/sh\necho no\n");
    assert.match(run(`${join(directory, "bin")}${delimiter}/bin`).err, /which printed no JSON\n/);
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
