// Which of the files that rebuild an image are none that it can need: no order of steps helps there,
// a line of .dockerignore does.

/** Files for people, editors, git and build servers: patterns of .dockerignore, and what each is. */
const FOR_OTHERS = [
  { pattern: "**/*.md", is: /\.md$/i },
  // What tests and editors write, where it is among the commits.
  { pattern: "coverage", is: /^coverage\// },
  { pattern: "**/*.log", is: /\.log$/ },
  { pattern: "**/.DS_Store", is: /(?:^|\/)\.DS_Store$/ },
  { pattern: "**/LICENSE*", is: /(?:^|\/)LICEN[CS]E[^/]*$/ },
  { pattern: "docs", is: /^docs?\// },
  { pattern: ".github", is: /^\.github\// },
  { pattern: ".gitlab*", is: /^\.gitlab[^/]*(?:\/|$)/ },
  { pattern: ".circleci", is: /^\.circleci\// },
  { pattern: "**/.git*", is: /(?:^|\/)\.git(?:ignore|attributes|modules|keep)$/ },
  { pattern: ".vscode", is: /^\.vscode\// },
  { pattern: ".idea", is: /^\.idea\// },
  { pattern: ".editorconfig", is: /(?:^|\/)\.editorconfig$/ },
  { pattern: ".pre-commit-config.yaml", is: /^\.pre-commit-config\.yaml$/ },
  { pattern: "renovate.json*", is: /^\.?renovate[^/]*\.json5?$/ },
  { pattern: "Dockerfile*", is: /^Dockerfile[^/]*$/ },
  { pattern: "docker-compose*", is: /^(?:docker-)?compose[^/]*\.ya?ml$/ },
  { pattern: ".dockerignore", is: /^\.dockerignore$/ },
];

/**
 * What .dockerignore could spare: the `patterns`, most often met first, the number of `commits` that
 * ran steps again for such files alone, and their `seconds`. Undefined where there is none.
 */
export function sparedBy(replay) {
  const counts = new Map();
  let commits = 0;
  let seconds = 0;
  for (const commit of replay.commits) {
    if (commit.kind !== "files" || commit.paths.length === 0) continue;
    const matches = commit.paths.map((path) => FOR_OTHERS.find(({ is }) => is.test(path))?.pattern);
    // What nobody names may have been changed by the same commit.
    if (matches.includes(undefined) || hasOtherCause(commit)) continue;
    commits += 1;
    seconds += commit.seconds;
    for (const pattern of new Set(matches)) counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  }
  if (commits === 0) return undefined;
  const patterns = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([pattern]) => pattern);
  return { patterns, commits, seconds, measured: replay.measured };
}

/** Changed by every commit, and no file of any. */
const GIT = ".git/HEAD";

/**
 * What it costs that a checkout has its `.git` in the context: `{ seconds, commits }` beyond those of
 * `replay`, which `replaying` makes of a history. Undefined where it costs nothing: it is ignored, or
 * no step copies it.
 */
export function costOfGit({ start, commits }, replay, replaying) {
  const beside = (files, content) => Object.assign(Object.create(null), files, { [GIT]: { type: "file", sha256: content } });
  const all = replaying({
    start: { ...start, context: beside(start.context, "start") },
    commits: commits.map((commit) => ({ ...commit, changes: beside(commit.changes, commit.id) })),
  });
  const rebuilt = (one) => one.commits.filter(({ reruns }) => reruns.length > 0).length;
  const found = { seconds: all.seconds - replay.seconds, commits: rebuilt(all) - rebuilt(replay), measured: replay.measured };
  return found.commits > 0 && found.seconds >= 1 ? found : undefined;
}

// A first cause that is no file.
function hasOtherCause({ reruns }) {
  return reruns.some(({ cause }) => !["parent", "source-stage"].includes(cause) && !/^(?:file|link)-/.test(cause));
}
