// What a panel is: it shows the latest analysis, where it can be seen, and draws only what is new.

import type { Snapshot } from "./analyst";

export interface Panel {
  show(snapshot: Snapshot): void;
  /** The cursor of the editor moved to this offset of the analysed text. */
  cursor?(offset: number): void;
}

/** A panel is drawn when it is this near to the window. */
const NEAR = "100% 0%";

/**
 * Draws `part` of each analysis into `root`: when `root` comes near the window, and only where the part
 * is another one than was drawn there.
 */
export function whereSeen<T>(root: Element, part: (snapshot: Snapshot) => T, draw: (part: T, snapshot: Snapshot) => void): Panel & { now(): void } {
  let isNear = false;
  let latest: Snapshot | undefined;
  let drawn: string | undefined;

  function render(): void {
    if (!latest) return;
    const now = part(latest);
    const key = JSON.stringify(now);
    if (key === drawn) return;
    drawn = key;
    draw(now, latest);
  }

  new IntersectionObserver((entries) => {
    isNear = entries.at(-1)?.isIntersecting ?? false;
    if (isNear) render();
  }, { rootMargin: NEAR }).observe(root.closest(".panel") ?? root);
  return {
    show(snapshot) {
      latest = snapshot;
      if (isNear) render();
    },
    /** Draws what is not near as well: somebody is on the way there. */
    now: render,
  };
}
