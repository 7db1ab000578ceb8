// The log of a build, `docker build --progress=plain`: what became of its steps.

/**
 * For each step of a log, by its text, whether it ran: `{ text, ran, seconds }`. A step that was
 * built for several platforms ran where it ran for one.
 */
export function stepsOfLog(log) {
  const names = new Map();
  const steps = new Map();
  for (const line of log.split("\n")) {
    const [, number, rest] = /^#(\d+) (.*?)\r?$/.exec(line) ?? [];
    if (number === undefined) continue;
    const [, text] = /^\[[^\]]*\d+\/\d+\] (.+)$/.exec(rest) ?? [];
    if (text !== undefined) names.set(number, text);
    const name = names.get(number);
    if (name === undefined) continue;
    const [, seconds] = /^DONE (\d+(?:\.\d+)?)s$/.exec(rest) ?? [];
    const ran = seconds !== undefined;
    if (!ran && rest !== "CACHED") continue;
    const known = steps.get(name);
    if (known === undefined || (ran && !known.ran)) steps.set(name, { text: name, ran, seconds: ran ? Number(seconds) : 0 });
  }
  return steps;
}

/** Why a builder runs a step that its cache could hold: nothing of it is in the two builds. */
export const NOT_KNOWN = [
  "the cache was pruned, or belongs to another builder (docker buildx ls)",
  "the build ran with --no-cache, --pull of a moved base image, or --no-cache-filter",
  "a fresh runner imported no cache (--cache-from), or one without its intermediate stages (mode=max)",
  "a base image, a download or a secret is another under the same name",
];
