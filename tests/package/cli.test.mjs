// The command line: exit codes, what it prints, what it writes.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFileSync, chmodSync, linkSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync,
  statSync, symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { rules } from "layerwise";
import { replaceFile } from "../../pkg-template/cli/write.js";
import { layerwise, within } from "./command-line.mjs";
import { COPY_FIRST, MANIFEST_FIRST, NO_MOUNTS, RULE } from "./dockerfiles.mjs";

const PROJECT = { Dockerfile: COPY_FIRST, "requirements.txt": "flask\n", "run.py": "" };

const OWN_CONTEXT = "context: . (it has what is copied)\n";

const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/;

test("issues: exit code 1, excerpt, fix and diff", () => {
  within(PROJECT, (directory) => {
    const { code, out, err } = layerwise(directory, []);
    assert.equal(err, "");
    assert.equal(code, 1);
    assert.match(out, new RegExp(`^warning\\[${RULE}\\]: `));
    assert.ok(out.includes("--> Dockerfile:3:1\n"));
    assert.ok(out.includes("2 | ADD . /app\n    | ----------"));
    assert.ok(out.includes(`3 | RUN pip install -r /app/requirements.txt\n    | ${"^".repeat(40)}`));
    for (const label of ["why:", "cost:", "help:", "fix:"]) assert.ok(out.includes(`\n  ${label} `), label);
    const diff = [
      "--- Dockerfile",
      "+++ Dockerfile (rewritten)",
      "@@ -1,5 +1,6 @@",
      " FROM python:3.13",
      "-ADD . /app",
      "+ADD requirements.txt /app/requirements.txt",
      " RUN pip install -r /app/requirements.txt",
      "+ADD . /app",
      ' CMD ["python", "/app/run.py"]',
      ` ${NO_MOUNTS.trimEnd()}`,
      "",
    ];
    assert.ok(out.includes(diff.join("\n")), out);
    assert.match(out, /^When +rebuilding takes +and when rewritten\n`run\.py` is edited +~\d+ s +~0\.\d s\n/m);
    assert.match(
      out,
      /\ncontext: \. \(it has what is copied\)\nDockerfile: 1 issue\n1 (safe|assumed) fix: --fix\S* applies it\n$/,
    );
  });
});

test("a part of a Dockerfile is read with --fragment", () => {
  const cut = (text) => text.slice(text.indexOf("\n") + 1);
  within({ ...PROJECT, Dockerfile: cut(COPY_FIRST) }, (directory) => {
    const whole = layerwise(directory, []);
    assert.match(whole.out, /^error: no build stage in current context\n(?:.*\n)+? {2}help: +Begin with FROM; a part of a Dockerfile, as in documentation, is read with --fragment\.\n/);
    const { code, out, err } = layerwise(directory, ["--fragment", "--fix"]);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /1 of 1 issues fixed/);
    assert.equal(readFileSync(join(directory, "Dockerfile"), "utf8"), cut(MANIFEST_FIRST));
    // Near miss: another mistake than the FROM that is not there.
    assert.ok(!layerwise(directory, ["-"], { input: "FROM a\nCOPY a\n" }).out.includes("--fragment"));
  });
});

test("issues of one fix tell it once", () => {
  const text = COPY_FIRST.replace("CMD", "RUN pip install -r /app/requirements.txt --no-deps\nCMD");
  within({ ...PROJECT, Dockerfile: text }, (directory) => {
    const { out } = layerwise(directory, []);
    assert.equal(out.match(/^ {2}fix: .*Copy the manifests first/gm).length, 1);
    assert.match(out, /\n {2}fix: {4}the one of line [34]\n/);
  });
});

test("no issues: exit code 0", () => {
  within({ ...PROJECT, Dockerfile: MANIFEST_FIRST }, (directory) => {
    const { code, out } = layerwise(directory, ["Dockerfile"]);
    assert.deepEqual({ code, out }, { code: 0, out: `${OWN_CONTEXT}Dockerfile: no issues\n` });
  });
});

