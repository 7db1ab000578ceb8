// The .dockerignore of a context that several Dockerfiles share: which file lines are written to.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readContext } from "layerwise/node";
import { appended, linesAdded } from "../../pkg-template/cli/ignore-text.js";
import { layerwise, within } from "./command-line.mjs";
import { NO_MOUNTS } from "./dockerfiles.mjs";

const DOCKERFILE = `FROM node:24
WORKDIR /app
COPY . .
RUN npm ci
CMD ["node", "app.js"]
${NO_MOUNTS}`;
/** Its fix is safe and brings `node_modules`. */
const PROJECT = {
  Dockerfile: DOCKERFILE, "app.js": "", ".dockerignore": "*.md\n",
  "package.json": '{"dependencies":{"a":"1"}}',
  "package-lock.json": '{"lockfileVersion":3,"packages":{"":{"dependencies":{"a":"1"}},"node_modules/a":{"version":"1.0.0"}}}\n',
};
const OWN = "Dockerfile.dockerignore";
const WITH_LINE = "*.md\nnode_modules\n";

/** What lies in the files after a run: of the shared one, and of the one that is for `Dockerfile` alone. */
function written(directory) {
  const at = (name) => (existsSync(join(directory, name)) ? readFileSync(join(directory, name), "utf8") : undefined);
  return [at(".dockerignore"), at(OWN)];
}

/** What `--fix` writes beside `others`, as `written` says it. */
function fixedBeside(others, args = ["--fix"]) {
  return within({ ...PROJECT, ...others }, (directory) => {
    const { code, err } = layerwise(directory, [...args, "Dockerfile"]);
    assert.deepEqual([code, err], [0, ""], JSON.stringify(others));
    assert.notEqual(readFileSync(join(directory, "Dockerfile"), "utf8"), DOCKERFILE);
    return written(directory);
  });
}

const SHARED = [WITH_LINE, undefined];
const ALONE = ["*.md\n", WITH_LINE];

test("a line goes into the shared file, so that what is added there later counts", () => {
  within({ ...PROJECT, "Dockerfile.dev": "FROM node:24\nCOPY app.js /\n", secret: "" }, (directory) => {
    assert.equal(layerwise(directory, ["--fix", "Dockerfile"]).code, 0);
    assert.deepEqual(written(directory), SHARED);
    writeFileSync(join(directory, ".dockerignore"), `${WITH_LINE}secret\n`);
    const { dockerignore, files } = readContext(directory, { dockerfile: join(directory, "Dockerfile") });
    assert.deepEqual([dockerignore, "secret" in files], [`${WITH_LINE}secret\n`, true]);
    assert.deepEqual(JSON.parse(layerwise(directory, ["--json", "Dockerfile"]).out).builds[0].report.issues, []);
  });
});

test("where another Dockerfile mentions what it leaves out, it goes into a file of its own", () => {
  for (const [text, expected] of [
    ["COPY node_modules /app/node_modules\n", ALONE],
    ["COPY ${source:-web/node_modules/a} /\n", ALONE],
    ["# the node_modules of the host\n", ALONE],
    ["COPY node_* /app/\n", ALONE],
    // It serves what was made before its build.
    ["COPY . /app\n", ALONE],
    // Near misses: a name that only begins alike, a pattern that is another's, and what is built there.
    ["RUN echo node_modules_of_mine\n", SHARED],
    ["COPY *.json /app/\n", SHARED],
    ["COPY . /app\nRUN npm ci\n", SHARED],
  ]) {
    assert.deepEqual(fixedBeside({ "Dockerfile.dev": `FROM node:24\n${text}` }), expected, text);
  }
  // Whatever .dockerignore leaves out, and whatever git ignores.
  const other = { "docker/a.Dockerfile": "FROM node:24\nCOPY node_modules /\n" };
  assert.deepEqual(fixedBeside({ ...other, ".dockerignore": "docker\n" }), ["docker\n", "docker\nnode_modules\n"]);
  assert.deepEqual(fixedBeside({ ...other, ".gitignore": "docker\n", ".git/HEAD": "" }, ["--fix=assumed"]), ALONE);
  // It mentions them itself.
  const own = DOCKERFILE.replace("CMD", "RUN ls node_modules\nCMD");
  assert.deepEqual(fixedBeside({ Dockerfile: own }), SHARED);
});

