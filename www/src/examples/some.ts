// The examples that have buttons, in a file of their own: few come for more.

import { examplesOf } from "./example";

export const examples = examplesOf(
  import.meta.glob<string>("../../../tests/fixtures/{npm-install-and-build,go-build-in-two-stages,npm-workspaces,apt-after-prebuilt-jar,refused-lifecycle-script}/before.Dockerfile", { query: "?raw", import: "default", eager: true }),
  import.meta.glob<string>("../../../tests/fixtures/{npm-install-and-build,go-build-in-two-stages,npm-workspaces,apt-after-prebuilt-jar,refused-lifecycle-script}/context/**", { query: "?raw", import: "default", eager: true, exhaustive: true }),
);
