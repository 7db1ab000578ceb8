// Asks which of several builds is meant.

import { createDialog } from "../dialog";
import { h } from "../element";
import type { Build } from "./builds";

/** Shows the builds; nothing happens where none is chosen. */
export function choose(builds: Build[], chosen: (build: Build) => void): void {
  const entry = (build: Build): HTMLElement => {
    const { service, context, dockerfile, inline, target } = build;
    const file = inline === undefined ? [h("code", {}, context === "" ? dockerfile : `${context}/${dockerfile}`)] : ["in this file"];
    return h("li", {}, h("button", { type: "button", onclick: () => {
      sheet.close();
      chosen(build);
    } }, h("b", {}, service), h("span", {}, ...file, ...(target === "" ? [] : [", target ", h("code", {}, target)]))));
  };
  const sheet = createDialog("builds", "Which build?", [h("ul", { class: "builds" }, ...builds.map(entry))], () => sheet.element.remove());
  sheet.open();
}
