// Which directory of a repository is the build context, going by what a page lists of it.

/** A context that is guessed: its directory, `./` for the root, and what is listed below it. */
export interface GuessedContext {
  directory: string;
  files: string[];
}

/**
 * The directory that has most of what the Dockerfile copies: its own, or one above. `listed` are paths
 * of the repository, those of directories with `/` behind them; undefined where nothing is listed.
 */
export function guessContext(dockerfile: string, listed: string[], copied: string[]): GuessedContext | undefined {
  if (listed.length === 0) return undefined;
  const named = copied.map((path) => path.replace(/^\.?\/+|\/+$/g, "")).filter((path) => path !== "" && path !== ".");
  const above = dockerfile.split("/").slice(0, -1);
  const candidates = above.map((_, index) => above.slice(0, above.length - index).join("/")).concat("");
  const found = (directory: string): number => named.filter((path) => isListed(listed, join(directory, path))).length;
  // Of two that have as much, the nearer one.
  const directory = candidates.reduce((best, next) => (found(next) > found(best) ? next : best));
  const prefix = directory === "" ? "" : `${directory}/`;
  const inside = listed.filter((path) => path.startsWith(prefix) && !path.endsWith("/"));
  return { directory: directory === "" ? "./" : directory, files: inside.map((path) => path.slice(prefix.length)) };
}

function isListed(listed: string[], path: string): boolean {
  return listed.some((one) => one === path || one.startsWith(`${path}/`));
}

function join(directory: string, path: string): string {
  return directory === "" ? path : `${directory}/${path}`;
}
