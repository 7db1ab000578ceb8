// Pages of GitHub and GitLab as the extension meets them, written by us: the same attributes and the same
// nesting around what it looks for, and nothing else of them.

const escaped = (text) => text.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);
const lines = (text) => `<pre class="lines">${escaped(text)}</pre>`;

function page({ head, html = "", body = "", tree = "", main }) {
  return `<!doctype html><html lang="en" ${html}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>look-alike</title>${head}<link rel="stylesheet" href="/look-alike/style.css"></head>
<body ${body}><div class="top">acme / shop</div><div class="layout">${tree}<main>${main}</main></div>
<script src="/look-alike/soft.js"></script></body></html>`;
}

const GITHUB = '<meta name="hostname" content="github.com"><meta name="octolytics-url" content="https://collector.example">';

/** Its tree: a directory says whether it is open. */
function githubTree(files, ref) {
  const directories = [...new Set(files.filter((path) => path.includes("/")).map((path) => path.split("/")[0]))];
  const items = [...directories.map((path) => [path, 'aria-expanded="false"']), ...files.map((path) => [path, ""])];
  return `<nav aria-label="Files"><ul role="tree">${items.map(([path, state]) =>
    `<li role="treeitem" id="${escaped(path)}-item" ${state}><a data-soft href="/acme/shop/blob/${ref}/${path}">${escaped(path)}</a></li>`).join("")}</ul></nav>`;
}

/** The view of a file. `data` is what the page is delivered with; without it, that is of another file. */
export function githubFile({ path, text, files, ref = "main", mode = "light", theme = "dark", data = true }) {
  const payload = { path, refInfo: { name: ref }, blob: { rawLines: text.replace(/\n$/, "").split("\n"), truncated: false }, fileTree: { "": { items: files.map((one) => ({ name: one, path: one, contentType: "file" })) } } };
  return page({
    head: GITHUB,
    html: `data-color-mode="${mode}" data-light-theme="light" data-dark-theme="${theme}"`,
    tree: githubTree(files, ref),
    main: `${data ? `<script type="application/json" data-target="react-app.embeddedData">${JSON.stringify({ payload: { codeViewBlobRoute: payload } }).replaceAll("<", "\\u003c")}</script>` : ""}
<div class="box"><div class="bar"><span>${text.split("\n").length} lines</span>
<div class="react-blob-header-edit-and-raw-actions"><div data-component="ButtonGroup"><a data-testid="raw-button" href="/acme/shop/raw/${ref}/${path}">Raw</a></div></div></div>${lines(text)}</div>`,
  });
}

/** A view that is built in a way that nobody knows yet. */
export function githubChanged({ path, text }) {
  return page({ head: GITHUB, html: 'data-color-mode="light"', main: `<div class="box"><div class="bar"><b>${path}</b><span><em role="toolbar">Raw</em></span></div>${lines(text)}</div>` });
}

/** The changes of a pull request, as they are drawn by React. */
export function githubPull(changes) {
  const drawn = changes.map(({ path, text }) => `<div class="PullRequestDiffsList-module__diffEntry__x1"><div class="file" role="region" id="diff-${path.length}">
<div class="DiffFileHeader-module__diff-file-header__x2"><div><h3 class="DiffFileHeader-module__file-name__x3"><a href="#diff-${path.length}"><code>\u200e${path}\u200e</code></a></h3></div>
<div class="flex-justify-end"><label><input type="checkbox"> Viewed</label></div></div>${lines(text)}</div></div>`);
  return page({ head: GITHUB, html: 'data-color-mode="auto" data-light-theme="light" data-dark-theme="dark"', main: drawn.join("") });
}

/** The same as GitHub Enterprise has it. */
export function githubPullClassic(changes) {
  const drawn = changes.map(({ path, text, deleted = false }) => `<div class="file js-file" data-tagsearch-path="${path}" data-file-deleted="${deleted}">
<div class="file-header" data-path="${path}"><div class="file-info"><a href="#diff-1">${path}</a></div><div class="file-actions"><div>Viewed</div></div></div>${lines(text)}</div>`);
  return page({ head: GITHUB, html: 'data-color-mode="light"', main: drawn.join("") });
}

const GITLAB = '<meta property="og:site_name" content="GitLab">';

/** The view of a file. */
export function gitlabFile({ path, text, dark = false }) {
  const name = path.split("/").at(-1);
  return page({
    head: GITLAB,
    html: `class="${dark ? "gl-dark" : "gl-light"}"`,
    body: 'data-page="projects:blob:show"',
    main: `<div id="fileHolder" class="file-holder box"><div class="js-file-title file-title-flex-parent"><div class="file-header-content"><strong class="file-title-name" data-testid="file-name-content">${name}</strong></div>
<div class="file-actions"><a href="/acme/tools/shop/-/raw/main/${path}">Open raw</a></div></div>${lines(text)}</div>`,
  });
}

/** The changes of a merge request: each links to its file behind the change. */
export function gitlabMerge(changes) {
  const drawn = changes.map(({ path, text }) => `<div class="diff-file file-holder box" data-path="${path}"><div class="js-file-title file-title-flex-parent"><div class="file-header-content"><strong class="file-title-name">${path}</strong></div>
<div class="file-actions"><a href="/acme/tools/shop/-/blob/0123456789abcdef0123456789abcdef01234567/${path}">View file</a></div></div>${lines(text)}</div>`);
  return page({ head: GITLAB, body: 'data-page="projects:merge_requests:diffs"', main: drawn.join("") });
}
