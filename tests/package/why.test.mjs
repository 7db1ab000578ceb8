// `layerwise why`: what a build runs again after another one, of commits and of the working tree.

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { layerwise } from "./command-line.mjs";
import { PROJECT, SOURCE_FIRST, withRepository } from "./repositories.mjs";

function why(directory, ...args) {
  const { code, out, err } = layerwise(directory, ["why", "--json", ...args]);
  assert.equal(code, 0, err);
  return JSON.parse(out);
}

const outcomes = ({ builds: [{ steps }] }) => steps.map(({ text, outcome }) => `${text} ${outcome}`);
const reasons = ({ builds: [{ steps }] }) => steps.filter(({ because }) => because).map(({ cause, because }) => `${cause}: ${because.split(",")[0]}`);

test("the working tree is held against the last commit", () => {
  withRepository(({ directory }) => {
    const same = why(directory);
    assert.match(same.before, /^HEAD \([0-9a-f]{10}\)$/);
    assert.equal(same.after, "the working tree");
    assert.deepEqual(outcomes(same), ["WORKDIR /app cached", "COPY . . cached", "RUN npm ci cached"]);
    writeFileSync(join(directory, "src/a.js"), "2\n");
    assert.deepEqual(reasons(why(directory)), ["file-content: src/a.js changed", "parent: `COPY . .` on line 3 runs again"]);
    rmSync(join(directory, "src/a.js"));
    assert.match(reasons(why(directory))[0], /^file-removed: src is gone/);
    writeFileSync(join(directory, "new.txt"), "");
    symlinkSync("nowhere", join(directory, "link"));
    mkdirSync(join(directory, "empty"));
    assert.match(reasons(why(directory))[0], /^file-added: link was added \(and 3 more paths\)/);
  });
});

test("a file that was touched is the same, and one that git ignores is left out", () => {
  withRepository(({ directory }) => {
    utimesSync(join(directory, "src/a.js"), 1, 1);
    writeFileSync(join(directory, "src/a.js"), PROJECT["src/a.js"]);
    writeFileSync(join(directory, "ignored.log"), "1\n");
    assert.deepEqual(reasons(why(directory)), []);
    writeFileSync(join(directory, "seen.txt"), "1\n");
    assert.deepEqual(reasons(why(directory))[0], "file-added: seen.txt was added");
  }, { ...PROJECT, ".gitignore": "*.log\n" });
});

test("modes count as git keeps them, or as they are on the disk", () => {
  withRepository(({ directory }) => {
    chmodSync(join(directory, "src/a.js"), 0o664);
    assert.deepEqual(reasons(why(directory)), []);
    assert.deepEqual(reasons(why(directory, "--modes"))[0], "file-mode: src/a.js has mode 664 and had 644");
    chmodSync(join(directory, "src/a.js"), 0o755);
    assert.deepEqual(reasons(why(directory))[0], "file-mode: src/a.js has mode 755 and had 644");
  });
});

test("two commits are held against each other, whatever lies here", () => {
  withRepository(({ directory, commit }) => {
    const one = commit({ "package-lock.json": "{}\n" });
    commit({ Dockerfile: SOURCE_FIRST.replace("npm ci", "npm ci --omit=dev"), ".dockerignore": "README.md\n" });
    writeFileSync(join(directory, "src/a.js"), "3\n");
    const told = why(directory, "HEAD~2", one);
    assert.equal(told.after, one.slice(0, 10));
    assert.deepEqual(reasons(told)[0], "file-content: package-lock.json changed");
    const { builds: [{ steps }] } = why(directory, one, "HEAD");
    assert.deepEqual(steps.map(({ cause }) => cause), [undefined, "file-content", "parent"]);
    assert.ok(steps[2].cost.seconds > 1);
  });
});

test("a log of the second build tells what the two do not say", () => {
  withRepository(({ directory }) => {
    const log = (end) => `#5 [1/4] FROM docker.io/library/node:22\n#5 DONE 0.0s\n\n#6 [2/4] WORKDIR /app\n#6 CACHED\n\n#7 [3/4] COPY . .\n#7 CACHED\n\n#8 [4/4] RUN npm ci\n#8 0.9 added\n#8 ${end}\n`;
    const logged = (text) => {
      writeFileSync(join(directory, ".git/log"), text);
      return ["--log", ".git/log"];
    };
    const ran = logged(log("DONE 12.3s"));
    assert.deepEqual(why(directory, ...ran).builds[0].unexplained, [{ text: "RUN npm ci", line: 4, seconds: 12.3 }]);
    const { out } = layerwise(directory, ["why", ...ran]);
    assert.match(out, /By the log `RUN npm ci` on line 4 \(12 s\) ran, though nothing in the two builds says so/);
    assert.match(out, /- the cache was pruned/);
    const kept = logged(log("CACHED"));
    assert.match(layerwise(directory, ["why", ...kept]).out, /The log has no step that ran although it could be cached\./);
    // What the builds explain is no riddle.
    writeFileSync(join(directory, "src/a.js"), "2\n");
    assert.deepEqual(why(directory, ...logged(log("DONE 12.3s"))).builds[0].unexplained, []);
    const { code, err } = layerwise(directory, ["why", "--log", "README.md"]);
    assert.match(err, /--log README\.md: expected what "docker build --progress=plain" prints/);
    assert.equal(code, 2);
  });
});

