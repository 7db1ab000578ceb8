// JSON that can be printed on any terminal.

import { UNSHOWN } from "./excerpt.js";

/** As JSON. What it allows in a string and a terminal does not show is escaped as well. */
export function json(value, indent) {
  const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value, null, indent)
    .replace(UNSHOWN, (character) => (character === "\n" ? character : character.split("").map(escaped).join("")));
}
