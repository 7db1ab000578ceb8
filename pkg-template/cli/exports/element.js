// `layerwise/element`: the custom element `layerwise-dockerfile`, which makes a block of code in a page an
// annotated one that can be repaired. Until that is done, and where it cannot be, its content is shown.

import init, { analyze, parse, rules } from "layerwise";
import { blockOf, BLOCK_STYLE } from "../panel/block.js";
import { styled } from "../panel/dom.js";
import { overviewOf } from "../panel/overview.js";
import { STYLE } from "../panel/style.js";

/** What a fragment is put below: an image that nothing is known of. */
const FROM = "FROM image\n";

// Where pages are built there are no elements; they are made in browsers.
const Base = globalThis.HTMLElement ?? class {};

export class LayerwiseDockerfile extends Base {
  static observedAttributes = ["fix", "theme", "manual", "name"];

  #text;
  #report;
  #root;
  #asked = 0;

  /** The Dockerfile: the text that stands in the element, until another is set. */
  get text() {
    if (this.#text !== undefined) return this.#text;
    const written = (this.querySelector("pre, textarea, script") ?? this).textContent;
    // The line break after the tag is not part of it.
    return written.replace(/^\r?\n/, "");
  }

  set text(text) {
    this.#text = String(text);
    this.#show();
  }

  /** What was found; undefined until then. */
  get report() {
    return this.#report;
  }

  connectedCallback() {
    this.#show();
  }

  attributeChangedCallback() {
    this.#show();
  }

  async #show() {
    if (!this.isConnected) return;
    this.#root ??= this.#shadow();
    const { theme } = { theme: this.getAttribute("theme") };
    if (theme === "light" || theme === "dark") this.dataset.theme = theme;
    else delete this.dataset.theme;
    const asked = ++this.#asked;
    try {
      await init();
      if (asked === this.#asked) this.#draw();
    } catch (error) {
      // The content is there to be read; who wants to know is told.
      this.dispatchEvent(new CustomEvent("layerwise-error", { detail: error }));
    }
  }

  #shadow() {
    const root = this.attachShadow({ mode: "open" });
    root.append(document.createElement("slot"));
    return root;
  }

  #draw() {
    const written = this.text;
    const isFragment = written.trim() !== "" && !parse(written).instructions.some(({ keyword }) => keyword === "FROM");
    const text = isFragment ? FROM + written : written;
    const fix = this.getAttribute("fix");
    const report = analyze(text, fix === null ? {} : { fix });
    const manual = this.getAttribute("manual") ?? undefined;
    const overview = overviewOf(report, { text, name: this.getAttribute("name") ?? "Dockerfile", rules: rules(), ...(manual !== undefined && { manual }) });
    this.#report = report;
    this.#root.replaceChildren(blockOf({ text, report, overview, added: isFragment ? 1 : 0 }));
    styled(this.#root, STYLE + BLOCK_STYLE);
    this.dispatchEvent(new CustomEvent("layerwise", { detail: report }));
  }
}

if (globalThis.customElements?.get("layerwise-dockerfile") === undefined) {
  globalThis.customElements?.define("layerwise-dockerfile", LayerwiseDockerfile);
}