test("a link to the Dockerfile is no other one", { skip: process.platform === "win32" }, () => {
  within({ ...PROJECT, Dockerfile: `# node_modules\n${DOCKERFILE}` }, (directory) => {
    symlinkSync("Dockerfile", join(directory, "Dockerfile.same"));
    assert.equal(layerwise(directory, ["--fix", "Dockerfile"]).code, 0);
    assert.deepEqual(written(directory), SHARED);
  });
});

test("one of any name counts where a file of the repository builds it with this context", () => {
  const compose = (rest) => `services:\n  own: {build: .}\n  other: {build: ${rest}}\n`;
  const text = "FROM node:24\nARG source\nCOPY $source /\n";
  for (const [files, expected] of [
    [{ "compose.yaml": compose("{context: ., dockerfile: deploy/prod.txt}"), "deploy/prod.txt": `${text}COPY node_modules /\n` }, ALONE],
    [{ "compose.yaml": compose("{context: ., dockerfile: deploy/prod.txt, args: {source: node_modules/a}}"), "deploy/prod.txt": text }, ALONE],
    [{ "compose.yaml": compose('{context: ., dockerfile_inline: "FROM node:24\\nCOPY node_modules /\\n"}') }, ALONE],
    // Near misses: a context of its own, no such argument, and a text that nobody builds.
    [{ "compose.yaml": compose("{context: deploy, dockerfile: prod.txt}"), "deploy/prod.txt": "FROM node:24\nCOPY node_modules /\n" }, SHARED],
    [{ "compose.yaml": compose("{context: ., dockerfile: deploy/prod.txt}"), "deploy/prod.txt": text }, SHARED],
    [{ "compose.yaml": compose("."), "deploy/prod.txt": "FROM node:24\nCOPY node_modules /\n" }, SHARED],
  ]) {
    assert.deepEqual(fixedBeside(files), expected, JSON.stringify(files));
  }
});

test("what would change another image today goes into a file of its own", () => {
  const used = { "node_modules/.package-lock.json": "{}", "node_modules/a/index.js": "" };
  for (const [text, expected] of [
    ["COPY . /app\n", ALONE],
    ["ADD ./ /app\n", ALONE],
    ["ONBUILD COPY . /app\n", ALONE],
    ["RUN --mount=type=bind,target=/src ls /src\n", ALONE],
    // Near misses: what is copied is elsewhere, or not of the context.
    ["COPY src /app\n", SHARED],
    ["COPY --from=node:22 . /app\n", SHARED],
    ["RUN --mount=type=bind,source=src,target=/src ls /src\n", SHARED],
    ["RUN --mount=type=bind,from=node:22,target=/src ls /src\n", SHARED],
    ["RUN --mount=type=cache,target=/src ls /src\n", SHARED],
  ]) {
    assert.deepEqual(fixedBeside({ ...used, "src/a": "", "Dockerfile.dev": `FROM node:24\n${text}` }, ["--fix=assumed"]), expected, text);
  }
});

test("what is suggested follows the same rule, and all that is written together lies in one file", () => {
  const history = { ".git/HEAD": "ref: refs/heads/main\n" };
  const both = "*.md\n.git\nnode_modules\n";
  for (const [text, expected] of [
    ["COPY . /app\nRUN make\n", ["*.md\n", both]],
    ["RUN git -C /app/.git log\n", ["*.md\n", both]],
    // Near miss: the address of a repository, and another file.
    ["RUN git clone https://example.org/a.git\nCOPY .gitignore /\n", [both, undefined]],
  ]) {
    const files = { ...history, ".gitignore": "", "Dockerfile.dev": `FROM node:24\n${text}` };
    assert.deepEqual(fixedBeside(files, ["--fix=suggested"]), expected, text);
    // The line of the safe fix alone takes nothing from the other.
    assert.deepEqual(fixedBeside(files), SHARED, text);
    within({ ...PROJECT, ...files }, (directory) => {
      const [{ dockerignore }] = JSON.parse(layerwise(directory, ["--json", "Dockerfile"]).out).builds;
      assert.equal(dockerignore, expected[1] === undefined ? ".dockerignore" : OWN);
      execFileSync("git", ["apply", "-"], { cwd: directory, input: layerwise(directory, ["--diff", "--fix=suggested", "Dockerfile"]).out });
      assert.deepEqual(written(directory), expected, text);
    });
  }
});

