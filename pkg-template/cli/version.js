// The version of the package that the command line belongs to.

import manifest from "layerwise/package.json" with { type: "json" };

export const { version } = manifest;
