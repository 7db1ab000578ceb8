// Below the rewritten file: the .dockerignore that is proposed, with its added lines, and what can be done
// with it. It is there only where something is proposed, or was just taken.

import type { BuildContext } from "./context";
import { downloadLink } from "./download";
import { h } from "./element";
import { whereSeen, type Panel } from "./panel";
import type { ProposedIgnore } from "./worker/ignore";
import { count } from "./words";

/** What the part asks of the page. */
export interface IgnoreEvents {
  /** What is known of the files. */
  context(): BuildContext;
  /** Knows something else of them from now on. */
  know(context: BuildContext): void;
  copy(button: HTMLButtonElement, text: string): Promise<void>;
}

/** A proposal that was taken: what is known since, and what was before. */
interface Taken {
  now: BuildContext;
  before: BuildContext;
  lines: number;
}

export function createIgnore(root: HTMLElement, events: IgnoreEvents): Panel {
  let taken: Taken | undefined;

  const panel = whereSeen(
    root,
    ({ ignore }) => ({ ignore, taken: taken && taken.now === events.context() ? taken.lines : undefined, file: events.context().ignoreFile }),
    ({ ignore, taken: lines, file }) => {
      // The keyboard stays here when a button is replaced by the one that takes it back.
      const hadFocus = root.contains(document.activeElement);
      const children = ignore ? proposal(ignore, file) : lines === undefined ? [] : after(lines, file);
      root.hidden = children.length === 0;
      root.replaceChildren(...children);
      if (hadFocus) root.querySelector<HTMLElement>("button[data-act]")?.focus({ preventScroll: true });
    },
  );

  function proposal(ignore: ProposedIgnore, file: string): HTMLElement[] {
    const { text, kept, above, added } = ignore;
    const copy = h("button", { type: "button" }, "Copy");
    copy.addEventListener("click", () => void events.copy(copy, text));
    const use = h("button", { type: "button", "data-act": true, onclick: () => take(ignore) }, "Use this");
    const status = h("p", { class: "status", role: "status" }, `${count(added.length, "line")} to add`);
    const download = downloadLink(() => {
      // Chromium saves `.dockerignore` as `dockerignore`.
      if (file.startsWith(".")) status.textContent = "Browsers leave out its first dot";
      return { name: file, text };
    });
    const lines = [
      ...(above > 0 ? [h("div", { class: "above" }, `${count(above, "line")} above`)] : []),
      ...kept.map((line) => h("div", {}, line)),
      ...added.map((line) => h("div", { class: "added" }, h("ins", {}, line))),
    ];
    return [
      heading(file, status, copy, download, use),
      h("div", { class: "lines", role: "group", "aria-label": `${file} as it would be`, tabindex: "0" }, ...lines),
    ];
  }

  function after(lines: number, file: string): HTMLElement[] {
    const told = h("p", { id: "ignore-taken" }, `${count(lines, "line")} added to “Your files” on this page; the file on your disk is as it was.`);
    const back = h("button", { type: "button", "data-act": true, "aria-describedby": "ignore-taken", onclick: takeBack }, "Take back");
    return [heading(file, h("p", { class: "status" }), back), told];
  }

  function heading(file: string, status: HTMLElement, ...acts: HTMLElement[]): HTMLElement {
    return h("header", {}, h("h3", { id: "ignore-title" }, h("code", {}, file)), status, h("div", { class: "tools" }, ...acts));
  }

  function take({ text, added }: ProposedIgnore): void {
    const before = events.context();
    const now = { ...before, dockerignore: text };
    taken = { now, before, lines: added.length };
    events.know(now);
  }

  function takeBack(): void {
    if (taken) events.know(taken.before);
  }

  return { show: (snapshot) => panel.show(snapshot) };
}
