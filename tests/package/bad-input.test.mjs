// Any text gives a report: nothing throws, nothing overflows the stack.

import assert from "node:assert/strict";
import { test } from "node:test";
import { analyze, parse } from "layerwise";

const INPUTS = {
  "no text": "",
  "blank lines": "\n \n\t\r\n",
  "no FROM": "RUN true\nCOPY . .",
  "a RUN of 20,000 lines": `FROM scratch\nRUN true${" \\\n && true".repeat(20_000)}\n`,
  "a RUN of 20,000 lines with a copy before": `FROM scratch\nCOPY . .\nRUN pip install a${" \\\n && true".repeat(20_000)}\n`,
  "1 MB on one line": `FROM scratch\nRUN ${"a".repeat(1 << 20)}\n`,
  "1 MB of words": `FROM scratch\nENV ${"a=b ".repeat(1 << 18)}\n`,
  "1 MB of other than ASCII": `FROM scratch\nRUN ${"\u00e9\u{1f40b}".repeat(1 << 18)}\n`,
  "10,000 stages": Array.from({ length: 10_000 }, (_, i) => `FROM ${i ? `s${i - 1}` : "a"} AS s${i}\nCOPY . .\nRUN make\n`).join(""),
  "10,000 copies and runs": `FROM a\n${"COPY . .\nRUN pip install -r requirements.txt\n".repeat(10_000)}`,
  "NUL bytes": "FROM a\0b\nRUN \0\n\0\nCOPY \0 \0",
  "lone surrogates": "FROM \ud800\nRUN \udc00\udc00 \\\n \ud800",
  "deep expansions": `FROM ${"${".repeat(100_000)}\nENV a=${"${a:-".repeat(100_000)}${"}".repeat(100_000)}\n`,
  "deep parentheses": `FROM a\nCOPY . .\nRUN ${"(".repeat(100_000)}pip install a${")".repeat(100_000)}\n`,
  "deep substitutions": `FROM a\nCOPY . .\nRUN ${"$(echo ".repeat(100_000)}\n`,
  "deep quotes": `FROM a\nRUN ${"\"'".repeat(100_000)}\n`,
  "deep braces": `FROM a\nCOPY ${"{a,".repeat(100_000)} /\n`,
  "deep JSON": `FROM a\nCMD ${"[".repeat(100_000)}\n`,
  "nested triggers": `FROM a\n${"ONBUILD ".repeat(100_000)}RUN true\n`,
  "10,000 here-documents": `FROM a\nRUN ${"<<A ".repeat(10_000)}\n${"A\n".repeat(10_000)}`,
  "a here-document without an end": `FROM a\nRUN <<EOF\n${"x\n".repeat(100_000)}`,
  "other controls": Array.from({ length: 32 }, (_, i) => `RUN a${String.fromCharCode(i)}b`).join(""),
};

for (const [name, text] of Object.entries(INPUTS)) {
  test(name, () => {
    assert.ok(Array.isArray(parse(text).instructions));
    const report = analyze(text, { files: ["requirements.txt", "a"] });
    assert.equal(typeof report.rewritten, "string");
    if (report.edits.length === 0) assert.equal(report.rewritten, text);
  });
}

test("patterns of .dockerignore and names of files may be anything", () => {
  const files = { "\0": null, "": "", "../x": null, "/": null, "a//b": null, "\ud800": "\udc00" };
  const dockerignore = `${"**/".repeat(5_000)}a*${"?".repeat(1_000)}[\n!\n[a-\n\\\n`;
  const text = "FROM a\nCOPY *[ \\ ** /\nCOPY . .\nRUN pip install -r requirements.txt";
  assert.equal(typeof analyze(text, { files, dockerignore }).rewritten, "string");
});
