// What other automation takes of this repository: the hooks of pre-commit, the image, GitLab's job.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse, parseAllDocuments } from "yaml";
import { layerwise, within } from "./command-line.mjs";
import { COPY_FIRST, MANIFEST_FIRST } from "./dockerfiles.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const { version } = createRequire(import.meta.url)("layerwise/package.json");
const read = (name) => readFileSync(join(ROOT, name), "utf8");

const PROJECT = { "api/Dockerfile": COPY_FIRST, "api/requirements.txt": "flask\n", "api/run.py": "" };

function git(directory, ...args) {
  return execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.org", ...args], { cwd: directory, encoding: "utf8" }).trim();
}

function committed(directory) {
  git(directory, "init", "-q");
  git(directory, "add", "-A");
  git(directory, "commit", "-qm", "commit");
  return git(directory, "rev-parse", "HEAD");
}

/** pre-commit from PyPI in a directory; undefined where there is no Python that makes environments. */
function preCommit(directory) {
  const environment = join(directory, "python");
  const isMade = spawnSync("python3", ["-m", "venv", environment]).status === 0;
  const pip = join(environment, "bin/pip");
  const isThere = isMade && spawnSync(pip, ["install", "--quiet", "--disable-pip-version-check", "pre-commit>=4,<5"]).status === 0;
  return isThere ? join(environment, "bin/pre-commit") : undefined;
}

test("the hooks of pre-commit find and fix", (context) => {
  within({}, (directory) => {
    const program = preCommit(directory);
    if (program === undefined) return context.skip("python3 with venv, or PyPI, is not there");
    const hooks = join(directory, "hooks");
    mkdirSync(hooks);
    for (const name of [".pre-commit-hooks.yaml", "package.json"]) cpSync(join(ROOT, name), join(hooks, name));
    const rev = committed(hooks);
    // As it is published, in place of what npm has.
    execFileSync("npm", ["pack", "--silent", "--pack-destination", directory, join(ROOT, "pkg")], { stdio: "ignore" });
    const packed = join(directory, `layerwise-${version}.tgz`);
    const project = join(directory, "project");
    mkdirSync(join(project, "api"), { recursive: true });
    for (const [name, text] of Object.entries(PROJECT)) writeFileSync(join(project, name), text);
    writeFileSync(join(project, "api/Dockerfile.dockerignore"), "x\n");
    const run = (id) => {
      const config = { repos: [{ repo: hooks, rev, hooks: [{ id, additional_dependencies: [packed] }] }] };
      writeFileSync(join(project, ".pre-commit-config.yaml"), JSON.stringify(config));
      git(project, "add", "-A");
      const { status, stdout } = spawnSync(program, ["run", "--all-files"], {
        cwd: project, encoding: "utf8", env: { ...process.env, PRE_COMMIT_HOME: join(directory, "cache"), PRE_COMMIT_COLOR: "never" },
      });
      return { status, stdout };
    };
    committed(project);
    const found = run("layerwise");
    assert.equal(found.status, 1, found.stdout);
    assert.match(found.stdout, /^layerwise\.+Failed$/m);
    assert.match(found.stdout, /^warning\[source-copied-before-install\]: /m);
    assert.match(found.stdout, /^api\/Dockerfile: 1 issue$/m);
    const fixed = run("layerwise-fix");
    assert.match(fixed.stdout, /^- files were modified by this hook$/m);
    assert.equal(readFileSync(join(project, "api/Dockerfile"), "utf8"), MANIFEST_FIRST);
    assert.match(run("layerwise").stdout, /^layerwise\.+Passed$/m);
  });
});

test("the hooks are for the files that a search finds, and name the version of the package", () => {
  const names = ["Dockerfile", "Dockerfile.dev", "a/Containerfile", "a/api.Dockerfile", "api.dockerfile", "dockerfile"];
  const others = ["Dockerfile.dockerignore", "MyDockerfile", "Dockerfiles", "a/Dockerfile/x"];
  for (const { id, files, exclude, additional_dependencies: [dependency] } of parse(read(".pre-commit-hooks.yaml"))) {
    const isTaken = (name) => new RegExp(files).test(name) && !new RegExp(exclude).test(name);
    assert.deepEqual([...names, ...others].filter(isTaken), names, id);
    assert.equal(dependency, `layerwise@${version}`);
  }
});

