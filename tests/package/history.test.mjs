// `layerwise history`: the commits of real repositories of git, and what each rebuilt.

import assert from "node:assert/strict";
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { overall } from "../../pkg-template/cli/formats/history/sentences.js";
import { layerwise, within } from "./command-line.mjs";
import { PROJECT, SOURCE_FIRST, repository, withRepository } from "./repositories.mjs";

function told(directory, ...args) {
  const { code, out, err } = layerwise(directory, ["history", "--json", ...args]);
  assert.equal(code, 0, err);
  return { ...JSON.parse(out), err };
}

const rerun = ({ reruns }) => reruns.map(({ text }) => text);

test("each commit reruns what it changed of the build", () => {
  withRepository(({ directory, commit }) => {
    const ids = [
      commit({ "README.md": "read me twice\n" }),
      commit({ "package-lock.json": "{}\n" }),
      commit({}),
      commit({ Dockerfile: `${SOURCE_FIRST}RUN npm test\n` }),
    ];
    const { schema, range, builds: [{ dockerfile, context, replay, dockerignore }] } = told(directory);
    assert.deepEqual([schema, dockerfile, context, range.commits], [1, "Dockerfile", ".", 4]);
    assert.deepEqual(replay.commits.map(({ id }) => id), ids);
    assert.deepEqual(replay.commits.map(({ kind }) => kind), ["files", "files", "cached", "dockerfile"]);
    assert.deepEqual(replay.commits.map(({ reruns }) => reruns.length), [2, 2, 0, 3]);
    assert.deepEqual(rerun(replay.rewritten.commits[0]), ["COPY . ."]);
    assert.deepEqual(dockerignore.patterns, ["**/*.md"]);
    assert.equal(dockerignore.commits, 1);
  });
});

test("how far back is a number, a span or a date, and of any commit", () => {
  withRepository(({ directory, commit, git }) => {
    for (let at = 0; at < 5; at++) commit({ "src/a.js": `${at}\n` });
    const count = (...args) => told(directory, ...args).builds[0].replay.commits.length;
    assert.equal(count(), 5);
    assert.equal(count("--last", "2"), 2);
    assert.equal(count("--last=2", "HEAD~4"), 1);
    assert.equal(count("--since", "2026-01-09"), 2);
    git("tag", "v1", "HEAD~2");
    assert.equal(count("v1", "--", "."), 3);
    // Nothing is so new.
    const recent = layerwise(directory, ["history", "--since", "1d"]);
    assert.deepEqual([recent.code, recent.out], [0, ""]);
    assert.match(recent.err, /no commit .*since/);
  });
});

test("a merge is what it brings to the branch, and a rename one path less and one more", () => {
  withRepository(({ directory, commit, git }) => {
    git("checkout", "-q", "-b", "topic");
    commit({ "src/b.js": "b\n" });
    commit({ "src/b.js": "c\n" });
    git("checkout", "-q", "main");
    commit({ "README.md": "again\n" });
    git("merge", "-q", "--no-ff", "-m", "Merge it", "topic");
    git("mv", "src/a.js", "src/é \"q\"\n.js");
    commit({}, { title: "Rename" });
    const { builds: [{ replay }] } = told(directory);
    assert.deepEqual(replay.commits.map(({ title }) => title), ["Change it", "Merge it", "Rename"]);
    assert.deepEqual(replay.commits[1].paths, ["src/b.js"]);
    assert.deepEqual(replay.commits[2].paths, ["src/a.js", "src/é \"q\"\n.js"]);
  });
});

test("modes, links and submodules count", () => {
  withRepository(({ directory, commit, git }) => {
    chmodSync(join(directory, "src/a.js"), 0o755);
    commit({}, { title: "mode" });
    symlinkSync("src/a.js", join(directory, "link"));
    commit({}, { title: "link" });
    const head = git("rev-parse", "HEAD").trim();
    git("update-index", "--add", "--cacheinfo", `160000,${head},vendor/sub`);
    git("commit", "-q", "-m", "submodule");
    const { err, builds: [{ replay }] } = told(directory);
    const causes = replay.commits.map(({ reruns: [{ cause, because }] }) => `${cause}: ${because.split(",")[0]}`);
    assert.deepEqual(causes, [
      "file-mode: src/a.js has mode 755 and had 644",
      "file-added: link was added",
      "file-added: vendor was added (and one more path)",
    ]);
    assert.match(err, /1 of the paths is a submodule/);
  });
});

