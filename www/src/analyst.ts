// Asks the worker. Of texts to analyse only the latest counts: one that waits is superseded, and a
// worker that is busy with a stale one for long is stopped for a fresh one, which starts in no time since
// the module is compiled once, here.

import wasm from "layerwise/layerwise_bg.wasm?url";
import type { BuildContext } from "./context";
import type { Analysis } from "./worker/report";
import type { Answer, Answers, Asked, Question } from "./worker/worker";

/** An analysis, and the text that its places are of. */
export interface Snapshot extends Analysis {
  text: string;
  /** The number of the analysis. */
  id: number;
}

/** What the worker is asked about: the text that was analysed last, or nothing in particular. */
export interface Analyst {
  /** Undefined where another text came in the meantime. */
  analyse(context: BuildContext, question: Question): Promise<Snapshot | undefined>;
  /** What is known of the last analysis; undefined where that is stale. */
  ask<K extends keyof Answers>(name: K, ...given: Parameters<Answers[K]>): Promise<Awaited<ReturnType<Answers[K]>> | undefined>;
}

/** A text waits this long behind work on a stale one, in milliseconds. */
const PATIENCE = 500;
/** What is not about a text. */
const ALWAYS: (keyof Answers)[] = ["begin", "know", "rules", "wanted", "complaint", "analyse"];

/** Fetches and compiles the module; the page has begun to load it before this script was there. */
async function compiled(): Promise<WebAssembly.Module> {
  const response = await fetch(wasm);
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  // Streaming needs the right type; a server that does not know `.wasm` is no reason to fail.
  const streams = response.headers.get("content-type")?.startsWith("application/wasm");
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** Starts the worker; `busy` hears whether it has something to answer. */
export async function createAnalyst(busy: (isBusy: boolean) => void): Promise<Analyst> {
  const open = new Map<number, { done(value: unknown): void; failed(error: Error): void }>();
  let worker = started();
  let asked = 0;
  /** The context that the worker has, and the number of the analysis that it keeps. */
  let known: BuildContext | undefined;
  let analysed: number | undefined;
  let waiting: { context: BuildContext; question: Question; done(analysis: Promise<Snapshot | undefined> | undefined): void } | undefined;
  let patience: number | undefined;
  const module = await compiled();
  await send("begin", module);

  function started(): Worker {
    const made = new Worker(new URL("./worker/worker.ts", import.meta.url), { type: "module" });
    made.addEventListener("message", ({ data: { id, value, error } }: MessageEvent<Answer>) => {
      const question = open.get(id);
      open.delete(id);
      if (error === undefined) question?.done(value);
      else question?.failed(new Error(error));
      next();
    });
    made.addEventListener("error", ({ message }) => {
      for (const { failed } of open.values()) failed(new Error(message || "the worker could not be started"));
      open.clear();
      next();
    });
    return made;
  }

  function restart(): void {
    worker.terminate();
    worker = started();
    known = undefined;
    analysed = undefined;
    worker.postMessage({ id: ++asked, name: "begin", given: [module] } satisfies Asked);
    for (const { done } of open.values()) done(undefined);
    open.clear();
    next();
  }

  /** Has the text analysed that waits, when nothing else is under way. */
  function next(): void {
    busy(open.size > 0 || waiting !== undefined);
    if (!waiting) return;
    if (open.size > 0) {
      patience ??= window.setTimeout(restart, PATIENCE);
      return;
    }
    window.clearTimeout(patience);
    patience = undefined;
    const { context, question, done } = waiting;
    waiting = undefined;
    done(run(context, question));
  }

  function send(name: keyof Answers, ...given: unknown[]): Promise<unknown> {
    const isAbout = !ALWAYS.includes(name);
    if (isAbout && (waiting || analysed === undefined)) return Promise.resolve(undefined);
    const id = ++asked;
    return new Promise((done, failed) => {
      open.set(id, { done, failed });
      busy(true);
      worker.postMessage({ id, name, given, ...(isAbout && analysed !== undefined ? { about: analysed } : {}) } satisfies Asked);
    });
  }

  async function run(context: BuildContext, question: Question): Promise<Snapshot | undefined> {
    if (context !== known) void send("know", context);
    known = context;
    const sent = send("analyse", question);
    const id = asked;
    const analysis = (await sent) as Analysis | undefined;
    if (!analysis) return undefined;
    analysed = id;
    return { text: question.text, id, ...analysis };
  }

  return {
    analyse: (context, question) =>
      new Promise((done) => {
        waiting?.done(undefined);
        waiting = { context, question, done };
        next();
      }),
    ask: send as Analyst["ask"],
  };
}
