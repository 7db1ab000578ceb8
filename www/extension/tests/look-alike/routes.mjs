// The pages and raw files of the look-alike sites.

import { BROKEN, EARLY, FILES, HOSTILE, LATE, LONG } from "./dockerfiles.mjs";
import { githubChanged, githubFile, githubPull, githubPullClassic, gitlabFile, gitlabMerge } from "./pages.mjs";

const SHA = "0123456789abcdef0123456789abcdef01234567";
const API = "services/api/Dockerfile";

const file = (path, text, more = {}) => ({
  [`/acme/shop/blob/main/${path}`]: githubFile({ path, text, files: FILES, ...more }),
  [`/acme/shop/raw/main/${path}`]: { raw: text },
});

export const ROUTES = {
  ...file("Dockerfile", LATE),
  ...file(API, EARLY),
  ...file("README.md", "# shop\n"),
  ...file("broken.Dockerfile", BROKEN),
  ...file("hostile.Dockerfile", HOSTILE),
  ...file("long.Dockerfile", LONG),
  // Only the page has it.
  "/acme/shop/blob/main/unreachable.Dockerfile": githubFile({ path: "unreachable.Dockerfile", text: LATE, files: FILES }),
  "/acme/shop/blob/main/nowhere.Dockerfile": githubFile({ path: "nowhere.Dockerfile", text: LATE, files: FILES, data: false }),
  // Looks, a branch with a slash in its name, and a page from tomorrow.
  "/acme/shop/blob/dark/Dockerfile": githubFile({ path: "Dockerfile", text: LATE, files: FILES, ref: "dark", mode: "dark" }),
  "/acme/shop/raw/dark/Dockerfile": { raw: LATE },
  "/acme/shop/blob/contrast/Dockerfile": githubFile({ path: "Dockerfile", text: LATE, files: FILES, ref: "contrast", mode: "dark", theme: "dark_high_contrast" }),
  "/acme/shop/raw/contrast/Dockerfile": { raw: LATE },
  [`/acme/shop/blob/feature/api/${API}`]: githubFile({ path: API, text: EARLY, files: FILES, ref: "feature/api", data: false }),
  [`/acme/shop/raw/feature/api/${API}`]: { raw: EARLY },
  "/acme/shop/blob/tomorrow/Dockerfile": githubChanged({ path: "Dockerfile", text: LATE }),
  "/acme/shop/raw/tomorrow/Dockerfile": { raw: LATE },
  // Changes.
  "/acme/shop/pull/7/files": githubPull([{ path: "README.md", text: "# shop\n" }, { path: "Dockerfile", text: LATE }, { path: API, text: EARLY }]),
  "/acme/shop/raw/refs/pull/7/head/Dockerfile": { raw: LATE },
  [`/acme/shop/raw/refs/pull/7/head/${API}`]: { raw: EARLY },
  [`/acme/shop/commit/${SHA}`]: githubPullClassic([{ path: "Dockerfile", text: LATE }, { path: "old.Dockerfile", text: LATE, deleted: true }]),
  [`/acme/shop/raw/${SHA}/Dockerfile`]: { raw: LATE },
  "/acme/tools/shop/-/blob/main/docker/Dockerfile": gitlabFile({ path: "docker/Dockerfile", text: LATE, dark: true }),
  "/acme/tools/shop/-/raw/main/docker/Dockerfile": { raw: LATE },
  "/acme/tools/shop/-/merge_requests/3/diffs": gitlabMerge([{ path: "Dockerfile", text: LATE }, { path: "src/main.js", text: "run()\n" }]),
  [`/acme/tools/shop/-/raw/${SHA}/Dockerfile`]: { raw: LATE },
};