test("people read how many steps run again, and what started it", () => {
  withRepository(({ directory }) => {
    const clean = layerwise(directory, ["why"]);
    assert.deepEqual([clean.code, clean.err], [0, ""]);
    assert.match(clean.out, /^Dockerfile, HEAD \([0-9a-f]{10}\) -> the working tree\nEvery step comes from the cache: 3 steps, ~31 s spared\.\n/);
    writeFileSync(join(directory, "src/a.js"), "2\n");
    const { out } = layerwise(directory, ["why"]);
    const lines = out.split("\n");
    assert.equal(lines[1], "2 of 3 steps run again: ~30 s. First: src/a.js changed, and `COPY . .` on line 3 selects it.");
    assert.match(out, /^cached +WORKDIR \/app$/m);
    assert.match(out, /^runs +RUN npm ci +~30 s +`COPY \. \.` on line 3 runs again, and this step builds on it$/m);
    assert.equal(layerwise(directory, ["why", "-q"]).out, `Dockerfile: ${lines[1]}\n`);
    const markdown = layerwise(directory, ["why", "--format", "markdown", "--output", "why.md"]);
    assert.equal(markdown.code, 0);
    const text = readFileSync(join(directory, "why.md"), "utf8");
    assert.match(text, /^### `Dockerfile`, HEAD .* → the working tree\n/);
    assert.match(text, /\n\| runs \| `COPY \. \.` \| less than a second \| src\/a\.js changed, /);
  });
});

test("build arguments, a target and a builder count for both", () => {
  const dockerfile = "FROM a AS one\nARG V\nCOPY README.md /\nRUN make $V\nFROM one\nCOPY src /src\n";
  withRepository(({ directory }) => {
    writeFileSync(join(directory, "src/a.js"), "2\n");
    assert.deepEqual(outcomes(why(directory, "--build-arg", "V=1")), ["COPY README.md / cached", "RUN make 1 cached", "COPY src /src rerun"]);
    assert.deepEqual(outcomes(why(directory, "--target", "one")), ["COPY README.md / cached", "RUN make $V cached"]);
    assert.equal(why(directory, "--builder", "classic").builds[0].steps.length, 4);
  }, { ...PROJECT, Dockerfile: dockerfile });
});

test("two sets of build arguments are held against each other", () => {
  const dockerfile = "FROM a\nARG V=0\nCOPY README.md /\nRUN make $V\n";
  withRepository(({ directory }) => {
    writeFileSync(join(directory, "README.md"), "2\n");
    const two = why(directory, "--build-arg", "V=1", "--to-build-arg", "V=2");
    assert.deepEqual([two.before, two.after], ["the working tree with V=1", "the working tree with V=2"]);
    assert.deepEqual(outcomes(two), ["COPY README.md / cached", "RUN make 2 rerun"]);
    assert.match(reasons(two)[0], /^build-arg: /);
    // The default of the file stands for what A is not given.
    assert.deepEqual(outcomes(why(directory, "--to-build-arg", "V=2"))[1], "RUN make 2 rerun");
    assert.deepEqual(reasons(why(directory, "--build-arg", "V=2", "--to-build-arg", "V=2")), []);
    // With a commit the files are others, too.
    const both = why(directory, "--to-build-arg", "V=2", "HEAD");
    assert.deepEqual([both.before.slice(0, 4), both.after], ["HEAD", "the working tree with V=2"]);
    assert.deepEqual(outcomes(both), ["COPY README.md / rerun", "RUN make 2 rerun"]);
    const same = why(directory, "--to-build-arg", "V=0", "HEAD", "HEAD");
    assert.deepEqual(reasons(same), []);
    const { code, err } = layerwise(directory, ["why", "--to-build-arg", "=2"]);
    assert.deepEqual([code, /--to-build-arg takes NAME or NAME=VALUE/.test(err)], [2, true]);
  }, { ...PROJECT, Dockerfile: dockerfile });
});

test("a wrong call says what is wrong and what to do", () => {
  withRepository(({ directory }) => {
    const WRONG = [
      [["a", "b", "c"], /why takes at most two commits, and these are 3; Dockerfiles come behind --/],
      [["nowhere"], /why: there is no commit nowhere/],
      [["--modes", "HEAD", "HEAD"], /--modes is for the working tree/],
      [["--format", "svg"], /--format takes pretty, json or markdown/],
      [["--logs", "x"], /the nearest is '--log'/],
    ];
    for (const [args, message] of WRONG) {
      const { code, err, out } = layerwise(directory, ["why", ...args]);
      assert.match(err, message);
      assert.deepEqual([code, out], [2, ""], args.join(" "));
    }
    const { code, out } = layerwise(directory, ["why", "--help"]);
    assert.equal(code, 0);
    assert.ok(out.split("\n").every((line) => line.length <= 80));
    writeFileSync(join(directory, "new.Dockerfile"), "FROM a\n");
    const fresh = layerwise(directory, ["why", "--", "new.Dockerfile"]);
    assert.match(fresh.err, /new\.Dockerfile is not in HEAD \(/);
    assert.equal(fresh.code, 2);
  });
});
