// What is known of the build context: a list of files, .dockerignore, manifests, texts read from
// a folder. Nothing of it is required; with it, assumptions become proofs. The form that asks
// for it is in context-form.ts.

import type { Builder, Options } from "layerwise";
import { count } from "./words";

/** The panel's content, as typed. */
export interface BuildContext {
  /** One path a line, as `git ls-files` prints them. */
  files: string;
  /** Whether the list names every file the builder sees. */
  complete: boolean;
  dockerignore: string;
  /** The name of the file that has this text: a Dockerfile may have one of its own. */
  ignoreFile: string;
  manifests: { path: string; text: string }[];
  /** Texts read from a folder; they count as long as `files` names their path. */
  texts: Record<string, string>;
  /** The stage that is built; the last one where it is empty. */
  target: string;
  /** Build arguments, one NAME=value a line. */
  args: string;
  builder: Builder;
  /** Whether the builder keeps no cache mounts between builds, as in hosted CI. */
  ephemeral: boolean;
}

/** The builders, and how they are called. */
export const BUILDERS: [builder: Builder, words: string][] = [
  ["buildkit", "BuildKit, as in Docker"],
  ["classic", "Docker’s classic builder"],
  ["buildah", "Buildah, Podman"],
];

export const noContext: BuildContext = {
  files: "", complete: true, dockerignore: "", ignoreFile: ".dockerignore", manifests: [], texts: {}, target: "", args: "", builder: "buildkit", ephemeral: false,
};

/** The options of `analyze` that say the same. */
export function toOptions(context: BuildContext): Options {
  const options: Options = {};
  const files: Record<string, string | null> = {};
  const listed = context.files.split("\n").map((line) => line.trim().replace(/^\.\//, ""));
  for (const path of listed) if (path !== "") files[path] = context.texts[path] ?? null;
  for (const { path, text } of context.manifests) if (path.trim() !== "") files[path.trim()] = text;
  if (Object.keys(files).length > 0) {
    options.files = files;
    // Manifests alone are never the whole context.
    options.filesComplete = context.complete && context.files.trim() !== "";
  }
  if (context.dockerignore.trim() !== "") options.dockerignore = context.dockerignore;
  if (context.target.trim() !== "") options.target = context.target.trim();
  const args = context.args.split("\n").map((line) => /^\s*([^\s=]+)=(.*)$/.exec(line)).filter((found) => found !== null);
  if (args.length > 0) options.buildArgs = Object.fromEntries(args.map(([, name = "", value = ""]) => [name, value]));
  if (context.builder !== noContext.builder) options.builder = context.builder;
  if (context.ephemeral) options.ephemeral = true;
  return options;
}

/** What is known, in a few words. */
export function describe(context: BuildContext): string {
  const parts = [];
  const listed = context.files.split("\n").filter((line) => line.trim() !== "").length;
  if (listed > 0) parts.push(count(listed, "file"));
  const manifests = context.manifests.filter(({ path }) => path.trim() !== "").length;
  if (manifests > 0) parts.push(count(manifests, "manifest"));
  const texts = Object.keys(context.texts).length;
  if (texts > 0) parts.push(`${texts.toLocaleString("en")} read`);
  if (context.dockerignore.trim() !== "") parts.push(context.ignoreFile);
  if (context.target.trim() !== "") parts.push(`target ${context.target.trim()}`);
  if (context.args.trim() !== "") parts.push("build arguments");
  if (context.builder !== noContext.builder) parts.push(context.builder);
  if (context.ephemeral) parts.push("no mounts kept");
  return parts.length > 0 ? parts.join(", ") : "not given";
}
