// GitLab, also on hosts of one's own: the view of a file, and the changes of a merge request.

import type { Shown, Site } from "../sites";
import { decoded, encoded, isDockerfile } from "./names";

export const gitlab: Site = {
  name: "gitlab",
  isHere: (page) => page.querySelector('meta[property="og:site_name"][content="GitLab"], meta[name="application-name"][content="GitLab"], body[data-page^="projects:"]') !== null,
  shown(page, { pathname, origin }) {
    const path = decoded(pathname);
    const file = /^\/(.+)\/-\/blob\/(.+)$/.exec(path);
    if (file) return fileView(page, origin, file[1]!, file[2]!);
    return /^\/(.+)\/-\/(?:merge_requests\/\d+\/diffs|commit\/)/.test(path) ? changes(page, origin) : [];
  },
};

function fileView(page: Document, origin: string, project: string, refAndPath: string): Shown[] {
  if (!isDockerfile(refAndPath)) return [];
  const place = page.querySelector(".file-holder .file-actions, #fileHolder .file-actions");
  const name = page.querySelector(".file-holder .file-title-name, #fileHolder .file-title-name, [data-testid=\"file-name-content\"]");
  // While the page is on its way to another file, its head still is that of the last one.
  if (!place || !name || name.textContent?.trim().split("/").at(-1) !== refAndPath.split("/").at(-1)) return [];
  return [{
    path: refAndPath.split("/").slice(1).join("/"),
    address: `${origin}/${project}/-/raw/${encoded(refAndPath)}`,
    place,
    listed: [],
    openLine: (line) => {
      page.location.hash = `L${line}`;
    },
  }];
}

/** Each change links to its file behind the change. */
function changes(page: Document, origin: string): Shown[] {
  return [...page.querySelectorAll<HTMLElement>(".diff-file[data-path], .diff-file.file-holder")].flatMap((file) => {
    const link = [...file.querySelectorAll<HTMLAnchorElement>('a[href*="/-/blob/"]')].map(({ pathname }) => decoded(pathname)).find(isDockerfile);
    const [, project, refAndPath] = /^\/(.+)\/-\/blob\/(.+)$/.exec(link ?? "") ?? [];
    const place = file.querySelector(".file-actions");
    if (!place || project === undefined || refAndPath === undefined) return [];
    const path = file.dataset["path"] ?? refAndPath.split("/").slice(1).join("/");
    return [{ path, address: `${origin}/${project}/-/raw/${encoded(refAndPath)}`, place, listed: [] }];
  });
}
