// A history to try: commits as those of a service are, over the files that are known here. Most edit
// the source, a few files of it far more often than the rest; some the manuals, few a dependency.

import type { Current } from "./log";
import { toOptions } from "../context";

/** Commits of the example, and the weeks that they lie in. */
const COMMITS = 160;
const WEEKS = 26;
/** A Monday: the first of them. */
const START = 1_751_241_600;
const WEEK = 7 * 86_400;

const ALWAYS = ["README.md", "docs/setup.md", ".github/workflows/ci.yml"];
const SOURCE = ["src/main.js", "src/routes.js", "src/orders.js", "src/prices.js", "test/orders.test.js"];
const MANIFEST = /(?:^|\/)(?:package(?:-lock)?\.json|requirements[^/]*\.txt|(?:poetry|uv|Cargo|composer)\.lock|[^/]*\.toml|go\.(?:mod|sum)|pom\.xml|Gemfile(?:\.lock)?|yarn\.lock|pnpm-lock\.yaml)$/;
const PROSE = /\.(?:md|yml)$|^docs\//;

/** What the command would print of such a repository. */
export function exampleLog({ context }: Current): string {
  const known = Object.keys(toOptions(context).files ?? {}).filter((path) => path !== "Dockerfile" && path !== ".dockerignore");
  const manifests = known.filter((path) => MANIFEST.test(path));
  const edited = known.filter((path) => !MANIFEST.test(path) && !PROSE.test(path));
  const source = edited.length > 0 ? edited : SOURCE;
  const random = randomOf(7);
  const objects = new Map<string, number>();
  const lines: string[] = [];
  const touch = (path: string): void => {
    const next = (objects.get(path) ?? 0) + 1;
    lines.push(`:100644 100644 ${objectOf(path, next - 1)} ${objectOf(path, next)} M\t${path}`);
    objects.set(path, next);
  };
  const times = Array.from({ length: COMMITS }, () => START + Math.floor(random() * WEEKS * WEEK)).sort((a, b) => a - b);
  for (const [at, time] of times.entries()) {
    const kind = random();
    const changed = kind < 0.08 && manifests.length > 0 ? manifests : kind < 0.2 ? [pick(ALWAYS, random)] : pickSome(source, random);
    lines.push(`commit ${objectOf("commit", at + 1)} ${time} ${changed === manifests ? "Update a dependency" : `Change ${changed[0] ?? ""}`}`, "");
    new Set(changed).forEach(touch);
  }
  return `${lines.join("\n")}\n`;
}

/** A few files, the first ones far more often. */
function pickSome(files: string[], random: () => number): string[] {
  const count = 1 + Math.floor(random() * 3);
  return Array.from({ length: count }, () => files[Math.floor(random() ** 2.5 * files.length)] ?? "");
}

function pick(files: string[], random: () => number): string {
  return files[Math.floor(random() * files.length)] ?? "";
}

function objectOf(name: string, number: number): string {
  let hash = 2_166_136_261;
  for (const letter of `${name} ${number}`) hash = Math.imul(hash ^ letter.charCodeAt(0), 16_777_619) >>> 0;
  return hash.toString(16).padStart(8, "0").repeat(5);
}

/** Numbers from 0 to 1, the same at each visit (Park and Miller's generator). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