test("a directory, a Containerfile, standard input", () => {
  const files = {
    "a/Dockerfile": COPY_FIRST,
    "a/requirements.txt": "flask\n",
    "a/run.py": "",
    "b/requirements.txt": "flask\n",
    "b/Containerfile": MANIFEST_FIRST,
  };
  within(files, (directory) => {
    assert.equal(layerwise(directory, ["a"]).code, 1);
    assert.equal(layerwise(directory, ["b"]).code, 0);
    assert.equal(layerwise(directory, ["-"], { input: COPY_FIRST }).code, 1);
    assert.equal(layerwise(directory, ["-"], { input: MANIFEST_FIRST }).code, 0);
  });
});

test("without a directory that has what is copied, the text alone is judged", () => {
  const text = COPY_FIRST.replace("ADD .", "ADD --chown=a app.py requirements.txt ./lib");
  within({ "docker/Dockerfile": text, "app.py": "" }, (directory) => {
    const alone = layerwise(directory, ["docker"]);
    assert.match(alone.err, /app\.py \(docker\/Dockerfile:2\) is not in docker; judged from the text alone/);
    assert.equal(alone.out, layerwise(directory, ["--no-context", "docker"]).out);
    assert.match(alone.out, /\ncontext: none, judged from the text alone\n/);
    const named = layerwise(directory, ["--context", ".", "docker"]);
    assert.equal(named.err, "");
    assert.match(named.out, /\ncontext: \. \(as --context says\)\n/);
  });
  const elsewhere = "FROM a AS b\nCOPY --from=b x https://example.org/y $z *.q <<E /\nE\n";
  within({ Dockerfile: elsewhere }, (directory) => {
    assert.equal(layerwise(directory, []).err, "");
  });
});

test("the context is the one directory that has what is copied", () => {
  const files = { "requirements.txt": "flask\n", "run.py": "", "lib/a": "" };
  const text = COPY_FIRST.replace("ADD .", "ADD requirements.txt run.py ./lib");
  within({ ...files, "docker/api/Dockerfile": text }, (directory) => {
    const found = layerwise(directory, ["docker/api"]);
    assert.equal(found.err, "");
    assert.match(found.out, /\ncontext: \. \(it has what is copied\)\n/);
    // Above the directory the command runs in, only the repository that this is in counts.
    const below = join(directory, "docker/api");
    assert.match(layerwise(below, []).err, /is not in \.; judged from the text alone/);
    mkdirSync(join(directory, ".git"));
    assert.match(layerwise(below, []).out, /\ncontext: \.\.\/\.\. \(it has what is copied\)\n/);
  });
});

test("no fix is safe that rests on a guessed context", () => {
  const files = { "requirements.txt": "flask\n", "run.py": "" };
  const below = Object.fromEntries(Object.entries(files).map(([name, text]) => [`api/${name}`, text]));
  within({ ...files, ...below, "api/Dockerfile": COPY_FIRST }, (directory) => {
    const found = layerwise(directory, ["api"]);
    assert.match(found.out, /\n {2}fix: .* \(assumed, saves ~[\d.]+ s at each edit\)\n {2}if: +The build context is `api`\.\n/);
    assert.match(
      found.out,
      /\ncontext: api \(a guess: \. would do as well, --context says which\)\n/,
    );
    assert.equal(layerwise(directory, ["--fix", "api"]).code, 1);
    assert.equal(readFileSync(join(directory, "api/Dockerfile"), "utf8"), COPY_FIRST);
    // Near misses: a context that is named, and no other directory that would do.
    const named = layerwise(directory, ["--context", "api", "api"]);
    assert.match(named.out, /\n {2}fix: .* \(safe, saves ~[\d.]+ s at each edit\)\n/);
    assert.match(layerwise(join(directory, "api"), []).out, /\n {2}fix: .* \(safe, saves ~[\d.]+ s at each edit\)\n/);
  });
});

test("--json prints the report", () => {
  within(PROJECT, (directory) => {
    const { code, out } = layerwise(directory, ["--json"]);
    assert.equal(code, 1);
    const { schema, version, builds: [{ report, ...build }] } = JSON.parse(out);
    assert.deepEqual([schema, version], [1, layerwise(".", ["--version"]).out.trim()]);
    assert.deepEqual(build, { dockerfile: "Dockerfile", context: ".", learntFrom: "sources", applied: [] });
    assert.equal(report.issues[0].rule, RULE);
    assert.equal(report.rewritten, MANIFEST_FIRST);
  });
});

