// Safe fixes as suggested changes: review comments that a click commits.
// <https://docs.github.com/en/rest/pulls/comments>

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isOurs, markOf } from "./api.mjs";
import { filesOf, replacementOf, rightSides } from "./patch.mjs";

/**
 * Suggests what `patch` changes, where the pull request shows these lines, and takes away what was
 * suggested before and is no more. Answers that somebody gave stay, and what they are given to.
 */
export async function updateSuggestions({ api, pull, name, patch, workspace }) {
  const mark = markOf(name);
  const wanted = patch === "" ? [] : await suggestionsOf({ api, pull, patch, workspace, mark });
  const comments = await api.list(`/pulls/${pull.number}/comments`);
  const answered = new Set(comments.map(({ in_reply_to_id: id }) => id));
  const kept = new Set();
  for (const comment of comments.filter((comment) => isOurs(comment, mark))) {
    const same = wanted.find((one) => isSame(one, comment));
    if (same !== undefined && !kept.has(same)) kept.add(same);
    else if (!answered.has(comment.id)) await api.send("DELETE", `/pulls/comments/${comment.id}`);
  }
  for (const suggestion of wanted.filter((one) => !kept.has(one))) {
    await api.send("POST", `/pulls/${pull.number}/comments`, { commit_id: pull.head, side: "RIGHT", ...suggestion });
  }
}

// A comment whose lines have changed since has no line any more.
function isSame({ path, line, start_line: start, body }, comment) {
  return comment.path === path && comment.line === line && (comment.start_line ?? undefined) === start &&
    comment.body.replaceAll("\r\n", "\n") === body;
}

async function suggestionsOf({ api, pull, patch, workspace, mark }) {
  const shown = new Map();
  for (const { filename, patch: diff } of await api.list(`/pulls/${pull.number}/files`)) shown.set(filename, rightSides(diff ?? ""));
  const suggestions = [];
  for (const { path, hunks } of filesOf(patch)) {
    if (!shown.has(path)) continue;
    const text = readFileSync(join(workspace, path), "utf8");
    const { start, end, lines } = replacementOf(text, hunks);
    const isShown = shown.get(path).some((side) => side.start <= start && end <= side.end);
    const endsOpen = !text.endsWith("\n") && end === text.split("\n").length;
    // Lines are those of the head, and what is checked out may be its merge.
    if (!isShown || endsOpen || text.includes("\r") || (await api.textOf(path, pull.head)) !== text) continue;
    suggestions.push({
      path,
      line: end,
      ...(start < end && { start_line: start, start_side: "RIGHT" }),
      body: `${mark}The image stays the same, and fewer steps run again.\n\n${fenced(lines)}`,
    });
  }
  return suggestions;
}

function fenced(lines) {
  const longest = Math.max(2, ...lines.flatMap((line) => line.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}suggestion\n${lines.map((line) => `${line}\n`).join("")}${fence}\n`;
}
