// An example is a fixture of the project: its Dockerfile and the files beside it.

import type { Options } from "layerwise";
import { noContext, type BuildContext } from "../context";

/** One fixture as a starting point. */
export interface Example {
  name: string;
  title: string;
  dockerfile: string;
  context: BuildContext;
}

/** Those that have buttons, and their titles; the first is shown first. Others go by their names. */
export const TITLES: [name: string, title: string][] = [
  ["pip-2014", "Django, 2014"],
  ["npm-install-and-build", "npm in two stages"],
  ["go-build-in-two-stages", "Go in two stages"],
  ["npm-workspaces", "npm workspaces"],
  ["apt-after-prebuilt-jar", "A jar before apt"],
  ["refused-lifecycle-script", "A refused repair"],
];

/** The examples of files by their paths; some say what is known of their context as options. */
export function examplesOf(dockerfiles: Record<string, string>, contexts: Record<string, string>, options: Record<string, string> = {}): Example[] {
  const beside = new Map<string, { path: string; text: string }[]>();
  for (const [path, text] of Object.entries(contexts)) {
    const [folder = "", inner = ""] = path.split("/context/");
    beside.set(folder, [...(beside.get(folder) ?? []), { path: inner, text }]);
  }
  return Object.entries(dockerfiles).map(([path, dockerfile]) => {
    const folder = path.slice(0, path.lastIndexOf("/"));
    const example = exampleOf(folder.slice(folder.lastIndexOf("/") + 1), dockerfile, beside.get(folder) ?? []);
    const said = options[`${folder}/options.json`];
    return said === undefined ? example : { ...example, context: withOptions(example.context, JSON.parse(said) as Options) };
  });
}

export function exampleOf(name: string, dockerfile: string, files: { path: string; text: string }[]): Example {
  return { name, title: titleOf(name), dockerfile: unix(dockerfile), context: files.length === 0 ? { ...noContext } : contextOf(files) };
}

/** The editor holds line feeds only; the text is compared with what it holds. */
function unix(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

function titleOf(name: string): string {
  const known = TITLES.find(([id]) => id === name);
  if (known) return known[1];
  const words = name.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function contextOf(files: { path: string; text: string }[]): BuildContext {
  return {
    ...noContext,
    files: files.map(({ path }) => path).join("\n"),
    dockerignore: files.find(({ path }) => path === ".dockerignore")?.text ?? "",
    manifests: files.filter(({ path, text }) => path !== ".dockerignore" && text !== ""),
  };
}

/** What options say of a context, over what is known of it. */
function withOptions(context: BuildContext, { files, filesComplete, dockerignore, target, builder, ephemeral }: Options): BuildContext {
  const listed = Array.isArray(files) ? files.map((path) => ({ path, text: null })) : Object.entries(files ?? {}).map(([path, text]) => ({ path, text }));
  return {
    ...context,
    ...(listed.length > 0 ? { files: listed.map(({ path }) => path).join("\n"), manifests: listed.flatMap(({ path, text }) => (text === null ? [] : [{ path, text }])) } : {}),
    complete: filesComplete ?? context.complete,
    dockerignore: dockerignore ?? context.dockerignore,
    target: target ?? context.target,
    builder: builder ?? context.builder,
    ephemeral: ephemeral ?? context.ephemeral,
  };
}