test("--print prints the rewritten file only", () => {
  within(PROJECT, (directory) => {
    const { code, out } = layerwise(directory, ["--print"]);
    assert.deepEqual({ code, out }, { code: 0, out: MANIFEST_FIRST });
    assert.equal(readFileSync(join(directory, "Dockerfile"), "utf8"), COPY_FIRST);
  });
});

test("--fix=assumed writes the file and judges what is left", () => {
  within(PROJECT, (directory) => {
    const { code, out } = layerwise(directory, ["--fix=assumed"]);
    assert.equal(code, 0);
    assert.match(out, /^Dockerfile: rewritten, 1 of 1 issues fixed\n/);
    assert.equal(readFileSync(join(directory, "Dockerfile"), "utf8"), MANIFEST_FIRST);
    // Nothing is left to write.
    assert.equal(layerwise(directory, ["--fix=assumed"]).out, `${OWN_CONTEXT}Dockerfile: no issues\n`);
  });
});

test("--fix writes no more than safe fixes", () => {
  // Without any context, this fix rests on assumptions.
  within({ "only/Dockerfile": COPY_FIRST, "context/x": "" }, (directory) => {
    const { out } = layerwise(directory, ["--json", "-"], { input: COPY_FIRST });
    assert.equal(JSON.parse(out).builds[0].report.fixes[0].applicability, "assumed");
    const fixed = layerwise(directory, ["--fix", "-"], { input: COPY_FIRST });
    assert.deepEqual([fixed.code, fixed.out], [1, COPY_FIRST]);
    assert.match(fixed.err, new RegExp(RULE));
    const wider = layerwise(directory, ["--fix=assumed", "-"], { input: COPY_FIRST });
    assert.deepEqual([wider.code, wider.out], [0, MANIFEST_FIRST]);
  });
});

test("--fix keeps a byte order mark and CRLF, and leaves what is not UTF-8 alone", () => {
  const windows = (text) => `\ufeff${text.replaceAll("\n", "\r\n")}`;
  within({ ...PROJECT, Dockerfile: windows(COPY_FIRST) }, (directory) => {
    assert.equal(layerwise(directory, ["--fix=assumed"]).code, 0);
    assert.equal(readFileSync(join(directory, "Dockerfile"), "utf8"), windows(MANIFEST_FIRST));
  });
  const latin = Buffer.from(`# caf\u00e9\n${COPY_FIRST}`, "latin1");
  within({ ...PROJECT, Dockerfile: latin }, (directory) => {
    const { code, err } = layerwise(directory, ["--fix=assumed"]);
    assert.equal(code, 2);
    assert.match(err, /Dockerfile is not valid UTF-8/);
    assert.ok(readFileSync(join(directory, "Dockerfile")).equals(latin));
  });
});

test("--fix keeps the mode, links and other names of a file, and leaves nothing beside it", () => {
  within({ ...PROJECT, "real/Dockerfile": COPY_FIRST, "shared": COPY_FIRST }, (directory) => {
    const at = (path) => join(directory, path);
    chmodSync(at("real/Dockerfile"), 0o640);
    rmSync(at("Dockerfile"));
    symlinkSync("real/Dockerfile", at("Dockerfile"));
    assert.equal(layerwise(directory, ["--fix=assumed", "Dockerfile"]).code, 0);
    assert.ok(lstatSync(at("Dockerfile")).isSymbolicLink());
    assert.equal(readFileSync(at("real/Dockerfile"), "utf8"), MANIFEST_FIRST);
    assert.equal(statSync(at("real/Dockerfile")).mode & 0o777, 0o640);
    assert.deepEqual(readdirSync(at("real")), ["Dockerfile"]);

    linkSync(at("shared"), at("other"));
    assert.equal(layerwise(directory, ["--fix=assumed", "other"]).code, 0);
    assert.equal(readFileSync(at("shared"), "utf8"), MANIFEST_FIRST);
    assert.equal(statSync(at("shared")).nlink, 2);
  });
});

