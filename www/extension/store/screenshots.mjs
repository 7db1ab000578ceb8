// The pictures for the stores and the README, of the look-alike pages of the tests: run by hand after
// `cargo xtask extension`.

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { started, unpacked } from "../tests/browser.mjs";
import { ROUTES } from "../tests/look-alike/routes.mjs";
import { serve } from "../tests/look-alike/server.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** Where they go: beside this, or into the folder that is named. */
const into = process.argv[2] ?? HERE;

const PICTURES = {
  file: { path: "/acme/shop/blob/main/Dockerfile", open: true },
  badge: { path: "/acme/shop/blob/main/Dockerfile" },
  dark: { path: "/acme/shop/blob/dark/Dockerfile", open: true },
  contrast: { path: "/acme/shop/blob/contrast/Dockerfile", open: true },
  pull: { path: "/acme/shop/pull/7/files" },
  gitlab: { host: "gitlab", path: "/acme/tools/shop/-/blob/main/docker/Dockerfile" },
  phone: { path: "/acme/shop/blob/main/Dockerfile", open: true, size: [390, 844] },
  long: { path: "/acme/shop/blob/main/long.Dockerfile", open: true },
};
/** The pictures that are kept; all others are to be looked at. */
const KEPT = ["file", "dark", "pull"];

const site = await serve(ROUTES);
const extension = unpacked("chromium", ["github", "gitlab"].map((name) => `http://${name}.localhost/*`));
const { context, id, stop } = await started(extension);
const page = await context.newPage();
for (const [name, { host = "github", path, open, size = [1280, 800] }] of Object.entries(PICTURES)) {
  if (into === HERE && !KEPT.includes(name)) continue;
  await page.setViewportSize({ width: size[0], height: size[1] });
  await page.goto(`http://${host}.localhost:${site.port}${path}`);
  const badge = page.locator("[data-layerwise-badge] button").first();
  await badge.waitFor();
  if (open) await badge.click();
  await page.screenshot({ path: `${into}/${name}.png` });
}
if (into !== HERE) {
  for (const name of ["popup", "options"]) {
    await page.setViewportSize({ width: 600, height: 700 });
    await page.goto(`chrome-extension://${id}/${name}.html`);
    if (name === "popup") {
      await page.getByLabel("Paste a Dockerfile").fill(ROUTES["/acme/shop/raw/main/Dockerfile"].raw);
      await page.getByText("An edit rebuilds").waitFor();
    }
    await page.screenshot({ path: `${into}/${name}.png` });
  }
}
console.log(readdirSync(into).filter((file) => file.endsWith(".png")).join(" "));
await stop();
extension.remove();
await site.stop();
