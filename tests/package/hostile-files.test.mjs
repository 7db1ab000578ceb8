// Repositories that are made to do harm: what lies where a file is expected is never waited for, and
// what can be read is told all the same.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { asNobody, layerwise, within } from "./command-line.mjs";
import { COPY_FIRST } from "./dockerfiles.mjs";

const skip = process.platform === "win32";

const PROJECT = { "app/Dockerfile": COPY_FIRST, "app/requirements.txt": "flask\n", "app/run.py": "" };

const COMPOSE = "services:\n  app:\n    build: app\n";

/** Where layerwise reads something by its name. */
const NAMES = [
  ".dockerignore", ".env", ".git", ".github/workflows/a.yml", ".gitignore", "Dockerfile", "Makefile",
  "app/.dockerignore", "app/Dockerfile.dockerignore", "app/package.json", "app/requirements.txt",
  "compose.override.yaml", "compose.yaml", "docker-bake.hcl", "docker-bake.json", "package.json",
];

/** What may lie there instead of a file. */
const IN_PLACE_OF_FILES = {
  "a pipe": (path) => execFileSync("mkfifo", [path]),
  "an endless device": (path) => symlinkSync("/dev/zero", path),
  "a terminal": (path) => symlinkSync("/dev/tty", path),
  "a link to itself": (path) => symlinkSync(path, path),
  "a link to nothing": (path) => symlinkSync("nothing", path),
  "a link to the directory above": (path) => symlinkSync("..", path),
  "a directory": (path) => mkdirSync(path),
};

function put(make, path) {
  rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  make(path);
}

/** The findings of a run over the whole directory, as lines. */
function told(directory, options) {
  const { code, out, err } = layerwise(directory, ["--quiet"], options);
  return { code, out: out.split("\n").slice(0, -1), err };
}

for (const [what, make] of Object.entries(IN_PLACE_OF_FILES)) {
  test(`${what} where a file is expected`, { skip }, () => {
    within({ ...PROJECT, "compose.yml": COMPOSE }, (directory) => {
      for (const name of NAMES) put(make, join(directory, name));
      const { code, out, err } = told(directory);
      assert.deepEqual([code, err], [1, ""]);
      assert.match(out.join("\n"), /^app\/Dockerfile:3:1: warning/);
    });
  });
}

test("a socket where a file is expected", { skip }, async () => {
  const servers = [];
  const files = { ...PROJECT, "compose.yml": COMPOSE };
  const listening = within(files, (directory) => {
    // Paths of sockets are short; one that is listened to stays until it is closed.
    const socket = join(directory, "s");
    servers.push(createServer().listen(socket));
    assert.ok(statSync(socket).isSocket());
    for (const name of NAMES.filter((name) => !name.includes("/"))) put((path) => symlinkSync(socket, path), join(directory, name));
    const { code, out } = told(directory);
    return { code, out };
  });
  for (const server of servers) server.close();
  assert.equal(listening.code, 1);
  assert.match(listening.out[0], /^app\/Dockerfile:3:1: warning/);
});

/** What is named by itself and is no file that can be read: one sentence each. */
const NAMED = [
  ["a pipe", (path) => execFileSync("mkfifo", [path]), /^layerwise: named is no regular file; a pipe is read as "-"\n$/],
  ["a device", (path) => symlinkSync("/dev/zero", path), /^layerwise: named is no regular file; a pipe is read as "-"\n$/],
  ["a link to itself", (path) => symlinkSync(path, path), /^layerwise: ELOOP: [^\n]*\n$/],
  ["a link to nothing", (path) => symlinkSync("nothing", path), /^layerwise: there is no file named\n$/],
];

for (const [what, make, sentence] of NAMED) {
  test(`${what} that is named`, { skip }, () => {
    within({}, (directory) => {
      make(join(directory, "named"));
      const { code, out, err } = layerwise(directory, ["named"]);
      assert.deepEqual([code, out], [2, ""]);
      assert.match(err, sentence);
    });
  });
}