test("a file that changes meanwhile is left alone", () => {
  within(PROJECT, (directory) => {
    const path = join(directory, "Dockerfile");
    const read = readFileSync(path);
    appendFileSync(path, "# one more line\n");
    assert.throws(() => replaceFile(path, read, MANIFEST_FIRST), /has changed since it was read/);
    assert.equal(readFileSync(path, "utf8"), `${COPY_FIRST}# one more line\n`);
    assert.deepEqual(readdirSync(directory).sort(), Object.keys(PROJECT).sort());
  });
});

test("a pipe is not waited for", { skip: process.platform === "win32" }, () => {
  within(PROJECT, (directory) => {
    execFileSync("mkfifo", [join(directory, "pipe")]);
    const { code, err } = layerwise(directory, ["pipe"]);
    assert.equal(code, 2);
    assert.match(err, /pipe is no regular file/);
  });
});

test("wrong usage and missing files: exit code 2", () => {
  within(PROJECT, (directory) => {
    for (const [args, message] of [
      [["--contxt", "."], /^layerwise: Unknown option '--contxt'; the nearest is '--context'\n/],
      [["-x"], /'-x'/],
      [["--fix", "asumed"], /^layerwise: there is no file asumed; --fix takes safe, assumed or suggested\n/],
      [["--fix=all"], /--fix takes safe, assumed or suggested/],
      [["--builder", "kaniko"], /--builder takes buildkit, classic or buildah/],
      [["--build-arg", "=x"], /--build-arg takes/],
      [["--target", "test"], /--target: target stage `test` could not be found; the file has `0`/],
      [["missing"], /there is no file missing/],
      [["*.x"], /no file matches \*\.x/],
      [["--context", "missing"], /--context missing is no directory/],
    ]) {
      const { code, out, err } = layerwise(directory, args);
      assert.deepEqual([code, out], [2, ""], args.join(" "));
      assert.match(err, message);
    }
  });
  within({}, (directory) => {
    const { code, err } = layerwise(directory, []);
    assert.equal(code, 2);
    assert.match(err, /there is no Dockerfile in \./);
  });
});

test("what BuildKit refuses is an error: exit code 1", () => {
  within({ Dockerfile: "FROM scratch\nCOPI a b\n" }, (directory) => {
    const { code, out } = layerwise(directory, []);
    assert.equal(code, 1);
    assert.match(out, /^error: .*COPI/);
    assert.ok(out.includes("2 | COPI a b\n    | ^"));
    assert.match(out, /Dockerfile: 1 syntax error\n$/);
  });
});

test("a comment that comes to nothing is told, and is no failure", () => {
  const vain = MANIFEST_FIRST.replace("ADD .", `# layerwise ignore=${RULE}\nADD .`);
  within({ Dockerfile: vain, "requirements.txt": "", "run.py": "" }, (directory) => {
    const { code, out } = layerwise(directory, ["--target", "0"]);
    assert.equal(code, 0);
    assert.ok(out.startsWith(`notice: this comment switches nothing off: there is no issue of \`${RULE}\``), out);
    assert.ok(out.includes(`# layerwise ignore=${RULE}\n`));
    assert.match(out, /Dockerfile: no issues\n$/);
  });
});

test("--help and --version", () => {
  const help = layerwise(".", ["--help"]);
  assert.equal(help.code, 0);
  for (const option of ["--fix", "--json", "--context", "--no-context", "--target", "--build-arg", "--no-color"]) {
    assert.ok(help.out.includes(option), option);
  }
  assert.match(help.out, /Exit codes: 0 .* 1 .*2 /s);
  assert.match(layerwise(".", ["--version"]).out, /^\d+\.\d+\.\d+\S*\n$/);
});

