// Next: the package in server components, client components and edge routes, built by each of its
// bundlers and served.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { BROWSERS, bodyOf, opened, resolvers } from "../browser.mjs";
import { PROGRAM, WORKS, bin, projectIn, works } from "../installed.mjs";

const running = [];
after(() => running.forEach((stop) => stop()));
const project = projectIn(fileURLToPath(new URL(".", import.meta.url)));
const NEXT = bin("next", "next", import.meta.url);
const BUNDLERS = { Turbopack: [], webpack: ["--webpack"] };

const SAID = `(await init(), (found => ${PROGRAM.says})(${PROGRAM.found}))`;
const IMPORT = 'import init, { analyze } from "layerwise";';

for (const [name, options] of Object.entries(BUNDLERS)) {
  const folder = `next-${name.toLowerCase()}`;
  project.write({
    [`${folder}/package.json`]: "{}",
    [`${folder}/next.config.mjs`]: `export default { turbopack: { root: ${JSON.stringify(join(project.directory, "../../../.."))} } };`,
    [`${folder}/app/layout.js`]: "export default function Layout({ children }) { return <html><body>{children}</body></html>; }",
    [`${folder}/app/server/page.js`]: `${IMPORT}\nexport const dynamic = "force-dynamic";
      export default async function Page() { return <p>{${SAID}}</p>; }`,
    [`${folder}/app/client/page.js`]: `"use client";\n${IMPORT}\nimport { useEffect } from "react";
      async function say() { return ${SAID}; }
      export default function Page() {
        useEffect(() => { say().catch(String).then((body) => fetch("/found", { method: "POST", body })); }, []);
        return <p>client</p>;
      }`,
    [`${folder}/app/node/route.js`]: `${IMPORT}\nexport const dynamic = "force-dynamic";
      export async function GET() { return new Response(${SAID}); }`,
    [`${folder}/app/edge/route.js`]: `${IMPORT}\nexport const runtime = "edge";
      export async function GET() { return new Response(${SAID}); }`,
    // The page posts to the server that it came from, which passes it on.
    [`${folder}/app/found/route.js`]: `export async function POST(request) {
        await fetch(process.env.INBOX, { method: "POST", body: await request.text() });
        return new Response();
      }`,
  });
  const start = startOnce(folder, options);
  const answers = async (path) => (await fetch(`${(await start()).origin}/${path}`)).text();
  const row = (what) => ({ how: `${what}, built with ${name}`, version: { name: "next", from: import.meta.url } });
  works("Next", row("server component"), async () => assert.ok((await answers("server")).includes(WORKS)));
  works("Next", row("route in Node"), async () => assert.equal(await answers("node"), WORKS));
  works("Next", row("route on the edge"), async () => assert.equal(await answers("edge"), WORKS));
  works("Next", row("client component"), async () => {
    const { origin, posted } = await start();
    assert.equal(await opened(BROWSERS[0], `${origin}/client`, posted), WORKS);
  });
}

/** Builds and serves the application in `folder` at the first call. */
function startOnce(folder, options) {
  let started;
  const start = async () => {
    project.run(process.execPath, [NEXT, "build", ...options], { folder, env: environment() });
    const inbox = resolvers();
    const server = createServer(async (request, response) => {
      inbox.resolve(await bodyOf(request));
      response.end();
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    const INBOX = `http://127.0.0.1:${server.address().port}`;
    const next = spawn(process.execPath, [NEXT, "start", "--port", "0", "--hostname", "127.0.0.1"], {
      cwd: join(project.directory, folder), env: { ...environment(), INBOX }, stdio: ["ignore", "pipe", "inherit"],
    });
    running.push(() => next.kill(), () => server.close());
    return { origin: await addressOf(next), posted: inbox.promise };
  };
  return () => (started ??= start());
}

function addressOf(next) {
  return new Promise((resolve, reject) => {
    let said = "";
    next.stdout.on("data", (text) => {
      said += text;
      const [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
      if (origin !== undefined && /Ready/.test(said)) resolve(origin);
    });
    next.on("exit", () => reject(new Error(`next start ended: ${said}`)));
  });
}

function environment() {
  const { NODE_ENV, ...others } = process.env;
  return { ...others, NEXT_TELEMETRY_DISABLED: "1" };
}
