// The diff that the command line prints.

import assert from "node:assert/strict";
import { test } from "node:test";
import { unifiedDiff } from "../../pkg-template/cli/formats/diff.js";

const NAMES = { before: "a", after: "b" };

/** An edit as a report has it: `start` and `end` are offsets. */
function edit(text, start, end, inserted) {
  const place = (offset) => {
    const before = text.slice(0, offset).split("\n");
    return { offset, line: before.length, column: before.at(-1).length + 1 };
  };
  return { range: { start: place(start), end: place(end) }, text: inserted };
}

function diff(text, ...edits) {
  return unifiedDiff(text, edits.map((parts) => edit(text, ...parts)), NAMES).split("\n").slice(2, -1);
}

const TEN = "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n";

test("no edits, no diff", () => assert.equal(unifiedDiff(TEN, [], NAMES), ""));

test("an edit that changes nothing is no change", () => assert.deepEqual(diff(TEN, [0, 4, "0\n1\n"]), []));

test("a line within three lines of context", () => {
  assert.deepEqual(diff(TEN, [10, 11, "x"]), ["@@ -3,7 +3,7 @@", " 2", " 3", " 4", "-5", "+x", " 6", " 7", " 8"]);
});

test("inserted before the first line and behind the last", () => {
  assert.deepEqual(diff(TEN, [0, 0, "x\n"]), ["@@ -1,3 +1,4 @@", "+x", " 0", " 1", " 2"]);
  assert.deepEqual(diff(TEN, [20, 20, "x\n"]), ["@@ -8,3 +8,4 @@", " 7", " 8", " 9", "+x"]);
  assert.deepEqual(diff("0\n", [2, 2, "x\n"]), ["@@ -1,1 +1,2 @@", " 0", "+x"]);
  assert.deepEqual(diff("", [0, 0, "x\n"]), ["@@ -0,0 +1,1 @@", "+x"]);
});

test("deleted", () => {
  assert.deepEqual(diff("0\n1\n", [0, 2, ""]), ["@@ -1,2 +1,1 @@", "-0", " 1"]);
  assert.deepEqual(diff("0\n", [0, 2, ""]), ["@@ -1,1 +0,0 @@", "-0"]);
});

test("changes near each other share a hunk, distant ones do not", () => {
  assert.deepEqual(diff(TEN, [2, 4, ""], [10, 10, "x\n"]), [
    "@@ -1,8 +1,8 @@", " 0", "-1", " 2", " 3", " 4", "+x", " 5", " 6", " 7",
  ]);
  assert.deepEqual(diff(TEN, [0, 2, ""], [18, 18, "x\n"]), [
    "@@ -1,4 +1,3 @@", "-0", " 1", " 2", " 3", "@@ -7,4 +6,5 @@", " 6", " 7", " 8", "+x", " 9",
  ]);
});

test("two edits of one line are one change", () => {
  assert.deepEqual(diff("abc\nd\n", [0, 1, "x"], [2, 3, "y"]), ["@@ -1,2 +1,2 @@", "-abc", "+xby", " d"]);
});

test("what stands between two edits is no change", () => {
  assert.deepEqual(diff("0\n1\n2\n", [0, 2, "x\n"], [4, 4, "0\n"]), [
    "@@ -1,3 +1,4 @@", "-0", "+x", " 1", "+0", " 2",
  ]);
  assert.deepEqual(diff("0\n1\n2\n", [0, 1, "x"], [3, 3, "\n0"]), [
    "@@ -1,3 +1,4 @@", "-0", "+x", " 1", "+0", " 2",
  ]);
});

test("a missing final newline is said", () => {
  const none = "\\ No newline at end of file";
  assert.deepEqual(diff("a\nb", [3, 3, "\nc"]), ["@@ -1,2 +1,3 @@", " a", "-b", none, "+b", "+c", none]);
  assert.deepEqual(diff("a\nb", [0, 1, "x"]), ["@@ -1,2 +1,2 @@", "-a", "+x", " b", none]);
});

test("CRLF stays", () => {
  assert.deepEqual(diff("a\r\nb\r\n", [0, 1, "x"]), ["@@ -1,2 +1,2 @@", "-a\r", "+x\r", " b\r"]);
});
