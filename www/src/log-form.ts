// Where a build's progress log is pasted, so that costs are measured times in place of estimates.

import { h, prose } from "./element";

/** The form; `changed` gets a log that can be read, or undefined for none; `complaint` says what is wrong with one. */
export function createLog(
  changed: (log: string | undefined) => void,
  complaint: (log: string) => Promise<string | undefined>,
): { element: HTMLElement; set(log: string): void } {
  const problem = h("p", { class: "problem", id: "log-problem", role: "status" });
  const field = h("textarea", {
    id: "log",
    rows: "5",
    spellcheck: "false",
    autocapitalize: "off",
    wrap: "off",
    placeholder: "#7 [build 3/6] RUN npm ci\n#7 DONE 12.3s",
    "aria-describedby": "log-problem",
  });
  let used: string | undefined;
  async function read(): Promise<void> {
    const log = field.value.trim() === "" ? undefined : field.value;
    const wrong = log === undefined ? undefined : await complaint(log);
    if (log !== undefined && log !== field.value) return;
    problem.replaceChildren(...prose(wrong === undefined ? "" : `Not read: ${wrong}.`));
    field.setAttribute("aria-invalid", String(wrong !== undefined));
    const next = wrong === undefined ? log : undefined;
    if (next === used) return;
    used = next;
    changed(used);
  }
  field.addEventListener("input", () => void read());
  const element = h(
    "details",
    { class: "log" },
    h("summary", {}, "Use measured times: paste the log of a build"),
    h(
      "label",
      { for: "log" },
      "What ",
      h("code", { class: "whole" }, "docker build --progress=plain"),
      " printed for this file ",
      h("span", {}, "(a build with nothing cached tells most)"),
    ),
    field,
    problem,
  );
  return {
    element,
    set(log) {
      field.value = log;
      element.open ||= log !== "";
      void read();
    },
  };
}
