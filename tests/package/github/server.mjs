// What of GitHub's REST API the action uses, over state in memory, which tests read.
// <https://docs.github.com/en/rest>

import { createServer } from "node:http";

const BOT = { user: { login: "github-actions[bot]", type: "Bot" }, author_association: "NONE" };

/**
 * Serves pull request 7 of example/shop until `stop()`. Its state: `comments` and `reviewComments`,
 * the `files` it changes, what `contents` the head has, the `status` that every call to write is
 * refused with, and the `requests` that came.
 */
export async function serveGitHub({ files = [], contents = {} } = {}) {
  const state = { comments: [], reviewComments: [], files, contents, status: undefined, requests: [] };
  let id = 100;
  const added = (list, comment) => {
    list.push({ id: id++, ...BOT, ...comment });
    return [201, list.at(-1)];
  };
  const routes = [
    [/^GET \/issues\/7\/comments$/, () => [200, state.comments]],
    [/^POST \/issues\/7\/comments$/, (_, body) => added(state.comments, body)],
    [/^PATCH \/issues\/comments\/(\d+)$/, ([, number], body) => [200, Object.assign(withId(state.comments, number), body)]],
    [/^GET \/pulls\/7\/files$/, () => [200, state.files]],
    [/^GET \/pulls\/7\/comments$/, () => [200, state.reviewComments]],
    [/^POST \/pulls\/7\/comments$/, (_, body) => added(state.reviewComments, body)],
    [/^DELETE \/pulls\/comments\/(\d+)$/, ([, number]) => {
      state.reviewComments.splice(state.reviewComments.indexOf(withId(state.reviewComments, number)), 1);
      return [204];
    }],
    [/^GET \/contents\/(.*)$/, ([, path]) => (path in state.contents ? [200, state.contents[path]] : [404])],
  ];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const url = new URL(request.url, "http://localhost");
    const call = `${request.method} ${decodeURIComponent(url.pathname).replace(/^\/repos\/example\/shop/, "")}`;
    state.requests.push({ call, query: url.search, authorization: request.headers.authorization });
    const [route, answer] = routes.find(([pattern]) => pattern.test(call)) ?? [];
    const isRefused = state.status !== undefined && request.method !== "GET";
    let [status, body] = isRefused ? [state.status]
      : route === undefined ? [404]
      : answer(route.exec(call), text === "" ? undefined : JSON.parse(text));
    if (Array.isArray(body)) body = page(body, url.searchParams);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    state,
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }),
  };
}

function withId(comments, number) {
  return comments.find(({ id }) => id === Number(number));
}

function page(items, query) {
  const size = Number(query.get("per_page") ?? 30);
  const at = (Number(query.get("page") ?? 1) - 1) * size;
  return items.slice(at, at + size);
}
