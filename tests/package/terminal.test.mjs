// What is different on a terminal: its width, colours, and how far a long run is.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { within } from "./command-line.mjs";
import { COPY_FIRST, MANIFEST_FIRST } from "./dockerfiles.mjs";

const CLI = fileURLToPath(new URL("../../pkg/cli.cjs", import.meta.url));
const skip = spawnSync("script", ["--version"]).status !== 0 && "script of util-linux is not there";

/** What a terminal of so many columns is given, as lines; both outputs are it. */
function shownOn(columns, cwd, args) {
  const command = `stty cols ${columns} rows 40; '${process.execPath}' '${CLI}' ${args}`;
  const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], { cwd, encoding: "utf8", env: { PATH: process.env.PATH, TERM: "xterm" } });
  return stdout.replaceAll("\r\n", "\n").split("\n");
}

const PROJECT = { Dockerfile: COPY_FIRST, "requirements.txt": "flask\n", "run.py": "" };

test("the layout follows the width of the terminal", { skip }, () => {
  const long = COPY_FIRST.replace("ADD . /app\n", `ADD . /app\nRUN echo ${"long ".repeat(40)}\n`);
  within({ ...PROJECT, Dockerfile: `${long}RUN pip install ${"package ".repeat(30)}\n` }, (directory) => {
    for (const columns of [50, 80, 100]) {
      const lines = shownOn(columns, directory, "--no-color");
      const inDiff = lines.findIndex((line) => line.startsWith("--- Dockerfile"));
      const others = [...lines.slice(0, inDiff), ...lines.slice(lines.findIndex((line) => line.startsWith("When") || / is edited/.test(line)))];
      const wide = others.filter((line) => line.length > columns && !/^(?:context|needless|\d)/.test(line));
      assert.deepEqual(wide, [], `${columns}`);
    }
    assert.match(shownOn(50, directory, "--no-color").join("\n"), /\n`run\.py` is edited:\n {2}~\d+ s, when rewritten ~/);
    assert.match(shownOn(100, directory, "--no-color").join("\n"), /\nWhen +rebuilding takes +and when rewritten\n/);
  });
});

test("a terminal has colours unless they are not wanted", { skip }, () => {
  within(PROJECT, (directory) => {
    assert.match(shownOn(80, directory, "")[0], /^\x1b\[1m\x1b\[33mwarning\x1b\[0m\x1b\[0m\[source-/);
    assert.doesNotMatch(shownOn(80, directory, "--no-color").join("\n"), /\x1b/);
  });
});

test("a long run says how far it is, and takes that away", { skip }, () => {
  const many = (count) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at}/Dockerfile`, MANIFEST_FIRST.replace("ADD requirements.txt", "ADD https://example.org/requirements.txt")]));
  within(many(20), (directory) => {
    const out = shownOn(80, directory, "").join("\n");
    assert.match(out, /\r1 of 20 Dockerfiles.*\r20 of 20 Dockerfiles\r +\r20 Dockerfiles: /s);
    assert.doesNotMatch(shownOn(80, directory, "--quiet").join("\n"), / of 20/);
  });
  within(many(19), (directory) => {
    assert.doesNotMatch(shownOn(80, directory, "").join("\n"), / of 19/);
  });
});
