// Reads a project folder that the visitor chooses, without its leaving the page: the list of
// files, the texts of the smaller ones, and its Dockerfile.

import { noContext, type BuildContext } from "./context";

/** What a folder holds for us: its paths, and the texts of some of them. */
export interface Folder {
  paths: string[];
  texts: Record<string, string>;
}

/** A Dockerfile and what its builder sees. */
export interface Project {
  dockerfile: string | undefined;
  context: BuildContext;
}

/** Larger files are listed, not read: no manifest is that long. In bytes. */
const LARGEST = 1_000_000;
/** Read at most these many files: manifests, and of the others the ones nearest to the root. */
const MOST = 500;
/** No path has as many directories: what is wanted goes before all that is not. */
const DEEPEST = 10_000;
/** Directories whose content says nothing that their name does not: one path of each is kept. */
const VAST = /(^|\/)(\.git|node_modules)\//;

/** A file of a folder, with its path from there. */
export interface Listed {
  file: File;
  path: string;
}

/** The files that a field for folders gives. */
export function chosenFiles(chosen: File[]): Listed[] {
  return chosen.map((file) => ({ file, path: inside(file.webkitRelativePath) }));
}

/** Reads a folder; `wanted` says of paths whether their texts are worth having. */
export async function readFolder(files: Listed[], wanted: (paths: string[]) => Promise<boolean[]>): Promise<Folder> {
  const seen = new Set<string>();
  const listed = files.filter(({ path }) => {
    const vast = VAST.exec(path);
    const directory = vast && path.slice(0, vast.index + vast[0].length);
    if (!directory) return true;
    const first = !seen.has(directory);
    seen.add(directory);
    return first;
  });
  const small = listed.filter(({ file, path }) => !VAST.test(path) && file.size <= LARGEST);
  const wants = await wanted(small.map(({ path }) => path));
  const read = small
    .map((file, at) => ({ ...file, order: depth(file.path) - (wants[at] ? DEEPEST : 0) }))
    .sort((a, b) => a.order - b.order)
    .slice(0, MOST);
  const texts: Record<string, string> = {};
  for (const { file, path } of read) {
    const text = await file.text();
    if (!text.includes("\0")) texts[path] = text;
  }
  return { paths: listed.map(({ path }) => path).sort(), texts };
}

/** The project below a directory of a folder, whose Dockerfile has this name. */
export function projectIn({ paths, texts }: Folder, directory = "", dockerfile = "Dockerfile"): Project {
  const start = directory === "" ? "" : `${directory}/`;
  const below = (path: string): boolean => path.startsWith(start);
  const ownIgnore = `${dockerfile}.dockerignore`;
  const own = Object.fromEntries(Object.entries(texts).filter(([path]) => below(path)).map(([path, text]) => [path.slice(start.length), text]));
  return {
    dockerfile: own[dockerfile],
    context: {
      ...noContext,
      files: paths.filter(below).map((path) => path.slice(start.length)).join("\n"),
      dockerignore: own[ownIgnore] ?? own[".dockerignore"] ?? "",
      ...(own[ownIgnore] === undefined ? {} : { ignoreFile: ownIgnore }),
      texts: own,
    },
  };
}

/** The path below the chosen folder. */
function inside(path: string): string {
  return path.slice(path.indexOf("/") + 1);
}

function depth(path: string): number {
  return path.split("/").length;
}
