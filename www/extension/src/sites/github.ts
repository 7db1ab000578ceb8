// GitHub and GitHub Enterprise: the view of a file, and the changes of a pull request or a commit.

import type { Shown, Site } from "../sites";
import { decoded, encoded, isDockerfile } from "./names";

export const github: Site = {
  name: "github",
  isHere: (page) => page.querySelector('meta[name="octolytics-url"], meta[name="hostname"], meta[name="github-keyboard-shortcuts"]') !== null,
  shown(page, { pathname, origin }) {
    const path = decoded(pathname);
    const file = /^\/([^/]+\/[^/]+)\/blob\/(.+)$/.exec(path);
    if (file) return fileView(page, origin, file[1]!, file[2]!);
    const pull = /^\/([^/]+\/[^/]+)\/pull\/(\d+)\/(?:files|changes)/.exec(path);
    if (pull) return changes(page, `${origin}/${pull[1]}/raw/refs/pull/${pull[2]}/head`);
    const commit = /^\/([^/]+\/[^/]+)\/commit\/([0-9a-f]{40})/.exec(path);
    return commit ? changes(page, `${origin}/${commit[1]}/raw/${commit[2]}`) : [];
  },
};

/** What holds the buttons of a file. */
const ACTIONS = ".react-blob-header-edit-and-raw-actions";

/** The view of a file: its name ends the address, behind a branch whose name may hold slashes. */
function fileView(page: Document, origin: string, repository: string, refAndPath: string): Shown[] {
  if (!isDockerfile(refAndPath)) return [];
  const button = page.querySelector<HTMLAnchorElement>('a[data-testid="raw-button"], a#raw-url');
  const place = button?.closest(ACTIONS) ?? button?.parentElement?.parentElement;
  // While the page is on its way to another file, the button still is that of the last one.
  if (!button || !place || !decoded(button.pathname).endsWith(`/${refAndPath}`)) return [];
  const data = embedded(page, refAndPath);
  const listed = [...new Set([...(data?.listed ?? []), ...inTree(page)])];
  const fromTree = listed.filter((path) => refAndPath.endsWith(`/${path}`)).sort((a, b) => b.length - a.length)[0];
  return [{
    path: data?.path ?? fromTree ?? refAndPath.split("/").slice(1).join("/"),
    address: `${origin}/${repository}/raw/${encoded(refAndPath)}`,
    text: () => data?.text,
    place,
    listed,
    openLine: (line) => {
      page.location.hash = `L${line}`;
    },
  }];
}

/** The files of the tree beside the file. */
function inTree(page: Document): string[] {
  return [...page.querySelectorAll('[role="treeitem"][id$="-item"]')].map((item) => {
    const path = item.id.replace(/-item$/, "");
    return item.hasAttribute("aria-expanded") ? `${path}/` : path;
  });
}

interface Embedded {
  path: string;
  text?: string;
  listed: string[];
}

/** What the page was delivered with, if that is of this file: it stays when the page moves on. */
function embedded(page: Document, refAndPath: string): Embedded | undefined {
  for (const script of page.querySelectorAll('script[data-target="react-app.embeddedData"]')) {
    try {
      const found = search(JSON.parse(script.textContent ?? ""), 4);
      if (found && refAndPath.endsWith(`/${found.path}`)) return found;
    } catch {
      // Not ours to complain about.
    }
  }
  return undefined;
}

/** The part that has the file and its tree, wherever it stands. */
function search(value: unknown, depth: number): Embedded | undefined {
  if (typeof value !== "object" || value === null || depth === 0) return undefined;
  const { path, blob, fileTree } = value as { path?: unknown; blob?: { rawLines?: unknown; truncated?: unknown }; fileTree?: unknown };
  if (typeof path === "string" && typeof blob === "object" && blob !== null) {
    const lines = blob.rawLines;
    const isWhole = Array.isArray(lines) && lines.every((line) => typeof line === "string") && blob.truncated !== true;
    return { path, listed: listedIn(fileTree), ...(isWhole && { text: lines.map((line) => `${line}\n`).join("") }) };
  }
  for (const inner of Object.values(value)) {
    const found = search(inner, depth - 1);
    if (found) return found;
  }
  return undefined;
}

function listedIn(fileTree: unknown): string[] {
  if (typeof fileTree !== "object" || fileTree === null) return [];
  const items = Object.values(fileTree).flatMap((directory: { items?: unknown }) => (Array.isArray(directory?.items) ? directory.items : []));
  return items.flatMap(({ path, contentType }: { path?: unknown; contentType?: unknown }) =>
    (typeof path === "string" ? [contentType === "directory" ? `${path}/` : path] : []));
}

const FILES = '.file[data-tagsearch-path], [class*="PullRequestDiffsList-module__diffEntry"], [role="region"][id^="diff-"]';
const HEADER = '.file-header, [class*="DiffFileHeader-module__diff-file-header"]';
const NAME = '[class*="DiffFileHeader-module__file-name"] code, h3 a[href^="#diff-"] code';

/** The changes of Dockerfiles; their text is that at `root`, behind the change. */
function changes(page: Document, root: string): Shown[] {
  const shown = new Map<Element, Shown>();
  for (const file of page.querySelectorAll<HTMLElement>(FILES)) {
    const header = file.querySelector(HEADER);
    if (!header || shown.has(header) || file.dataset["fileDeleted"] === "true") continue;
    const name = file.dataset["tagsearchPath"] ?? file.querySelector<HTMLElement>("[data-path]")?.dataset["path"] ?? file.querySelector(NAME)?.textContent ?? "";
    // GitHub wraps names in marks of bidirectional text.
    const path = name.replace(/[\u200e\u200f\u2066-\u2069]/g, "").trim().split(" → ").at(-1)!;
    if (!isDockerfile(path)) continue;
    const place = header.querySelector(".file-actions > div, .file-actions, .flex-justify-end") ?? header.lastElementChild;
    if (place) shown.set(header, { path, address: `${root}/${encoded(path)}`, place, listed: [] });
  }
  return [...shown.values()];
}
