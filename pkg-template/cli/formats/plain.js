// What is printed instead of a report: the rewritten file, the changes as a patch, or what is known
// of a step.

import { optionsOf } from "../analysis.js";
import { ignoresFor, onTopOf } from "../dockerignore.js";
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
  const ignoring = new Map(); // by path, the text that the patch gives it so far
  const together = (proposed) => {
    const known = ignoring.get(proposed.path);
    const one = known === undefined ? proposed : onTopOf(known, proposed);
    ignoring.set(one.path, one.after);
    return one;
  };
  return {
    dockerfile(builds) {
      const [{ input }] = builds;
      const { edits, applied } = commonFixes(builds, options.fix ?? "assumed");
      const ignores = ignoresFor(builds, applied, options.fix).map(together);
      const parts = [{ path: input.name, before: input.text, edits }, ...ignores].map(patchOf);
      return parts.join("").replace(/[^\t\r\n]+/g, shown);
    },
    end: () => "",
  };
}

// Of a file that there is not yet, `before` is undefined.
function patchOf({ path, before, edits }) {
  const name = shown(fromHere(path));
  const from = before === undefined ? "/dev/null" : `a/${name}`;
  return unifiedDiff(before ?? "", edits, { before: from, after: `b/${name}` });
}

/** --explain LINE. */
export function explainFormat({ args }) {
  const dockerfile = ([build]) => stepText(build.input.text, optionsOf(build, args), args.line);
  return { tellsIssues: false, dockerfile, end: () => "" };
}
