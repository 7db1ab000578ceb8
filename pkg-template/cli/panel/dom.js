// Makes DOM elements, and of sentences what is shown of them. Text only ever becomes text nodes.

import { UNSHOWN } from "../formats/excerpt.js";

/** An element with attributes (functions become listeners) and children. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== ""));
  return element;
}

/** A sentence in which `backticks` mark code. */
export function prose(sentence) {
  return sentence.split(/(`[^`]+`)/).map((part) => (/^`.+`$/s.test(part) ? h("code", {}, visible(part.slice(1, -1))) : visible(part)));
}

/** Text from a file: what would hide, or turn around what stands beside it, is shown as a mark. */
export function visible(text) {
  return text.replace(UNSHOWN, (character) => (/[\t\n\r]/.test(character) ? character : "\ufffd"));
}

/** Puts a style into a shadow root, also where the page's policy forbids inline styles. */
export function styled(root, css) {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Content scripts of Firefox may not adopt sheets.
    root.prepend(h("style", {}, css));
  }
}
