// Firefox, driven by WebDriver BiDi, which it speaks by itself: no driver has to be installed.
// <https://w3c.github.io/webdriver-bidi/>, <https://www.w3.org/TR/webdriver-bidi/#module-webExtension>

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";

/** Where Firefox is; undefined where it is not. */
export const FIREFOX = [process.env.FIREFOX_PATH, "/usr/bin/firefox-esr", "/usr/bin/firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"].find((path) => path && existsSync(path));

/** Starts it with the unpacked extension: `{ goto, evaluate, press, stop }` of one tab. */
export async function startedFirefox(extension) {
  const profile = mkdtempSync(join(tmpdir(), "layerwise-firefox-"));
  // Nothing is asked of anybody.
  const preferences = { "app.update.disabledForTesting": true, "datareporting.policy.dataSubmissionEnabled": false, "browser.shell.checkDefaultBrowser": false, "toolkit.telemetry.enabled": false };
  writeFileSync(join(profile, "user.js"), Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${value});\n`).join(""));
  const program = spawn(FIREFOX, ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0", "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((done) => program.on("exit", done));
  const socket = await connected(await listening(program));
  const send = questions(socket);
  await send("session.new", { capabilities: {} });
  await send("webExtension.install", { extensionData: { type: "path", path: extension.folder } });
  const { contexts: [{ context }] } = await send("browsingContext.getTree", {});
  return {
    goto: (url) => send("browsingContext.navigate", { context, url, wait: "complete" }),
    async evaluate(expression) {
      const { result, exceptionDetails } = await send("script.evaluate", { expression, target: { context }, awaitPromise: true });
      if (exceptionDetails) throw new Error(exceptionDetails.text);
      return result.value;
    },
    press: (key) => send("input.performActions", { context, actions: [{ type: "key", id: "keyboard", actions: [{ type: "keyDown", value: key }, { type: "keyUp", value: key }] }] }),
    async stop() {
      socket.close();
      program.kill("SIGKILL");
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The address that it says it listens at. */
function listening(program) {
  return new Promise((done, failed) => {
    let said = "";
    program.stderr.on("data", (text) => {
      said += text;
      const found = /WebDriver BiDi listening on (ws:\S+)/.exec(said);
      if (found) done(found[1]);
    });
    program.on("exit", (code) => failed(new Error(`Firefox ended with ${code}: ${said}`)));
  });
}

function connected(address) {
  const socket = new WebSocket(`${address}/session`);
  return new Promise((done, failed) => {
    socket.on("open", () => done(socket));
    socket.on("error", failed);
  });
}

/** Sends commands; each answer finds its own. */
function questions(socket) {
  const open = new Map();
  let last = 0;
  socket.on("message", (data) => {
    const { id, type, result, error, message } = JSON.parse(data);
    const question = open.get(id);
    if (!question) return;
    open.delete(id);
    if (type === "success") question.done(result);
    else question.failed(new Error(`${question.method}: ${error}: ${message}`));
  });
  return (method, params) => new Promise((done, failed) => {
    open.set(++last, { method, done, failed });
    socket.send(JSON.stringify({ id: last, method, params }));
  });
}
