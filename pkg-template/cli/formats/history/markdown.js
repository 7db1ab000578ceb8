// A history as Markdown, for a comment, a page or a slide.

import { code, markdown, table } from "../markdown.js";
import {
  estimateText, gitText, headline, isSame, overall, pathRows, rankRows, sparedText, sparklines, stepRows, weeksOf,
} from "./sentences.js";

export function historyMarkdown({ builds, range }) {
  if (builds.length === 0) return "No builds.\n";
  const parts = [table(rankRows(builds))];
  for (const build of builds) {
    const weeks = sparklines(weeksOf(build), build.replay.rewritten !== undefined && !isSame(build.replay));
    parts.push(
      builds.length > 1 ? `### ${code(build.name)}\n` : "",
      paragraph(headline(build, range)),
      paragraph(overall(build)),
      weeks.length === 0 ? "" : `\n\`\`\`text\n${weeks.join("\n")}\n\`\`\`\n`,
      table(stepRows(build)),
      table(pathRows(build)),
      paragraph(sparedText(build)),
      paragraph(gitText(build)),
    );
  }
  parts.push(paragraph(estimateText(builds)));
  return parts.filter((part) => part !== "").join("").replace(/^\n+/, "");
}

function paragraph(text) {
  return text === "" ? "" : `\n${markdown(text)}\n`;
}