test("the ignore file in force is that of its time, the Dockerfile's own first", () => {
  withRepository(({ directory, commit }) => {
    commit({ ".dockerignore": "README.md\n" });
    commit({ "README.md": "ignored\n" });
    commit({ "Dockerfile.dockerignore": "src\n" });
    commit({ "README.md": "seen\n" });
    commit({ "src/a.js": "ignored\n" });
    commit({ "Dockerfile.dockerignore": null });
    commit({ "README.md": "ignored again\n" });
    const counts = (...args) => told(directory, ...args).builds[0].replay.commits.map(({ reruns }) => reruns.length);
    assert.deepEqual(counts(), [2, 0, 2, 2, 0, 2, 0]);
    // The classic builder has no file that is the Dockerfile's own: another commit of `src` counts.
    const classic = counts("--builder", "classic");
    assert.deepEqual([classic[3], classic[4], classic[6]], [0, 2, 0]);
  });
});

test("a Dockerfile may lie beside its context, and begin late", () => {
  withRepository(({ directory, commit }) => {
    commit({ "api/package.json": "{}\n", "api/a.js": "1\n" });
    commit({ "docker/Dockerfile": "FROM node:22\nCOPY . .\nRUN npm install\n" });
    commit({ "docker/Dockerfile": "FROM node:22\nCOPY . .\nRUN npm  install\n" });
    commit({ "api/a.js": "2\n" });
    commit({ "README.md": "not in the context\n" });
    const { builds: [{ replay }] } = told(directory, "--context", "api", "--", "docker");
    // The steps behind the copy of a Dockerfile that lies elsewhere are cached.
    assert.deepEqual(replay.commits.map(rerun), [["RUN npm  install"], ["COPY . .", "RUN npm  install"], []]);
  });
});

test("a shallow or sparse clone says so", () => {
  withRepository(({ directory, commit, git }) => {
    for (let at = 0; at < 4; at++) commit({ "src/a.js": `${at}\n` });
    git("clone", "-q", "--depth", "3", `file://${directory}`, "clone");
    const clone = join(directory, "clone");
    const { err, builds: [{ replay }] } = told(clone);
    assert.equal(replay.commits.length, 2);
    assert.match(err, /the clone is shallow/);
    // As many as were asked for are there.
    assert.equal(told(clone, "--last", "1").err, "");
    git("-C", "clone", "config", "core.sparseCheckout", "true");
    assert.match(told(clone, "--last", "1").err, /the checkout is sparse/);
  });
});

test("nothing is written, whatever the repository names", () => {
  withRepository(({ directory, commit, git }) => {
    commit({ "src/a.js": "2\n" });
    git("config", "core.fsmonitor", "touch made-by-fsmonitor");
    git("config", "diff.external", "touch made-by-diff");
    git("config", "core.pager", "touch made-by-pager");
    writeFileSync(join(directory, ".gitattributes"), "* diff=evil filter=evil\n");
    git("config", "diff.evil.textconv", "touch made-by-textconv");
    const before = git("status", "--porcelain", "--ignored");
    assert.equal(told(directory).builds.length, 1);
    assert.equal(git("-c", "core.fsmonitor=false", "status", "--porcelain", "--ignored"), before);
  });
});

test("people read a sentence, tables, the weeks, and what .dockerignore spares", () => {
  withRepository(({ directory, commit }) => {
    for (let at = 0; at < 12; at++) commit({ "src/a.js": `${at}\n` });
    for (let at = 0; at < 3; at++) commit({ "README.md": `${at}\n` });
    const { out, err, code } = layerwise(directory, ["history"]);
    assert.deepEqual([code, err], [0, ""]);
    const [headline, all] = out.split("\n");
    assert.equal(headline, "In the last 15 commits (since 2026-01-06) this build ran `npm ci` again 15 times: ~8 min. Rewritten: never.");
    assert.match(all, /^All steps: ~8 min, rewritten ~?\d+ s\. 15 of 15 commits rebuilt something\.$/);
    assert.match(out, /█.* by week from 2026-01-05, █ is \d+ min/);
    assert.match(out, /^npm ci +15 +~8 min +0 +0 s$/m);
    assert.match(out, /^src\/a\.js +12 +12 +~\d+ min +npm ci 12 times$/m);
    assert.match(out, /3 commits rebuilt only for files that an image hardly needs: .*`\*\*\/\*\.md`\./);
    assert.match(out, /estimates/);
    const quiet = layerwise(directory, ["history", "-q"]).out;
    assert.equal(quiet, `${headline}\n`);
    const kept = layerwise(directory, ["history", "--rewrite", "none", "-q"]).out;
    assert.equal(kept, `${headline.replace(" Rewritten: never.", "")}\n`);
  });
});

