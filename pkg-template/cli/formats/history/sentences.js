// What is said of a history, whatever the format: sentences in which names are in backticks, and the
// rows of tables.

import { shown } from "../excerpt.js";
import { counted } from "../summary.js";

/** Most rows of a table. */
export const MOST_ROWS = 8;

const WEEK = 7 * 86_400;

/** Weeks that a plot shows at most, the last ones. */
const MOST_WEEKS = 53;

/** A time as people say it over many builds. */
export function span(seconds) {
  if (seconds < 1) return seconds === 0 ? "0 s" : "less than a second";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return hours >= 100 || rest === 0 ? `${Math.round(minutes / 60)} h` : `${hours} h ${rest} min`;
}

/** What a step is called: its command, or the instruction as a log names it. */
export function stepName({ stage, keyword, text }) {
  const flags = /^RUN(?:\s+--\S+)*\s+/;
  const name = keyword === "RUN" ? text.replace(flags, "") : text;
  const [line] = name.split("\n");
  const short = line.length > 60 ? `${line.slice(0, 57)}...` : line;
  return { name: shown(short).replaceAll("`", "'"), stage: stage === undefined ? "" : shown(stage) };
}

/** The commits of a range, as the sentence begins: "In the last 200 commits". */
export function rangeText({ commits, since, given, from }) {
  if (commits === 1) return "In the last commit";
  if (since !== undefined && /^\d+[dwmy]$/.test(given)) return `In ${counted(commits, "commit")} of the last ${spoken(given)}`;
  const day = from === undefined ? "" : ` (since ${dayOf(from)})`;
  return `In the last ${commits} commits${day}`;
}

function spoken(given) {
  const units = { d: "day", w: "week", m: "month", y: "year" };
  return counted(Number(given.slice(0, -1)), units[given.at(-1)]);
}

/** A day as a date. */
export function dayOf(time) {
  const date = new Date(time * 1000);
  return Number.isNaN(date.getTime()) ? "?" : date.toISOString().slice(0, 10);
}

/** What the build ran again most expensively, and what the rewritten one would have. */
export function headline({ replay }, range) {
  const [worst] = replay.steps;
  const begin = rangeText({ ...range, commits: replay.commits.length });
  if (worst === undefined) return `${begin} this build ran nothing again.`;
  const sentence = `${begin} this build ran \`${stepName(worst).name}\` again ${often(worst)}: ${upTo(worst)}.`;
  const { rewritten } = replay;
  if (rewritten === undefined) return sentence;
  if (isSame(replay)) return `${sentence} There is nothing that would be rewritten.`;
  const name = stepName(worst).name;
  const same = rewritten.steps.find((step) => stepName(step).name === name && step.keyword === worst.keyword);
  if (same !== undefined) return `${sentence} Rewritten: ${often(same)}, ${upTo(same)}.`;
  const isBuilt = rewritten.dockerfiles.at(-1).includes(worst.text.split("\n")[0].trim());
  return `${sentence} Rewritten: ${isBuilt ? "never" : `${cost(rewritten)} in all`}.`;
}

// Steps that run again only if another stage gave other files are told as what they are.
function often({ reruns, depends }) {
  if (depends === 0) return counted(reruns, "time");
  const more = `${reruns === 0 ? "up to " : ""}${counted(depends, "time")}`;
  const sure = reruns === 0 ? "" : `${counted(reruns, "time")}, and `;
  return `${sure}${more}${reruns === 0 ? "" : " more"} if another stage gave other files`;
}

function upTo(step) {
  return step.depends === 0 ? cost(step) : `up to ${cost(step)}`;
}

/** What all steps cost, before and after. */
export function overall({ replay }) {
  const { rewritten } = replay;
  const all = ({ seconds, secondsAtLeast, measured }) => {
    const ends = seconds - secondsAtLeast < 2 ? [seconds] : [secondsAtLeast, seconds];
    // What reads alike is no range: `~10 min to ~10 min`.
    return [...new Set(ends.map((seconds) => cost({ seconds, measured })))].join(" to ");
  };
  const rest = rewritten === undefined || isSame(replay) ? "" : `, rewritten ${all(rewritten)}`;
  const rebuilt = replay.commits.filter(({ reruns }) => reruns.length > 0).length;
  return `All steps: ${all(replay)}${rest}. ${rebuilt} of ${counted(replay.commits.length, "commit")} rebuilt something.`;
}

/** Whether the rewritten history is that of the files as they are. */
export function isSame({ dockerfiles, rewritten }) {
  return rewritten !== undefined && JSON.stringify(rewritten.dockerfiles) === JSON.stringify(dockerfiles);
}

