// Which group an example stands in, by the words of its name.

/** What became of it matters more than the tool: these go first. */
const VERDICTS: [title: string, words: string[]][] = [
  ["Nothing to repair", ["fine"]],
  ["Not repaired, and why", ["refused"]],
];

/** The first group one of whose words is in the name counts. */
const TOOLS: [title: string, words: string[]][] = [
  ["Node.js", ["npm", "npx", "yarn", "pnpm", "pnpmfile", "bun", "corepack", "playwright"]],
  ["Python", ["pip", "pipenv", "poetry", "uv", "conda", "pixi", "python", "pyenv", "requirements", "models"]],
  ["Go", ["go", "golang"]],
  ["Rust", ["cargo"]],
  ["Java, Kotlin and Scala", ["maven", "gradle", "sbt", "clojure"]],
  [".NET", ["dotnet", "nuget", "msbuild"]],
  ["PHP", ["composer", "php"]],
  ["Ruby", ["bundler", "gemfile", "gems"]],
  ["Other languages", ["cabal", "stack", "conan", "cpanm", "dart", "flutter", "luarocks", "mix", "renv", "shards", "swift", "android", "ansible"]],
  ["Windows", ["windows"]],
  ["Packages of the system", ["apt", "apk", "packages", "index", "curl", "wget"]],
  ["Stages, targets and triggers", ["stage", "stages", "target", "targets", "onbuild", "trigger", "parents"]],
];

const OTHERS = "Files, directories and settings";

/** The titles of the groups in their order: people come with a tool. */
export const ORDER = [...TOOLS.map(([title]) => title), OTHERS, ...VERDICTS.map(([title]) => title)];

export function groupOf(name: string): string {
  const words = new Set(name.split("-"));
  return [...VERDICTS, ...TOOLS].find(([, known]) => known.some((word) => words.has(word)))?.[0] ?? OTHERS;
}
