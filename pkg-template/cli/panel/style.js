// How a panel looks: the system's letters, light and dark, more contrast where that is asked for.
// It stands in a shadow root; `data-theme` ("light" or "dark") and `data-contrast="more"` of its host
// go before what the system prefers.

/** The style of a panel, for the shadow root that it stands in. */
export const STYLE = `
:host {
  color-scheme: light dark;
  --sheet: light-dark(#ffffff, #151b1f);
  --sunk: light-dark(#f4f6f8, #0f1417);
  --ink: light-dark(#18232a, #dde5e8);
  --soft: light-dark(#51616b, #9dabb3);
  --line: light-dark(#d3dbe0, #2f3a40);
  --edge: light-dark(#7c8c95, #75858e);
  --cold: light-dark(#0b6468, #63c3c0);
  --cold-wash: light-dark(#e0f0ef, #132a2b);
  --hot: light-dark(#a83c0c, #f39a68);
  --hot-wash: light-dark(#fbebe2, #33211b);
  --bad: light-dark(#a81e32, #f58a93);
  --note: light-dark(#3a5a94, #93b4ee);
  --mono: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
  color: var(--ink);
  font: 400 14px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif;
  text-align: start;
}
:host([data-theme="light"]) { color-scheme: light; }
:host([data-theme="dark"]) { color-scheme: dark; }
:host([data-contrast="more"]) {
  --sheet: light-dark(#ffffff, #010409);
  --ink: light-dark(#000000, #ffffff);
  --soft: light-dark(#26313a, #d9e0e5);
  --line: light-dark(#4b5a63, #9fb0ba);
  --edge: light-dark(#26313a, #d9e0e5);
  --cold: light-dark(#064447, #8ff0ec);
  --hot: light-dark(#7a2803, #ffc09a);
  --bad: light-dark(#7c0a1c, #ffb3b9);
  --note: light-dark(#1d3a73, #bcd2ff);
}
@media (prefers-contrast: more) {
  :host { --ink: light-dark(#000000, #ffffff); --soft: light-dark(#26313a, #d9e0e5); --line: light-dark(#4b5a63, #9fb0ba); }
}
*, *::before, *::after { box-sizing: border-box; }
p, ol, ul, h2, h3, h4, pre { margin: 0; padding: 0; }
ol, ul { list-style: none; }
code, pre, button, .button, .where, .rule { font-family: var(--mono); }
code { font-size: 0.9em; overflow-wrap: anywhere; }
a { color: var(--cold); }
:focus-visible { outline: 2px solid var(--cold); outline-offset: 2px; }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.panel { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; overflow-wrap: anywhere; }
.headline { font-size: 20px; line-height: 1.3; font-weight: 600; text-wrap: balance; }
.headline .lost { color: var(--hot); }
.headline .kept { color: var(--cold); }
.small, .unknown, .rule, .price { font-size: 12.5px; color: var(--soft); }
.unknown { padding-inline-start: 10px; border-inline-start: 3px solid var(--note); }
h3 { margin-bottom: 8px; font-size: 14px; font-weight: 600; }
h4 { margin-block: 2px; font-size: 14px; font-weight: 600; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 10px; }
button, .button {
  display: inline-block; padding: 5px 10px; border: 1px solid var(--edge); border-radius: 4px;
  background: transparent; color: var(--ink); font-size: 12.5px; line-height: 1.4; text-decoration: none; cursor: pointer;
}
button:hover, .button:hover { background: var(--sunk); }
.place { padding: 0 1px; border: 0; color: inherit; font-size: inherit; text-decoration: underline; text-underline-offset: 2px; }
.diff {
  position: relative; max-height: 60vh; overflow: auto; padding-block: 6px; border: 1px solid var(--line); border-radius: 4px; background: var(--sunk);
  font-size: 12.5px; line-height: 1.55; tab-size: 4;
}
.diff code { display: grid; min-width: max-content; font-size: inherit; overflow-wrap: normal; }
.diff code > span { padding-inline: 8px 12px; white-space: pre; }
.diff .gap[hidden] { display: none; }
.diff .gap { margin-block: 4px; color: var(--soft); border-block: 1px dashed var(--line); }
.diff .mark { display: inline-block; width: 1.4em; color: var(--soft); }
.diff .added { background: var(--cold-wash); box-shadow: inset 3px 0 var(--cold); }
.diff .removed { background: var(--hot-wash); box-shadow: inset 3px 0 var(--hot); }
.issues { display: grid; grid-template-columns: minmax(0, 1fr); gap: 14px; }
article { --tone: var(--hot); padding-inline-start: 12px; border-inline-start: 3px solid var(--tone); }
article[data-severity="error"] { --tone: var(--bad); }
article[data-severity="info"] { --tone: var(--note); }
.where { font-size: 12.5px; color: var(--tone); }
article > p, article > div, article > details { margin-top: 4px; }
.repair { padding: 8px 10px; border-radius: 4px; background: var(--cold-wash); }
.repair[data-applicability="suggested"] { background: var(--sunk); }
.repair li { padding-inline-start: 14px; text-indent: -14px; }
.repair li::before { content: "\\2013\\a0\\a0" / ""; }
summary { width: max-content; max-width: 100%; color: var(--soft); cursor: pointer; }
details p { margin-top: 4px; }
@media (forced-colors: active) {
  .diff .added, .diff .removed, article { border-inline-start: 3px solid CanvasText; }
}
`;
