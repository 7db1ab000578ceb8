// The demo is a plain Vite application that consumes the package as anyone would: no plugin,
// no alias. `base` is relative so that the build works from any static path.
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  build: {
    // The content security policy allows no `data:` fonts or modules.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // The package and the fixtures lie beside this directory.
  server: { fs: { allow: [".."] } },
});
