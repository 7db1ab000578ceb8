// What a run of the command line does, from the arguments to the exit code.

import { UsageError, readArguments } from "./arguments.js";
import { rulePage } from "./explain.js";
import { shown } from "./formats/excerpt.js";
import { HELP } from "./help.js";
import { answerJobs } from "./jobs.js";
import { isMistake } from "./mistakes.js";
import { CLEAN, FAILED, run } from "./run.js";
import { version } from "./version.js";

/** Runs the command line; resolves to the exit code. */
export async function main(words) {
  try {
    if (words[0] === "lsp") return await languageServer(words.slice(1));
    const args = readArguments(words);
    if (args.help) return say(HELP);
    if (args.version) return say(`${version}\n`);
    if (args.explain !== undefined && args.line === undefined) return say(rulePage(args.explain));
    if (args.jobs) return (await answerJobs(process.stdin, process.stdout)) ? CLEAN : FAILED;
    return await run(args, { warn, isMistake });
  } catch (error) {
    if (!isMistake(error)) throw error; // a bug of ours, which shows its stack
    warn(error.message);
    if (error instanceof UsageError) process.stderr.write('Try "layerwise --help".\n');
    return FAILED;
  }
}

// In a file of its own: no other command needs what it is made of.
async function languageServer(words) {
  // `--stdio` is what editors add by habit; there is no other way.
  const [word] = words.filter((one) => one !== "--stdio");
  if (word !== undefined) throw new UsageError(`lsp takes no arguments but --stdio; a directory of that name is ./lsp`);
  const { serve } = await import("./lsp/server.js");
  await serve();
  return CLEAN;
}

function warn(sentence) {
  process.stderr.write(`layerwise: ${shown(sentence)}\n`);
}

function say(text) {
  process.stdout.write(text);
  return CLEAN;
}
