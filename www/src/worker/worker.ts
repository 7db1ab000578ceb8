// The worker: runs the core where it keeps nobody from typing. It keeps the last report and tells the
// page the parts of it that are shown; all of the report of a long file would be megabytes as a message.

import init, { analyze, checkOptions, inspect, rules, wantsText } from "layerwise";
import type { FixLevel, InspectedPart, Inspection, Range, RuleInfo, TextEdit } from "layerwise";
import { noContext, toOptions, type BuildContext } from "../context";
import { compare, type Choice, type Comparison } from "./comparison";
import { ignoreOf } from "./ignore";
import { issuePage, piece, type IssuePage, type Piece } from "./issues";
import { fixAt, messageAt, next } from "./places";
import { analysisOf, type Analysis, type Analysed } from "./report";
import { explaining } from "./scenarios";
import { stepAt, type StepView } from "./step";

/** What is analysed, beside the context. */
export interface Question {
  text: string;
  fix: FixLevel;
  /** The log of a build of this file. */
  timings: string | undefined;
}

let context: BuildContext = noContext;
let last: Analysed | undefined;
/** What is known of each step; found out when somebody looks. */
let inspection: Inspection | undefined;

function known(): Analysed {
  if (!last) throw new Error("nothing was analysed");
  return last;
}

/** What the page may ask, by name. */
const answers = {
  begin: (module: WebAssembly.Module): Promise<void> => init(module),
  know(given: BuildContext): void {
    context = given;
  },
  rules: (): RuleInfo[] => rules(),
  /** Which files are worth reading for their text. */
  wanted: (paths: string[]): boolean[] => paths.map(wantsText),
  /** What is wrong with the log of a build, if anything. */
  complaint(timings: string): string | undefined {
    try {
      checkOptions({ timings });
      return undefined;
    } catch (error) {
      return messageOf(error).replace(/^options\.\w+: /, "");
    }
  },
  analyse({ text, fix, timings }: Question): Analysis {
    inspection = undefined;
    const options = { ...toOptions(context), fix, ...(timings === undefined ? {} : { timings }) };
    last = { text, options, report: analyze(text, options) };
    return analysisOf(last);
  },
  entries: (from: number): IssuePage => issuePage(known().report, from),
  /** More of the issues that share one entry. */
  piece: (entry: number, from: number): Piece => piece(known().report, entry, from),
  edits: (fix: number): TextEdit[] => known().report.fixes[fix]?.edits ?? [],
  next: (offset: number, back: boolean): Range | undefined => next(known().report, offset, back),
  fixAt: (offset: number): number | undefined => fixAt(known().report, offset),
  messageAt: (offset: number): ReturnType<typeof messageAt> => messageAt(known().report, offset),
  step: (offset: number): StepView => stepAt(known(), offset),
  reading(offset: number): InspectedPart | undefined {
    const { text, options } = known();
    inspection ??= inspect(text, options);
    return inspection.stages.flatMap(({ parts }) => parts).find(({ range }) => range.start.offset === offset);
  },
  compare: (choice: Choice, rows: number): Comparison | undefined => compare(known(), choice, rows),
  explaining: (offset: number): string | undefined => explaining(known().report, offset),
  async markdown(): Promise<string> {
    const { toMarkdown } = await import("layerwise/formats");
    const { report, text, options } = known();
    return toMarkdown(report, { dockerfile: "Dockerfile", text, dockerignore: ignoreOf(options) });
  },
};

export type Answers = typeof answers;

/** A message of the page: what it asks, and of which analysis, where that matters. */
export interface Asked {
  id: number;
  /** The message that had the text analysed which this is about. */
  about?: number;
  name: keyof Answers;
  given: unknown[];
}

/** The message back. */
export interface Answer {
  id: number;
  value?: unknown;
  /** Why there is none. */
  error?: string;
}

let analysed: number | undefined;
let before: Promise<void> = Promise.resolve();

// One after the other: the module has to be there before anything is analysed.
onmessage = ({ data }: MessageEvent<Asked>) => {
  before = before.then(() => answer(data)).then((message) => postMessage(message));
};

async function answer({ id, about, name, given }: Asked): Promise<Answer> {
  if (about !== undefined && about !== analysed) return { id };
  try {
    const value = await (answers[name] as (...given: unknown[]) => unknown)(...given);
    if (name === "analyse") analysed = id;
    return { id, value };
  } catch (error) {
    return { id, error: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
