// The extension as it is built, unpacked in Chromium, with the hosts of the look-alike pages beside its own.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { SWITCHES, chromiumPath } from "../../tests/chromium.mjs";

const DIST = fileURLToPath(new URL("../dist/", import.meta.url));

/** A copy of the built folder for `browser` that also reads `matches`; `granted` are hosts and permissions that a visitor would be asked for. */
export function unpacked(browser, matches, granted = {}) {
  const folder = mkdtempSync(join(tmpdir(), "layerwise-extension-"));
  cpSync(join(DIST, browser), folder, { recursive: true });
  const file = join(folder, "manifest.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  manifest.content_scripts[0].matches.push(...matches);
  manifest.host_permissions = granted.hosts;
  manifest.permissions.push(...(granted.permissions ?? []));
  writeFileSync(file, JSON.stringify(manifest));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** Starts Chromium with it: `{ context, id, stop }`. */
export async function started(extension) {
  const profile = mkdtempSync(join(tmpdir(), "layerwise-profile-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath(),
    headless: true,
    ignoreDefaultArgs: ["--disable-extensions"],
    args: [
      `--disable-extensions-except=${extension.folder}`,
      `--load-extension=${extension.folder}`,
      "--disable-features=DisableLoadExtensionCommandLineSwitch",
      ...SWITCHES,
    ],
  });
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
  return {
    context,
    id: new URL(worker.url()).host,
    worker,
    async stop() {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
