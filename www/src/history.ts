// The section "Your history": what it needs is loaded when somebody opens it.

import type { Current } from "./history/log";

/** The section; a log that was dropped opens it. */
export interface HistorySection {
  open(log: string): void;
}

/** `current` is the Dockerfile in the editor and what is known of its context. */
export function offerHistory(root: HTMLDetailsElement, current: () => Current): HistorySection {
  let loading: ReturnType<typeof load> | undefined;
  const load = async () => (await import("./history/section")).createSection(root, current);
  const loaded = () => (loading ??= load());
  root.addEventListener("toggle", () => void loaded());
  return {
    open(log) {
      root.open = true;
      void loaded().then((section) => section.replay(log));
    },
  };
}
