// Which directory is the context where nobody says it: what counts as proof, and what is a guess.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { madeBySteps } from "../../pkg-template/cli/made-by-steps.js";
import { layerwise, within } from "./command-line.mjs";
import { told } from "./definitions.mjs";
import { COPY_FIRST, NO_MOUNTS } from "./dockerfiles.mjs";

/** The context that is found for `svc/Dockerfile`, and how, beside files of a root and of `svc`. */
function found(steps, paths) {
  const files = Object.fromEntries(paths.map((path) => [path, "flask\n"]));
  return within({ ...files, "svc/Dockerfile": `FROM python:3.13\nWORKDIR /app\n${steps}${NO_MOUNTS}` }, (directory) => {
    const [{ context, learntFrom }] = told(directory, ["svc"]);
    return `${context} ${learntFrom}`;
  });
}

test("what a step makes, or only works on, says nothing of the context", () => {
  const project = ["requirements.txt", "main.py", "svc/requirements.txt", "svc/main.py"];
  const copied = "COPY . .\nRUN pip install -r requirements.txt\n";
  for (const [step, path] of [
    ["RUN mkdir -p /app/data && chmod 777 /app/data\n", "data/x"],
    ["RUN mkdir -p /app/data\nRUN chown -R nobody /app/data\n", "data/x"],
    ["RUN go build -o svc ./cmd\nRUN chmod +x svc\n", "svc/x"],
    ["RUN touch state.txt && cat state.txt\n", "state.txt"],
    ["RUN curl https://example.org/a.sh > a.sh\nRUN chmod +x a.sh\n", "a.sh"],
    ["RUN chmod +x run.sh\nRUN ./run.sh\n", "run.sh"],
    ["CMD [\"python\", \"main.py\"]\n", "data/x"],
  ]) {
    assert.equal(found(copied + step, [...project, path]), "svc guess", step);
  }
  // Near misses: a copy names it, and an install reads it.
  assert.equal(found(`${copied}COPY data /data\nRUN chmod 777 /data\n`, [...project, "data/x"]), ". sources");
  assert.equal(found("COPY . .\nRUN pip install -r base.txt\n", [...project, "base.txt"]), ". sources");
  assert.equal(found("COPY . .\nRUN pip install -r base.txt && chmod 777 main.py\n", [...project, "svc/base.txt"]), "svc sources");
});

test("a package that takes values from a workspace is not built without it", () => {
  const of = (version) => within(
    {
      "Cargo.toml": "[workspace]\nmembers = [\"svc\"]\n[workspace.package]\nversion = \"1.0.0\"\n",
      "svc/Cargo.toml": `[package]\nname = "svc"\n${version}\n`, "svc/src/main.rs": "fn main() {}\n",
      "svc/Dockerfile": "FROM rust:1.90\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\n",
    },
    (directory) => {
      const [{ context, learntFrom }] = told(directory, ["svc"]);
      return `${context} ${learntFrom}`;
    },
  );
  assert.equal(of("version.workspace = true"), ". sources");
  assert.equal(of("version = { workspace = true }"), ". sources");
  assert.equal(of("version = \"1.0.0\""), "svc guess");
  assert.equal(of("version = \"1.0.0\" # not workspace = true"), "svc guess");
});

