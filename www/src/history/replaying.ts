// Replays a history where it keeps nobody from typing, and tells what a page has room for.

import init, { replay, type Replay } from "layerwise";
import type { History } from "./log";

/** Most steps and files that are told. */
const MOST = 8;

/** The sums of a replay. */
export type Sums = Pick<Replay, "steps" | "paths" | "weeks" | "seconds" | "measured"> & { commits: number; dockerfile: string };

/** What the page gets: both histories, or why there is none. */
export type Replayed = { before: Sums; after: Sums | undefined } | { error: string };

function sumsOf({ dockerfiles, steps, paths, weeks, seconds, measured, commits }: Replay): Sums {
  const dockerfile = dockerfiles[0] ?? "";
  return { steps: steps.slice(0, MOST), paths: paths.slice(0, MOST), weeks, seconds, measured, commits: commits.length, dockerfile };
}

async function answer({ start, commits, rewritten }: History): Promise<Replayed> {
  try {
    await init();
    const before = sumsOf(replay(start, commits));
    const after = rewritten === undefined ? undefined : sumsOf(replay({ ...start, dockerfile: rewritten }, commits));
    return { before, after };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

addEventListener("message", ({ data }: MessageEvent<History>) => void answer(data).then((told) => postMessage(told)));
