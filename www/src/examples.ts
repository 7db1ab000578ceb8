// The examples are the project's own fixtures, read when the page is built.

import type { BuildContext } from "./context";
import { h } from "./element";

/** One fixture as a starting point. */
export interface Example {
  name: string;
  title: string;
  dockerfile: string;
  context: BuildContext;
}

/** Shown first and under these titles; the others follow under their own names. */
const TITLES: [name: string, title: string][] = [
  ["pip-2014", "Django, 2014"],
  ["npm-install-and-build", "npm in two stages"],
  ["go-build-in-two-stages", "Go in two stages"],
  ["npm-workspaces", "npm workspaces"],
  ["apt-after-prebuilt-jar", "A jar before apt"],
  ["refused-lifecycle-script", "A refused repair"],
];

/** Buttons for these many, where there is room; all are in a list. */
const BUTTONS = 6;

const dockerfiles = import.meta.glob<string>("../../tests/fixtures/*/before.Dockerfile", {
  query: "?raw",
  import: "default",
  eager: true,
});
const contexts = import.meta.glob<string>("../../tests/fixtures/*/context/**", {
  query: "?raw",
  import: "default",
  eager: true,
  exhaustive: true,
});

export const examples: Example[] = Object.entries(dockerfiles)
  .map(([path, dockerfile]) => {
    const folder = path.slice(0, path.lastIndexOf("/"));
    const name = folder.slice(folder.lastIndexOf("/") + 1);
    return { name, title: title(name), dockerfile: unix(dockerfile), context: contextOf(`${folder}/context/`) };
  })
  .sort((a, b) => rank(a.name) - rank(b.name) || a.title.localeCompare(b.title, "en"));

/** The editor holds line feeds only; the text is compared with what it holds. */
function unix(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

function rank(name: string): number {
  const at = TITLES.findIndex(([known]) => known === name);
  return at < 0 ? TITLES.length : at;
}

function title(name: string): string {
  const known = TITLES.find(([id]) => id === name);
  if (known) return known[1];
  const words = name.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function contextOf(folder: string): BuildContext {
  const files = Object.entries(contexts)
    .filter(([path]) => path.startsWith(folder))
    .map(([path, text]) => ({ path: path.slice(folder.length), text }));
  return {
    files: files.map(({ path }) => path).join("\n"),
    complete: true,
    dockerignore: files.find(({ path }) => path === ".dockerignore")?.text ?? "",
    manifests: files.filter(({ path, text }) => path !== ".dockerignore" && text !== ""),
    texts: {},
  };
}

/** The list of examples; `current` marks the one in the editor, if it is one. */
export function createExamples(
  root: HTMLElement,
  choose: (example: Example) => void,
): { current(name: string | undefined): void } {
  const buttons = examples.slice(0, BUTTONS).map((example) => ({
    name: example.name,
    element: h("button", { type: "button", onclick: () => choose(example) }, example.title),
  }));
  const narrow = window.matchMedia("(max-width: 76rem)");
  const list = h(
    "select",
    { "aria-label": "All examples" },
    h("option", { value: "" }, "All examples"),
    ...examples.map((example) => h("option", { value: example.name }, example.title)),
  );
  list.addEventListener("change", () => {
    const chosen = examples.find(({ name }) => name === list.value);
    if (chosen) choose(chosen);
  });
  root.replaceChildren(h("span", { "aria-hidden": "true" }, "Examples"), ...buttons.map(({ element }) => element), list);
  return {
    current(name) {
      // Where the buttons are shown, they say which it is.
      const said = !narrow.matches && buttons.some((button) => button.name === name);
      list.value = said ? "" : (name ?? "");
      for (const button of buttons) {
        if (button.name === name) button.element.setAttribute("aria-current", "true");
        else button.element.removeAttribute("aria-current");
      }
    },
  };
}