test("options that name no file", { skip }, () => {
  within({ ...PROJECT, "x.Dockerfile": COPY_FIRST }, (directory) => {
    execFileSync("mkfifo", [join(directory, "pipe")]);
    symlinkSync("/dev/zero", join(directory, "endless"));
    for (const name of ["pipe", "endless"]) {
      for (const args of [["--config", name], ["--baseline", name]]) {
        const { code, err } = layerwise(directory, [...args, "app"]);
        assert.equal(code, 2);
        assert.match(err, new RegExp(`^layerwise: ${name} is no regular file\n$`), args.join(" "));
      }
    }
    put((path) => execFileSync("mkfifo", [path]), join(directory, "layerwise.json"));
    assert.match(layerwise(directory, ["app"]).err, /^layerwise: layerwise\.json is no regular file\n$/);
  });
});

test("links that go around and around", { skip }, () => {
  within(PROJECT, (directory) => {
    for (const [target, path] of [["..", "app/up"], ["b", "a"], ["a", "b"], [".", "app/here"], ["app", "again"]]) symlinkSync(target, join(directory, path));
    assert.deepEqual(told(directory).out.length, 1);
    assert.equal(layerwise(directory, ["app/up/app/up/app"]).code, 1);
  });
});

test("files and directories that may not be read", { skip }, () => {
  const unreadable = {
    "app/.dockerignore": /^layerwise: EACCES: .*app\/\.dockerignore'\n/,
    "app/package.json": /^$/,
    "app/lib": /^$/,
    "compose.yaml": /^$/,
    "package.json": /^$/,
    "Makefile": /^$/,
    "other/Dockerfile": /^layerwise: EACCES: .*other\/Dockerfile'\n/,
    "layerwise.json": /^layerwise: EACCES: .*layerwise\.json'\n/,
  };
  for (const [path, sentence] of Object.entries(unreadable)) {
    within({ ...PROJECT, [path === "app/lib" ? "app/lib/a" : path]: "{}" }, (directory) => {
      chmodSync(directory, 0o755);
      chmodSync(join(directory, path), 0);
      const { code, out, err } = told(directory, asNobody(directory));
      assert.match(err, sentence, path);
      assert.equal(code, sentence.source === "^$" ? 1 : 2, path);
      if (path.startsWith("other/") || sentence.source === "^$") assert.equal(out.length, 1, path);
    });
  }
});

