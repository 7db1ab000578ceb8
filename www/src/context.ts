// What the visitor says of their build context: a list of files, .dockerignore, manifests.
// Nothing of it is required; with it, assumptions become proofs.

import type { Options } from "layerwise";
import { count, h } from "./element";

/** The panel's content, as typed. */
export interface BuildContext {
  /** One path a line, as `git ls-files` prints them. */
  files: string;
  /** Whether the list names every file the builder sees. */
  complete: boolean;
  dockerignore: string;
  manifests: { path: string; text: string }[];
}

export const noContext: BuildContext = { files: "", complete: true, dockerignore: "", manifests: [] };

/** Files larger than this are listed, but not read. */
const LARGEST_MANIFEST = 1_000_000;

/** The options of `analyze` that say the same. */
export function toOptions(context: BuildContext): Options {
  const options: Options = {};
  const files: Record<string, string | null> = {};
  const listed = context.files.split("\n").map((line) => line.trim().replace(/^\.\//, ""));
  for (const path of listed) if (path !== "") files[path] = null;
  for (const { path, text } of context.manifests) if (path.trim() !== "") files[path.trim()] = text;
  if (Object.keys(files).length > 0) {
    options.files = files;
    // Manifests alone are never the whole context.
    options.filesComplete = context.complete && context.files.trim() !== "";
  }
  if (context.dockerignore.trim() !== "") options.dockerignore = context.dockerignore;
  return options;
}

/** What is known, in a few words. */
export function describe(context: BuildContext): string {
  const parts = [];
  const listed = context.files.split("\n").filter((line) => line.trim() !== "").length;
  if (listed > 0) parts.push(count(listed, "file"));
  const manifests = context.manifests.filter(({ path }) => path.trim() !== "").length;
  if (manifests > 0) parts.push(count(manifests, "manifest"));
  if (context.dockerignore.trim() !== "") parts.push(".dockerignore");
  return parts.length > 0 ? parts.join(", ") : "not given";
}

/** The form; `changed` is called at every edit. */
export function createContext(
  root: HTMLElement,
  changed: (context: BuildContext) => void,
): { set(context: BuildContext): void; open(): void } {
  let context = noContext;
  const change = (part: Partial<BuildContext>): void => {
    context = { ...context, ...part };
    changed(context);
  };

  const files = area("context-files", "src/app.py\nrequirements.txt", (text) => change({ files: text }));
  const ignore = area("context-ignore", ".git\nnode_modules", (text) => change({ dockerignore: text }));
  const complete = h("input", { type: "checkbox", id: "context-complete" });
  complete.addEventListener("change", () => change({ complete: complete.checked }));
  const rows = h("div", { class: "manifests" });
  const add = h("button", { type: "button", onclick: () => addRow() }, "Add a manifest");
  const picker = h("input", { type: "file", multiple: true, id: "context-picker", class: "visually-hidden" });
  picker.addEventListener("change", () => void read(picker));

  const details = h(
    "details",
    {},
    h("summary", {}, "Add what the build sees, and assumptions become proofs"),
    h("label", { for: "context-files" }, "File list ", h("span", {}, "as ", h("code", {}, "git ls-files"), " prints it")),
    files,
    h("p", { class: "check" }, complete, h("label", { for: "context-complete" }, "The builder sees no other file")),
    h("label", { for: "context-ignore" }, h("code", {}, ".dockerignore")),
    ignore,
    h("p", { class: "label" }, "Manifests and lock files"),
    rows,
    h("p", { class: "tools" }, add, picker, h("label", { for: "context-picker", class: "button" }, "Choose files")),
  );
  root.replaceChildren(details);

  function addRow(): void {
    change({ manifests: [...context.manifests, { path: "", text: "" }] });
    renderRows();
    rows.querySelector<HTMLInputElement>(".manifest:last-child input")?.focus();
  }

  async function read(input: HTMLInputElement): Promise<void> {
    const chosen = [...(input.files ?? [])].filter((file) => file.size <= LARGEST_MANIFEST);
    const read = await Promise.all(chosen.map(async (file) => ({ path: file.name, text: await file.text() })));
    input.value = "";
    const ignored = read.find(({ path }) => path === ".dockerignore");
    if (ignored) ignore.value = ignored.text;
    const manifests = read.filter((file) => file !== ignored);
    const kept = context.manifests.filter(({ path }) => manifests.every((file) => file.path !== path));
    change({
      manifests: [...kept, ...manifests],
      ...(ignored ? { dockerignore: ignored.text } : {}),
    });
    renderRows();
  }

  function renderRows(): void {
    rows.replaceChildren(
      ...context.manifests.map((manifest, index) => {
        const edit = (part: Partial<typeof manifest>): void =>
          change({
            manifests: context.manifests.map((other, at) => (at === index ? { ...other, ...part } : other)),
          });
        const path = h("input", { type: "text", "aria-label": `Path of manifest ${index + 1}`, placeholder: "package.json", spellcheck: "false" });
        path.value = manifest.path;
        path.addEventListener("input", () => edit({ path: path.value }));
        const text = area(`manifest-${index}`, "", (value) => edit({ text: value }));
        text.setAttribute("aria-label", `Text of manifest ${index + 1}`);
        text.value = manifest.text;
        const remove = h("button", { type: "button", "aria-label": `Remove manifest ${index + 1}`, onclick: () => {
          change({ manifests: context.manifests.filter((_, at) => at !== index) });
          renderRows();
          add.focus();
        } }, "Remove");
        return h("div", { class: "manifest" }, path, remove, text);
      }),
    );
  }

  return {
    set(next) {
      context = next;
      files.value = next.files;
      ignore.value = next.dockerignore;
      complete.checked = next.complete;
      renderRows();
    },
    open() {
      details.open = true;
      files.focus();
    },
  };
}

function area(id: string, placeholder: string, input: (text: string) => void): HTMLTextAreaElement {
  const element = h("textarea", { id, placeholder, rows: "4", spellcheck: "false", autocapitalize: "off", wrap: "off" });
  element.addEventListener("input", () => input(element.value));
  return element;
}