test("a history that nothing would make better says so", () => {
  const good = "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY src src\n";
  withRepository(({ directory, commit }) => {
    commit({ "README.md": "1\n" });
    assert.match(layerwise(directory, ["history"]).out, /^In the last commit this build ran nothing again\.\n/);
    commit({ "src/a.js": "3\n" });
    assert.match(layerwise(directory, ["history"]).out, /There is nothing that would be rewritten\./);
  }, { ...PROJECT, Dockerfile: good });
});

test("what another stage decides is told as what it may be", () => {
  const staged = "FROM a AS build\nCOPY src /src\nRUN make\nFROM b\nCOPY --from=build /out /out\nRUN install-it /out\nRUN other\n";
  withRepository(({ directory, commit }) => {
    commit({ "src/a.js": "2\n" });
    commit({ "src/a.js": "3\n" });
    commit({ Dockerfile: staged.replace("RUN other", "RUN echo\nRUN other") });
    const { out } = layerwise(directory, ["history", "--rewrite", "none"]);
    const [, all] = out.split("\n");
    assert.match(out, /again (?:up to 2 times|1 time, and 2 times more) if another stage gave other files: up to ~\d+ s\./);
    assert.match(all, /^All steps: ~\d+ s to ~\d+ s\./);
    assert.match(out, /^(?:install-it \/out +2\?|other +1-3) +~\d+ s/m);
  }, { ...PROJECT, Dockerfile: staged });
});

test("a log makes the times measured", () => {
  withRepository(({ directory, commit }) => {
    commit({ "src/a.js": "2\n" });
    writeFileSync(join(directory, "log"), "#5 [4/4] RUN npm ci\n#5 DONE 61.5s\n#6 [3/4] COPY . .\n#6 DONE 0.2s\n#7 [2/4] WORKDIR /app\n#7 DONE 0.1s\n");
    const { out } = layerwise(directory, ["history", "--timings", "log"]);
    assert.match(out, /again 1 time: 62 s\./);
    assert.doesNotMatch(out, /estimates|~/);
    const wrong = layerwise(directory, ["history", "--timings", "README.md"]);
    assert.match(wrong.err, /--timings README\.md: expected the log/);
    assert.equal(wrong.code, 2);
  });
});