/** What is said of estimates; empty where everything was measured. */
export function estimateText(builds) {
  return builds.some(({ replay }) => !replay.measured && replay.seconds > 0)
    ? "Times marked ~ are estimates, which compare; --timings LOG takes measured ones from the log of a build."
    : "";
}

/** A cost as people say it over many builds; an estimate is marked. */
export function cost({ seconds, measured }) {
  return `${measured || seconds < 1 ? "" : "~"}${span(seconds)}`;
}

/** The steps that ran again, the first row saying what the others are. */
export function stepRows({ replay }) {
  const { steps, rewritten } = replay;
  const beside = rewritten !== undefined && !isSame(replay);
  const rows = steps.slice(0, MOST_ROWS).map((step) => {
    const { name, stage } = stepName(step);
    const other = beside ? rewritten.steps.find((one) => stepName(one).name === name && one.stage === step.stage) : undefined;
    const after = other === undefined ? ["0", "0 s"] : [timesOf(other), cost(other)];
    return [stage === "" ? `\`${name}\`` : `\`${name}\` (${stage})`, timesOf(step), cost(step), ...(beside ? after : [])];
  });
  return rows.length === 0 ? [] : [["Step", "ran again", "taking", ...(beside ? ["rewritten", "taking"] : [])], ...rows];
}

// Those that run again only if another stage gave other files count, and are told.
function timesOf({ reruns, depends }) {
  return depends === 0 ? String(reruns) : reruns === 0 ? `${depends}?` : `${reruns}-${reruns + depends}`;
}

/** The files that made steps run again. */
export function pathRows({ replay }) {
  const { paths, steps, measured } = replay;
  const rows = paths.slice(0, MOST_ROWS).map(({ path, commits, alone, seconds, step, reruns }) => [
    `\`${shown(path).replaceAll("`", "'")}\``,
    String(commits),
    String(alone),
    cost({ seconds, measured }),
    `\`${stepName(steps[step]).name}\` ${counted(reruns, "time")}`,
  ]);
  return rows.length === 0 ? [] : [["File", "commits", "alone", "its share", "made run again"], ...rows];
}

/** What .dockerignore would spare. */
export function sparedText({ spared }) {
  if (spared === undefined) return "";
  const { patterns, commits, seconds, measured } = spared;
  const named = patterns.slice(0, MOST_ROWS).map((pattern) => `\`${pattern}\``).join(", ");
  return `${counted(commits, "commit")} rebuilt only for files that an image hardly needs: ${cost({ seconds, measured })}. ` +
    `If no step reads them, lines of .dockerignore spare that: ${named}.`;
}

/** What .git in the context costs. */
export function gitText({ git }) {
  if (git === undefined) return "";
  return `Builds of a checkout have \`.git\` in their context, which every commit changes: ` +
    `${counted(git.commits, "commit")} more would rebuild something, ${cost(git)} in all. A line \`.git\` of .dockerignore spares that.`;
}

/** The cost of each week, the ones between with none included: `{ time, before, after }`. */
export function weeksOf({ replay }) {
  const { weeks, rewritten } = replay;
  if (weeks.length === 0) return [];
  const at = (list, time) => list?.find((week) => week.time === time)?.seconds ?? 0;
  const last = weeks.at(-1).time;
  const first = Math.max(weeks[0].time, last - (MOST_WEEKS - 1) * WEEK);
  const found = [];
  for (let time = first; time <= last; time += WEEK) {
    found.push({ time, before: at(weeks, time), after: rewritten === undefined ? undefined : at(rewritten.weeks, time) });
  }
  return found;
}

const BARS = "▁▂▃▄▅▆▇█";

/** A bar for each week, all of one scale; empty where there is one week. */
export function sparklines(weeks, isRewritten) {
  if (weeks.length < 2) return [];
  const most = Math.max(...weeks.map(({ before, after }) => Math.max(before, after ?? 0)));
  if (most === 0) return [];
  const line = (value) => weeks.map((week) => (value(week) === 0 ? " " : BARS[Math.min(7, Math.floor((value(week) / most) * 8))])).join("");
  const about = `by week from ${dayOf(weeks[0].time)}, █ is ${span(most)}`;
  const lines = [`${line(({ before }) => before)}  ${about}`];
  if (isRewritten) lines.push(`${line(({ after }) => after)}  rewritten`);
  return lines;
}

/** Where several builds are told: which lose most. */
export function rankRows(builds) {
  if (builds.length < 2) return [];
  const rows = builds.map(({ name, build, replay }) => [
    `\`${name}\`${build.target === undefined ? "" : ` (target ${shown(build.target)})`}`,
    cost(replay),
    replay.rewritten === undefined ? "" : cost(replay.rewritten),
  ]);
  return [["Build", "took", "rewritten"], ...rows];
}
