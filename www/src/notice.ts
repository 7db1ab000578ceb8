// Sentences above the panes.

import { byId, h } from "./element";

/** A sentence, with something to do about it; without one, it goes. */
export function notice(sentence?: string, act?: [word: string, act: () => void]): void {
  const place = byId("notice");
  place.hidden = sentence === undefined;
  place.replaceChildren(sentence ?? "", ...(act ? [" ", h("button", { type: "button", onclick: act[1] }, act[0])] : []));
}

/** What went wrong, and why; without it, nothing is wrong any more. */
export function fail(what?: string, error?: unknown): void {
  const failure = byId("failure");
  failure.hidden = what === undefined;
  failure.textContent = what === undefined ? "" : `${what}: ${error instanceof Error ? error.message : String(error)}`;
}
