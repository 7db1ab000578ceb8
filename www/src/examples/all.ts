// All examples, read when the page is built and loaded when somebody looks for one.

import { examplesOf } from "./example";

export const examples = examplesOf(
  import.meta.glob<string>("../../../tests/fixtures/*/before.Dockerfile", { query: "?raw", import: "default", eager: true }),
  import.meta.glob<string>("../../../tests/fixtures/*/context/**", { query: "?raw", import: "default", eager: true, exhaustive: true }),
  import.meta.glob<string>("../../../tests/fixtures/*/options.json", { query: "?raw", import: "default", eager: true }),
).sort((a, b) => a.title.localeCompare(b.title, "en"));
