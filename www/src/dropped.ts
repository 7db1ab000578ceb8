// Files and folders that are dropped anywhere on the page. They are read here and go nowhere.

import { isCompose } from "./compose/text";
import { GIT_LOG } from "./history/git-log";
import { readFolder, type Folder, type Listed } from "./folder";

/** What a drop brings; several files are a folder. */
export type Dropped = { folder: Folder } | { compose: string } | { dockerfile: string } | { log: string } | { history: string };

/** Longer files are none of these, in bytes. */
const LARGEST = 4_000_000;
/** Most files of a folder that are listed. */
const MOST = 50_000;
/** A line of what `docker build --progress=plain` prints, or of its raw JSON. */
const LOG = /^#\d+ (?:\[|DONE|CACHED)|^\{"(?:vertexes|statuses)"/m;

/** Takes what is dropped on the page, before the editor would insert it. */
export function takeDrops(taken: (dropped: Dropped) => void, wanted: (paths: string[]) => Promise<boolean[]>): void {
  window.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  window.addEventListener("drop", (event) => {
    const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === "file");
    if (items.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    // What was dropped can be asked for now, and no longer.
    const entries = items.map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
    const files = items.map((item) => item.getAsFile()).filter((file) => file !== null);
    void read(entries, files, wanted).then((dropped) => dropped && taken(dropped));
  }, { capture: true });
}

async function read(entries: FileSystemEntry[], files: File[], wanted: (paths: string[]) => Promise<boolean[]>): Promise<Dropped | undefined> {
  const directory = entries.find((entry): entry is FileSystemDirectoryEntry => entry.isDirectory);
  if (directory) return { folder: await readFolder(await listed(directory), wanted) };
  if (files.length > 1) return { folder: await readFolder(files.map((file) => ({ file, path: file.name })), wanted) };
  const [file] = files;
  if (!file || file.size > LARGEST) return undefined;
  const text = await file.text();
  if (GIT_LOG.test(text)) return { history: text };
  if (LOG.test(text)) return { log: text };
  return isCompose(text) ? { compose: text } : { dockerfile: text };
}

/** All files below a directory, with their paths from there. */
async function listed(root: FileSystemDirectoryEntry): Promise<Listed[]> {
  const found: Listed[] = [];
  const open: [path: string, directory: FileSystemDirectoryEntry][] = [["", root]];
  for (let next = open.pop(); next && found.length < MOST; next = open.pop()) {
    const [path, directory] = next;
    for (const entry of await entriesOf(directory)) {
      const inner = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory) open.push([inner, entry as FileSystemDirectoryEntry]);
      else found.push({ path: inner, file: await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed)) });
    }
  }
  return found;
}

/** A reader gives some at a time, and none at the end. */
async function entriesOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return all;
    all.push(...some);
  }
}
