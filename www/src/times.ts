// Times of rebuilds in words.

import type { Cost } from "layerwise";
import { alike, duration } from "layerwise/panel";

/** What is at most and at least, in a word: the most alone where they are about the same. */
export function spoken(most: Cost, least: Cost, time: (cost: Cost) => string): string {
  return alike(most, least) ? time(most) : `up to ${duration(most)}`;
}
