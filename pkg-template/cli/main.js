// What a run of the command line does, from the arguments to the exit code.

import { UsageError, readArguments } from "./arguments.js";
import { COMMANDS } from "./commands.js";
import { ruleList, rulePage } from "./explain.js";
import { shown } from "./formats/excerpt.js";
import { HELP } from "./help.js";
import { answerJobs } from "./jobs.js";
import { isMistake } from "./mistakes.js";
import { run } from "./run.js";
import { CLEAN, FAILED } from "./session.js";
import { version } from "./version.js";

/** Runs the command line; resolves to the exit code. */
export async function main(words) {
  const [name] = words;
  const command = Object.hasOwn(COMMANDS, name ?? "") ? name : undefined;
  try {
    if (command !== undefined) return await COMMANDS[command](words.slice(1), { say, warn, isMistake });
    const args = readArguments(words);
    if (args.help) return say(HELP);
    if (args.version) return say(`${version}\n`);
    if (args.explain === "") return say(ruleList());
    if (args.explain !== undefined && args.line === undefined) return say(rulePage(args.explain));
    if (args.jobs) return (await answerJobs(process.stdin, process.stdout)) ? CLEAN : FAILED;
    return await run(args, { warn, isMistake });
  } catch (error) {
    if (!isMistake(error)) throw error; // a bug of ours, which shows its stack
    warn(error.message);
    const help = command === undefined || command === "lsp" ? "layerwise --help" : `layerwise ${command} --help`;
    if (error instanceof UsageError) process.stderr.write(`Try "${help}".\n`);
    return FAILED;
  }
}

function warn(sentence) {
  process.stderr.write(`layerwise: ${shown(sentence)}\n`);
}

function say(text) {
  process.stdout.write(text);
  return CLEAN;
}
