// --stdin-jobs: a job a line, an answer a line, for queues that feed many such processes: Spark's
// `pipe`, xargs, a pool of workers.

import { once } from "node:events";
import { createInterface } from "node:readline";
import { analyze, replay } from "layerwise";
import { isMapping } from "./definitions/files.js";
import { json } from "./formats/escaped-json.js";

/**
 * Reads jobs from `input`, each `{ id, dockerfile }` with options of `analyze`, or a history
 * `{ id, start, commits }` with those of `replay`, and writes an answer for each to `output`, in their
 * order: `{ id, report }` or `{ id, replay }`, or `{ id, error }` for a job that is wrong. Resolves to
 * whether all were right.
 */
export async function answerJobs(input, output) {
  let areRight = true;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === "") continue;
    const answer = answerTo(line);
    areRight &&= answer.error === undefined;
    // One answer at a time is in memory, however slow the reader is.
    if (!output.write(`${json(answer)}\n`)) await once(output, "drain");
  }
  return areRight;
}

function answerTo(line) {
  let id = null;
  try {
    const job = JSON.parse(line);
    if (!isMapping(job)) throw new TypeError("a job must be an object");
    const { id: given = null, ...asked } = job;
    id = given;
    return { id, ...answered(asked) };
  } catch (error) {
    return { id, error: error.message };
  }
}

function answered(asked) {
  if ("commits" in asked) {
    const { start, commits, ...options } = asked;
    return { replay: replay(start, commits, options) };
  }
  const { dockerfile, ...options } = asked;
  return { report: analyze(dockerfile, options) };
}
