// What --fix and --output do to the files they write: all of it or nothing, and no more than that.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { replaceFile } from "../../pkg-template/cli/write.js";
import { asNobody, layerwise, within } from "./command-line.mjs";
import { COPY_FIRST, MANIFEST_FIRST } from "./dockerfiles.mjs";

const skip = process.platform === "win32";
const CLI = fileURLToPath(new URL("../../pkg/cli.cjs", import.meta.url));
const PROJECT = { Dockerfile: COPY_FIRST, "requirements.txt": "flask\n", "run.py": "" };

const textAt = (directory, path = "Dockerfile") => readFileSync(join(directory, path), "utf8");

test("a read-only file is left alone, by root as well", { skip }, () => {
  within(PROJECT, (directory) => {
    chmodSync(join(directory, "Dockerfile"), 0o444);
    for (const who of [{}, asNobody(directory)]) {
      const { code, err } = layerwise(directory, ["--fix=assumed", "Dockerfile"], who);
      assert.deepEqual([code, err], [2, "layerwise: Dockerfile is read-only, so it is left alone\n"]);
      assert.equal(textAt(directory), COPY_FIRST);
    }
  });
});

test("a file of somebody else's is left alone", { skip: skip || process.getuid() !== 0 }, () => {
  within(PROJECT, (directory) => {
    const nobody = asNobody(directory);
    chownSync(join(directory, "Dockerfile"), 0, 0);
    const { code, err } = layerwise(directory, ["--fix=assumed", "Dockerfile"], nobody);
    assert.equal(code, 2);
    assert.match(err, /^layerwise: EACCES: .*Dockerfile'\n$/);
    assert.equal(textAt(directory), COPY_FIRST);
  });
});

test("a file keeps its owner and mode", { skip: skip || process.getuid() !== 0 }, () => {
  within(PROJECT, (directory) => {
    const path = join(directory, "Dockerfile");
    chownSync(path, 1234, 2345);
    chmodSync(path, 0o2664);
    assert.equal(layerwise(directory, ["--fix=assumed"]).code, 0);
    const { uid, gid, mode } = statSync(path);
    assert.deepEqual([uid, gid, mode & 0o7777], [1234, 2345, 0o2664]);
    assert.equal(textAt(directory), MANIFEST_FIRST);
    assert.deepEqual(readdirSync(directory).sort(), Object.keys(PROJECT).sort());
  });
});

test("a directory that takes no new file is no obstacle", { skip }, () => {
  within({ ...PROJECT, "sub/x": "" }, (directory) => {
    mkdirSync(join(directory, "own"));
    renameSync(join(directory, "Dockerfile"), join(directory, "own/Dockerfile"));
    const nobody = asNobody(directory);
    chmodSync(directory, 0o755);
    chmodSync(join(directory, "own"), 0o555);
    const { code, err } = layerwise(directory, ["--fix=assumed", "own/Dockerfile"], nobody);
    chmodSync(join(directory, "own"), 0o755);
    assert.deepEqual([code, err], [0, ""]);
    assert.equal(textAt(directory, "own/Dockerfile"), MANIFEST_FIRST);
  });
});

/** A Dockerfile that fills whole blocks of a disk, so that what it is rewritten to needs one more. */
const LONG = `${COPY_FIRST}${"#".repeat(8191 - COPY_FIRST.length)}\n`;

test("a process that may write no more leaves the file as it was", { skip }, () => {
  within({ ...PROJECT, Dockerfile: LONG }, (directory) => {
    // A limit of the shell: a signal ends the process, or an error comes back.
    const script = `ulimit -f 2; exec "${process.execPath}" "${CLI}" --fix=assumed Dockerfile`;
    const run = spawnSync("bash", ["-c", script], { cwd: directory, encoding: "utf8" });
    assert.notEqual(run.status, 0);
    assert.equal(textAt(directory), LONG);
  });
});

const mayMount = () => !skip && spawnSync("unshare", ["--mount", "--map-root-user", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;

test("a full disk leaves the file as it was", { skip: !mayMount() && "no file system can be mounted here" }, () => {
  const files = { ...PROJECT, Dockerfile: LONG };
  within(files, (directory) => {
    for (const link of ["", "ln full/Dockerfile full/other;"]) {
      // As many bytes as are needed, and then none; what is told goes to a pipe.
      const script = `
        mkdir -p full; mount -t tmpfs -o size=64k none full; cp Dockerfile requirements.txt run.py full; ${link}
        cat /dev/zero > full/rest 2>/dev/null; cd full
        "${process.execPath}" "${CLI}" --fix=assumed Dockerfile >/dev/null; echo "code $?"; ls -A; cat Dockerfile`;
      const { stdout, stderr } = spawnSync("unshare", ["--mount", "--map-root-user", "bash", "-c", script], { cwd: directory, encoding: "utf8" });
      const names = ["Dockerfile", ...(link ? ["other"] : []), "requirements.txt", "rest", "run.py"];
      assert.match(stderr, /^layerwise: ENOSPC: [^\n]*\n$/);
      assert.equal(stdout, `code 2\n${names.join("\n")}\n${LONG}`);
    }
  });
});

test("a chain of links stays one", { skip }, () => {
  within({ "real/deep/file": COPY_FIRST, "requirements.txt": "", "run.py": "" }, (directory) => {
    symlinkSync("real/deep", join(directory, "way"));
    symlinkSync("way/file", join(directory, "second"));
    symlinkSync(join(directory, "second"), join(directory, "Dockerfile"));
    assert.equal(layerwise(directory, ["--fix=assumed"]).code, 0);
    for (const link of ["way", "second", "Dockerfile"]) assert.ok(lstatSync(join(directory, link)).isSymbolicLink(), link);
    assert.equal(textAt(directory, "real/deep/file"), MANIFEST_FIRST);
    assert.deepEqual(readdirSync(join(directory, "real/deep")), ["file"]);
  });
});

test("a link out of the repository is written through only where it is named", { skip }, () => {
  within({ "elsewhere/Dockerfile": COPY_FIRST, "here/requirements.txt": "", "here/run.py": "", "here/.git/HEAD": "" }, (directory) => {
    const here = join(directory, "here");
    symlinkSync("../elsewhere/Dockerfile", join(here, "Dockerfile"));
    const { code, out, err } = layerwise(here, ["--fix=assumed"]);
    assert.equal(code, 2);
    assert.match(err, /^layerwise: Dockerfile is left alone: it is a link to .*elsewhere\/Dockerfile, which lies elsewhere; name that to have it written\n$/);
    assert.match(out, /\nDockerfile: 1 issue, 1 info\n/);
    assert.equal(textAt(directory, "elsewhere/Dockerfile"), COPY_FIRST);
    assert.equal(layerwise(here, ["--fix=assumed", "Dockerfile"]).code, 0);
    assert.equal(textAt(directory, "elsewhere/Dockerfile"), MANIFEST_FIRST);
  });
});

test("a file that is another meanwhile is left alone", { skip }, () => {
  const read = Buffer.from(COPY_FIRST);
  const others = {
    "more text": (path) => writeFileSync(path, `${COPY_FIRST}#\n`),
    "other text": (path) => writeFileSync(path, COPY_FIRST.replace("/app", "/usr")),
    "no text": (path) => truncateSync(path),
    "a pipe": (path) => {
      renameSync(path, `${path}.old`);
      execFileSync("mkfifo", [path]);
    },
  };
  for (const [what, change] of Object.entries(others)) {
    within(PROJECT, (directory) => {
      const path = join(directory, "Dockerfile");
      change(path);
      const names = readdirSync(directory);
      assert.throws(() => replaceFile(path, read, MANIFEST_FIRST), /Dockerfile has changed since it was read, so it is left alone/, what);
      assert.deepEqual(readdirSync(directory), names);
    });
  }
  within(PROJECT, (directory) => {
    const path = join(directory, "Dockerfile");
    renameSync(path, `${path}.old`);
    assert.throws(() => replaceFile(path, read, MANIFEST_FIRST), { code: "ENOENT" });
  });
});

test("a report does not take the place of the Dockerfile", () => {
  within(PROJECT, (directory) => {
    const { code, out, err } = layerwise(directory, ["--output", "./Dockerfile"]);
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /^layerwise: --output \.\/Dockerfile is the Dockerfile itself; --fix writes the rewritten file, --output a report\n/);
    assert.equal(textAt(directory), COPY_FIRST);
    // Near miss: the rewritten file may.
    assert.equal(layerwise(directory, ["--print", "--output", "Dockerfile"]).code, 0);
    assert.equal(textAt(directory), MANIFEST_FIRST);
  });
});
