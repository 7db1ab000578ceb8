// A history of builds: what each commit rebuilt, and what that comes to.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, replay } from "layerwise";

const file = (text) => ({ type: "file", mode: "0o644", text });
const SOURCE_FIRST = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"a.js\"]\n";
const start = {
  dockerfile: SOURCE_FIRST,
  context: {
    "package.json": file('{ "name": "a" }'),
    "package-lock.json": file('{ "lockfileVersion": 3, "packages": { "": {} } }'),
    "README.md": file("read me"),
    "a.js": file("1"),
    ".dockerignore": file("docs\n"),
  },
};
const DAY = 86_400;
/** A Monday. */
const MONDAY = 1_767_571_200;
const commits = [
  { id: "1", time: MONDAY, title: "Say more", changes: { "README.md": file("read me twice") } },
  { id: "2", time: MONDAY + DAY, changes: { "docs/a.md": file("left out") } },
  { id: "3", time: MONDAY + 8 * DAY, changes: { "a.js": file("2"), "b/c.js": file("new") } },
  { id: "4", time: MONDAY + 8 * DAY, changes: { "package-lock.json": file("{}"), "b/c.js": null } },
  { id: "5", dockerfile: SOURCE_FIRST + "RUN npm test\n", changes: {} },
];
const outcomes = ({ reruns }) => reruns.map(({ text, outcome }) => `${text} ${outcome}`);

test("each commit reruns what compare says of it and the one before", () => {
  const replayed = replay(start, commits);
  let before = start;
  for (const [at, commit] of commits.entries()) {
    const context = { ...before.context, ...commit.changes };
    for (const [path, changed] of Object.entries(context)) if (changed === null) delete context[path];
    const after = { dockerfile: commit.dockerfile ?? before.dockerfile, context };
    const expected = compare(before, after).filter(({ outcome }) => outcome !== "cached");
    assert.deepEqual(replayed.commits[at].reruns, expected, commit.id);
    before = after;
  }
  assert.deepEqual(replayed.commits.map(({ id }) => id), ["1", "2", "3", "4", "5"]);
  assert.deepEqual(replayed.commits.map(({ kind }) => kind), ["files", "cached", "files", "files", "dockerfile"]);
  assert.deepEqual(replayed.dockerfiles, [SOURCE_FIRST, SOURCE_FIRST + "RUN npm test\n"]);
  assert.deepEqual(replayed.commits.map(({ dockerfile }) => dockerfile), [0, 0, 0, 0, 1]);
});

test("totals are by step, cause, path and week", () => {
  const { steps, causes, paths, weeks, seconds, measured, commits: replayed } = replay(start, commits);
  const install = steps.find(({ text }) => text === "RUN npm ci");
  assert.deepEqual([install.reruns, install.depends, install.measured], [4, 0, false]);
  assert.equal(measured, false);
  const readme = paths.find(({ path }) => path === "README.md");
  assert.deepEqual([readme.commits, readme.alone, readme.reruns], [1, 1, 1]);
  assert.equal(steps[readme.step].text, "RUN npm ci");
  // Two files share what they cost together; the directory that came with one is no file.
  assert.deepEqual(paths.map(({ path }) => path).sort(), ["Dockerfile", "README.md", "a.js", "b/c.js", "package-lock.json"]);
  const shared = paths.find(({ path }) => path === "a.js");
  assert.equal(shared.seconds, readme.seconds / 2);
  assert.equal(shared.alone, 0);
  assert.deepEqual(replayed[0].paths, ["README.md"]);
  assert.deepEqual(weeks.map(({ time, commits }) => [time, commits]), [[MONDAY, 2], [MONDAY + 7 * DAY, 2]]);
  const sum = (list) => list.reduce((all, { seconds }) => all + seconds, 0);
  for (const list of [steps, causes, replayed]) assert.ok(Math.abs(sum(list) - seconds) < 1e-3);
});

test("the rewritten history is built with what each Dockerfile becomes", () => {
  const { rewritten, seconds, dockerfiles } = replay(start, commits, { rewrite: "assumed" });
  assert.deepEqual(dockerfiles, replay(start, commits).dockerfiles);
  assert.match(rewritten.dockerfiles[0], /COPY package.*\nRUN npm ci\nCOPY \. \./);
  assert.ok(rewritten.seconds < seconds / 2, `${rewritten.seconds} of ${seconds}`);
  assert.deepEqual(outcomes(rewritten.commits[0]), ["COPY . . rerun"]);
  const [copy] = rewritten.commits[0].reruns;
  const text = rewritten.dockerfiles[rewritten.commits[0].dockerfile];
  assert.equal(text.slice(copy.range.start.offset, copy.range.end.offset), "COPY . .");
  assert.equal(replay(start, commits).rewritten, undefined);
  assert.equal(replay(start, commits, { rewrite: "none" }).rewritten, undefined);
});

