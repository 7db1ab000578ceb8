// An overview as elements: the headline, the issues, the rewritten file. `style.js` has their look.

import { diffOf } from "./diff-lines.js";
import { h, prose } from "./dom.js";

const SEVERITY = { info: "Note", warning: "Warning", error: "Error" };

const CLAIM = {
  safe: ["Safe", "Proved from what was given: the image stays the same."],
  assumed: ["Assumed", "The image stays the same if all of this holds:"],
  suggested: ["Suggested", "Changes more than the order, so it is not in the rewritten file unless you ask for it."],
};

/**
 * The panel of an overview. `openLine(line)` makes line numbers buttons; `actions` are further
 * buttons and links: `{ label, run? , href? }`; `notes` are sentences on what is not known.
 */
export function panelOf(overview, { openLine, actions = [], notes = [] } = {}) {
  const element = h("div", { class: "panel" }, headlineElement(overview));
  if (overview.patch !== "") element.append(rewritten(overview, actions));
  else if (actions.length > 0) element.append(h("p", { class: "actions" }, ...actions.map(action)));
  element.append(...notes.map((note) => h("p", { class: "unknown" }, ...prose(note))));
  if (overview.entries.length > 0) {
    element.append(h("section", { "aria-labelledby": "layerwise-issues" }, h("h3", { id: "layerwise-issues" }, "Issues"), issuesOf(overview, openLine)));
  }
  return element;
}

/** The headline of an overview. */
export function headlineElement({ headline: { text, subject, before, after, measured } }) {
  if (before === undefined) return h("p", { class: "headline" }, text);
  return h("div", {},
    h("p", { class: "headline" }, `${subject} rebuilds `, h("strong", { class: "lost" }, before), ". Rewritten: ", h("strong", { class: "kept" }, after), "."),
    measured ? undefined : h("p", { class: "small" }, "Times are estimates by kind of command: they compare, they do not predict."));
}

function rewritten({ patch, rewritten: text, name }, actions) {
  const copies = [{ label: "Copy the file", run: (answer) => copy(text, answer) }, { label: "Copy as patch", run: (answer) => copy(patch, answer) }];
  return h("section", { "aria-labelledby": "layerwise-rewritten" },
    h("h3", { id: "layerwise-rewritten" }, "Rewritten"),
    h("p", { class: "actions" }, ...[...copies, ...actions].map(action)),
    diffOf(patch, `Changes to ${name}`));
}

/** A button, or a link. */
export function action({ label, run, href }) {
  if (href !== undefined) return h("a", { class: "button", href, target: "_blank", rel: "noopener noreferrer" }, label);
  const button = h("button", { type: "button" }, label);
  const said = h("span", { class: "said", role: "status" });
  button.addEventListener("click", () => run((word) => {
    button.textContent = word;
    said.textContent = word;
    setTimeout(() => {
      button.textContent = label;
      said.textContent = "";
    }, 1600);
  }));
  return h("span", {}, button, said);
}

/** Copies a text, and says whether that was possible. */
export async function copy(text, answer) {
  try {
    await navigator.clipboard.writeText(text);
    answer("Copied");
  } catch {
    answer("Not allowed to copy");
  }
}

/** The issues of an overview, as a list. */
export function issuesOf({ entries, more }, openLine) {
  const list = h("ol", { class: "issues" }, ...entries.map((entry) => h("li", {}, issue(entry, openLine))));
  if (more > 0) list.append(h("li", { class: "small" }, `And ${more.toLocaleString("en")} more.`));
  return list;
}

function issue(entry, openLine) {
  const { severity, rule, page, message, why, help, price, refusal, fix } = entry;
  const element = h("article", { "data-severity": severity },
    h("p", { class: "where" }, `${SEVERITY[severity]}, `, ...places(entry, openLine)),
    h("h4", {}, ...prose(message)));
  if (price !== undefined) element.append(h("p", { class: "price" }, price));
  if (fix !== undefined) element.append(repair(fix));
  if (refusal !== undefined) element.append(h("p", {}, h("b", {}, "Not repaired. "), ...prose(refusal)));
  const more = [why, help].filter((text) => text !== undefined && text !== "");
  if (more.length > 0) element.append(h("details", {}, h("summary", {}, "Why, and what to do"), ...more.map((text) => h("p", {}, ...prose(text)))));
  if (rule !== undefined) {
    const name = page === undefined ? rule : h("a", { href: page, target: "_blank", rel: "noopener noreferrer" }, rule);
    element.append(h("p", { class: "rule" }, name));
  }
  return element;
}

function places({ lines, moreLines }, openLine) {
  const numbers = lines.flatMap((line, index) => [index === 0 ? "" : ", ", openLine === undefined ? `${line}` : h("button", { type: "button", class: "place", onclick: () => openLine(line) }, `${line}`)]);
  return [lines.length > 1 ? "lines " : "line ", ...numbers, moreLines > 0 ? ` and ${moreLines} more` : ""];
}

function repair({ title, applicability, assumptions, dockerignore }) {
  const [badge, claim] = CLAIM[applicability];
  return h("div", { class: "repair", "data-applicability": applicability },
    h("p", {}, h("b", {}, `${badge}: `), ...prose(title)),
    h("p", {}, claim),
    assumptions.length > 0 ? h("ul", {}, ...assumptions.map((sentence) => h("li", {}, ...prose(sentence)))) : undefined,
    dockerignore.length > 0 ? h("p", {}, ...prose(`With it goes ${quoted(dockerignore)} in \`.dockerignore\`.`)) : undefined);
}

const quoted = (names) => names.map((name) => `\`${name}\``).join(", ");
