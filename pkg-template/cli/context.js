// The build context: which files there are, and the text of the manifests among them.

import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, posix, resolve, sep } from "node:path";
import { excludesAll, wantsText } from "layerwise";
import { InputError } from "./input.js";
import { keptForRun } from "./kept.js";
import { readRegular, textOfRegular } from "./regular.js";

const MOST_FILES = 50_000;
const MOST_BYTES = 2 ** 20; // lock files may name files, and are long
const MOST_BEHIND_LINK = 1_000;

/** Most bytes of a .dockerignore. */
const LARGEST_IGNORE = 2 ** 20;

// Directories with very many files, whose presence matters and whose content does not.
const NOT_WALKED = new Set([".git", ".hg", ".svn", ".venv", "__pycache__", "node_modules"]);

// Workflows say which stages are built, whether the build sees them or not.
const READ_ANYWAY = new Set([".github", ".github/workflows"]);

/** Most contexts that are kept: Dockerfiles that lie side by side share theirs. */
const MOST_KEPT = 8;

const kept = keptForRun();

/** The options that describe the context of `input`; one that was read lately is not read again. */
export function readContext({ directory, besides, fileName, builder }) {
  const { text: dockerignore } = ignoreFile({ directory, besides, fileName, builder });
  const key = JSON.stringify([resolve(directory), dockerignore]);
  const context = kept.get(key) ?? listContext(directory, dockerignore);
  kept.delete(key);
  kept.set(key, context);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  return context;
}

function listContext(directory, dockerignore) {
  const files = Object.create(null); // a file may be called __proto__
  let filesComplete = true;
  let count = 0;
  const add = (path, entry) => {
    const isRead = wantsText(path) && !(entry?.isSymbolicLink() && leadsOutside(directory, path));
    files[path] = isRead ? (textOfRegular(join(directory, path), MOST_BYTES) ?? null) : null;
    count += 1;
  };
  // Level by level, so that what is left out of a very large context lies deep.
  let level = [""];
  while (level.length > 0) {
    const directories = [];
    for (const parent of level) {
      if (count >= MOST_FILES) return { ...found(directory, files, dockerignore), filesComplete: false };
      const entries = list(join(directory, parent));
      filesComplete &&= entries !== undefined;
      for (const entry of entries ?? []) {
        const path = parent + entry.name;
        if (leadsToDirectory(join(directory, path), entry)) directories.push({ path, entry });
        else add(path, entry);
      }
    }
    level = [];
    for (const { path, entry } of notExcluded(directories, dockerignore)) {
      // A copy brings the link itself. Who goes through it finds what lies behind: a member of a
      // workspace has its manifest there.
      if (entry.isSymbolicLink()) {
        if (mayHoldManifest(join(directory, path))) filesComplete = false;
        add(path);
      }
      else if (NOT_WALKED.has(entry.name)) presence(directory, path).forEach((found) => add(found));
      else level.push(`${path}/`);
    }
  }
  return { ...found(directory, files, dockerignore), filesComplete };
}

/**
 * Adds to the `files` of a context the texts that a report looked for, and says whether there were any: a
 * Dockerfile may name manifests and scripts in its own way (`pip install -r reqs/prod.txt`).
 */
export function addTexts(directory, files, wanted) {
  const missing = wanted.filter((path) => files[path] === null && !leadsOutside(directory, path));
  const texts = missing.map((path) => [path, textOfRegular(join(directory, path), MOST_BYTES)]);
  const known = texts.filter(([, text]) => text !== undefined);
  for (const [path, text] of known) files[path] = text;
  return known.length > 0;
}

function found(directory, files, dockerignore) {
  const executables = programsOf(files).filter((path) => isExecutable(join(directory, path)));
  return { files, executables, ...(dockerignore !== undefined && { dockerignore }) };
}

/** The files that packages have for programs. */
function programsOf(files) {
  const packages = Object.entries(files).filter(([path, text]) => basename(path) === "package.json" && text?.includes('"bin"'));
  return packages.flatMap(([path, text]) => {
    try {
      const { bin = [], directories } = JSON.parse(text);
      const named = typeof bin === "string" ? [bin] : Object.values(bin);
      return [...named, directories?.bin].filter((at) => typeof at === "string").map((at) => posix.join(dirname(path), at));
    } catch {
      return [];
    }
  });
}

function isExecutable(path) {
  return ((stat(path)?.mode ?? 0) & 0o111) !== 0;
}

function notExcluded(directories, dockerignore) {
  if (dockerignore === undefined || directories.length === 0) return directories;
  const excluded = excludesAll(dockerignore, directories.map(({ path }) => path));
  return directories.filter(({ path }, at) => !excluded[at] || READ_ANYWAY.has(path));
}

function leadsToDirectory(path, entry) {
  return entry.isSymbolicLink() ? (stat(path)?.isDirectory() ?? false) : entry.isDirectory();
}

/**
 * Whether a builder reads `Dockerfile.dockerignore` beside `Dockerfile`, as BuildKit does. The classic one
 * has `.dockerignore` alone: a line of the other would leave nothing out.
 */
export function readsOwnIgnore(builder) {
  return builder !== "classic";
}

/**
 * The file that says what is left out of a context, as `{ path, text, isOwn }`, without a `text` where
 * there is none. The one named after the Dockerfile, beside it, goes first where the builder reads it.
 */
export function ignoreFile({ directory, besides, fileName, builder }) {
  const own = fileName && readsOwnIgnore(builder) ? join(besides, `${fileName}.dockerignore`) : undefined;
  const isOwn = own !== undefined && isRegular(own);
  const path = isOwn ? own : join(directory, ".dockerignore");
  if (!isRegular(path)) return { path, isOwn };
  const { isFile, bytes } = readRegular(path, LARGEST_IGNORE);
  if (isFile && bytes === undefined) throw new InputError(`${path} is too large for a list of patterns`);
  return { path, isOwn, text: bytes?.toString("utf8") };
}

// A copy brings the link: what it leads to outside of the context is nothing that a build sees.
function leadsOutside(directory, path) {
  try {
    return !realpathSync(join(directory, path)).startsWith(join(realpathSync(directory), sep));
  } catch {
    return true;
  }
}

function list(directory) {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return undefined;
  }
}

// Whether a directory, behind whatever links, holds a file whose text matters; also where it has
// too many entries to tell.
function mayHoldManifest(directory) {
  let left = MOST_BEHIND_LINK;
  const open = [directory];
  while (open.length > 0) {
    const parent = open.pop();
    for (const entry of list(parent) ?? []) {
      if (left-- === 0 || wantsText(entry.name)) return true;
      if (leadsToDirectory(join(parent, entry.name), entry)) open.push(join(parent, entry.name));
    }
  }
  return false;
}

// The files directly in a directory that is not walked, or else the first one below.
function presence(directory, path, depth = 0) {
  const entries = list(join(directory, path)) ?? [];
  const files = entries.filter((entry) => !entry.isDirectory());
  if (files.length > 0) return files.map((entry) => `${path}/${entry.name}`);
  for (const entry of depth < 4 ? entries : []) {
    const below = presence(directory, `${path}/${entry.name}`, depth + 1);
    if (below.length > 0) return below.slice(0, 1);
  }
  return [];
}

function isRegular(path) {
  return stat(path)?.isFile() ?? false;
}

// What a path leads to; nothing where a link leads nowhere or in a circle.
function stat(path) {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
