import type { Report } from "./index.js";

/**
 * What custom elements are made of, where the types of the DOM are there.
 */
declare const Base: typeof globalThis extends { HTMLElement: infer Known extends abstract new () => object } ? Known : new () => object;

/**
 * `<layerwise-dockerfile>`: a block of code in a page, annotated, with a button that shows the rewritten
 * file. Importing this defines it. A text without FROM is read as a fragment of a file.
 *
 * Attributes: `fix` ("none", "safe", "assumed" or "suggested": which fixes go into the rewritten file),
 * `theme` ("light" or "dark"; else what the system prefers), `name` of the file, and `manual`, the
 * address before those of the rules.
 *
 * Events: `layerwise` when it has been analysed, with the report; `layerwise-error` when that was not
 * possible, with the error. Its content is shown then.
 */
export class LayerwiseDockerfile extends Base {
    /**
     * The Dockerfile: the text that stands in the element, until another is set.
     */
    text: string;
    /**
     * What was found; undefined until then.
     */
    readonly report: Report | undefined;
}

export {};
