// Many Dockerfiles are analysed by worker threads, a few ahead of what is told. V8 compiles the
// module once for all threads of a process.

import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker, parentPort, workerData } from "node:worker_threads";
import { analyseBuild } from "./analysis.js";
import { InputError } from "./input.js";
import { isMistake } from "./mistakes.js";

/** From how many Dockerfiles on starting threads takes less time than it saves. */
const MANY = 100;

/** Most threads: what they find is told by one. */
const MOST_WORKERS = 8;

/** How many Dockerfiles a thread is given at a time, which lie side by side and share a context. */
const TOGETHER = 4;

/** How many such batches a thread is ahead, so that what is found and not told yet stays little. */
const AHEAD = 2;

/**
 * The reports of `dockerfiles`, to be asked for in their order: `of(dockerfile)` resolves to those of
 * its builds, or fails as analysing them does. `end()` lets the threads go.
 */
export function reportsOf(dockerfiles, args) {
  const count = dockerfiles.length < MANY ? 0 : Math.min(availableParallelism(), MOST_WORKERS);
  if (count < 2) return { of: async ({ builds }) => builds.map((build) => analyseBuild(build, args)), end() {} };
  const answers = new Map(dockerfiles.map((dockerfile) => [dockerfile, resolvers()]));
  const batches = batchesOf(dockerfiles);
  const give = (worker) => {
    const batch = batches.next().value;
    if (batch === undefined) return;
    worker.batches.push(batch);
    worker.thread.postMessage(batch.map(({ builds }) => builds.map(asked)));
  };
  const workers = Array.from({ length: count }, () => started(args, answers));
  for (const worker of workers) for (let ahead = 0; ahead < AHEAD; ahead++) give(worker);
  return {
    async of(dockerfile) {
      const { worker, outcomes } = await answers.get(dockerfile).promise;
      answers.delete(dockerfile);
      // The last of a batch makes room for another.
      if (answers.size > 0 && worker.isLast(dockerfile)) give(worker);
      if (outcomes.mistake !== undefined) throw new InputError(outcomes.mistake);
      return outcomes.reports;
    },
    end: () => Promise.all(workers.map(({ thread }) => thread.terminate())),
  };
}

/** What a thread does: analyses what it is sent, and answers in the same order. */
export function answerBatches() {
  parentPort.on("message", (batch) => parentPort.postMessage(batch.map(outcomesOf)));
}

function outcomesOf(builds) {
  try {
    return { reports: builds.map((build) => analyseBuild(build, workerData)) };
  } catch (error) {
    if (!isMistake(error)) throw error;
    return { mistake: error.message };
  }
}

function started(args, answers) {
  // The thread's program lies beside command-line.cjs, into which this is bundled.
  const thread = new Worker(join(__dirname, "worker.cjs"), { workerData: args });
  const worker = { thread, batches: [], isLast: (dockerfile) => worker.lasts.delete(dockerfile), lasts: new Set() };
  thread.on("message", (outcomes) => {
    const batch = worker.batches.shift();
    worker.lasts.add(batch.at(-1));
    batch.forEach((dockerfile, at) => answers.get(dockerfile).resolve({ worker, outcomes: outcomes[at] }));
  });
  // A bug of ours, which shows its stack.
  thread.on("error", (error) => worker.batches.flat().forEach((dockerfile) => answers.get(dockerfile)?.reject(error)));
  return worker;
}

// What an analysis needs of a build; its bytes are needed where it is written.
function asked({ input, context, target, targets, buildArgs, ephemeral, buildCache }) {
  const { text, name, fileName, besides, settings } = input;
  return { input: { text, name, fileName, besides, settings }, context, target, targets, buildArgs, ephemeral, buildCache };
}

function* batchesOf(dockerfiles) {
  for (let at = 0; at < dockerfiles.length; at += TOGETHER) yield dockerfiles.slice(at, at + TOGETHER);
}

function resolvers() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  made.promise.catch(() => {}); // it is told where it is asked for
  return made;
}
