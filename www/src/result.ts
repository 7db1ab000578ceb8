// What the analysis comes to, in the largest letters of the page, and in a few words beside the text.

import type { Snapshot } from "./analyst";
import { byId, h } from "./element";
import { count } from "./words";

/** The sentence above the panes. */
export function showSum({ headline, text }: Snapshot): void {
  const sum = byId("sum");
  if (text.trim() === "") {
    sum.replaceChildren("Paste a Dockerfile, drop one with its folder, or choose an example.");
    return;
  }
  const { text: sentence, subject, before, after } = headline;
  if (subject === undefined || before === undefined || after === undefined) sum.replaceChildren(sentence);
  else sum.replaceChildren(`${subject} rebuilds `, h("strong", { class: "lost" }, before), ". Rewritten: ", h("strong", { class: "kept" }, after), ".");
}

/** How many issues there are, and what they cost. */
export function showStatus({ headline: { lost }, found: { issues, notes }, text, rewritten }: Snapshot): void {
  const words = (issues === 0 ? "no issues" : count(issues, "issue")) + (notes === 0 ? "" : `, ${count(notes, "note")}`);
  const more = lost === undefined ? [] : [h("span", { class: "wide" }, ` · ${lost}`)];
  byId("status").replaceChildren(...(text.trim() === "" ? ["empty"] : [words, ...more]));
  byId<HTMLButtonElement>("rewrite-use").disabled = rewritten === text;
}
