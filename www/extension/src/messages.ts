// What the parts of the extension say to each other. A page's own policy keeps WebAssembly out of its
// tabs, so that the service worker analyses, and tabs are answered.

import type { Overview } from "layerwise/panel";

/** A Dockerfile to be analysed: to the service worker. */
export interface Question {
  kind: "analyse";
  text: string;
  /** Its path in the repository. */
  path: string;
  /** Paths that a page lists of the repository; those of directories end in `/`. */
  listed?: string[];
}

/** What is found. */
export interface Found {
  overview: Overview;
  /** What is not known, in sentences. */
  notes: string[];
  /** The Dockerfile in the demo; missing where it is too long for an address. */
  demo?: string;
}

/** The answer to a question. */
export type Answer = Found | { problem: string };

/** Asks a tab for the Dockerfile that it shows. */
export interface Current {
  kind: "current";
}

/** Asks the service worker. */
export async function ask(question: Question): Promise<Answer> {
  try {
    return await chrome.runtime.sendMessage<Question, Answer>(question);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
