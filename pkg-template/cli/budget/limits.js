// The limits of a budget: what of a kind of change may take how long.

/** The kinds of changes, as the core names them, and what they are called. */
export const KINDS = {
  source: "a source edit",
  dependencies: "a new dependency",
  "lock-file": "a lock file alone",
  "build-arg": "a build argument",
  "base-image": "a new base image",
};

/** How a limit is written. */
export const LENGTH = "^\\d{1,6}(?:\\.\\d{1,3})?[smh]$";

const UNITS = { s: 1, m: 60, h: 3600 };

/** A length of time, such as `30s`, `2m` or `1h`, in seconds; undefined where it is none. */
export function secondsOf(text) {
  const isOne = typeof text === "string" && new RegExp(LENGTH).test(text);
  return isOne ? Number(text.slice(0, -1)) * UNITS[text.at(-1)] : undefined;
}