test("a fix that rests on the wrong directory is not written", () => {
  const text = `FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nRUN mkdir -p /app/data && chmod 777 /app/data\n${NO_MOUNTS}`;
  const files = {
    "requirements.txt": "flask\n", "main.py": "", "data/x": "",
    "svc/requirements.txt": "-r base.txt\n", "svc/base.txt": "flask\n", "svc/main.py": "", "svc/Dockerfile": text,
  };
  within(files, (directory) => {
    assert.equal(layerwise(directory, ["--fix", "svc"]).code, 1);
    assert.equal(readFileSync(join(directory, "svc/Dockerfile"), "utf8"), text);
    const { err } = layerwise(directory, ["--fix=assumed", "svc"]);
    assert.match(err, /^layerwise: svc\/Dockerfile is left alone: its context may be svc or \., and what is written depends on which; name it with --context\n/);
    // Near miss: a context that is named.
    assert.equal(layerwise(directory, ["--fix", "svc", "--context", "svc"]).code, 0);
    assert.match(readFileSync(join(directory, "svc/Dockerfile"), "utf8"), /COPY base\.txt requirements\.txt \.\/|COPY requirements\.txt base\.txt \.\//);
  });
});

test("a manifest that steps may make says nothing either", () => {
  for (const [step, path, isMade] of [
    ["RUN pip freeze > requirements.txt", "requirements.txt", true],
    ["RUN pip freeze 2>&1 >>/app/requirements.txt", "requirements.txt", true],
    ["RUN poetry export -o requirements.txt", "requirements.txt", true],
    ["RUN poetry export --output=requirements.txt", "requirements.txt", true],
    ["RUN A=b sudo -E touch go.mod", "go.mod", true],
    ["RUN if true; then cp go.example go.mod; fi", "go.mod", true],
    ["RUN [\"touch\", \"go.mod\"]", "go.mod", true],
    ["RUN <<END\ncat > web/package.json\nEND", "web/package.json", true],
    ["RUN git clone https://example.org/lib.git", "lib/go.mod", true],
    ["RUN git clone https://example.org/lib.git .", "go.mod", true],
    ["RUN npm init -y", "package.json", true],
    ["RUN go mod init a", "go.mod", true],
    ["ADD https://example.org/requirements.txt?raw=1 /app/", "requirements.txt", true],
    ["COPY <<END go.mod\nmodule a\nEND", "go.mod", true],
    // Near misses: what is read, copied, another file, and a directory.
    ["RUN pip install -r requirements.txt", "requirements.txt", false],
    ["RUN npm ci", "package.json", false],
    ["COPY requirements.txt .", "requirements.txt", false],
    ["RUN pip freeze > all.txt", "requirements.txt", false],
    ["RUN git clone https://example.org/lib.git", "go.mod", false],
    ["RUN mkdir -p web && cd web && npm ci", "web/package.json", false],
  ]) {
    assert.equal(madeBySteps(`FROM a\n${step}\n`)(path), isMade, `${step}: ${path}`);
  }
  const project = ["requirements.txt", "svc/main.py"];
  assert.equal(found("COPY . .\nRUN pip freeze > requirements.txt\nRUN pip install -r requirements.txt\n", project), "svc guess");
  assert.equal(found("COPY . .\nRUN pip install -r requirements.txt\n", project), ". sources");
});

test("a Dockerfile that names its own directory is built from above", () => {
  const named = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN cp ./svc/res.txt .\n";
  const files = { "package.json": "{}", "svc/package.json": "{}", "svc/res.txt": "" };
  const contextOf = (text, more = {}) => within({ ...files, "svc/Dockerfile": text, ...more }, (directory) => {
    const [{ context, learntFrom }] = told(directory, ["svc"]);
    return `${context} ${learntFrom}`;
  });
  const compose = { "svc/compose.yaml": "services:\n  svc: {build: .}\n" };
  assert.equal(contextOf(named), ". sources");
  assert.equal(contextOf(named, compose), ". guess");
  assert.equal(contextOf(named.replace("./svc/", "/app/svc/").replace("COPY . .", "COPY . /app/"), compose), ". guess");
  // Near misses: nothing is there, the directory has it as well, and the image has it by that name.
  assert.equal(contextOf(named.replace("./svc/", "/etc/svc/"), compose), "svc compose");
  assert.equal(contextOf(named.replace("res.txt", "other.txt"), compose), "svc compose");
  assert.equal(contextOf(named, { ...compose, "svc/svc/res.txt": "" }), "svc compose");
  assert.equal(contextOf(named.replace("COPY . .", "COPY . /app/svc"), compose), "svc compose");
});

test("a directory that lacks one of several sources is a guess", () => {
  const text = COPY_FIRST.replace("ADD .", "ADD requirements.txt run.py creds.json");
  const named = { "svc/requirements.txt": "flask\n", "svc/run.py": "", "svc/Dockerfile": text };
  within(named, (directory) => {
    const { out, err } = layerwise(directory, ["svc"]);
    assert.equal(err, "");
    assert.match(out, /\ncontext: svc \(a guess: it lacks creds\.json, --context says which\)\n/);
    assert.match(out, /\(assumed, saves ~[\d.]+ s at each edit\)\n {2}if: +The build context is `svc`\.\n/);
    assert.equal(layerwise(directory, ["--fix", "svc"]).code, 1);
    assert.equal(readFileSync(join(directory, "svc/Dockerfile"), "utf8"), text);
    assert.equal(layerwise(directory, ["--fix=assumed", "svc"]).code, 0);
    assert.notEqual(readFileSync(join(directory, "svc/Dockerfile"), "utf8"), text);
  });
  // A copy of all is a source as well, and then there are others.
  within({ "main.py": "", "svc/main.py": "", "svc/Dockerfile": "FROM a\nCOPY . .\nCOPY creds.json /\n" }, (directory) => {
    assert.match(layerwise(directory, ["svc"]).out, /^context: svc \(a guess: it lacks creds\.json, \. would do as well, --context says which\)\n/);
  });
  // Each lacks what is its own, and manifests decide between them.
  const two = "FROM a\nWORKDIR /app\nCOPY . .\nCOPY a b /app/\nRUN pip install -r requirements.txt\n";
  within({ a: "", "requirements.txt": "flask\n", "svc/b": "", "svc/Dockerfile": two }, (directory) => {
    assert.match(layerwise(directory, ["svc"]).out, /\ncontext: \. \(a guess: it lacks b, --context says which\)\n/);
  });
  // Near misses: another has them all, none has more than one, and there is only that one.
  within({ ...named, "requirements.txt": "flask\n", "run.py": "", "creds.json": "" }, (directory) => {
    assert.match(layerwise(directory, ["svc"]).out, /\ncontext: \. \(it has what is copied\)\n/);
  });
  within({ "svc/run.py": "", "svc/Dockerfile": text }, (directory) => {
    assert.match(layerwise(directory, ["svc"]).out, /\ncontext: none, judged from the text alone\n/);
  });
  within({ "svc/main.py": "", "svc/Dockerfile": "FROM a\nCOPY creds.json /\n" }, (directory) => {
    assert.match(layerwise(directory, ["svc"]).err, /^layerwise: creds\.json \(svc\/Dockerfile:2\) is not in svc; judged from the text alone/);
  });
});
