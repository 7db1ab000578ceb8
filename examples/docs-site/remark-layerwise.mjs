// What layerwise finds stands behind each Dockerfile of a page, in remark; with remark-gfm for its tables.

import { analyze } from "layerwise";
import { toMarkdown } from "layerwise/formats";

export default function remarkLayerwise() {
  return ({ children }) => {
    // From the end, so that what is put in moves nothing that is still to come.
    for (const [at, { type, lang, value }] of [...children.entries()].reverse()) {
      if (type !== "code" || !/^dockerfile$/i.test(lang) || !/^FROM\s/m.test(value)) continue;
      const text = `${value}\n`;
      children.splice(at + 1, 0, ...this.parse(toMarkdown(analyze(text), { text })).children);
    }
  };
}
