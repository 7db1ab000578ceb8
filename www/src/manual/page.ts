// A page of the manual as elements. It reads what the manual is written in, and no more of Markdown:
// headings, paragraphs, blocks of code, words of code, emphasis and links. A library would be twice what it shows.

import { h } from "../element";

/** The page below its title; `beside` answers with what stands below a Dockerfile. */
export function pageOf(markdown: string, beside: (dockerfile: string) => Node[]): HTMLElement[] {
  const elements: HTMLElement[] = [];
  // A block of code may hold blank lines, so it is looked for first.
  for (const part of markdown.split(/^(```\w*\n[^]*?^```)$/m)) {
    const [, language, code] = /^```(\w*)\n([^]*)```$/.exec(part) ?? [];
    if (code !== undefined) {
      elements.push(h("div", { class: "example" }, h("pre", { tabindex: "0" }, h("code", {}, code)), ...(language === "dockerfile" ? beside(code) : [])));
      continue;
    }
    for (const block of part.split(/\n{2,}/).map((text) => text.trim())) {
      if (block === "" || block.startsWith("# ")) continue;
      if (block.startsWith("## ")) elements.push(h("h4", {}, ...inline(block.slice(3))));
      else elements.push(h("p", {}, ...inline(block.replaceAll("\n", " "))));
    }
  }
  return elements;
}

/** Words of code, emphasis, and links; only to the web. */
function inline(text: string): (Node | string)[] {
  return text.split(/(`[^`]+`|\[[^\]]+\]\(https:[^)]+\)|\b_[^_]+_\b)/).map((part) => {
    const [, words, address] = /^\[([^\]]+)\]\((https:[^)]+)\)$/.exec(part) ?? [];
    if (words !== undefined && address !== undefined) return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...inline(words));
    if (/^`.+`$/.test(part)) return h("code", {}, part.slice(1, -1));
    if (/^_.+_$/.test(part)) return h("em", {}, part.slice(1, -1));
    return part;
  });
}
