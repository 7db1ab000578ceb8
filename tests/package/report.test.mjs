// The report: shapes, positions in UTF-16 units, edits that fit the caller's own string.

import assert from "node:assert/strict";
import { test } from "node:test";
import { analyze, checkOptions, inspect, parse, rebuild, rules } from "layerwise";
import { COPY_FIRST, MANIFEST_FIRST, RULE } from "./dockerfiles.mjs";

function applied(text, edits) {
  let out = "";
  let at = 0;
  for (const { range, text: inserted } of edits) {
    assert.ok(range.start.offset >= at, "edits are sorted and disjoint");
    out += text.slice(at, range.start.offset) + inserted;
    at = range.end.offset;
  }
  return out + text.slice(at);
}

function covered(text, { start, end }) {
  return text.slice(start.offset, end.offset);
}

test("an issue names the rule, the step and its cause, and has a fix", () => {
  const report = analyze(COPY_FIRST);
  const [issue] = report.issues;
  assert.equal(issue.rule, RULE);
  assert.equal(issue.severity, "warning");
  assert.equal(covered(COPY_FIRST, issue.range), "RUN pip install -r /app/requirements.txt");
  assert.equal(covered(COPY_FIRST, issue.related[0].range), "ADD . /app");
  assert.deepEqual(issue.range.start, { line: 3, column: 1, offset: 28 });
  for (const key of ["message", "why", "help"]) assert.equal(typeof issue[key], "string");
  assert.ok(["safe", "assumed"].includes(report.fixes[issue.fix].applicability));
  assert.equal(report.rewritten, MANIFEST_FIRST);
  assert.equal(applied(COPY_FIRST, report.edits), report.rewritten);
  assert.deepEqual(report.errors, []);
});

test("the right order has no issue, and is left alone", () => {
  const report = analyze(MANIFEST_FIRST);
  assert.deepEqual(report.issues, []);
  assert.deepEqual(report.edits, []);
  assert.equal(report.rewritten, MANIFEST_FIRST);
});

test("stages say what each step needs", () => {
  const [stage] = analyze(COPY_FIRST).stages;
  assert.equal(stage.base, "python:3.13");
  assert.equal(stage.needed, true);
  assert.ok(!("name" in stage) && !("baseStage" in stage));
  const install = stage.steps[1];
  assert.equal(install.keyword, "RUN");
  const [need] = install.needs;
  assert.equal(covered(COPY_FIRST, need.copy), "ADD . /app");
  assert.equal(need.need, "paths");
  assert.deepEqual(need.paths, ["requirements.txt"]);
  assert.equal(typeof need.because, "string");
});

test("scenarios say what a change rebuilds, before and after", () => {
  const { scenarios, rewritten, issues } = analyze(COPY_FIRST);
  const edit = scenarios.find((scenario) => scenario.kind === "source");
  const run = /^RUN pip/;
  assert.ok(edit.before.reruns.some((range) => run.test(covered(COPY_FIRST, range))));
  assert.ok(!edit.after.reruns.some((range) => run.test(covered(rewritten, range))));
  assert.ok(edit.after.reruns.some((range) => /^ADD \./.test(covered(rewritten, range))));
  assert.ok(edit.after.cost.seconds < edit.before.cost.seconds);
  const [{ reruns, rerunCount, cost }] = issues;
  assert.equal(reruns.length, rerunCount);
  assert.deepEqual([cost.seconds > 0, cost.measured], [true, false]);
});

test("a change can be asked for step by step, before and after", () => {
  const { scenarios, rewritten, issues } = analyze(COPY_FIRST);
  const { change, before, after } = scenarios.find((scenario) => scenario.kind === "source");
  const again = (text) => rebuild(text, change).filter(({ outcome }) => outcome === "rerun");
  assert.deepEqual(again(COPY_FIRST).map(({ range }) => range), before.reruns);
  assert.deepEqual(again(rewritten).map(({ range }) => range), after.reruns);
  const install = again(COPY_FIRST).find(({ range }) => range.start.offset === issues[0].range.start.offset);
  assert.equal(install.needless, "wholly");
  assert.equal(install.because, "Comes after line 2, but needs only `requirements.txt` of it.");
  const [first] = rebuild(COPY_FIRST, { files: ["a.md"] }, { dockerignore: "*.md" });
  assert.deepEqual(Object.keys(first), ["stage", "range", "outcome"]);
  assert.equal(first.outcome, "cached");
});

