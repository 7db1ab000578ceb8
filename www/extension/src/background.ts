// The service worker: analyses the Dockerfiles that tabs and the popup send. Nothing leaves it but
// its answers to them.

import init, { analyze, copiedPaths, rules, type Options } from "layerwise";
import { overviewOf } from "layerwise/panel";
import { noContext } from "../../src/context";
import { toFragment } from "../../src/link";
import { guessContext, type GuessedContext } from "./context";
import type { Answer, Question } from "./messages";
import { settings } from "./settings";

/** Where the demo is. */
declare const DEMO: string;

chrome.runtime.onMessage.addListener((message: Question, _sender, answer: (answer: Answer) => void) => {
  if (message.kind !== "analyse") return false;
  found(message).then(answer, (error: unknown) => answer({ problem: error instanceof Error ? error.message : String(error) }));
  return true; // the answer comes later
});

async function found({ text, path, listed = [] }: Question): Promise<Answer> {
  await init();
  const { level } = await settings();
  const context = guessContext(path, listed, copiedPaths(text).map((one) => one.path));
  const options: Options = { fix: level };
  if (context) Object.assign(options, { files: context.files, filesComplete: false, guessedContext: context.directory });
  const report = analyze(text, options);
  const overview = overviewOf(report, { text, name: path.split("/").at(-1) ?? path, rules: rules() });
  const link = await toFragment({ dockerfile: text, context: noContext });
  return { overview, notes: [unknown(context)], ...(link && { demo: DEMO + link.fragment }) };
}

/** What the analysis could not know. */
function unknown(context: GuessedContext | undefined): string {
  if (!context) return "Judged by its text alone: the files of the project are not known, so fixes list what they assume.";
  const { directory, files } = context;
  const where = directory === "./" ? "the root of the repository" : `\`${directory}\``;
  return `Judged by its text and ${files.length === 1 ? "the one file" : `the ${files.length} files`} that this page lists of ${where}, which is taken for the build context. What they hold, and what else there is, is not known.`;
}
