// Sites beside github.com and gitlab.com. The browser asks for each when it is added; the list is
// what it granted, and nothing else.

const SCRIPT = "other-sites";

/** The origins that were added. */
export async function otherSites(): Promise<string[]> {
  return (await matches()).map((match) => match.replace(/\/\*$/, "")).sort();
}

/**
 * Asks for a site, by any address on it, and reads its pages from then on. Undefined where the
 * browser does not grant it; throws where the address is none.
 */
export async function addSite(address: string): Promise<string | undefined> {
  const origin = originOf(address);
  const match = `${origin}/*`;
  // Asked for in one go: a click allows one question.
  const granted = await chrome.permissions.request({ origins: [match], permissions: ["scripting"] });
  if (!granted) return undefined;
  await register([...new Set([...(await matches()), match])]);
  return origin;
}

/** Gives a site back. */
export async function removeSite(site: string): Promise<void> {
  const match = `${site}/*`;
  await register((await matches()).filter((one) => one !== match));
  await chrome.permissions.remove({ origins: [match] }).catch(() => false); // what the manifest names stays granted
}

function originOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "https:" && url?.hostname.endsWith("localhost") !== true) {
    throw new Error("An address of the site is needed, such as https://git.example.org");
  }
  // Permissions know no ports.
  return `${url.protocol}//${url.hostname}`;
}

async function matches(): Promise<string[]> {
  // Without the permission there is no such interface, and nothing was added.
  const scripts = await chrome.scripting?.getRegisteredContentScripts({ ids: [SCRIPT] });
  return scripts?.[0]?.matches ?? [];
}

async function register(sites: string[]): Promise<void> {
  const isThere = (await matches()).length > 0;
  if (isThere) await chrome.scripting.unregisterContentScripts({ ids: [SCRIPT] });
  if (sites.length === 0) return;
  await chrome.scripting.registerContentScripts([
    { id: SCRIPT, matches: sites, js: ["content.js"], runAt: "document_idle", persistAcrossSessions: true },
  ]);
}
