// Where examples come from: the first is there with the page, others are loaded by their names.

import { exampleOf, TITLES, type Example } from "./example";
import dockerfile from "../../../tests/fixtures/pip-2014/before.Dockerfile?raw";

/** The example that the page begins with; it has no files beside it. */
export const first: Example = exampleOf("pip-2014", dockerfile, []);

/** The example of a name. */
export async function find(name: string): Promise<Example | undefined> {
  if (name === first.name) return first;
  const { examples } = TITLES.some(([known]) => known === name) ? await import("./some") : await import("./all");
  return examples.find((one) => one.name === name);
}