test("a change of another form is refused", () => {
  for (const [change, message] of [
    [undefined, "change must be an object"],
    [{}, "change must have files, buildArg or baseImage"],
    [{ files: "a" }, "change.files must be an array of strings"],
    [{ buildArg: 1 }, "change.buildArg must be a string"],
    [{ file: [] }, "change.file is unknown; there are files, buildArg, baseImage"],
  ]) {
    assert.throws(() => rebuild(COPY_FIRST, change), { name: "TypeError", message });
  }
});

test("options reach the core", () => {
  assert.deepEqual(analyze(COPY_FIRST, { rules: { [RULE]: "off" } }).issues, []);
  assert.equal(analyze(COPY_FIRST, { rules: { [RULE]: "error" } }).issues[0].severity, "error");
  assert.equal(analyze(COPY_FIRST, { fix: "none" }).rewritten, COPY_FIRST);
  assert.equal(analyze(COPY_FIRST, { files: undefined, fix: undefined }).rewritten, MANIFEST_FIRST);
  assert.equal(analyze(COPY_FIRST, undefined).rewritten, MANIFEST_FIRST);
  const complete = analyze(COPY_FIRST, { files: { "requirements.txt": "flask\n", "run.py": null } });
  assert.equal(complete.rewritten, MANIFEST_FIRST);
});

test("a fragment has no FROM, and gets none", () => {
  const cut = (text) => text.slice(text.indexOf("\n") + 1);
  const [copyFirst, manifestFirst] = [COPY_FIRST, MANIFEST_FIRST].map(cut);
  const report = analyze(copyFirst, { fragment: true });
  assert.deepEqual([report.errors, report.rewritten], [[], manifestFirst]);
  assert.equal(report.issues[0].range.start.line, 2);
  assert.deepEqual(report.stages.map(({ base, range }) => [base, range.start.offset, range.end.offset]), [["", 0, 0]]);
  assert.equal(inspect(copyFirst, { fragment: true }).stages[0].facts[0].text, "the base image");
  // Its stages count the one whose FROM is not there.
  const two = `${copyFirst}FROM scratch AS run\n`;
  checkOptions({ fragment: true, target: "1" }, two);
  assert.throws(() => checkOptions({ target: "1" }, two), TypeError);
  // Near miss: builders refuse it as a whole file.
  assert.equal(analyze(copyFirst).errors[0].message, "no build stage in current context");
  assert.deepEqual(analyze(COPY_FIRST, { fragment: true }), analyze(COPY_FIRST));
});

test("a fix says what it saves", () => {
  const { fixes: [{ saves }], scenarios: [{ kind, before, after }] } = analyze(COPY_FIRST);
  assert.equal(saves.at, kind);
  assert.deepEqual([Math.round(saves.cost.seconds), saves.cost.measured], [Math.round(before.cost.seconds - after.cost.seconds), false]);
});

test("what is not there yet is absent", () => {
  const report = analyze(COPY_FIRST);
  assert.deepEqual(
    Object.keys(report),
    ["issues", "fixes", "rewritten", "edits", "wanted", "errors", "notices", "stages", "scenarios"],
  );
});

test("positions count UTF-16 units", () => {
  const text = `# \u{1f40b} caf\u00e9\n${COPY_FIRST.replace("ADD .", "ADD --chown=\u{1f40b} .")}`;
  const { issues, edits, rewritten } = analyze(text);
  assert.equal(covered(text, issues[0].range), "RUN pip install -r /app/requirements.txt");
  assert.equal(issues[0].range.start.line, 4);
  assert.equal(applied(text, edits), rewritten);
});

test("lone surrogates, a BOM and CRLF outside the edits survive", () => {
  const lone = "\ud800";
  const text = `\ufeff# ${lone} \udc00\n${COPY_FIRST}# ${lone}\ud83d \u{1f40b}`.replaceAll("\n", "\r\n");
  const report = analyze(text);
  assert.equal(covered(text, report.issues[0].range), "RUN pip install -r /app/requirements.txt");
  assert.equal(report.rewritten, applied(text, report.edits));
  assert.ok(report.rewritten.startsWith(`\ufeff# ${lone} \udc00\r\n`));
  assert.ok(report.rewritten.endsWith(`# ${lone}\ud83d \u{1f40b}`));
  assert.equal(analyze(lone).rewritten, lone);
});

