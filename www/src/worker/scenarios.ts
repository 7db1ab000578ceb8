// The changes of a report to choose from, by their keys, and what each costs.

import type { Cost, Rebuild, Report, Scenario } from "layerwise";

/** A scenario for the list to choose from. */
export interface ShownScenario {
  key: string;
  title: string;
  before: Spent;
  after: Spent;
}

/** What a rebuild takes. */
export interface Spent {
  isNothing: boolean;
  most: Cost;
  least: Cost;
}

/** Most changes that are offered: a file may have an ARG in each line. */
const MOST = 40;

export function scenariosOf({ scenarios }: Report): ShownScenario[] {
  return scenarios.slice(0, MOST).map((one) => ({ key: keyOf(one), title: one.title, before: spent(one.before), after: spent(one.after) }));
}

/** The scenario with this key. */
export function scenarioOf({ scenarios }: Report, key: string): Scenario | undefined {
  return scenarios.find((one) => keyOf(one) === key);
}

/** The key of the change in which the step at an offset loses most. */
export function explaining({ scenarios }: Report, offset: number): string | undefined {
  const saved = ({ before, after }: Scenario): number => before.cost.seconds - after.cost.seconds;
  const suits = ({ before: { reruns, depends } }: Scenario): boolean => [...reruns, ...depends].some(({ start }) => start.offset === offset);
  const [best] = scenarios.slice(0, MOST).filter(suits).sort((a, b) => saved(b) - saved(a));
  return best && keyOf(best);
}

function keyOf({ kind, title }: Scenario): string {
  return `${kind} ${title}`;
}

function spent({ reruns, depends, cost, costAtLeast }: Rebuild): Spent {
  return { isNothing: reruns.length + depends.length === 0, most: cost, least: costAtLeast };
}