test("colours only where they are wanted", () => {
  within(PROJECT, (directory) => {
    const coloured = (args, env) => layerwise(directory, args, { env }).out.includes("\x1b[");
    assert.equal(coloured([], {}), false);
    assert.equal(coloured([], { FORCE_COLOR: "1" }), true);
    assert.equal(coloured([], { FORCE_COLOR: "1", NO_COLOR: "1" }), false);
    assert.equal(coloured(["--no-color"], { FORCE_COLOR: "1" }), false);
  });
});

test("nothing in a file commands the terminal", () => {
  const hostile = COPY_FIRST.replace("CMD", "# \x1b[2J\x9b2J\rhidden\nCMD").replace("RUN", "RUN\t");
  within({ ...PROJECT, Dockerfile: hostile }, (directory) => {
    const { out } = layerwise(directory, []);
    assert.doesNotMatch(out, CONTROLS);
    assert.doesNotMatch(layerwise(directory, ["--json"]).out, CONTROLS);
  });
});

test("nothing in a path commands the terminal", { skip: process.platform === "win32" }, () => {
  const name = "\x1b[2J\u009b2J";
  const files = { [`${name}/Dockerfile`]: COPY_FIRST, [`${name}/requirements.txt`]: "", [`${name}/fixed`]: MANIFEST_FIRST };
  within(files, (directory) => {
    const runs = [[name], ["--fix=assumed", name], [`${name}/fixed`], [`${name}/none`], ["--context", `${name}/x`], [`--${name}`]];
    for (const args of runs) {
      const { out, err } = layerwise(directory, args);
      assert.ok(out + err !== "");
      assert.doesNotMatch(out + err, CONTROLS, args.join(" "));
    }
  });
});

test("--timings: the times of a log, and what is no log is wrong usage", () => {
  const log = "#6 [2/3] ADD . /app\n#6 DONE 0.2s\n#7 [3/3] RUN pip install -r /app/requirements.txt\n#7 DONE 41.0s\n";
  within({ ...PROJECT, "build.log": log, "notes.txt": "#1 buy milk\n" }, (directory) => {
    const { code, out } = layerwise(directory, ["--timings", "build.log"]);
    assert.equal(code, 1);
    assert.match(out, /\n {2}cost: {3}41 s each time\n/);
    assert.match(out, /is edited +41 s +/);
    const wrong = layerwise(directory, ["--timings", "notes.txt"]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /^layerwise: --timings notes\.txt: expected the log that `docker build --progress=plain`/);
  });
});

test("--explain shows what is known of the step on a line", () => {
  within(PROJECT, (directory) => {
    const { code, out, err } = layerwise(directory, ["--explain", "3"]);
    assert.deepEqual({ code, err }, { code: 0, err: "" });
    assert.match(out, /^line 3: RUN pip install -r \/app\/requirements\.txt\n/);
    assert.match(out, /\n {2}- is invalidated needlessly by: line 2\n/);
    assert.match(out, /\n {2}line 3: pip install -r \/app\/requirements\.txt\n {4}- is known as: pip, install\n/);
    // A stage is told without its steps; a line without either is a mistake.
    assert.equal(layerwise(directory, ["--explain", "1"]).out, "line 1: FROM python:3.13\n  - is built on: the image `python:3.13`\n");
    const wrong = layerwise(directory, ["--explain", "40"]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /--explain 40: no step of a stage stands on this line/);
  });
});

test("--explain alone lists the rules", () => {
  within({}, (directory) => {
    for (const words of [["--explain"], ["--explain", "--no-color"]]) {
      const { code, out } = layerwise(directory, words);
      assert.equal(code, 0);
      assert.match(out, /^stale-package-index +package index is refreshed in a step of its own$/m);
    }
  });
});

test("--explain shows the page of a rule, of which the nearest is named where there is none", () => {
  within({}, (directory) => {
    for (const { id } of rules()) {
      const { code, out } = layerwise(directory, ["--explain", id]);
      assert.equal(code, 0);
      assert.ok(out.startsWith(`# ${id}\n\n## What it finds\n`), id);
    }
    const { code, err } = layerwise(directory, ["--explain", "stale-index"]);
    assert.equal(code, 2);
    assert.match(err, /^layerwise: --explain stale-index: there is no rule `stale-index`; the nearest is `stale-package-index`\n/);
  });
});
