// GitHub's REST API, as much of it as a pull request is told with.
// <https://docs.github.com/en/rest>

/** How long an answer may take, in milliseconds. */
const PATIENCE = 30_000;

const PER_PAGE = 100;

/** Most pages of a list that are read: the most files that GitHub lists of a pull request. */
const MOST_PAGES = 30;

/** Calls for the repository that the workflow runs for. */
export function apiOf({ GITHUB_API_URL: root = "https://api.github.com", GITHUB_REPOSITORY: repository }, token) {
  async function ask(method, path, { body, accept = "application/vnd.github+json" } = {}) {
    const answer = await fetch(`${root}/repos/${repository}${path}`, {
      method,
      headers: {
        accept,
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "user-agent": "layerwise",
        "x-github-api-version": "2022-11-28",
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.ok) return answer;
    throw Object.assign(new Error(`${method} ${path} was answered with ${answer.status}`), { status: answer.status });
  }

  return {
    /** The items of a list, over its pages. */
    async list(path) {
      const items = [];
      for (let page = 1; page <= MOST_PAGES; page++) {
        const more = await (await ask("GET", `${path}?per_page=${PER_PAGE}&page=${page}`)).json();
        items.push(...more);
        if (more.length < PER_PAGE) break;
      }
      return items;
    },
    /** The text of a file in a commit; undefined where there is none. */
    async textOf(path, commit) {
      const escaped = path.split("/").map(encodeURIComponent).join("/");
      try {
        const answer = await ask("GET", `/contents/${escaped}?ref=${commit}`, { accept: "application/vnd.github.raw+json" });
        return await answer.text();
      } catch (error) {
        if (error.status === 404) return undefined;
        throw error;
      }
    },
    send: (method, path, body) => ask(method, path, { body }),
  };
}

/** What the comments of one use of the action begin with. */
export function markOf(name) {
  return `<!-- layerwise: ${name.replace(/[^\w .-]/g, "_")} -->\n`;
}

/**
 * Whether a comment is one that the action wrote: whoever may comment can write the mark, and is not
 * to have a comment of theirs changed.
 */
export function isOurs({ body, user, author_association: association }, mark) {
  const isTrusted = user?.type === "Bot" || ["OWNER", "MEMBER", "COLLABORATOR"].includes(association);
  return isTrusted && (body ?? "").replaceAll("\r\n", "\n").startsWith(mark);
}
