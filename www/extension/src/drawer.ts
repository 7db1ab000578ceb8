// The panel at the side of a page. It covers no more than its own room, Escape closes it, and the
// keyboard comes back to where it was opened.

import { panelOf, STYLE, styled } from "layerwise/panel";
import { h } from "../../src/element";
import type { Found } from "./messages";

/** By what the panel is known in a page. */
export const DRAWER = "data-layerwise-panel";

const LOOK = `
:host {
  box-sizing: border-box; position: fixed; inset: 0 0 0 auto; width: min(36rem, 100vw); height: auto; max-height: none; margin: 0; padding: 0;
  border: 0; border-inline-start: 1px solid var(--edge); background: var(--sheet); color: var(--ink); overflow: auto; overscroll-behavior: contain;
  box-shadow: -12px 0 32px rgb(0 0 0 / 18%); z-index: 2147483000;
}
header {
  position: sticky; top: 0; z-index: 1; display: flex; justify-content: space-between; align-items: center; gap: 12px;
  padding: 10px 20px; background: var(--sheet); border-bottom: 1px solid var(--line);
}
h2 { font: 600 14px/1.4 var(--mono); overflow-wrap: anywhere; }
h2:focus { outline: none; }
h2 span { color: var(--soft); font-weight: 400; }
.body { padding: 16px 20px 32px; }
`;

/** The panel of a page; one is open at a time. */
export interface Drawer {
  open(found: Found, from: { path: string; openLine?: (line: number) => void; back: () => void }): void;
  close(): void;
  /** Its element, while it is open. */
  host(): HTMLElement | undefined;
}

export function createDrawer(): Drawer {
  let host: HTMLElement | undefined;
  let back: (() => void) | undefined;

  function close(): void {
    const inside = host !== undefined && document.activeElement === host;
    host?.remove();
    host = undefined;
    if (inside) back?.();
  }

  return {
    close,
    host: () => host,
    open(found, from) {
      close();
      back = from.back;
      host = h("div", { [DRAWER]: true, role: "dialog", "aria-label": `layerwise: ${from.path}`, popover: "manual" });
      const root = host.attachShadow({ mode: "open" });
      const title = h("h2", { tabindex: "-1" }, h("span", {}, "layerwise "), from.path);
      const { openLine } = from;
      const panel = panelOf(found.overview, {
        notes: found.notes,
        actions: found.demo === undefined ? [] : [{ label: "Open in the demo", href: found.demo }],
        ...(openLine && { openLine }),
      });
      const shut = h("button", { type: "button", onclick: () => { back?.(); close(); } }, "Close");
      root.append(h("header", {}, title, shut), h("div", { class: "body" }, panel));
      styled(root, STYLE + LOOK);
      // The keys that a page listens to are not meant for it while someone reads here.
      host.addEventListener("keydown", (event) => {
        event.stopPropagation();
        if (event.key === "Escape") close();
      });
      document.body.append(host);
      host.showPopover?.();
      title.focus();
    },
  };
}
