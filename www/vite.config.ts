// The demo is a plain Vite application that consumes the package as anyone would, without an
// alias. `base` is relative so that the build works from any static path.
import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import { demo, npm, repository } from "./addresses.mjs";
import { withoutText } from "./without-text.mjs";

const FONTS = ["@fontsource-variable/source-serif-4", "@fontsource/ibm-plex-mono"];

/** The fonts' licenses, which must go where the fonts go. */
const fontLicenses: Plugin = {
  name: "font-licenses",
  generateBundle() {
    const texts = FONTS.map((name) =>
      readFileSync(new URL(`./node_modules/${name}/LICENSE`, import.meta.url), "utf8"),
    );
    this.emitFile({ type: "asset", fileName: "licenses/fonts.txt", source: texts.join("\n\n") });
  },
};

/** Puts the addresses of the project into the page. */
const addresses: Plugin = {
  name: "addresses",
  transformIndexHtml: { order: "pre", handler: (html) => html.replaceAll("REPOSITORY", repository).replaceAll("DEMO/", demo).replaceAll("NPM", npm) },
};

/** Has the module loaded while the script that asks for it still is. */
const modulePreload: Plugin = {
  name: "module-preload",
  transformIndexHtml: {
    order: "post",
    handler: (_, { bundle = {} }) =>
      Object.keys(bundle)
        .filter((file) => file.endsWith(".wasm"))
        .map((file) => ({ tag: "link", attrs: { rel: "preload", as: "fetch", type: "application/wasm", crossorigin: true, href: `./${file}` }, injectTo: "head" })),
  },
};

export default defineConfig({
  base: "./",
  plugins: [withoutText, addresses, fontLicenses, modulePreload],
  // The package is in parts, which other workers cannot load.
  worker: { format: "es", plugins: () => [withoutText] },
  build: {
    // The content security policy allows no `data:` fonts or modules.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // CodeMirror's commands import the syntax trees of languages, which none of ours uses.
    rolldownOptions: { treeshake: { moduleSideEffects: [{ test: /[\\/]@lezer[\\/]/, sideEffects: false }] } },
    license: { fileName: "licenses/code.md" },
  },
  // The package and the fixtures lie beside this directory.
  server: { fs: { allow: [".."] } },
});
