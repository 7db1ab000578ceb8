// The badge beside the buttons of a file: what its worst change costs, and the way to the panel.

import type { Found } from "./messages";
import { h } from "../../src/element";
import { STYLE, styled } from "layerwise/panel";

/** By what a badge of ours is known in a page. */
export const BADGE = "data-layerwise-badge";

const LOOK = `
:host { display: inline-flex; align-self: center; margin-inline: 0 8px; vertical-align: middle; background: none; }
:host([data-alone]) { position: fixed; inset: 8px 8px auto auto; z-index: 1000; }
button {
  --tone: var(--cold); display: inline-flex; align-items: center; gap: 6px; height: 28px; padding: 0 9px;
  border-color: var(--line); border-radius: 6px; background: var(--sheet); color: var(--ink);
  font: 500 12px/1 system-ui, -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; white-space: nowrap;
}
button:hover { border-color: var(--edge); }
button[data-tone="lost"] { --tone: var(--hot); }
button[data-tone="bad"] { --tone: var(--bad); }
button[data-tone="note"] { --tone: var(--note); }
b { font-weight: 600; color: var(--tone); font-variant-numeric: tabular-nums; }
i { display: grid; grid-template-rows: repeat(3, 2px); gap: 2px; width: 14px; }
i::before, i::after { content: ""; grid-column: 1; background: var(--cold); }
i > span { background: var(--cold); }
i::after { margin-inline-start: 5px; background: var(--tone); }
@media (forced-colors: active) { i::before, i::after, i > span { background: ButtonText; } }
`;

/** A badge; `open` is called by a click or by the keyboard. */
export function createBadge({ overview: { badge, name } }: Found, open: (badge: HTMLElement) => void): HTMLElement {
  const host = h("span", { [BADGE]: true });
  const root = host.attachShadow({ mode: "open" });
  const button = h("button", {
    type: "button",
    "data-tone": badge.tone,
    "aria-haspopup": "dialog",
    "aria-label": `layerwise: ${badge.text}, ${name}`,
    onclick: () => open(host),
  }, h("i", { "aria-hidden": "true" }, h("span")), h("b", {}, badge.text));
  root.append(button);
  styled(root, STYLE + LOOK);
  // Clicks on our button are not clicks on the page's header, which may fold the file.
  for (const type of ["click", "mousedown", "keydown"]) host.addEventListener(type, (event) => event.stopPropagation());
  return host;
}

/** Puts the keyboard onto a badge. */
export function focusBadge(host: HTMLElement): void {
  host.shadowRoot?.querySelector("button")?.focus();
}
