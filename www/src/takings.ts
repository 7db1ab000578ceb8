// What can be taken from the page: the rewritten file, a report for a pull request, and the command that does
// the same on a disk. Also which fixes are in the file.

import type { Options } from "layerwise";
import type { Snapshot } from "./analyst";
import { downloadLink } from "./download";
import { h } from "./element";
import type { Panel } from "./panel";

/** Which fixes are in the rewritten file. */
export type Level = NonNullable<Options["fix"]>;

const LEVELS: [level: Level, words: string][] = [
  ["safe", "Safe fixes"],
  ["assumed", "Safe and assumed"],
  ["suggested", "Suggested, too"],
];

/** What the row asks of the page. */
export interface TakingEvents {
  level(level: Level): void;
  copy(button: HTMLButtonElement, text: string): Promise<void>;
  /** The report for a pull request; undefined where it is that of an older text. */
  markdown(): Promise<string | undefined>;
}

export function createTakings(root: HTMLElement, commands: HTMLElement, events: TakingEvents): Panel {
  let snapshot: Snapshot | undefined;
  let level: Level = "assumed";
  const choose = h("select", { "aria-label": "Fixes in the rewritten file" }, ...LEVELS.map(([value, words]) => h("option", { value }, words)));
  choose.value = level;
  choose.addEventListener("change", () => {
    level = choose.value as Level;
    tell();
    events.level(level);
  });
  const download = downloadLink(() => ({ name: "Dockerfile", text: snapshot?.rewritten ?? "" }));
  const markdown = h("button", { type: "button", onclick: () => void asMarkdown() }, "Copy as Markdown");
  const command = h("button", { type: "button", class: "command", title: "Copy this command" });
  command.addEventListener("click", () => void events.copy(command, command.textContent ?? ""));
  root.replaceChildren(choose, download, markdown);
  commands.replaceChildren(command);
  tell();

  /** The same on the command line. */
  function tell(): void {
    command.textContent = level === "safe" ? "npx layerwise --fix" : `npx layerwise --fix ${level}`;
    delete command.dataset["label"];
  }

  async function asMarkdown(): Promise<void> {
    const told = await events.markdown();
    if (told !== undefined) await events.copy(markdown, told === "" ? "No issues in `Dockerfile`.\n" : told);
  }

  return {
    show(next) {
      snapshot = next;
    },
  };
}
