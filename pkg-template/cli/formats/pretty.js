// Reports as text for people: for each Dockerfile what was found, and a summary of all of them.

import { proposedIgnores } from "../dockerignore.js";
import { findingsOf } from "../findings.js";
import { alike } from "./alike.js";
import { shown } from "./excerpt.js";
import { grouped, messageOf } from "./groups.js";
import { ignoreText, reportText } from "./report.js";
import { counted, fixHints, fixesOf, fixedText, issuesText, summaryOf } from "./summary.js";

/** The format. A build in which nothing was found is told where it is the only one. */
export function prettyFormat({ args, count, colour }) {
  if (args.quiet) return { dockerfile: (builds) => grouped(findingsOf(builds)).map(lineOf).join(""), end: () => "" };
  const isOnly = count === 1;
  const summary = summaryOf();
  let before = "";
  const paragraph = (text) => {
    const out = before + text;
    before = "\n";
    return out;
  };
  return {
    dockerfile(builds) {
      summary.add(builds);
      const texts = alike(builds).map((same) => {
        const [{ input, report, after }] = same;
        const found = after?.report ?? report;
        if (!isOnly && !args.verbose && isClean(found) && after === undefined) return "";
        const named = { name: input.name, text: after?.text ?? input.text, isLong: args.verbose };
        const ignores = proposedIgnores(same.map((build) => ({ ...build, report: found })));
        const text = [reportText(named, found, colour), ...ignores.map((proposed) => ignoreText(proposed, colour))]
          .filter((part) => part !== "").join("\n");
        const last = same.map(contextText).join("") + foundText(input.name, found);
        const hints = isOnly ? fixHints(fixesOf(found)) : "";
        return paragraph(`${rewrittenText(same[0])}${text === "" ? "" : `${text}\n`}${last}${hints}`);
      });
      return texts.join("");
    },
    end: () => (isOnly || count === 0 ? "" : paragraph(summary.text())),
  };
}

function lineOf(group) {
  const [{ rule, severity, file, start }] = group;
  return `${shown(file)}:${start.line}:${start.column}: ${severity}[${rule}]: ${shown(messageOf(group))}\n`;
}

function isClean({ errors, issues, notices }) {
  return errors.length + issues.length + notices.length === 0;
}

function rewrittenText({ input, report, after, wroteIgnore }) {
  if (after === undefined || input.path === undefined) return "";
  const ignore = wroteIgnore === undefined ? "" : `${shown(wroteIgnore.path)}: written\n`;
  const what = after.text === input.text ? "" : "rewritten, ";
  return `${ignore}${shown(input.name)}: ${what}${fixedText(report.issues, after.report.issues)}\n`;
}

function foundText(name, { issues, errors }) {
  const found = [];
  if (errors.length > 0) found.push(counted(errors.length, "syntax error"));
  if (issues.length > 0 || errors.length === 0) found.push(issuesText(issues));
  return `${shown(name)}: ${found.join(", ")}\n`;
}

function doubts({ others, lacking }) {
  return [
    ...(lacking === undefined ? [] : [`it lacks ${shown(lacking)}`]),
    ...(others.length > 0 ? [`${others.map(shown).join(", ")} would do as well`] : []),
  ].join(", ");
}

/** Which directory was taken for the build context, and how it is known. */
function contextText({ context: { directory, learntFrom, from, others = [], lacking }, target }) {
  if (directory === undefined) return "context: none, judged from the text alone\n";
  const reasons = {
    option: "as --context says",
    sources: "it has what is copied",
    guess: `a guess: ${doubts({ others, lacking })}, --context says which`,
  };
  const stage = target === undefined ? "" : `, target ${shown(target)}`;
  return `context: ${shown(directory)}${stage} (${reasons[learntFrom] ?? `as ${shown(from)} says`})\n`;
}
