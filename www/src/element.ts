// Makes DOM elements and turns the report's sentences into them.
// Text only ever becomes text nodes: nothing here reads markup.

type Attributes = Record<string, string | boolean | undefined | ((event: Event) => void)>;
type Child = Node | string;

/** An element with attributes (functions become listeners) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else if (value === true) element.setAttribute(name, "");
    else if (typeof value === "string") element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Shorter code is not broken over lines; its backticks count. */
const UNBROKEN = 18;

/** A sentence in which `backticks` mark code. */
export function prose(sentence: string): Child[] {
  return sentence
    .split(/(`[^`]+`)/)
    .filter((part) => part !== "")
    .map((part) =>
      part.length > 2 && part.startsWith("`") && part.endsWith("`")
        ? h("code", part.length <= UNBROKEN ? { class: "whole" } : {}, part.slice(1, -1))
        : part,
    );
}

/** The element of index.html with this id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html lacks #${id}`);
  return element as T;
}
