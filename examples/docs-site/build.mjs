// Builds a site of plain files: `node build.mjs FOLDER`. The guide twice, with reports and with elements.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import MarkdownIt from "markdown-it";
import { withElements, withReports } from "./markdown-it-layerwise.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [site = "site"] = process.argv.slice(2);

/** What a page of a site needs of the package for its elements; a bundler would find it by itself. */
const ELEMENT = ["element.js", "browser.js", "link.js", "guard.js", "layerwise_bg.js", "layerwise_bg.wasm", "embedded.js", "inflate.js", "joined.js", "module.js"];

const PAGES = [
  { file: "reports.html", plugin: withReports, policy: "style-src 'self'", script: "" },
  {
    file: "elements.html",
    plugin: withElements,
    policy: "style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
    script: '<script type="module" src="layerwise/element.js"></script>',
  },
];

mkdirSync(join(site, "layerwise"), { recursive: true });
const modules = dirname(fileURLToPath(import.meta.resolve("layerwise/package.json")));
for (const file of ELEMENT) cpSync(join(modules, file), join(site, "layerwise", file));
cpSync(join(here, "page.css"), join(site, "page.css"));
const text = readFileSync(join(here, "guide.md"), "utf8");
for (const { file, plugin, policy, script } of PAGES) {
  const html = new MarkdownIt({ html: true }).use(plugin).render(text);
  writeFileSync(join(site, file), `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; ${policy}" />
    <title>Images of our services</title>
    <link rel="stylesheet" href="page.css" />
    ${script}
  </head>
  <body>
    <main>
${html}
    </main>
  </body>
</html>
`);
}
