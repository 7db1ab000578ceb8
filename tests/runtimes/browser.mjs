// Opens pages in real browsers. A page posts what it found to the server that it came from, so that
// no driver is needed.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";

/** How long a page may take, in milliseconds, before a browser that hangs is given up. */
const LONGEST = 60_000;

const TYPES = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

/** A policy under which nothing is allowed that the package does not need. */
export const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";

const HEADLESS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"];

/** The browsers that are there: how each is started on a page with a profile of its own. */
export const BROWSERS = [
  { name: "Chromium", program: found(process.env.CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"), args: (profile, url) => [...HEADLESS, `--user-data-dir=${profile}`, url] },
  { name: "Firefox", program: found(process.env.FIREFOX_PATH, "/usr/bin/firefox-esr", "/usr/bin/firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"), args: (profile, url) => ["--headless", "--no-remote", "--profile", profile, url] },
].filter(({ program }) => program !== undefined);

function found(...places) {
  return places.find((place) => place && existsSync(place));
}

/** The body of a page's script, around an ES module that ends with `found`. */
export function posting(program, says) {
  return `${program}\nfetch("/found", { method: "POST", body: ${says} });`;
}

/** What the page at `path` of the files in `directory` posts. */
export async function postedFrom(directory, path, { browser = BROWSERS[0], policy } = {}) {
  const inbox = Promise.withResolvers ? Promise.withResolvers() : resolvers();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname === "/found") {
      inbox.resolve(await bodyOf(request));
      return response.end();
    }
    try {
      const body = await readFile(join(directory, normalize(decodeURIComponent(pathname))));
      response.writeHead(200, { "content-type": TYPES[extname(pathname)] ?? "text/plain", ...(policy && { "content-security-policy": policy }) });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  try {
    return await opened(browser, `http://127.0.0.1:${server.address().port}/${path}`, inbox.promise);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Opens an address, and waits for what `posted` resolves to. */
export async function opened({ program, args, name }, url, posted) {
  const profile = mkdtempSync(join(tmpdir(), "layerwise-browser-"));
  const browser = spawn(program, args(profile, url), { stdio: ["ignore", "ignore", "pipe"], detached: process.platform !== "win32" });
  let said = "";
  browser.stderr.on("data", (text) => {
    said += String(text).replace(/.*dbus.*\n/g, ""); // what a machine without a desktop is told
  });
  const ended = new Promise((done) => browser.on("exit", done));
  let timer;
  const gaveUp = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`${name} posted nothing from ${url}: ${said}`)), LONGEST);
  });
  try {
    return await Promise.race([posted, gaveUp]);
  } finally {
    clearTimeout(timer);
    // With all that it started.
    if (process.platform === "win32") browser.kill();
    else process.kill(-browser.pid, "SIGKILL");
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The body of a request. */
export async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** A promise and what resolves it. */
export function resolvers() {
  let resolve;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
