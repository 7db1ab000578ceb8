// Names and texts that would command a terminal, turn a line around, or forge one: no format prints
// them as they are.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { layerwise, within } from "./command-line.mjs";
import { COPY_FIRST } from "./dockerfiles.mjs";

const skip = process.platform === "win32";

/** What is in no output: controls but for the line break, of bidirectional text, line separators, tags. */
const UNSHOWN = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u;

/** What is tried in names of files, and in texts. */
const TRIED = {
  "an escape": "\x1b[2J\x1b]0;title\x07",
  "an escape of one character": "\u009b2J\u009d0;title\u009c",
  "a carriage return": "a\rb",
  "backspaces": "a\b\b\bb",
  "overrides of direction": "\u202ea\u202d\u202a\u202b\u202c",
  "isolates of direction": "\u2066a\u2067\u2068\u2069",
  "marks of direction": "\u061c\u200ea\u200f",
  "line separators": "a\u2028b\u2029c",
  "tags": "a\u{e0041}\u{e007f}",
  "a line break": "a\nwarning[forged]: b",
  "a workflow command": "a\n::error::forged",
  "an older workflow command": "##[stop-commands]a",
  "markup": "<b>`*_[x](y)|@team#1",
};

/** All of it in texts that are short enough for names: many runs for each would take long. */
const TEXTS = Object.entries(TRIED).reduce((groups, [what, text], at) => {
  const group = (groups[Math.floor(at / 4)] ??= { what: [], text: "" });
  group.what.push(what);
  group.text += text;
  return groups;
}, []);

const FORMATS = ["pretty", "json", "ndjson", "sarif", "github", "gitlab", "junit", "markdown"];

/** Ways to have something told of a directory of that name. */
const RUNS = (name) => [
  ...FORMATS.map((format) => ["--format", format]),
  ["--quiet"],
  ["--verbose"],
  ["--diff"],
  ["--format", "markdown", "--fix=assumed"],
  ["--context", name, name],
  [`${name}/none`],
  [`${name}/*.none`],
  ["--context", `${name}/none`],
  ["--config", `${name}/none.json`],
  ["--baseline", `${name}/none.json`],
  ["--explain", name],
  ["--rule", `${name}=off`],
  ["--target", name, name],
  [`--${name}`],
];

