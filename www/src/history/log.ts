// What one `git log` command prints, as the builds that `replay` takes: a start, and commits with
// what each changed.

import type { Build, Commit, ContextFile } from "layerwise";
import { toOptions, type BuildContext } from "../context";

/** What is replayed: the Dockerfile in the editor, for all commits, and its context as it is now. */
export interface Current {
  text: string;
  /** What the analysis makes of it, where it makes something else. */
  rewritten: string | undefined;
  context: BuildContext;
}

/** The arguments of `replay`, and the other text for it. */
export interface History {
  start: Build;
  commits: Commit[];
  rewritten: string | undefined;
}

/** Run in the directory of the build context, it prints what is pasted. */
export const COMMAND =
  'git -c core.quotepath=off log --first-parent -m --raw --no-abbrev --no-renames --reverse --relative -200 --format="commit %H %ct %s"';

const COMMIT = /^commit ([0-9a-f]{7,64}) (\d+)(?: (.*))?$/;
const CHANGE = /^:(\d{6}) (\d{6}) ([0-9a-f]{7,64}) ([0-9a-f]{7,64}) [A-Z]\d*\t(.+)$/;
const ESCAPED: Record<string, string> = { n: "\n", t: "\t", '"': '"', "\\": "\\" };

/** A path, and what stood there before a commit and behind it; null where nothing did. */
interface Change {
  path: string;
  before: ContextFile | null;
  after: ContextFile | null;
}

/** The history that a log tells of; undefined where it is no such log. */
export function historyOf(log: string, { text, rewritten, context }: Current): History | undefined {
  const read = commitsOf(log);
  if (read.length === 0) return undefined;
  const { files = {}, dockerignore } = toOptions(context);
  const start = new Map<string, ContextFile | null>();
  for (const path of Object.keys(files)) start.set(path, { type: "file", mode: "0o644", sha256: "unchanged" });
  // What stood at a path before it was changed first has stood there from the start.
  const seen = new Set<string>();
  for (const { path, before } of read.flatMap(({ changes }) => changes)) {
    if (!seen.has(path)) start.set(path, before);
    seen.add(path);
  }
  const there = [...start].filter((entry): entry is [string, ContextFile] => entry[1] !== null);
  return {
    start: { dockerfile: text, context: Object.fromEntries(there), ...(dockerignore === undefined ? {} : { dockerignore }) },
    commits: read.map(({ id, time, title, changes }) => ({
      id,
      time,
      title,
      changes: Object.fromEntries(changes.map(({ path, after }) => [path, after])),
    })),
    rewritten: rewritten === text ? undefined : rewritten,
  };
}

function commitsOf(log: string): { id: string; time: number; title: string; changes: Change[] }[] {
  const commits: { id: string; time: number; title: string; changes: Change[] }[] = [];
  for (const line of log.split(/\r?\n/)) {
    const [, id, time, title = ""] = COMMIT.exec(line) ?? [];
    if (id !== undefined) {
      commits.push({ id, time: Number(time), title, changes: [] });
      continue;
    }
    const [, was = "", is = "", old = "", made = "", path = ""] = CHANGE.exec(line) ?? [];
    if (path !== "") commits.at(-1)?.changes.push({ path: unquoted(path), before: fileOf(was, old), after: fileOf(is, made) });
  }
  // Without --reverse the last commit comes first.
  const isReversed = (commits[0]?.time ?? 0) > (commits.at(-1)?.time ?? 0);
  return isReversed ? commits.reverse() : commits;
}

function fileOf(mode: string, object: string): ContextFile | null {
  if (mode === "000000") return null;
  if (mode === "120000") return { type: "symlink", target: object };
  return { type: "file", mode: mode === "100755" ? "0o755" : "0o644", sha256: object };
}

/** A path in which git had something to escape stands in quotes. */
function unquoted(path: string): string {
  const [, inner] = /^"(.*)"$/.exec(path) ?? [];
  return inner === undefined ? path : inner.replace(/\\(.)/g, (_, letter: string) => ESCAPED[letter] ?? letter);
}
