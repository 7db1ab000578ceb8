// The form that asks what the builder sees: typed, pasted, or read from files and folders.

import { createBuildForm } from "./build-form";
import { noContext, type BuildContext } from "./context";
import { h } from "./element";
import { chosenFiles, readFolder, type Folder } from "./folder";

/** Files larger than this are not read, in bytes. */
const LARGEST_MANIFEST = 1_000_000;

/** The form; `changed` is called at every edit. */
export function createContext(
  root: HTMLElement,
  changed: (context: BuildContext) => void,
  openFolder: (folder: Folder) => void,
  wanted: (paths: string[]) => Promise<boolean[]>,
): { set(context: BuildContext): void; open(): void } {
  let context = noContext;
  const change = (part: Partial<BuildContext>): void => {
    context = { ...context, ...part };
    changed(context);
  };

  const files = area("context-files", "src/app.py\nrequirements.txt", (text) => change({ files: text }));
  const ignore = area("context-ignore", ".git\nnode_modules", (text) => change({ dockerignore: text }));
  const build = createBuildForm(change);
  const complete = h("input", { type: "checkbox", id: "context-complete" });
  complete.addEventListener("change", () => change({ complete: complete.checked }));
  const rows = h("div", { class: "manifests" });
  const add = h("button", { type: "button", onclick: () => addRow() }, "Add a manifest");
  const picker = h("input", { type: "file", multiple: true, id: "context-picker", class: "visually-hidden" });
  picker.addEventListener("change", () => void read(picker));

  const folder = h("input", { type: "file", id: "context-folder", class: "visually-hidden", webkitdirectory: true });
  folder.addEventListener("change", async () => {
    const chosen = [...(folder.files ?? [])];
    folder.value = "";
    if (chosen.length > 0) openFolder(await readFolder(chosenFiles(chosen), wanted));
  });

  const details = h(
    "details",
    {},
    h("summary", {}, "Add what the build sees, and assumptions become proofs"),
    h(
      "p",
      { class: "folder" },
      folder,
      h("label", { for: "context-folder", class: "button" }, "Open a project folder"),
      h("span", {}, "Read here, by this page; nothing is uploaded, whatever your browser calls it."),
    ),
    h("label", { for: "context-files" }, "File list ", h("span", {}, "as ", h("code", {}, "git ls-files"), " prints it")),
    files,
    h("p", { class: "check" }, complete, h("label", { for: "context-complete" }, "The builder sees no other file")),
    h("label", { for: "context-ignore" }, h("code", {}, ".dockerignore")),
    ignore,
    ...build.elements,
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
      build.set(next);
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
