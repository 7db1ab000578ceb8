// The changes to choose from: the scenarios of the report, and any file by its name.

import type { Rebuild, Scenario } from "layerwise";
import { alike, duration } from "layerwise/panel";
import type { Snapshot } from "./analysis";
import { h, prose } from "./element";
import { spoken } from "./rebuild";

/** What is chosen: a scenario, or the path of a file. */
export type Choice = { scenario: Scenario } | { path: string };

/** The group of choices. */
export interface Choices {
  element: HTMLElement;
  show(snapshot: Snapshot): void;
  current(): Choice | undefined;
  choose(scenario: Scenario): void;
  focus(): void;
}

/** Most files that are offered by name. */
const OFFERED = 2000;
/** Most files that are there to click. */
const SHOWN = 12;
const FILE = "file";

export function createChoices(chosen: () => void): Choices {
  let scenarios: Scenario[] = [];
  let repaired = false;
  let key: string | undefined;
  const changes = h("div", { class: "changes" });
  const offered = h("datalist", { id: "timeline-files" });
  const field = h("input", {
    type: "text",
    id: "timeline-file",
    list: "timeline-files",
    spellcheck: "false",
    autocapitalize: "off",
    value: "README.md",
  });
  field.addEventListener("input", chosen);
  const shown = h("ul", { class: "files", "aria-label": "Files of the build context" });
  const which = h("div", { class: "which" }, h("label", { for: "timeline-file" }, "Path in the build context"), field, offered, shown);
  const element = h("fieldset", {}, h("legend", { class: "visually-hidden" }, "Choose a change"), changes, which);

  function choice(value: string, ...face: (Node | string)[]): HTMLElement {
    const input = h("input", { type: "radio", name: "change", value });
    input.addEventListener("change", () => {
      key = value;
      mark();
      chosen();
    });
    return h("label", { class: "change" }, input, h("span", { class: "face" }, ...face));
  }

  function file(path: string): HTMLElement {
    const click = (): void => {
      field.value = path;
      chosen();
    };
    return h("li", {}, h("button", { type: "button", onclick: click }, h("code", {}, path)));
  }

  function costs({ before, after }: Scenario): HTMLElement {
    const [from, to] = [time(before), time(after)];
    if (!repaired || from === to || alike(before.cost, after.cost)) {
      return h("span", { class: "costs" }, hidden(": "), from);
    }
    const arrow = h("span", { "aria-hidden": "true" }, " → ");
    return h("span", { class: "costs" }, hidden(": before "), from, hidden(", after "), arrow, h("b", {}, to));
  }

  function time({ reruns, depends, cost, costAtLeast }: Rebuild): string {
    if (reruns.length + depends.length === 0) return "nothing";
    return spoken(cost, costAtLeast, duration);
  }

  function scenario(): Scenario | undefined {
    return scenarios.find((one) => keyOf(one) === key) ?? scenarios[0];
  }

  function mark(): void {
    const one = scenario();
    const value = key === FILE ? FILE : one && keyOf(one);
    for (const input of changes.querySelectorAll("input")) input.checked = input.value === value;
    which.hidden = value !== FILE;
  }

  return {
    element,
    show({ report, options }) {
      scenarios = report.scenarios;
      repaired = report.edits.length > 0;
      changes.replaceChildren(
        ...scenarios.map((one) => choice(keyOf(one), h("span", {}, ...prose(one.title)), costs(one))),
        choice(FILE, h("span", {}, "Another file"), h("span", { class: "costs" }, hidden(": "), "click it, or name it")),
      );
      const files = Object.keys(options.files ?? {}).slice(0, OFFERED);
      offered.replaceChildren(...files.map((path) => h("option", { value: path })));
      shown.replaceChildren(...files.slice(0, SHOWN).map(file));
      shown.hidden = files.length === 0;
      mark();
    },
    current() {
      if (key === FILE) return { path: field.value.trim().replace(/^(\.?\/)+/, "") };
      const one = scenario();
      return one && { scenario: one };
    },
    choose(one) {
      key = keyOf(one);
      mark();
      chosen();
    },
    focus: () => changes.querySelector<HTMLInputElement>("input:checked")?.focus({ preventScroll: true }),
  };
}

function keyOf({ kind, title }: Scenario): string {
  return `${kind} ${title}`;
}

function hidden(text: string): HTMLElement {
  return h("span", { class: "visually-hidden" }, text);
}
