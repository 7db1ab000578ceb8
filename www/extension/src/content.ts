// In a page: looks for Dockerfiles, asks the service worker about them, and puts badges beside
// them, again after every navigation without a reload. Where nothing is recognised, nothing happens.

import { BADGE, createBadge, focusBadge } from "./badge";
import { createDrawer } from "./drawer";
import { ask, type Answer, type Current, type Found } from "./messages";
import { settings, watch, type Settings } from "./settings";
import { siteOf, type Shown, type Site } from "./sites";
import { applyTheme, watchTheme } from "./theme";

/** Longer files are no Dockerfiles that somebody reads, in characters. */
const LONGEST = 2_000_000;
/** A page that changes without end is looked at this often, in milliseconds. */
const PAUSE = 150;
/** Most answers that are kept. */
const KEPT = 50;
/** A page that takes badges away again has its way in the end. */
const MOST_PUTS = 200;

const drawer = createDrawer();
const answers = new Map<string, Promise<Answer | undefined>>();
let chosen: Settings;
let current: { shown: Shown; found: Found } | undefined;

async function start(): Promise<void> {
  const site = siteOf(document);
  if (!site) return;
  chosen = await settings();
  const look = rested(() => void lookAt(site));
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
  window.addEventListener("popstate", look);
  watchTheme(dress);
  watch(() => void renew(look));
  chrome.runtime.onMessage.addListener((message: Current, _sender, answer: (found: Found | undefined) => void) => {
    if (message.kind !== "current") return false;
    void lookAt(site).then(() => answer(current?.found));
    return true; // the answer comes later
  });
  look();
}

/** Something was set: everything is asked again. */
async function renew(look: () => void): Promise<void> {
  chosen = await settings();
  answers.clear();
  clear();
  look();
}

let seen = "";

async function lookAt(site: Site): Promise<void> {
  const address = new URL(window.location.href);
  const page = address.origin + address.pathname;
  if (page !== seen) {
    seen = page;
    puts = 0;
    clear();
  }
  if ((site.name === "github" && !chosen.github) || (site.name === "gitlab" && !chosen.gitlab)) return;
  await Promise.all(site.shown(document, address).map((shown) => showBadge(shown, site, page)));
}

/** Places whose answer is awaited. */
const pending = new Set<Element>();
/** How often badges were put into the page at this address. */
let puts = 0;

async function showBadge(shown: Shown, site: Site, page: string): Promise<void> {
  const { place, address } = shown;
  if (badgeIn(place)?.dataset["address"] === address || pending.has(place) || puts >= MOST_PUTS) return;
  pending.add(place);
  const answer = await answerTo(shown);
  pending.delete(place);
  if (answer && "overview" in answer && page === seen && place.isConnected) put(shown, answer, site);
}

function badgeIn(place: Element): HTMLElement | undefined {
  return [...place.children].find((child): child is HTMLElement => child.hasAttribute(BADGE));
}

function put(shown: Shown, found: Found, site: Site): void {
  puts++;
  badgeIn(shown.place)?.remove();
  const badge = createBadge(found, (host) => {
    const { path, openLine } = shown;
    drawer.open(found, { path, back: () => focusBadge(host), ...(openLine && { openLine }) });
    dress();
  });
  badge.dataset["address"] = shown.address;
  if (site.name === "raw") badge.dataset["alone"] = "";
  shown.place.prepend(badge);
  current = { shown, found };
  dress();
}

/** Puts the page's look onto what is ours. */
function dress(): void {
  for (const host of [...document.querySelectorAll<HTMLElement>(`[${BADGE}]`), drawer.host()]) {
    if (host) applyTheme(host, chosen.theme);
  }
}

function clear(): void {
  for (const badge of document.querySelectorAll(`[${BADGE}]`)) badge.remove();
  drawer.close();
  current = undefined;
}

/** What is found of a Dockerfile; each address is asked for once. */
function answerTo(shown: Shown): Promise<Answer | undefined> {
  const known = answers.get(shown.address);
  if (known) return known;
  if (answers.size >= KEPT) answers.clear();
  const answer = textOf(shown).then((text) => {
    if (text === undefined || text.length > LONGEST) return undefined;
    return ask({ kind: "analyse", text, path: shown.path, listed: shown.listed });
  });
  answers.set(shown.address, answer);
  return answer;
}

/** The text as the site delivers it, line ends included; else as the page holds it. */
async function textOf({ address, text, isRaw }: Shown): Promise<string | undefined> {
  if (isRaw) return text?.();
  try {
    const response = await fetch(address, { credentials: "same-origin" });
    const type = response.headers.get("content-type") ?? "";
    // What a site answers in place of a file is a page.
    if (response.ok && !type.startsWith("text/html")) return await response.text();
  } catch {
    // The file may be on a host that this page may not read.
  }
  return text?.();
}

/** Calls `action` when calls rest, and meanwhile every so often. */
function rested(action: () => void): () => void {
  let timer: number | undefined;
  return () => {
    timer ??= window.setTimeout(() => {
      timer = undefined;
      action();
    }, PAUSE);
  };
}

void start();