test("lone surrogates survive where the text moves", () => {
  const lone = "\ud800";
  // A character of private use that stands there already stays what it is.
  const text = `FROM python:3\nCOPY . .\nRUN echo "${lone}\ue000"\nRUN pip install -r requirements.txt # ${lone}\nCMD ["${lone}\udc00"]\n`;
  const moved = analyze(`FROM a\nCOPY . /app\n# ${lone}\udfff\ue000\nRUN apt-get install -y curl ${lone}\n`);
  assert.ok(moved.edits.length > 0);
  assert.equal(moved.rewritten, `FROM a\n# ${lone}\udfff\ue000\nRUN apt-get install -y curl ${lone}\nCOPY . /app\n`);
  const report = analyze(text);
  assert.equal(report.rewritten, applied(text, report.edits));
  assert.ok(!JSON.stringify(report).includes("\ufffd"));
  assert.equal(parse(`RUN ${lone}`).instructions[0].args[0], lone);
});

test("places that are named again are the same object", () => {
  const { issues, stages } = analyze(COPY_FIRST);
  assert.equal(issues[0].range, stages[0].steps[1].range);
  assert.equal(issues[0].related[0].range, stages[0].steps[1].needs[0].copy);
});

test("parse keeps the flags of what ONBUILD holds", () => {
  const [onbuild] = parse("ONBUILD COPY --from=a <<E /\nx\nE\n").instructions;
  assert.deepEqual(onbuild.flags, []);
  const { range, ...trigger } = onbuild.trigger;
  assert.deepEqual(trigger.flags, ["--from=a"]);
  assert.equal(trigger.keyword, "COPY");
  assert.equal(range.start.column, 9);
  assert.ok(!("trigger" in onbuild.trigger));
});

test("parse gives instructions as BuildKit reads them", () => {
  const text = [
    "from --platform=linux/amd64 scratch as base",
    'ENV a="b c" d=e',
    "COPY <<EOF <<-'X' /dir/",
    "one $a",
    "EOF",
    "\ttwo",
    "X",
    'CMD ["a", "b"]',
    "RUN a \\",
    "  # comment",
    "  && b",
  ].join("\n");
  const { instructions, errors } = parse(text);
  assert.deepEqual(errors, []);
  const [from, env, copy, cmd, run] = instructions.map(({ range, ...rest }) => rest);
  const plain = { flags: [], json: false, heredocs: [] };
  assert.deepEqual(from, {
    ...plain,
    keyword: "FROM",
    flags: ["--platform=linux/amd64"],
    args: ["scratch", "as", "base"],
  });
  assert.deepEqual(env, { ...plain, keyword: "ENV", args: ["a", '"b c"', "=", "d", "e", "="] });
  assert.deepEqual(copy, {
    ...plain,
    keyword: "COPY",
    args: ["<<EOF", "<<-'X'", "/dir/"],
    heredocs: [
      { name: "EOF", expand: true, chomp: false, content: "one $a\n" },
      { name: "X", expand: false, chomp: true, content: "\ttwo\n" },
    ],
  });
  assert.deepEqual(cmd, { ...plain, keyword: "CMD", args: ["a", "b"], json: true });
  assert.deepEqual(run, { ...plain, keyword: "RUN", args: ["a   && b"] });
  assert.deepEqual(instructions[2].range.start, { line: 3, column: 1, offset: text.indexOf("COPY") });
  assert.equal(instructions[2].range.end.line, 7);
});

test("parse reports what BuildKit refuses, and goes on", () => {
  const text = "FROM scratch\nCOPI a b\nRUN true\n";
  const { instructions, errors } = parse(text);
  assert.deepEqual(instructions.map((i) => i.keyword), ["FROM", "COPI", "RUN"]);
  assert.equal(errors.length, 1);
  assert.equal(errors[0].range.start.line, 2);
});

test("rules are described", () => {
  const all = rules();
  assert.deepEqual(all.map((rule) => rule.id), all.map((rule) => rule.id).sort());
  for (const rule of all) {
    assert.deepEqual(Object.keys(rule), ["id", "title", "level", "address", "url"]);
    assert.ok(["info", "warning", "error"].includes(rule.level));
    assert.ok(rule.address.includes(rule.id));
    assert.match(rule.url, /^https:\/\/.*\/docs\/rules\/[a-z-]+\.md$/);
  }
});