test("Dockerfiles that are repaired together add to the shared file what each needs, once", () => {
  const python = `FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN python -m venv .venv\nRUN .venv/bin/pip install -r requirements.txt\n${NO_MOUNTS}`;
  const args = ["Dockerfile", "Dockerfile.dev", "py.Dockerfile"];
  for (const before of [undefined, "*.md\n"]) {
    const { ".dockerignore": _, ...rest } = PROJECT;
    const files = { ...rest, ...(before !== undefined && { ".dockerignore": before }), "Dockerfile.dev": DOCKERFILE, "py.Dockerfile": python, "requirements.txt": "flask\n" };
    const expected = [`${before ?? ""}node_modules\n.venv\n`, undefined];
    within(files, (directory) => {
      assert.equal(layerwise(directory, ["--fix", ...args]).err, "");
      assert.deepEqual(written(directory), expected);
    });
    within(files, (directory) => {
      execFileSync("git", ["apply", "-"], { cwd: directory, input: layerwise(directory, ["--diff", "--fix", ...args]).out });
      assert.deepEqual(written(directory), expected);
    });
  }
});

test("what was analysed before another Dockerfile's lines were written goes on top of them", () => {
  assert.equal(appended("*.md\n", ["*.md", "a", "a"]), "*.md\na\n");
  assert.equal(appended("a\n!a/b\n", ["a"]), "a\n!a/b\na\n");
  assert.equal(appended("*.md\r\nb", ["a"]), "*.md\r\nb\r\na\r\n");
  assert.equal(appended(undefined, []), "");
  assert.deepEqual(linesAdded("*.md\n", "*.md\na\n"), ["a"]);
  assert.deepEqual(linesAdded("*.md\nb\n", "*.md\na\n"), ["a"]);
  assert.deepEqual(linesAdded("a\n!a/b\n", "a\n!a/b\na\n"), ["a"]);
  assert.deepEqual(linesAdded(undefined, "a\n"), ["a"]);
});

test("a file that is named after the Dockerfile stays the one in force", () => {
  for (const text of ["COPY app.js /\n", "COPY node_modules /\n"]) {
    assert.deepEqual(fixedBeside({ [OWN]: "*.txt\n", "Dockerfile.dev": `FROM node:24\n${text}` }), ["*.md\n", "*.txt\nnode_modules\n"]);
  }
});

test("the classic builder reads .dockerignore alone", () => {
  const classic = ["--fix=suggested", "--builder", "classic"];
  const dev = { "Dockerfile.dev": "FROM node:24\nCOPY app.js /\n" };
  assert.deepEqual(fixedBeside(dev, classic), SHARED);
  // One that is named after the Dockerfile leaves nothing out, and is left alone.
  assert.deepEqual(fixedBeside({ [OWN]: "node_modules\n" }, classic), [WITH_LINE, "node_modules\n"]);
  assert.deepEqual(fixedBeside({ [OWN]: "node_modules\n", ".dockerignore": WITH_LINE }, classic), [WITH_LINE, "node_modules\n"]);
  // So says a configuration.
  assert.deepEqual(fixedBeside({ ...dev, [OWN]: "node_modules\n", "layerwise.json": '{"builder":"classic"}' }), [WITH_LINE, "node_modules\n"]);
  // Near misses: these read it.
  for (const builder of ["buildkit", "buildah"]) {
    assert.deepEqual(fixedBeside({ [OWN]: "node_modules\n" }, ["--fix", "--builder", builder]), ["*.md\n", "node_modules\n"]);
  }
});

test("with the classic builder, nothing is written that another Dockerfile may want", () => {
  const why = ".dockerignore is left alone: Dockerfile.dev may want what the lines leave out, and no file is read for one Dockerfile alone";
  within({ ...PROJECT, "Dockerfile.dev": "FROM node:24\nCOPY node_modules /\n" }, (directory) => {
    assert.ok(layerwise(directory, ["--builder", "classic", "Dockerfile"]).out.includes(`\n+node_modules\n${why}\n`));
    const { code, err } = layerwise(directory, ["--fix", "--builder", "classic", "Dockerfile"]);
    assert.deepEqual([code, err], [2, `layerwise: ${why}\n`]);
    assert.equal(readFileSync(join(directory, "Dockerfile"), "utf8"), DOCKERFILE);
    assert.deepEqual(written(directory), ["*.md\n", undefined]);
  });
});
