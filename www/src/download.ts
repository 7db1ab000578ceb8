// A link that saves a text as a file.

import { h } from "./element";

/** The link; `file` says what is saved when it is clicked. */
export function downloadLink(file: () => { name: string; text: string }): HTMLAnchorElement {
  const link = h("a", { class: "button", href: "#", download: "" }, "Download");
  link.addEventListener("click", () => {
    const { name, text } = file();
    link.download = name;
    // Made when it is wanted, and given back when the browser has it.
    link.href = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
    window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
  return link;
}
