// Serves look-alike pages under policies as strict as those of the sites. Names that end in `.localhost` are
// this machine.

import { createServer } from "node:http";
import { readFileSync } from "node:fs";

const FILES = { "/look-alike/style.css": "text/css", "/look-alike/soft.js": "text/javascript" };
const PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
/** Raw files: nothing may run, and the page has no origin of its own. */
const RAW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** Serves `routes`: a path, to the text of a page or to `{ raw }`; answers its port, what was asked, and a stop. */
export async function serve(routes) {
  const asked = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const path = decodeURIComponent(pathname);
    asked.push(`${request.headers.host.split(":")[0]}${path}`);
    if (path in FILES) {
      response.writeHead(200, { "content-type": FILES[path] });
      return response.end(readFileSync(new URL(`.${path.replace("/look-alike", "")}`, import.meta.url)));
    }
    const route = routes[path];
    if (route === undefined) {
      response.writeHead(404, { "content-type": "text/html; charset=utf-8" });
      return response.end("<!doctype html><title>404</title>");
    }
    const isRaw = typeof route !== "string";
    response.writeHead(200, { "content-type": isRaw ? "text/plain; charset=utf-8" : "text/html; charset=utf-8", "content-security-policy": isRaw ? RAW_POLICY : PAGE_POLICY });
    response.end(isRaw ? route.raw : route);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: server.address().port,
    asked,
    stop: () => new Promise((done) => {
      server.closeAllConnections();
      server.close(done);
    }),
  };
}