/** Texts that cost a reader more than they weigh; none may take longer than the others. */
const COSTLY = {
  "compose.yaml": {
    "aliases that name each other": ["a: &a [1]", ...Array.from({ length: 40 }, (_, at) => `x${at}: &b${at} [*${at ? `b${at - 1}` : "a"}, *${at ? `b${at - 1}` : "a"}]`), COMPOSE].join("\n"),
    "brackets 100,000 deep": `x: ${"[".repeat(100_000)}\n${COMPOSE}`,
    "defaults 10,000 deep": `services:\n  a:\n    build: ${"${A:-".repeat(10_000)}${"}".repeat(10_000)}\n`,
    "a name that every object has": "services:\n  constructor:\n    build: {context: '${constructor}', args: {__proto__: a}}\n",
  },
  ".env": {
    "variables that double": `A=xxxxxxxxxx\n${Array.from({ length: 60 }, (_, at) => `${"A".repeat(at + 2)}=$${"A".repeat(at + 1)}$${"A".repeat(at + 1)}`).join("\n")}\n`,
    "half a megabyte of blanks": `A=a${" ".repeat(500_000)}b${" ".repeat(500_000)}\n`,
  },
  Makefile: {
    "variables that name each other": `${Array.from({ length: 20 }, (_, at) => `V${at} = ${`$(V${at + 1}) `.repeat(40)}`).join("\n")}\nall:\n\tdocker build $(V0)\n`,
    "expansions that do not end": `all:\n\tdocker build ${"${".repeat(200_000)}\n`,
    "half a megabyte of line breaks": `export\n${"\n".repeat(500_000)}`,
  },
  "docker-bake.hcl": {
    "half a megabyte of line breaks": "\n".repeat(500_000),
    "a target that is an option": 'target "--help" {}\n',
  },
  ".github/workflows/a.yml": {
    "a matrix of many": `jobs:\n  a:\n    strategy:\n      matrix:\n${"abcdefgh".split("").map((name) => `        ${name}: [${"1,".repeat(10_000)}1]\n`).join("")}    steps: [{run: 'docker build \${{ matrix.constructor.name }}'}]\n`,
  },
  ".gitignore": {
    "wildcards that match in many ways": `${"*a".repeat(40)}\n${"**/a/".repeat(30)}b\n`,
  },
  "package.json": {
    "a script of a megabyte": JSON.stringify({ scripts: { a: `docker build ${"`a ".repeat(300_000)}` } }),
    "a configuration 10,000 deep": `{"layerwise":${'{"overrides":['.repeat(10_000)}`,
  },
};

for (const [path, texts] of Object.entries(COSTLY)) {
  for (const [what, text] of Object.entries(texts)) {
    test(`${path}: ${what}`, () => {
      const name = `${"a".repeat(200)}c.Dockerfile`;
      const files = { ...PROJECT, [`${"a/".repeat(60)}Dockerfile`]: "FROM scratch\n", [name]: "FROM scratch\n" };
      within({ ...files, "compose.yml": COMPOSE, [path]: text }, (directory) => {
        const { out } = told(directory, { env: { PATH: dirname(process.execPath) } });
        assert.match(out.join("\n"), /^app\/Dockerfile:3:1: warning/m);
      });
    });
  }
}

test("a glob of a configuration that matches in many ways is refused", () => {
  const refused = `the glob \`${"*a".repeat(40)}\` has too many wildcards: at most 2 between slashes, and 8 in all`;
  for (const configuration of [{ ignore: ["*a".repeat(40)] }, { overrides: [{ files: ["*a".repeat(40)] }] }]) {
    within({ ...PROJECT, "layerwise.json": JSON.stringify(configuration) }, (directory) => {
      const { code, err } = layerwise(directory, ["app"]);
      assert.deepEqual([code, err], [2, `layerwise: layerwise.json:1: ${refused}\n`]);
    });
  }
  const right = { ignore: ["legacy/**", "**/*.test.*", "{a,b}/**/x-?.Dockerfile"] };
  within({ ...PROJECT, "layerwise.json": JSON.stringify(right) }, (directory) => {
    assert.equal(layerwise(directory, ["app"]).code, 1);
  });
});

test("a configuration that is nested too deep is told", () => {
  within({ ...PROJECT, "layerwise.json": `${'{"x":'.repeat(20_000)}1${"}".repeat(20_000)}` }, (directory) => {
    const { code, err } = layerwise(directory, ["app"]);
    assert.equal(code, 2);
    assert.match(err, /^layerwise: layerwise\.json:1: there is no key `x`; the nearest is /);
  });
});

test("a .dockerignore that is far too large is told", () => {
  within({ ...PROJECT, "app/.dockerignore": "a\n".repeat(600_000) }, (directory) => {
    const { code, err } = layerwise(directory, ["app"]);
    assert.deepEqual([code, err], [2, "layerwise: app/.dockerignore is too large for a list of patterns\n"]);
  });
});

test("a manifest that is a link out of the context is not read", { skip }, () => {
  const text = "FROM node\nCOPY . .\nRUN npm ci\n";
  const secret = '{"scripts":{"postinstall":"secret.sh"}}';
  const files = { "outside.json": secret, "app/Dockerfile": text, "app/package-lock.json": "{}", "app/inside.json": secret };
  const out = (target) => within(files, (directory) => {
    symlinkSync(target, join(directory, "app/package.json"));
    return layerwise(directory, ["--json", "--context", "app", "app"]).out;
  });
  assert.doesNotMatch(out("../outside.json"), /secret\.sh/);
  assert.match(out("inside.json"), /secret\.sh/);
});
