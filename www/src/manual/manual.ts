// The manual of the rules, over the page: a list of them, and the page of one, which `#rule/NAME` leads to.

import type { RuleInfo } from "layerwise";
import { MANUAL } from "layerwise/panel";
import { createDialog } from "../dialog";
import { h, prose } from "../element";
import { pageOf } from "./page";
import { pages } from "./pages";

const LEVEL = { info: "Note", warning: "Warning", error: "Error" } as const;

export interface Manual {
  /** Shows the page of a rule, or all rules. */
  show(rule: string): void;
  close(): void;
}

/** The manual; `take` gets a Dockerfile that is to be tried. */
export function createManual(rules: RuleInfo[], take: (dockerfile: string) => void, closed: () => void): Manual {
  const links = rules.map(({ id, title, level }) => ({
    id,
    element: h("a", { href: `#rule/${id}` }, h("code", {}, id), h("span", {}, ...prose(title)), h("span", { class: "level", "data-severity": level }, LEVEL[level])),
  }));
  const list = h("nav", { "aria-label": "Rules" }, h("ul", {}, ...links.map(({ element }) => h("li", {}, element))));
  const article = h("article", { class: "rule-page", tabindex: "-1" });
  const sheet = createDialog("manual", "Rules", [h("div", { class: "manual" }, list, article)], closed);

  const attempt = (dockerfile: string): Node[] => [
    h("button", { type: "button", onclick: () => {
      sheet.close();
      take(dockerfile);
    } }, "Try it"),
  ];

  function contentOf(id: string): (Node | string)[] {
    const rule = rules.find((one) => one.id === id);
    const text = pages.get(id);
    if (!rule || text === undefined) {
      const what = id === "" ? "" : `There is no rule \`${id}\`. `;
      return [h("p", { class: "empty" }, ...prose(`${what}Choose a rule to see what it finds, why that costs, and what to do.`))];
    }
    return [
      h("p", { class: "back" }, h("a", { href: "#rules" }, "All rules")),
      h("h3", {}, h("code", {}, id)),
      h("p", { class: "level", "data-severity": rule.level }, `${LEVEL[rule.level]} unless it is configured otherwise`),
      ...pageOf(text, attempt),
      h("p", {}, h("a", { href: MANUAL + rule.address, target: "_blank", rel: "noopener noreferrer" }, "This page in the repository")),
    ];
  }

  return {
    show(id) {
      const isPage = pages.has(id);
      sheet.element.toggleAttribute("data-page", isPage);
      for (const link of links) {
        if (link.id === id) link.element.setAttribute("aria-current", "page");
        else link.element.removeAttribute("aria-current");
      }
      article.replaceChildren(...contentOf(id));
      article.scrollTop = 0;
      sheet.open();
      if (isPage) article.focus();
    },
    close: () => sheet.close(),
  };
}
