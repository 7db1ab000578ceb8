// A history as text for people.

import { shown } from "../excerpt.js";
import {
  estimateText, gitText, headline, isSame, overall, pathRows, rankRows, sparedText, sparklines, stepRows, weeksOf,
} from "./sentences.js";

export function historyPretty({ builds, range, args, colour }) {
  if (builds.length === 0) return "";
  const several = builds.length > 1;
  const parts = several ? [table(rankRows(builds), colour)] : [];
  for (const build of builds) parts.push(...sectionOf(build, { range, args, colour, several }));
  if (!args.quiet) parts.push(paragraph(estimateText(builds)));
  return parts.filter((part) => part !== "").join("\n");
}

function sectionOf(build, { range, args, colour, several }) {
  const { replay } = build;
  const name = several ? `${colour.bold(build.name)}\n` : "";
  if (args.quiet) return [`${several ? `${build.name}: ` : ""}${plain(headline(build, range))}\n`];
  const isRewritten = replay.rewritten !== undefined && !isSame(replay);
  const weeks = sparklines(weeksOf(build), isRewritten);
  return [
    `${name}${paragraph(headline(build, range))}${paragraph(overall(build))}`,
    weeks.length === 0 ? "" : `${weeks.join("\n")}\n`,
    table(stepRows(build), colour),
    table(pathRows(build), colour),
    paragraph(sparedText(build)),
    paragraph(gitText(build)),
  ];
}

function paragraph(text) {
  return text === "" ? "" : `${plain(text)}\n`;
}

// Names are told from the rest by their backticks.
function plain(text) {
  return shown(text);
}

function table(rows, colour) {
  if (rows.length === 0) return "";
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll("`", "")));
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const isCount = (text) => /^[~\d]/.test(text);
  const line = (row) => row.map((cell, at) => (at > 0 && isCount(cell) && at < 4 ? cell.padStart(widths[at]) : cell.padEnd(widths[at]))).join("  ").trimEnd();
  return `${[colour.dim(line(cells[0])), ...cells.slice(1).map(line)].join("\n")}\n`;
}
