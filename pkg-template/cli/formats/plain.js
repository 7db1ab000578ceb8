// What is printed instead of a report: the rewritten file, the changes as a patch, or what is known
// of a step.

import { optionsOf } from "../analysis.js";
import { stepText } from "../explain.js";
import { commonFixes } from "../fixes.js";
import { fromHere } from "../paths.js";
import { unifiedDiff } from "./diff.js";
import { shown } from "./excerpt.js";

/** --print. */
export function printFormat({ args: { options } }) {
  const dockerfile = (builds) => commonFixes(builds, options.fix ?? "assumed").text;
  return { tellsIssues: false, dockerfile, end: () => "" };
}

/** --diff: what `git apply` and `patch -p1` take. */
export function diffFormat({ args: { options } }) {
  return {
    dockerfile(builds) {
      const [{ input }] = builds;
      const { edits } = commonFixes(builds, options.fix ?? "assumed");
      const name = shown(fromHere(input.name));
      return unifiedDiff(input.text, edits, { before: `a/${name}`, after: `b/${name}` })
        .replace(/[^\t\r\n]+/g, shown);
    },
    end: () => "",
  };
}

/** --explain LINE. */
export function explainFormat({ args }) {
  const dockerfile = ([build]) => stepText(build.input.text, optionsOf(build, args), args.line);
  return { tellsIssues: false, dockerfile, end: () => "" };
}
