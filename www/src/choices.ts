// The changes to choose from: the scenarios of the report, and any file by its name.

import { alike, duration } from "layerwise/panel";
import type { Snapshot } from "./analyst";
import { h, prose } from "./element";
import { spoken } from "./times";
import type { Choice } from "./worker/comparison";
import type { ShownScenario, Spent } from "./worker/scenarios";

/** The group of choices. */
export interface Choices {
  element: HTMLElement;
  show(snapshot: Pick<Snapshot, "scenarios" | "isRepaired">): void;
  /** Offers the files of the context by name. */
  offer(paths: string[]): void;
  current(): Choice | undefined;
  choose(key: string): void;
  focus(): void;
}

/** Most files that are offered by name. */
const OFFERED = 2000;
/** Most files that are there to click. */
const SHOWN = 12;
const FILE = "file";

export function createChoices(chosen: () => void): Choices {
  let scenarios: ShownScenario[] = [];
  let isRepaired = false;
  /** What is drawn: the keyboard is left where it is while that stays the same. */
  let drawn: string | undefined;
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

  function costs({ before, after }: ShownScenario): HTMLElement {
    const [from, to] = [time(before), time(after)];
    if (!isRepaired || from === to || alike(before.most, after.most)) {
      return h("span", { class: "costs" }, hidden(": "), from);
    }
    const arrow = h("span", { "aria-hidden": "true" }, " → ");
    return h("span", { class: "costs" }, hidden(": before "), from, hidden(", after "), arrow, h("b", {}, to));
  }

  function time({ isNothing, most, least }: Spent): string {
    return isNothing ? "nothing" : spoken(most, least, duration);
  }

  function scenario(): ShownScenario | undefined {
    return scenarios.find((one) => one.key === key) ?? scenarios[0];
  }

  function mark(): void {
    const value = key === FILE ? FILE : scenario()?.key;
    for (const input of changes.querySelectorAll("input")) input.checked = input.value === value;
    which.hidden = value !== FILE;
  }

  return {
    element,
    show(next) {
      const now = JSON.stringify([next.scenarios, next.isRepaired]);
      if (now === drawn) return;
      drawn = now;
      ({ scenarios, isRepaired } = next);
      changes.replaceChildren(
        ...scenarios.map((one) => choice(one.key, h("span", {}, ...prose(one.title)), costs(one))),
        choice(FILE, h("span", {}, "Another file"), h("span", { class: "costs" }, hidden(": "), "click it, or name it")),
      );
      mark();
    },
    offer(paths) {
      offered.replaceChildren(...paths.slice(0, OFFERED).map((path) => h("option", { value: path })));
      shown.replaceChildren(...paths.slice(0, SHOWN).map(file));
      shown.hidden = paths.length === 0;
    },
    current() {
      if (key === FILE) return { path: field.value.trim().replace(/^(\.?\/)+/, "") };
      const one = scenario();
      return one && { key: one.key };
    },
    choose(one) {
      key = one;
      mark();
      chosen();
    },
    focus: () => changes.querySelector<HTMLInputElement>("input:checked")?.focus({ preventScroll: true }),
  };
}

function hidden(text: string): HTMLElement {
  return h("span", { class: "visually-hidden" }, text);
}
