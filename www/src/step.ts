// What the step under the cursor needs of what earlier instructions copied, and why.

import type { CopyNeed, InspectedPart, Range, Step } from "layerwise";
import { at, inspected, type Panel, type Snapshot } from "./analysis";
import { h, prose } from "./element";

const NEED = { nothing: "Nothing of it", paths: "Only", everything: "Possibly all of it" } as const;

export function createStep(root: HTMLElement, select: (range: Range) => void): Panel {
  let snapshot: Snapshot | undefined;
  let offset = 0;
  /** Whether the reading of the step is unfolded: then that of the next one is as well. */
  let isOpen = false;

  function render(): void {
    if (!snapshot) return;
    const found = at(snapshot.report, offset);
    if (!found) {
      root.replaceChildren(h("p", { class: "empty" }, "Put the cursor on an instruction to see what it needs."));
      return;
    }
    const { stage, step } = found;
    if (!step) {
      root.replaceChildren(
        quote(snapshot.text, stage.range),
        h("p", {}, ...prose(
          stage.baseStage === undefined
            ? `Starts a stage from the image \`${stage.base}\`.`
            : `Starts a stage on top of the earlier stage \`${stage.base}\`, with all it copied.`,
        ), stage.needed ? "" : " The target does not need it, so BuildKit skips it."),
      );
      return;
    }
    root.replaceChildren(quote(snapshot.text, step.range), ...place(step), ...needs(step), reading(step));
  }

  /** How the step and its commands are read, as `--explain` of the command line says it. */
  function reading({ range }: Step): HTMLElement {
    const details = h("details", { class: "reading", open: isOpen }, h("summary", {}, "How it is read"));
    const fill = () => {
      if (!snapshot || !details.open || details.childElementCount > 1) return;
      const part = inspected(snapshot, range);
      if (part) details.append(facts(part), ...part.parts.map(command));
    };
    fill();
    details.addEventListener("toggle", () => {
      isOpen = details.open;
      fill();
    });
    return details;
  }

  function needs(step: Step): HTMLElement[] {
    if (step.needs.length === 0) {
      return [h("p", {}, "Nothing was copied before this step, so a change to your files never reruns it.")];
    }
    return [
      h("p", {}, "Of what was copied before it, this step needs"),
      h("ul", { class: "needs" }, ...step.needs.map(need)),
      ...refusal(step),
    ];
  }

  /** What the needs do not say: why the order stays nevertheless. */
  function refusal({ range }: Step): HTMLElement[] {
    const issue = snapshot?.report.issues.find((one) => one.range.start.offset === range.start.offset);
    return issue?.refusal ? [h("p", {}, "The order stays as it is: ", ...prose(issue.refusal.message))] : [];
  }

  function need(item: CopyNeed): HTMLElement {
    const source = firstLine(snapshot?.text ?? "", item.copy);
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
      h("code", { class: "copy" }, source),
      h("p", { class: "how" }, ...what),
      h("p", {}, ...prose(item.because)),
    );
  }

  return {
    show(next) {
      snapshot = next;
      render();
    },
    cursor(next) {
      offset = next;
      render();
    },
  };
}

function command(part: InspectedPart): HTMLElement {
  return h("div", { class: "command" }, h("p", {}, h("code", {}, part.text)), facts(part));
}

function facts({ facts }: InspectedPart): HTMLElement {
  return h("dl", {}, ...facts.map(({ name, text }) => h("div", {}, h("dt", {}, name), h("dd", {}, ...prose(text)))));
}

function place(step: Step): HTMLElement[] {
  const parts = [];
  if (step.cwd) parts.push(`in \`${step.cwd}\``);
  if (step.user) parts.push(`as \`${step.user}\``);
  return parts.length > 0 ? [h("p", { class: "where" }, ...prose(`Runs ${parts.join(" ")}.`))] : [];
}

function quote(text: string, range: Range): HTMLElement {
  return h("p", { class: "quote" }, h("span", { class: "number" }, String(range.start.line)), h("code", {}, firstLine(text, range)));
}

function firstLine(text: string, range: Range): string {
  const whole = text.slice(range.start.offset, range.end.offset);
  return whole.split("\n", 1)[0] ?? "";
}
