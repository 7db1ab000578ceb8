// Cuts the page's fonts down to what its own words and most Dockerfiles are written in, into `fonts`. The
// whole fonts are beside them in the style sheet, for letters that are not here, and loaded for these only.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import subset from "subset-font";

const here = dirname(fileURLToPath(import.meta.url));

/** What a keyboard writes, and the signs that the page sets. */
const LETTERS = `${Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join("")}\u00a0·×–‘’“”…−`;

/** The weights are those of the style sheets. */
const FONTS = [
  ["serif", "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2", { wght: { min: 400, max: 600 } }],
  ["mono-400", "@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-400-normal.woff2", undefined],
  ["mono-600", "@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-600-normal.woff2", undefined],
];

mkdirSync(join(here, "fonts"), { recursive: true });
for (const [name, file, variationAxes] of FONTS) {
  const whole = readFileSync(join(here, "node_modules", file));
  writeFileSync(join(here, "fonts", `${name}.woff2`), await subset(whole, LETTERS, { targetFormat: "woff2", variationAxes }));
}
