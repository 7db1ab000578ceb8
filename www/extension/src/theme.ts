// Light or dark, and how much contrast, as the page has it.

import type { Settings } from "./settings";

/** Marks `host` for the style of a panel as the page looks, or as it was chosen. */
export function applyTheme(host: HTMLElement, chosen: Settings["theme"]): void {
  const page = pageTheme(document.documentElement, document.body);
  set(host, "theme", chosen === "site" ? page.theme : chosen);
  set(host, "contrast", page.contrast);
}

function set(host: HTMLElement, name: string, value: string | undefined): void {
  if (value === undefined) delete host.dataset[name];
  else host.dataset[name] = value;
}

/** What the page says of itself; nothing where the system decides. */
function pageTheme(root: HTMLElement, body: HTMLElement): { theme?: "light" | "dark"; contrast?: "more" } {
  const { colorMode, lightTheme = "", darkTheme = "" } = root.dataset;
  if (colorMode !== undefined) {
    // GitHub: "auto" follows the system, between two themes of the visitor's.
    const dark = colorMode === "dark" || (colorMode === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    const name = dark ? darkTheme : lightTheme;
    // A theme of the dark kind may stand for daylight.
    const theme = /^dark/.test(name) || (dark && !/^light/.test(name)) ? "dark" : "light";
    return { theme, ...(/high_contrast/.test(name) && { contrast: "more" }) };
  }
  for (const { classList } of [root, body]) {
    if (classList.contains("gl-dark")) return { theme: "dark" };
    if (classList.contains("gl-light")) return { theme: "light" };
  }
  return {};
}

/** Calls `changed` when the page switches. */
export function watchTheme(changed: () => void): void {
  const observer = new MutationObserver(changed);
  const attributes = ["class", "data-color-mode", "data-light-theme", "data-dark-theme"];
  for (const element of [document.documentElement, document.body]) observer.observe(element, { attributeFilter: attributes });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}
