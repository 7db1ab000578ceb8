// A raw page: the text of a file and nothing else.

import type { Site } from "../sites";
import { decoded, isDockerfile } from "./names";

export const raw: Site = {
  name: "raw",
  isHere: ({ contentType }) => contentType === "text/plain",
  shown(page, { href, pathname }) {
    const path = decoded(pathname);
    const text = page.body.querySelector("pre")?.textContent ?? undefined;
    if (!isDockerfile(path) || text === undefined) return [];
    return [{ path: path.split("/").at(-1)!, address: href, text: () => text, isRaw: true, place: page.body, listed: [] }];
  },
};