for (const { what, text } of TEXTS) {
  test(`${what.join(", ")} in the names of files`, { skip }, () => {
    const hostile = text.replaceAll("/", ":");
    const files = {
      [`${hostile}/Dockerfile`]: COPY_FIRST, [`${hostile}/requirements.txt`]: "", [`${hostile}/run.py`]: "",
      [`${hostile}/compose.yaml`]: `services:\n  ${JSON.stringify(text)}: {build: {context: ., dockerfile: ${JSON.stringify(`./${hostile}`)}}}\n`,
      [`bad/Dockerfile.${hostile}`]: "FROM a\nBAD\n", "good/Dockerfile": COPY_FIRST,
    };
    within(files, (directory) => {
      for (const args of RUNS(hostile)) {
        const { code, out, err } = layerwise(directory, args);
        assert.ok([0, 1, 2].includes(code) && out + err !== "", args.join(" "));
        assert.doesNotMatch(out + err, UNSHOWN, args.join(" "));
        if (args.includes("github")) assert.doesNotMatch(out, /##\[/);
        assert.doesNotMatch(out + err, /^(?:warning\[forged\]|::error::forged)/m, args.join(" "));
      }
    });
  });

  test(`${what.join(", ")} in the texts of files`, () => {
    const line = text.replaceAll("\n", "\\n");
    const hostile = COPY_FIRST.replace("python:3.13\n", `python:3.13 AS ${line}\nENV A="${line}"\n`)
      .replace("RUN ", `RUN echo '${line}' > '/app/${line}' && `).replace("CMD", `# ${line}\nCMD`);
    const files = {
      Dockerfile: hostile, "requirements.txt": `${text}\n`, "run.py": "", "bad/Dockerfile": `FROM a\nBAD ${line}\nCOPY --${line} a b\n`,
      ".dockerignore": `${text}\n`, "package.json": JSON.stringify({ scripts: { [text]: `docker build -t ${line} --target ${line} .` } }),
    };
    within(files, (directory) => {
      for (const args of [...FORMATS.map((format) => ["--format", format]), ["--diff"], ["--explain", "5", "Dockerfile", "--no-context"]]) {
        const { code, out, err } = layerwise(directory, args);
        assert.ok([0, 1, 2].includes(code) && out + err !== "", args.join(" "));
        assert.doesNotMatch(out + err, UNSHOWN, args.join(" "));
      }
    });
  });
}

test("what is escaped for machines is what was written", { skip }, () => {
  for (const { text } of TEXTS) {
    const name = text.replaceAll("/", ":");
    within({ [`${name}/Dockerfile`]: COPY_FIRST }, (directory) => {
      const json = (format) => JSON.parse(layerwise(directory, ["--format", format]).out);
      assert.equal(json("json").builds[0].dockerfile, `${name}/Dockerfile`);
      assert.equal(json("gitlab")[0].location.path, `${name}/Dockerfile`);
      const { uri } = json("sarif").runs[0].results[0].locations[0].physicalLocation.artifactLocation;
      assert.equal(decodeURIComponent(uri), `${name}/Dockerfile`);
    });
  }
});

test("--print and --fix keep what is in the text", () => {
  const hostile = COPY_FIRST.replace("CMD", `# ${Object.values(TRIED).map((text) => text.replaceAll("\n", "")).join("")}\nCMD`);
  within({ Dockerfile: hostile, "requirements.txt": "", "run.py": "" }, (directory) => {
    const printed = layerwise(directory, ["--print"]).out;
    assert.ok(printed.endsWith(hostile.slice(hostile.indexOf("# "))));
    layerwise(directory, ["--fix=assumed"]);
    assert.equal(readFileSync(join(directory, "Dockerfile"), "utf8"), printed);
  });
});

test("names that are no text are told, and the others are done", { skip: process.platform !== "linux" }, () => {
  within({ "a/Dockerfile": COPY_FIRST, "a/requirements.txt": "", "a/run.py": "" }, (directory) => {
    const latin = Buffer.concat([Buffer.from(`${directory}/`), Buffer.from("caf\xe9.Dockerfile", "latin1")]);
    writeFileSync(latin, "FROM scratch\n");
    writeFileSync(Buffer.concat([Buffer.from(`${directory}/a/`), Buffer.from("caf\xe9", "latin1")]), "");
    const { code, out, err } = layerwise(directory, ["--quiet"]);
    assert.equal(code, 2);
    assert.match(err, /^layerwise: ENOENT: .*caf\ufffd\.Dockerfile'\n$/);
    assert.match(out, /^a\/Dockerfile:3:1: warning/);
  });
});

test("names that look like options or patterns", { skip }, () => {
  const names = ["-rf", "--fix", "*", "a b", "[a]", "$(touch made)", "`touch made`", "'\"", "__proto__", "constructor"];
  const files = names.flatMap((name) => [[`${name}/Dockerfile`, COPY_FIRST], [`${name}/requirements.txt`, ""], [`${name}/run.py`, ""]]);
  within(Object.fromEntries(files), (directory) => {
    const { out } = layerwise(directory, ["--format", "ndjson"]);
    assert.deepEqual(out.split("\n").slice(0, -1).map((line) => JSON.parse(line).dockerfile).sort(), names.map((name) => `${name}/Dockerfile`).sort());
    for (const name of names) assert.equal(layerwise(directory, ["--", `${name}/Dockerfile`]).code, 1, name);
    assert.ok(!existsSync(join(directory, "made")));
  });
});

test("a name as long as a name can be", { skip }, () => {
  const name = `${"n".repeat(244)}.Dockerfile`;
  within({ [name]: COPY_FIRST, "requirements.txt": "", "run.py": "" }, (directory) => {
    assert.equal(layerwise(directory, ["--fix=assumed"]).code, 0);
    assert.notEqual(readFileSync(join(directory, name), "utf8"), COPY_FIRST);
  });
});
