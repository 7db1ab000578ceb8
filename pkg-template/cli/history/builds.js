// A build over the commits of a branch: what it was given at the first of them, and what each later
// one changed of that, as `replay` takes both.

import { wantsText } from "layerwise";
import { readsOwnIgnore } from "../context.js";
import { textsOf } from "./repository.js";

/** Most bytes of a manifest that are read: of larger ones only that they are there counts. */
const MOST_BYTES = 64 * 1024;

/** Most bytes of a Dockerfile or an ignore file. */
const LARGEST = 2 ** 20;

/** What stands at the root of a context for a Dockerfile that lies elsewhere: nothing changes it. */
const ELSEWHERE = { type: "file", mode: "0o644", sha256: "elsewhere" };

/**
 * Where a build has its files in the repository, as paths there: its `dockerfile`, its ignore file
 * `own`, where the builder reads one, and the `prefix` of its context.
 */
export function placesOf(dockerfile, context, builder) {
  const own = readsOwnIgnore(builder) ? `${dockerfile}.dockerignore` : undefined;
  return { dockerfile, own, prefix: context === "" ? "" : `${context}/` };
}

/**
 * The objects of `entries` (of a tree or of changes) whose text counts for the build, and how many
 * bytes it may have.
 */
function objectsOf(places, entries) {
  const found = [];
  for (const [path, entry] of entries) {
    const most = entry === null ? 0 : bytesRead(places, path, entry);
    if (most > 0) found.push({ object: entry.object, most });
  }
  return found;
}

// How much of the text at a path counts; 0 where its content is known by its name alone.
function bytesRead({ dockerfile, own, prefix }, path, { type, isSubmodule }) {
  if (isSubmodule) return 0;
  const below = path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
  if (path === dockerfile || path === own || below === ".dockerignore") return LARGEST;
  return below !== undefined && (type === "symlink" || wantsText(below)) ? MOST_BYTES : 0;
}

/** The texts of all that counts in `entries`, each of a tree or of changes, by object. */
export function textsFor(repository, places, entries) {
  const found = entries.flatMap((own) => objectsOf(places, own));
  const upTo = (most) => textsOf(repository, found.filter((one) => one.most === most).map(({ object }) => object), most);
  return new Map([...upTo(MOST_BYTES), ...upTo(LARGEST)]);
}

/**
 * The build at `start`, a tree, and the commits after it. A commit that has no Dockerfile is built
 * with the one before; undefined where none has one. `texts` are those of `textsFor`.
 */
export function historyOf({ places, texts, tree, commits, given }) {
  const { dockerfile, own, prefix } = places;
  const textAt = (entries, path) => {
    const entry = entries.get(path);
    return entry ? texts.get(entry.object) : entry;
  };
  const first = textAt(tree, dockerfile) === undefined
    ? commits.findIndex(({ changes }) => typeof textAt(changes, dockerfile) === "string")
    : -1;
  if (first < 0 && typeof textAt(tree, dockerfile) !== "string") return undefined;
  const at = new Map(tree);
  // What comes before the first Dockerfile builds nothing.
  for (const { changes } of commits.slice(0, first + 1)) change(at, changes);
  const rest = commits.slice(first + 1);
  const usesOwn = at.has(own) || rest.some(({ changes }) => changes.has(own));
  const start = buildAt({ places, texts, tree: at, given });
  let ignoring = usesOwn ? ignoreAt(at, places, texts) : undefined;
  if (usesOwn) start.dockerignore = ignoring;
  const replayed = rest.map(({ id, time, title, changes }) => {
    change(at, changes);
    const commit = { id, time, title, changes: Object.create(null) };
    for (const [path, entry] of changes) {
      if (path.startsWith(prefix)) commit.changes[path.slice(prefix.length)] = fileOf(places, path, { entry, texts });
    }
    if (commit.changes.Dockerfile === null) commit.changes.Dockerfile = ELSEWHERE;
    const text = textAt(changes, dockerfile);
    if (typeof text === "string") commit.dockerfile = text;
    if (usesOwn) {
      const now = ignoreAt(at, places, texts);
      if (now !== ignoring) commit.dockerignore = ignoring = now;
    }
    return commit;
  });
  return { start, commits: replayed };
}

/** The build of a tree, as `compare` takes it; undefined where there is no Dockerfile. */
function buildAt({ places, texts, tree, given }) {
  const { dockerfile, own, prefix } = places;
  const text = texts.get(tree.get(dockerfile)?.object);
  if (text === undefined) return undefined;
  const context = Object.create(null); // a file may be called __proto__
  for (const [path, entry] of tree) {
    if (path.startsWith(prefix)) context[path.slice(prefix.length)] = fileOf(places, path, { entry, texts });
  }
  context.Dockerfile ??= ELSEWHERE;
  const ignoring = tree.has(own) ? { dockerignore: ignoreAt(tree, places, texts) } : {};
  return { ...given, dockerfile: text, context, ...ignoring };
}

/** The same with its texts read from the repository; `known` has some that are not there. */
export function buildIn(repository, { places, tree, given, known = new Map() }) {
  const there = [...tree].filter(([, { object }]) => !known.has(object));
  return buildAt({ places, texts: new Map([...textsFor(repository, places, [there]), ...known]), tree, given });
}

function change(at, changes) {
  for (const [path, entry] of changes) {
    if (entry === null) at.delete(path);
    else at.set(path, entry);
  }
}

// BuildKit: the file named after the Dockerfile, beside it, goes first.
function ignoreAt(tree, { own, prefix }, texts) {
  const entry = tree.get(own) ?? tree.get(`${prefix}.dockerignore`);
  return entry === undefined ? "" : (texts.get(entry.object) ?? "");
}

// An entry of git as a file of a context: the object is as good as the content. The same content has
// its text wherever it counts, and nowhere else.
function fileOf(places, path, { entry, texts }) {
  if (entry === null) return null;
  const { type, mode, object } = entry;
  const known = texts.get(object);
  const text = known !== undefined && Buffer.byteLength(known) <= bytesRead(places, path, entry) ? known : undefined;
  // A link's target is its content; one that is not there leads nowhere that is known.
  if (type === "symlink") return text === undefined ? { type } : { type, target: text };
  return { type, ...(mode !== undefined && { mode }), sha256: object, ...(text !== undefined && { text }) };
}
