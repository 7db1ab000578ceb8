// What the page is told of an analysis at once: what it comes to, what is drawn into the editor, the
// changed lines of the rewritten text, and the first entries of the lists.

import type { Options, Range, Report } from "layerwise";
import { headlineOf, overviewOf, type Headline } from "layerwise/panel";
import { changedLines, type LineChange } from "./changed-lines";
import { proposedIgnore, type ProposedIgnore } from "./ignore";
import { fixOf, issuePage, shown, type IssuePage, type ShownFix, type ShownIssue } from "./issues";
import { marksOf, type Marks } from "./marks";
import { scenariosOf, type ShownScenario } from "./scenarios";

/** A text and all that was found in it. */
export interface Analysed {
  text: string;
  options: Options;
  report: Report;
}

/** What is told of it; offsets are places in the text. */
export interface Analysis {
  headline: Headline;
  /** How many issues and errors there are, and how many notes. */
  found: { issues: number; notes: number };
  rewritten: string;
  changes: LineChange[];
  /** The .dockerignore that is proposed, where one is. */
  ignore: ProposedIgnore | undefined;
  entries: IssuePage;
  /** Issues that are told below their lines, with their fixes. */
  inline: { issue: ShownIssue; fix: ShownFix | undefined }[];
  marks: Marks;
  first: Range | undefined;
  scenarios: ShownScenario[];
  /** Whether there is anything to rebuild in another way. */
  isRepaired: boolean;
}

/** Most notes below lines: a file with more is read in the list. */
const INLINE = 40;

export function analysisOf({ text, options, report }: Analysed): Analysis {
  const matter = report.issues.filter(({ severity }) => severity !== "info");
  return {
    headline: headlineOf(report),
    found: { issues: matter.length + report.errors.length, notes: report.issues.length - matter.length },
    rewritten: report.rewritten,
    changes: changedLines(overviewOf(report, { text }).patch),
    ignore: proposedIgnore(report, options),
    entries: issuePage(report, 0),
    inline: matter.slice(0, INLINE).map((issue) => ({ issue: shown(issue), fix: fixOf(report.fixes, issue.fix) })),
    marks: marksOf(report),
    first: report.issues[0]?.range,
    scenarios: scenariosOf(report),
    isRepaired: report.edits.length > 0,
  };
}
