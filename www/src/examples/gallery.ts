// All examples in groups, with a search in their names and texts.

import { createDialog } from "../dialog";
import { h } from "../element";
import { count } from "../words";
import { examples } from "./all";
import type { Example } from "./example";
import { groupOf, ORDER } from "./groups";

/** The gallery; `choose` gets what is chosen from it. */
export function createGallery(choose: (example: Example) => void): { open(current: string | undefined): void } {
  const entries = examples.map((example) => ({
    name: example.name,
    group: groupOf(example.name),
    words: `${example.title}\n${example.name}\n${example.dockerfile}`.toLowerCase(),
    element: h("li", {}, h("button", { type: "button", onclick: () => {
      sheet.close();
      choose(example);
    } }, example.title)),
  }));
  const groups = ORDER.map((title) => {
    const own = entries.filter(({ group }) => group === title);
    const number = h("span", {});
    return { own, number, element: h("details", {}, h("summary", {}, title, " ", number), h("ul", {}, ...own.map(({ element }) => element))) };
  }).filter(({ own }) => own.length > 0);
  const search = h("input", { type: "search", "aria-label": "Search the examples", placeholder: "A tool, an instruction, a flag", spellcheck: "false", autocapitalize: "off" });
  const found = h("p", { class: "status", role: "status" });
  search.addEventListener("input", show);

  function show(): void {
    const wanted = search.value.trim().toLowerCase().split(/\s+/).filter((word) => word !== "");
    let all = 0;
    for (const { own, number, element } of groups) {
      let here = 0;
      for (const entry of own) {
        const fits = wanted.every((word) => entry.words.includes(word));
        entry.element.hidden = !fits;
        if (fits) here++;
      }
      number.textContent = here.toLocaleString("en");
      element.hidden = here === 0;
      element.open = wanted.length > 0;
      all += here;
    }
    found.textContent = all === 0 ? "None has all of these words." : count(all, "example");
  }

  const sheet = createDialog("gallery", "Examples", [h("div", { class: "search" }, search, found), h("div", { class: "groups" }, ...groups.map(({ element }) => element))]);
  show();
  return {
    open(current) {
      for (const { name, element } of entries) {
        const button = element.querySelector("button");
        if (name === current) button?.setAttribute("aria-current", "true");
        else button?.removeAttribute("aria-current");
      }
      sheet.open();
      search.focus();
    },
  };
}
