// A sheet over the page, with a title and a way out: Escape, the button, or a click beside it.

import { h } from "./element";

export interface Sheet {
  element: HTMLDialogElement;
  open(): void;
  close(): void;
}

export function createDialog(id: string, title: string, body: Node[], closed: () => void = () => undefined): Sheet {
  const element = h(
    "dialog",
    { class: "sheet", id, "aria-labelledby": `${id}-title` },
    h("header", {}, h("h2", { id: `${id}-title` }, title), h("button", { type: "button", onclick: () => element.close() }, "Close")),
    ...body,
  );
  element.addEventListener("click", (event) => {
    if (event.target === element) element.close();
  });
  element.addEventListener("close", closed);
  document.body.append(element);
  return {
    element,
    open() {
      if (!element.open) element.showModal();
    },
    close: () => element.close(),
  };
}
