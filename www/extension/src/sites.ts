// What a page of a site shows: which Dockerfiles, where each begins, and where its badge goes. One
// file a site; where nothing is recognised, nothing is said.

import { github } from "./sites/github";
import { gitlab } from "./sites/gitlab";
import { raw } from "./sites/raw";

/** A Dockerfile that a page shows. */
export interface Shown {
  /** Its path in the repository. */
  path: string;
  /** The address of its text, of the same site. */
  address: string;
  /** The text, where the page has it whole. */
  text?: () => string | undefined;
  /** Whether the page is nothing but the text. */
  isRaw?: boolean;
  /** The element that the badge becomes the first child of. */
  place: Element;
  /** What the page lists of the repository; directories end in `/`. */
  listed: string[];
  /** Shows a line of it. */
  openLine?: (line: number) => void;
}

/** How pages of a site are read. */
export interface Site {
  name: "github" | "gitlab" | "raw";
  /** Whether the page is of this site, on whatever host. */
  isHere(page: Document): boolean;
  /** The Dockerfiles that it shows now. */
  shown(page: Document, address: URL): Shown[];
}

/** The site that the page is of. */
export function siteOf(page: Document): Site | undefined {
  return [raw, github, gitlab].find((site) => site.isHere(page));
}
