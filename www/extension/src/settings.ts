// What the options page sets, kept in this browser alone.

/** The settings. */
export interface Settings {
  /** Which fixes go into the rewritten file. */
  level: "safe" | "assumed" | "suggested";
  /** Whether the pages of github.com are read. */
  github: boolean;
  /** Whether those of gitlab.com are. */
  gitlab: boolean;
  /** `site` follows the page that a Dockerfile is shown on. */
  theme: "site" | "light" | "dark";
}

/** How it is before anything is chosen. */
export const DEFAULTS: Settings = { level: "assumed", github: true, gitlab: true, theme: "site" };

/** The settings that are in force. */
export async function settings(): Promise<Settings> {
  return (await chrome.storage.local.get({ ...DEFAULTS })) as unknown as Settings;
}

/** Keeps some of them. */
export async function keep(some: Partial<Settings>): Promise<void> {
  await chrome.storage.local.set(some);
}

/** Calls `changed` whenever one of them is set. */
export function watch(changed: () => void): void {
  chrome.storage.onChanged.addListener((changes) => {
    if (Object.keys(changes).some((key) => key in DEFAULTS)) changed();
  });
}
