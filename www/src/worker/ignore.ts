// The .dockerignore that a report proposes, beside the one that is there.

import type { Options, Report } from "layerwise";

/** What is shown of it. */
export interface ProposedIgnore {
  /** All of it. */
  text: string;
  /** The last lines that are there already, and how many are above them. */
  kept: string[];
  above: number;
  added: string[];
}

/** Most lines that are shown of those that are there already. */
const KEPT = 3;

/** The text of .dockerignore that counts today; empty where there is none. */
export function ignoreOf({ dockerignore, files }: Options): string {
  return dockerignore ?? (Array.isArray(files) ? undefined : files?.[".dockerignore"]) ?? "";
}

export function proposedIgnore({ dockerignore: text }: Report, options: Options): ProposedIgnore | undefined {
  if (text === undefined) return undefined;
  const before = ignoreOf(options);
  const start = text.startsWith(before) ? before : "";
  const kept = lines(start);
  return { text, kept: kept.slice(-KEPT), above: Math.max(kept.length - KEPT, 0), added: lines(text.slice(start.length).replace(/^\r?\n/, "")) };
}

function lines(text: string): string[] {
  return text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/);
}
