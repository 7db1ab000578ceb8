// The one comment of a pull request: written where something was found, updated by each later run.

import { isOurs, markOf } from "./api.mjs";

/** Most characters of a comment that GitHub takes, less what comes around a report. */
const LONGEST = 65_536 - 1000;

/** Writes or updates the comment; where nothing was ever found, there is none. */
export async function updateComment({ api, pull, name, markdown, isFound }) {
  const mark = markOf(name);
  const comments = await api.list(`/issues/${pull.number}/comments`);
  const known = comments.find((comment) => isOurs(comment, mark));
  const body = mark + shortened(markdown);
  if (known !== undefined) {
    if (known.body.replaceAll("\r\n", "\n") !== body) await api.send("PATCH", `/issues/comments/${known.id}`, { body });
  } else if (isFound) {
    await api.send("POST", `/issues/${pull.number}/comments`, { body });
  }
}

// Whole sections, each of which is about one Dockerfile; no other line begins like their headings.
function shortened(markdown) {
  if (markdown.length <= LONGEST) return markdown;
  const sections = markdown.split(/^(?=### )/m);
  let body = "";
  let count = 0;
  for (const section of sections) {
    if (body.length + section.length > LONGEST) break;
    body += section;
    count += 1;
  }
  return `${body}\n${sections.length - count} more are too long for a comment; the summary of the job has them.\n`;
}
