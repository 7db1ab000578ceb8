// Which files the arguments mean: files as they are named, globs, and what a directory holds.

import picomatch from "picomatch";
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { filesBelow } from "./walk.js";

/** Names by which Dockerfiles are found: `Dockerfile.dev`, `api.Dockerfile`, `Containerfile`. */
const DOCKERFILE = /^(?:(?:Dockerfile|Containerfile)(?:\..+)?|dockerfile|.+\.[Dd]ockerfile)$/;

/** What stands beside a Dockerfile under a name that begins like it. */
const NO_DOCKERFILE = /\.dockerignore$/i;

/** Whether a file of this name is taken for a Dockerfile where a directory is searched. */
export function isDockerfileName(name) {
  return DOCKERFILE.test(name) && !NO_DOCKERFILE.test(name);
}

/**
 * What the arguments `words` mean, in order and each once, as `{ files, problems }`. A file is
 * `{ path, isNamed }`: named by itself, or found in a directory or by a glob; `-` is standard
 * input. A problem is a sentence about a word that means nothing; the others count.
 */
export function searchFor(words) {
  const files = new Map();
  const problems = [];
  const problem = (word, sentence) => problems.push({ word, problem: sentence });
  const add = (path, isNamed) => {
    if (!files.has(path)) files.set(path, { path, isNamed });
  };
  for (const word of words) {
    if (word === "-") add(word, true);
    else if (kindOf(word) === "directory") {
      const found = filesBelow(word).filter((path) => isDockerfileName(basename(path)));
      if (found.length === 0) problem(word, `there is no Dockerfile in ${word}`);
      for (const path of found) add(path, false);
    } else if (kindOf(word) !== undefined) add(word, true);
    else if (picomatch.scan(word).isGlob) {
      const found = matching(word);
      if (found.length === 0) problem(word, `no file matches ${word}`);
      for (const path of found) add(path, false);
    } else problem(word, `there is no file ${word}`);
  }
  return { files: [...files.values()], problems };
}

// Directories of the pattern that hold no special character are where the search begins.
function matching(pattern) {
  const { base, glob } = picomatch.scan(pattern);
  const directory = base === "" ? "." : base;
  if (kindOf(directory) !== "directory") return [];
  const matches = picomatch(glob, { dot: true });
  const from = join(directory, "x").length - 1;
  return filesBelow(directory).filter((path) => matches(path.slice(from)));
}

function kindOf(path) {
  try {
    return statSync(path).isDirectory() ? "directory" : "file";
  } catch (error) {
    // What is there but cannot be looked at is told by who reads it.
    return ["ENOENT", "ENOTDIR"].includes(error.code) ? undefined : "file";
  }
}
