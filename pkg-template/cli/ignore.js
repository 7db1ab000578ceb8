// Which directories .dockerignore excludes for certain, so that they need not be walked.
// What it excludes exactly is the core's to know; where this is unsure, it says no.

/** A function that says whether nothing in a directory of the context gets through. */
export function excludesAll(dockerignore) {
  const lines = dockerignore.split("\n").map((line) => line.trim());
  const patterns = lines.filter((line) => line !== "" && !line.startsWith("#"));
  const isException = (pattern) => pattern.startsWith("!");
  const exceptions = patterns.filter(isException).map((pattern) => clean(pattern.slice(1)));
  if (exceptions.some((pattern) => /[*?[\\]/.test(pattern))) return () => false;
  const excluded = patterns
    .filter((pattern) => !isException(pattern))
    .map((pattern) => expression(clean(pattern)))
    .filter((pattern) => pattern !== undefined);
  return (directory) =>
    excluded.some((pattern) => pattern.test(directory)) &&
    !exceptions.some((path) => path === directory || path.startsWith(`${directory}/`));
}

function clean(pattern) {
  return pattern.trim().replace(/^(\.?\/)+/, "").replace(/\/+$/, "");
}

function expression(pattern) {
  // Classes, escapes and upward paths are left to the core.
  if (/[[\]\\]|(^|\/)\.\.?(\/|$)/.test(pattern)) return undefined;
  const source = pattern
    .replace(/[.+^${}()|]/g, "\\$&")
    .replace(/\*\*\/|\*\*|\*|\?/g, (wild) =>
      ({ "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]" })[wild],
    );
  return new RegExp(`^${source}$`);
}
