// The button that switches the colour scheme; without a choice the system's is followed.
// public/before.js sets a stored choice before the first paint.

const KEY = "layerwise-theme";

export function createThemeSwitch(button: HTMLButtonElement): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;

  function current(): "light" | "dark" {
    const chosen = root.dataset["theme"];
    if (chosen === "light" || chosen === "dark") return chosen;
    return system.matches ? "dark" : "light";
  }

  function label(): void {
    const other = current() === "dark" ? "light" : "dark";
    button.setAttribute("aria-label", `Switch to the ${other} theme`);
    button.title = `Switch to the ${other} theme`;
    button.dataset["theme"] = current();
  }

  button.addEventListener("click", () => {
    const next = current() === "dark" ? "light" : "dark";
    const follows = (next === "dark") === system.matches;
    if (follows) delete root.dataset["theme"];
    else root.dataset["theme"] = next;
    try {
      if (follows) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, next);
    } catch {
      // Storage can be closed to us; the choice lasts as long as the page then.
    }
    label();
  });
  system.addEventListener("change", label);
  label();
}
