// What a report comes to in one sentence: what a change rebuilds, and what it would.

import { alike, duration } from "./cost.js";

/** How the change of a kind of scenario is called: as what rebuilds, and as what is paid for. */
const CHANGES = {
  source: ["An edit", "edit"],
  dependencies: ["A new dependency", "new dependency"],
  "lock-file": ["A new lock file", "new lock file"],
  "build-arg": ["A new build argument", "new build argument"],
  "base-image": ["A new base image", "new base image"],
};

/**
 * The headline of a report: `{ text, before?, after?, lost?, measured }`. `before` and `after` are
 * the times of the change that gains most by the rewrite, an edit where that gains something; `lost`
 * says their difference, such as "31 s lost per edit".
 */
export function headlineOf({ issues, errors, scenarios, edits, dockerignore }) {
  if (errors.length > 0) return { text: "This file does not build.", measured: true };
  const best = edits.length > 0 ? bestOf(scenarios) : undefined;
  if (best !== undefined) {
    const [subject, each] = CHANGES[best.kind];
    const [before, after] = [duration(best.before.cost), duration(best.after.cost)];
    const saved = { seconds: savedBy(best), measured: best.before.cost.measured };
    return {
      text: `${subject} rebuilds ${before}. Rewritten: ${after}.`,
      subject, before, after,
      lost: `${duration(saved)} lost per ${each}`,
      measured: best.before.cost.measured,
    };
  }
  const matter = issues.filter(({ severity }) => severity !== "info").length;
  if (edits.length > 0) return { text: "The rewrite takes issues away that cost little time.", measured: true };
  if (matter > 0) {
    const rest = dockerignore === undefined ? "none that could be rewritten" : "lines to add to .dockerignore";
    return { text: `${matter === 1 ? "One issue" : `${matter.toLocaleString("en")} issues`}, and ${rest}.`, measured: true };
  }
  return { text: "No step runs again for nothing.", measured: true };
}

function bestOf(scenarios) {
  const gains = scenarios.filter(({ before, after }) => !alike(before.cost, after.cost) && after.cost.seconds < before.cost.seconds);
  return gains.find(({ kind }) => kind === "source") ?? gains.sort((a, b) => savedBy(b) - savedBy(a))[0];
}

function savedBy({ before, after }) {
  return before.cost.seconds - after.cost.seconds;
}