test("markdown and svg tell the same", () => {
  withRepository(({ directory, commit }) => {
    for (let at = 0; at < 9; at++) commit({ "src/a|<b>.js": `${at}\n` });
    const markdown = layerwise(directory, ["history", "--format", "markdown"]).out;
    assert.match(markdown, /^In the last 9 commits \(since 2026-01-06\) this build ran `npm ci` again 9 times/);
    assert.match(markdown, /\n\| Step \| ran again \| taking \| rewritten \| taking \|\n\|---\|---\|---\|---\|---\|\n/);
    assert.match(markdown, /```text\n[▁-█ ]+ {2}by week/);
    const svg = layerwise(directory, ["history", "--format", "svg", "--output", "plot.svg"]);
    assert.deepEqual([svg.code, svg.out], [0, ""]);
    const text = readFileSync(join(directory, "plot.svg"), "utf8");
    assert.match(text, /^<svg xmlns=/);
    assert.match(text, /<rect class="before" [^>]*height="\d/);
    assert.doesNotMatch(text, /<script|on\w+=/);
  });
});

test("several builds are ranked by what they lost", () => {
  withRepository(({ directory, commit }) => {
    commit({ "small/Dockerfile": "FROM a\nCOPY a.txt /\nRUN cat /a.txt\n", "small/a.txt": "1\n" });
    commit({ "small/a.txt": "2\n", "src/a.js": "2\n" });
    const { out } = layerwise(directory, ["history"]);
    const lines = out.split("\n");
    assert.match(lines[0], /^Build +took +rewritten$/);
    assert.match(lines[1], /^Dockerfile /);
    assert.match(lines[2], /^small\/Dockerfile /);
    assert.deepEqual(told(directory).builds.map(({ dockerfile }) => dockerfile), ["Dockerfile", "small/Dockerfile"]);
    assert.deepEqual(told(directory, "--", "small").builds.map(({ dockerfile }) => dockerfile), ["small/Dockerfile"]);
  });
});

test("a wrong call says what is wrong and what to do", () => {
  withRepository(({ directory, commit }) => {
    assert.match(layerwise(directory, ["history"]).err, /HEAD has one commit: there is nothing before it/);
    commit({ "src/a.js": "2\n" });
    const WRONG = [
      [["--last", "0"], /--last takes a number of commits, such as 200/],
      [["--last", "3", "--since", "1d"], /give one/],
      [["--since", "soon"], /--since takes 90d, 12w, 6m, 1y or a date such as 2026-01-31/],
      [["--format", "sarif"], /--format takes pretty, json, markdown, svg or jobs/],
      [["--rewrite", "all"], /--rewrite takes none, safe, assumed or suggested/],
      [["--lats", "3"], /the nearest is '--last'/],
      [["a", "b"], /history takes one REF, and these are 2; Dockerfiles come behind --/],
      [["nowhere"], /history: there is no commit nowhere/],
      [["--builder", "kaniko"], /--builder takes buildkit, classic or buildah/],
      [["--context", "nowhere"], /--context nowhere is no directory/],
      [["--timings", "nowhere"], /nowhere/],
    ];
    for (const [args, message] of WRONG) {
      const { code, err, out } = layerwise(directory, ["history", ...args]);
      assert.match(err, message);
      assert.deepEqual([code, out], [2, ""], args.join(" "));
    }
    assert.match(layerwise(directory, ["history", "--lats"]).err, /Try "layerwise history --help"\./);
    const { code, out } = layerwise(directory, ["history", "--help"]);
    assert.equal(code, 0);
    assert.ok(out.split("\n").every((line) => line.length <= 80) && out.split("\n").length <= 50);
    writeFileSync(join(directory, "new.Dockerfile"), "FROM a\n");
    const fresh = layerwise(directory, ["history", "--", "new.Dockerfile"]);
    assert.match(fresh.err, /new\.Dockerfile is in none of these commits/);
    assert.equal(fresh.code, 2);
  });
  within({ Dockerfile: "FROM a\n" }, (directory) => {
    const { code, err } = layerwise(directory, ["history"]);
    assert.match(err, /history needs a repository of git, and .* is in none/);
    assert.equal(code, 2);
    repository(directory);
    assert.match(layerwise(directory, ["history"]).err, /there is no commit HEAD; the repository has no commit yet/);
  });
});

test("a range whose ends read alike is one length of time", () => {
  const all = (secondsAtLeast, seconds) =>
    overall({ replay: { commits: [{ reruns: [{}] }], seconds, secondsAtLeast, measured: false } });
  assert.match(all(600, 605), /^All steps: ~10 min\. /);
  assert.match(all(300, 605), /^All steps: ~5 min to ~10 min\. /);
});

test("what changes often is measured where that is asked for", () => {
  const dockerfile = "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nCOPY presets.js ./\nRUN npm ci\nCOPY src ./src\n";
  withRepository(({ directory, commit }) => {
    const issues = (...args) => JSON.parse(layerwise(directory, ["--json", ...args]).out).builds[0].report.issues.filter(({ rule }) => rule.startsWith("source-copied"));
    for (let at = 0; at < 49; at++) commit({ "src/a.js": `${at}\n` });
    const few = layerwise(directory, ["--history", "200"]);
    assert.match(few.err, /--history 200: 49 commits are too few to say what changes often; 50 are needed/);
    assert.equal(few.code, 2);
    commit({ "presets.js": "2\n" });
    // By its name it changes often; it did so once.
    assert.equal(issues().length, 1);
    assert.equal(issues("--history", "200")[0].severity, "info");
    for (let at = 0; at < 60; at++) commit({ "src/a.js": `${at} again\n` });
    assert.deepEqual(issues("--history", "200"), []);
    assert.deepEqual(issues("--history", "2020-01-01"), []);
    // Near miss: the same file, and commits that change it.
    for (let at = 0; at < 40; at++) commit({ "presets.js": `${at} again\n` });
    const [hot] = issues("--history", "200");
    assert.deepEqual([hot.severity, hot.frequency.toFixed(2)], ["warning", "0.27"]);
    for (const [words, message] of [["0", /--history takes a number of commits/], ["soon", /--history takes a number of commits, 90d, 12w/]]) {
      const { code, err } = layerwise(directory, ["--history", words]);
      assert.match(err, message);
      assert.equal(code, 2);
    }
  }, { ...PROJECT, Dockerfile: dockerfile, "presets.js": "1\n" });
});

test("what .git in the context of a checkout costs is told where it is copied", () => {
  withRepository(({ directory, commit }) => {
    commit({ "src/a.js": "2\n" });
    commit({});
    const { builds: [{ git }] } = told(directory);
    assert.deepEqual([git.commits, git.measured, git.seconds > 10], [1, false, true]);
    assert.match(layerwise(directory, ["history"]).out, /\nBuilds of a checkout have `\.git` in their context, which every commit changes: 1 commit more would rebuild something, ~30 s in all\. A line `\.git` of \.dockerignore spares that\.\n/);
    commit({ ".dockerignore": ".git\n" });
    commit({});
    assert.equal(told(directory, "--last", "1").builds[0].git, undefined);
  });
});
