// Two ways to treat the Dockerfiles of a page in markdown-it; `html: true`, which both make.

import { analyze } from "layerwise";
import { toMarkdown } from "layerwise/formats";

/** What layerwise finds stands behind each Dockerfile: text, also for readers without scripts. */
export function withReports(md) {
  behindFences(md, (block, text) => {
    // A fragment says too little of its build for a report.
    const report = /^FROM\s/m.test(text) ? toMarkdown(analyze(text), { text }) : "";
    return block + md.render(report);
  });
}

/** Each Dockerfile, also a fragment, becomes an element that shows issues and the rewritten file in place. */
export function withElements(md) {
  behindFences(md, (block) => `<layerwise-dockerfile>${block}</layerwise-dockerfile>\n`);
}

function behindFences(md, change) {
  const { fence } = md.renderer.rules;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const block = fence(tokens, index, ...rest);
    const { info, content } = tokens[index];
    return /^dockerfile\b/i.test(info) ? change(block, content) : block;
  };
}
