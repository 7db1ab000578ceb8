// The row of examples: a button for each of a few, and one for all.

import { h } from "../element";
import { TITLES, type Example } from "./example";
import { find } from "./find";

/** The row; `current` marks the example in the editor, if it is one. */
export function createExamples(root: HTMLElement, choose: (example: Example) => void): { current(example: Example | undefined): void } {
  let shown: Example | undefined;
  const load = async (name: string): Promise<void> => {
    const example = await find(name);
    if (example) choose(example);
  };
  const buttons = TITLES.map(([name, title]) => ({ name, element: h("button", { type: "button", onclick: () => void load(name) }, title) }));
  let gallery: Promise<{ open(current: string | undefined): void }> | undefined;
  const all = h("button", { type: "button", class: "all", "aria-haspopup": "dialog" }, "All examples");
  all.addEventListener("click", async () => {
    gallery ??= import("./gallery").then(({ createGallery }) => createGallery(choose));
    (await gallery).open(shown?.name);
  });
  const title = h("span", { class: "current" });
  root.replaceChildren(h("span", { class: "label" }, "Examples"), ...buttons.map(({ element }) => element), title, all);
  return {
    current(example) {
      shown = example;
      title.textContent = example?.title ?? "";
      for (const { name, element } of buttons) {
        if (name === example?.name) element.setAttribute("aria-current", "true");
        else element.removeAttribute("aria-current");
      }
    },
  };
}
