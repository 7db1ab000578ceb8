// The builds of a compose file, as far as its text tells them: no other file is read for it, and variables
// have their defaults. The command line, which reads a repository, knows more.

import { parse } from "yaml";

/** What a service says of its build; paths are below the directory of the compose file. */
export interface Build {
  service: string;
  context: string;
  dockerfile: string;
  /** The Dockerfile, where it stands in the compose file. */
  inline: string | undefined;
  target: string;
  /** One NAME=value a line. */
  args: string;
}

/** The builds of a compose file; those of other places, such as a repository on the web, are left out. */
export function buildsOf(text: string): Build[] {
  const { services } = mapping(parse(text) as unknown);
  return Object.entries(mapping(services)).flatMap(([service, given]) => {
    const build = mapping(given)["build"];
    const { context, dockerfile, dockerfile_inline: inline, target, args } = typeof build === "string" ? { context: build } : mapping(build);
    const directory = build === undefined ? undefined : inside(said(context) ?? ".");
    if (directory === undefined) return [];
    return [{ service, context: directory, dockerfile: said(dockerfile) ?? "Dockerfile", inline: said(inline), target: said(target) ?? "", args: argsOf(args) }];
  });
}

type Mapping = Record<string, unknown>;

function mapping(value: unknown): Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Mapping) : {};
}

/** A value as text, with what its variables are by default. */
function said(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return undefined;
  return value.replace(/\$\$|\$\{\w+(?::?-([^}]*))?\}/g, (all, byDefault: string | undefined) => (all === "$$" ? "$" : (byDefault ?? all)));
}

/** A path below the directory; undefined for one that leads out of it, or into the web. */
function inside(path: string): string | undefined {
  if (/^(?:\/|[a-z][a-z0-9+.-]*:\/\/|git@)/.test(path)) return undefined;
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return parts.includes("..") ? undefined : parts.join("/");
}

/** A mapping, or a list of NAME=value; a name alone has the value of an environment that nobody knows here. */
function argsOf(given: unknown): string {
  const lines = Array.isArray(given) ? given.map((word) => said(word) ?? "") : Object.entries(mapping(given)).map(([name, value]) => `${name}=${said(value) ?? ""}`);
  return lines.filter((line) => /^[^=]+=./.test(line)).join("\n");
}
