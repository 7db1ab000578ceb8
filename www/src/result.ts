// What the analysis comes to, in the largest letters of the page.

import { headlineOf } from "layerwise/panel";
import type { Panel } from "./analysis";
import { h } from "./element";

export function createResult(root: HTMLElement): Panel {
  return {
    show({ report, text }) {
      if (text.trim() === "") {
        root.replaceChildren("Paste a Dockerfile, drop one with its folder, or choose an example.");
        return;
      }
      const { text: sentence, subject, before, after } = headlineOf(report);
      if (subject === undefined || before === undefined || after === undefined) root.replaceChildren(sentence);
      else root.replaceChildren(`${subject} rebuilds `, h("strong", { class: "lost" }, before), ". Rewritten: ", h("strong", { class: "kept" }, after), ".");
    },
  };
}