test("places are of the Dockerfile of their commit", () => {
  const dockerfile = "# one line more \u{1f40b}\n" + SOURCE_FIRST;
  const { commits: replayed, dockerfiles } = replay(start, [
    { id: "1", changes: { "a.js": file("2") } },
    { id: "2", dockerfile, changes: {} },
    { id: "3", changes: { "a.js": file("3") } },
  ]);
  for (const { reruns, dockerfile: index } of replayed) {
    assert.equal(reruns[0].range.start.line, index === 0 ? 3 : 4);
    assert.equal(dockerfiles[index].slice(reruns[0].range.start.offset).split("\n")[0], "COPY . .");
  }
});

test("a log makes the costs measured, also where a step moved", () => {
  const timings = "#5 [4/4] RUN npm ci\n#5 DONE 61.5s\n#6 [3/4] COPY . .\n#6 DONE 1.5s\n#7 [2/4] WORKDIR /app\n#7 DONE 0.1s\n";
  const { seconds, measured, rewritten } = replay(start, commits.slice(0, 2), { timings, rewrite: "assumed" });
  assert.deepEqual([seconds, measured], [63, true]);
  assert.equal(rewritten.seconds, 1.5);
  const { measured: partly } = replay(start, commits, { timings });
  assert.equal(partly, false);
});

test("builders and build arguments count", () => {
  const dockerfile = "FROM a\nARG V\nRUN make $V\n";
  const passed = (V) => ({ id: V, buildArgs: { V }, changes: {} });
  const replayed = replay({ dockerfile, buildArgs: { V: "1" } }, [passed("1"), passed("2")]);
  assert.deepEqual(replayed.commits.map(({ kind }) => kind), ["cached", "build-args"]);
  assert.deepEqual(replayed.causes.map(({ cause, commits }) => [cause, commits]), [["build-arg", 1]]);
  const classic = replay({ dockerfile: "FROM a\nLABEL a=1\n" }, [{ id: "1", dockerfile: "FROM a\nLABEL a=2\n", changes: {} }], { builder: "classic" });
  assert.deepEqual(outcomes(classic.commits[0]), ["LABEL a=2 rerun"]);
});

const WRONG = [
  [[{}, []], "start.dockerfile must be a string"],
  [[start, {}], "commits must be an array"],
  [[start, [1]], "commits[0] must be an object"],
  [[start, Array(2 ** 32 - 1)], "commits[0] must be an object"],
  [[start, [{ id: 1 }]], "commits[0].id must be a string"],
  [[start, [{ id: "1" }, { time: "now" }]], "commits[1].time must be a number"],
  [[start, [{ changes: { a: 1 } }]], 'commits[0].changes must be an object of null or { type: "file" | "dir" | "symlink", mode?: string like "0o644", owner?: string, text?: string, sha256?: string, target?: string }'],
  [[start, [{ files: {} }]], "commits[0].files is unknown; there are id, time, title, dockerfile, dockerignore, buildArgs, changes"],
  [[start, [], { rewrite: "all" }], 'options.rewrite must be "none", "safe", "assumed" or "suggested"'],
  [[start, [], { fix: "safe" }], "options.fix is unknown; there are builder, target, timings, rewrite"],
];

test("a part of the wrong type is named", () => {
  for (const [arguments_, message] of WRONG) {
    assert.throws(() => replay(...arguments_), { name: "TypeError", message });
  }
  const to = (target) => replay(start, [{ id: "1", dockerfile: "FROM a AS b\n", changes: {} }], { target });
  assert.throws(() => to("b"), /^TypeError: start\.dockerfile: /);
  assert.throws(() => replay({ ...start, target: "0" }, [{ id: "1", dockerfile: "RUN", changes: {} }]), /^TypeError: commits\[0\]\.dockerfile: /);
});

test("what a history is made of may be nothing", () => {
  assert.deepEqual(replay({ dockerfile: "" }, []), {
    dockerfiles: [""], commits: [], steps: [], causes: [], paths: [], weeks: [], seconds: 0, secondsAtLeast: 0, measured: true,
  });
  const odd = { "../x": file(""), "a/../b": file("1"), "": null };
  const { commits: [only] } = replay({ dockerfile: "FROM a\nCOPY b /\n" }, [{ id: "", time: NaN, changes: odd }]);
  assert.deepEqual([only.reruns.length, only.paths], [1, ["b"]]);
});