test("our own Dockerfile has no issue, and its context is the package", () => {
  within({}, (directory) => {
    for (const name of ["Dockerfile", ".dockerignore"]) cpSync(join(ROOT, name), join(directory, name));
    cpSync(join(ROOT, "pkg"), join(directory, "pkg"), { recursive: true });
    writeFileSync(join(directory, "Cargo.toml"), "");
    // It is built by hosted builders, which keep no mounts.
    const rules = ["--rule", "install-without-cache-mount=off"];
    const { code, out, err } = layerwise(directory, ["--fail-on", "info", ...rules]);
    assert.deepEqual([code, err, out], [0, "", "context: . (it has what is copied)\nDockerfile: no issues\n"]);
    const { scenarios } = JSON.parse(layerwise(directory, ["--json"]).out).builds[0].report;
    const edits = scenarios.filter(({ kind }) => kind === "source").map(({ title }) => title);
    assert.deepEqual(edits.filter((title) => !/`pkg\//.test(title)), []);
  });
  // What it starts is there.
  const [, linked] = /ln -s \/opt\/layerwise\/(\S+) \/usr\/local\/bin\/layerwise/.exec(read("Dockerfile"));
  assert.match(layerwise(".", ["--version"], { cli: join(ROOT, "pkg", linked) }).out, /^\d/);
});

test("GitLab's job: its script makes a report of code quality, and fails as asked", () => {
  const [{ spec }, { layerwise: job }] = parseAllDocuments(read("templates/layerwise.yml")).map((document) => document.toJS());
  assert.deepEqual(spec.inputs.version.default, version);
  const used = [...JSON.stringify(job).matchAll(/\$\[\[ inputs\.([\w-]+) \]\]/g)].map(([, name]) => name);
  assert.deepEqual([...new Set(used)].sort(), Object.keys(spec.inputs).sort());
  const input = (given) => (text) => text.replace(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name) => given[name] ?? spec.inputs[name].default);
  within({ ...PROJECT, "b/Dockerfile": MANIFEST_FIRST, "b/requirements.txt": "", "b/run.py": "", "bin/npm": "#!/bin/sh\necho \"$@\" > installed\n" }, (directory) => {
    execFileSync("chmod", ["+x", join(directory, "bin/npm")]);
    symlinkSync(join(ROOT, "pkg/cli.cjs"), join(directory, "bin/layerwise"));
    const run = (given) => {
      const variables = Object.entries(job.variables).map(([name, value]) => [name, input(given)(value)]);
      const env = { PATH: `${join(directory, "bin")}:${dirname(process.execPath)}:${process.env.PATH}`, ...Object.fromEntries(variables) };
      return spawnSync("sh", ["-e", "-c", job.script.join("\n")], { cwd: directory, env, encoding: "utf8" });
    };
    const { status, stderr } = run({});
    assert.deepEqual([status, stderr], [1, ""]);
    assert.match(readFileSync(join(directory, "installed"), "utf8"), new RegExp(` layerwise@${version}\n$`));
    const report = JSON.parse(readFileSync(join(directory, job.artifacts.reports.codequality), "utf8"));
    assert.deepEqual(report.map(({ check_name: rule, location }) => [rule, location.path]), [["source-copied-before-install", "api/Dockerfile"]]);
    for (const key of ["description", "check_name", "fingerprint", "severity", "location"]) assert.ok(key in report[0], key);
    assert.equal(run({ paths: "b api", options: "--quiet", "fail-on": "error" }).status, 0);
    assert.equal(run({ paths: "b" }).status, 0);
  });
});

test("the README names the repository and the version of the crate", () => {
  const [, repository] = /^repository = "https:\/\/github\.com\/(.+)"$/m.exec(read("Cargo.toml"));
  const readme = read("README.md");
  for (const line of [`      - uses: ${repository}@v${version}`, `  - repo: https://github.com/${repository}`, `    rev: v${version}`]) {
    assert.ok(readme.includes(`\n${line}\n`), line);
  }
});
