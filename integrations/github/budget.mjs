// What changes rebuild at the base of a pull request and now, as the command line tells it: for the
// comment, where it is more than before or more than the configuration allows.

/** `{ markdown, isExceeded }`; the markdown is empty where there is nothing to tell. */
export function budgetOf(run, base) {
  const told = (given) => run(["budget", ...given, "--quiet", "--format", "markdown"]);
  // A checkout of depth 1 has no base; limits hold without one.
  const against = base === undefined ? { code: 2 } : told(["--base", base]);
  const { code, out } = against.code === 2 ? told([]) : against;
  if (code === 2 || out === "") return { markdown: "", isExceeded: false };
  const title = against.code === 2 ? "What changes rebuild" : "What changes rebuild, at the base and now";
  return { markdown: `\n## ${title}\n\n${out}`, isExceeded: code === 1 };
}
