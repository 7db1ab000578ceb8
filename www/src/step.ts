// What the step under the cursor needs of what earlier instructions copied, and why.

import type { InspectedPart, Range } from "layerwise";
import { h, prose } from "./element";
import type { Needed, StepView } from "./worker/step";
import { count } from "./words";

const NEED = { nothing: "Nothing of it", paths: "Only", everything: "Possibly all of it" } as const;

/** What the panel asks of the page. */
export interface StepEvents {
  select(range: Range): void;
  /** How a step is read; undefined where it is not known any more. */
  reading(offset: number): Promise<InspectedPart | undefined>;
}

export function createStep(root: HTMLElement, { select, reading: read }: StepEvents): { show(view: StepView): void } {
  /** Whether the reading of the step is unfolded: then that of the next one is as well. */
  let isOpen = false;
  let drawn: string | undefined;

  function render({ quote: quoted, stage, step, refusal }: StepView): void {
    if (!quoted) {
      root.replaceChildren(h("p", { class: "empty" }, "Put the cursor on an instruction to see what it needs."));
      return;
    }
    if (step) {
      root.replaceChildren(quote(quoted), ...place(step), ...needs(step, refusal), reading(step.range));
      return;
    }
    const { base = "", baseStage, needed = true } = stage ?? {};
    const start = baseStage === undefined ? `Starts a stage from the image \`${base}\`.` : `Starts a stage on top of the earlier stage \`${base}\`, with all it copied.`;
    root.replaceChildren(quote(quoted), h("p", {}, ...prose(start), needed ? "" : " The target does not need it, so BuildKit skips it."));
  }

/** How the step and its commands are read, as `--explain` of the command line says it. */
  function reading(range: Range): HTMLElement {
    const details = h("details", { class: "reading", open: isOpen }, h("summary", {}, "How it is read"));
    const fill = async (): Promise<void> => {
      if (!details.open || details.childElementCount > 1) return;
      const part = await read(range.start.offset);
      if (part && details.childElementCount === 1) details.append(facts(part), ...part.parts.map(command));
    };
    void fill();
    details.addEventListener("toggle", () => {
      isOpen = details.open;
      void fill();
    });
    return details;
  }

  function needs({ needs: all, more }: NonNullable<StepView["step"]>, refusal: string | undefined): HTMLElement[] {
    if (all.length === 0) {
      return [h("p", {}, "Nothing was copied before this step, so a change to your files never reruns it.")];
    }
    return [
      h("p", {}, "Of what was copied before it, this step needs"),
      h("ul", { class: "needs" }, ...all.map(need), ...(more > 0 ? [h("li", {}, `And ${count(more, "more copy", "more copies")}.`)] : [])),
      ...(refusal === undefined ? [] : [h("p", {}, "The order stays as it is: ", ...prose(refusal))]),
    ];
  }

  function need(item: Needed): HTMLElement {
    const what =
      item.need === "paths"
        ? [`${NEED.paths} `, ...(item.paths ?? []).flatMap((path, index) => [index === 0 ? "" : ", ", h("code", {}, path)])]
        : [NEED[item.need]];
    return h(
      "li",
      { "data-need": item.need },
      h(
        "button",
        { type: "button", class: "place", onclick: () => select(item.copy) },
        `Line ${item.copy.start.line}`,
      ),
      " ",
      h("code", { class: "copy" }, item.line),
      h("p", { class: "how" }, ...what),
      h("p", {}, ...prose(item.because)),
    );
  }

  return {
    show(view) {
      const key = JSON.stringify(view);
      if (key === drawn) return;
      drawn = key;
      render(view);
    },
  };
}

function command(part: InspectedPart): HTMLElement {
  return h("div", { class: "command" }, h("p", {}, h("code", {}, part.text)), facts(part));
}

function facts({ facts }: InspectedPart): HTMLElement {
  return h("dl", {}, ...facts.map(({ name, text }) => h("div", {}, h("dt", {}, name), h("dd", {}, ...prose(text)))));
}

function place({ cwd, user }: NonNullable<StepView["step"]>): HTMLElement[] {
  const parts = [];
  if (cwd) parts.push(`in \`${cwd}\``);
  if (user) parts.push(`as \`${user}\``);
  return parts.length > 0 ? [h("p", { class: "where" }, ...prose(`Runs ${parts.join(" ")}.`))] : [];
}

function quote({ range, line }: NonNullable<StepView["quote"]>): HTMLElement {
  return h("p", { class: "quote" }, h("span", { class: "number" }, String(range.start.line)), h("code", {}, line));
}
