// The builds of compose files. <https://docs.docker.com/reference/compose-file/build/>

import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { shown } from "../formats/excerpt.js";
import { withDotenv } from "./dotenv.js";
import { entries, isMapping, readYaml, textOf } from "./files.js";
import { interpolate } from "./interpolation.js";

/** The files that Compose takes by itself, the preferred ones first, and what it lays over them. */
const DEFAULTS = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const OVERRIDE = /^(?:docker-)?compose\.override\.ya?ml$/;

/** How deep files may extend and include each other. */
const DEEPEST = 16;

/** Whether a YAML file may be one, by its text: what has services that are built. */
export function isCompose(text) {
  if (/^include\s*:/m.test(text)) return true;
  return /^services\s*:/m.test(text) && /\b(?:build|extends)["']?\s*:/.test(text);
}

/**
 * The builds of the compose file at `path`: those of its services, whatever their profiles. What
 * lies over another file of its directory is read on top of that.
 */
export function composeBuilds(path, environment = process.env) {
  const directory = dirname(path);
  const variables = withDotenv(join(directory, ".env"), environment);
  const own = servicesOf({ path, directory, variables, depth: 0 });
  const base = baseOf(path);
  const below = base === undefined ? new Map() : servicesOf({ path: base, directory, variables, depth: 0 });
  const builds = [];
  for (const [name, build] of own) {
    // A service that says where its context is stands by itself.
    const isWhole = build.context !== undefined || build.inline !== undefined;
    if (isWhole && !OVERRIDE.test(basename(path))) builds.push(definition(path, name, build, directory));
    else if (below.has(name)) builds.push(definition(path, name, merged(below.get(name), build), directory));
    else builds.push(definition(path, name, build, directory));
  }
  return builds;
}

function baseOf(path) {
  const names = DEFAULTS.filter((name) => existsSync(join(dirname(path), name)));
  return names.length === 0 || names.includes(basename(path)) ? undefined : join(dirname(path), names[0]);
}

function definition(path, service, build, directory) {
  const context = build.context === undefined ? resolve(directory) : build.context;
  return {
    learntFrom: "compose",
    from: `${path}, service ${shown(service)},`,
    file: path,
    context,
    dockerfile: context === null || build.dockerfile === null ? null : resolve(context, build.dockerfile ?? "Dockerfile"),
    inline: build.inline,
    target: build.target,
    args: build.args,
    contexts: build.contexts,
  };
}

// The services of a file that are built, by name, with those of the files it includes.
function servicesOf(file) {
  const services = new Map();
  if (file.depth > DEEPEST) return services;
  const { value, document, text } = readYaml(file.path);
  for (const included of includes(value?.include, file)) {
    for (const [name, build] of servicesOf(included)) services.set(name, build);
  }
  for (const [name] of entries(value?.services)) {
    const build = serviceBuild(value.services, name, file, 0);
    if (build === undefined) continue;
    if (build.inline) build.inline.line = inlineLine(document, text, name);
    services.set(name, build);
  }
  return services;
}

function includes(given, { path, directory, variables, depth }) {
  const list = Array.isArray(given) ? given : [];
  return list.flatMap((entry) => {
    const { path: paths, project_directory: project } = isMapping(entry) ? entry : { path: entry };
    return [paths].flat().flatMap((word) => {
      const name = typeof word === "string" ? interpolate(word, variables) : undefined;
      if (name === undefined) return [];
      const included = resolve(directory, name);
      if (!existsSync(included) || included === resolve(path)) return [];
      const below = project === undefined ? dirname(included) : resolve(directory, String(project));
      return [{ path: included, directory: below, variables: withDotenv(join(below, ".env"), variables), depth: depth + 1 }];
    });
  });
}

// The build of a service, on top of that of the service it extends.
function serviceBuild(services, name, file, depth) {
  const service = services[name];
  if (!isMapping(service) || depth > DEEPEST) return undefined;
  const own = readBuild(service.build, file);
  const base = extendedBuild(services, service.extends, file, depth);
  return base === undefined ? own : own === undefined ? base : merged(base, own);
}

function extendedBuild(services, given, file, depth) {
  if (given === undefined) return undefined;
  const { service, file: named } = isMapping(given) ? given : { service: given };
  if (named === undefined) return serviceBuild(services, service, file, depth + 1);
  const name = interpolate(String(named), file.variables);
  const path = name === undefined ? undefined : resolve(file.directory, name);
  if (path === undefined || !existsSync(path)) return undefined;
  // Paths in that file are relative to where it lies.
  const other = { ...file, path, directory: dirname(path) };
  const there = readYaml(path).value?.services;
  return isMapping(there) ? serviceBuild(there, service, other, depth + 1) : undefined;
}

// What stands behind `build`; null is a value that is not known here, such as an address.
function readBuild(given, { directory, variables }) {
  const build = typeof given === "string" ? { context: given } : given;
  if (!isMapping(build)) return undefined;
  const text = (value) => {
    const written = textOf(value);
    return written === undefined ? undefined : (interpolate(written, variables) ?? null);
  };
  const context = text(build.context);
  const inline = text(build.dockerfile_inline);
  return {
    context: context === undefined ? undefined : isLocal(context) ? resolve(directory, context) : null,
    dockerfile: text(build.dockerfile),
    inline: typeof inline === "string" ? { text: inline } : inline,
    target: text(build.target),
    args: pairs(build.args, text, variables),
    contexts: pairs(build.additional_contexts, text, {}),
  };
}

function isLocal(context) {
  return context !== null && !/^(?:[a-z][a-z0-9+.-]*:\/\/|git@|github\.com\/)/.test(context) && !/\.git(?:#.*)?$/.test(context);
}

// A mapping, or a list of NAME=VALUE; a name alone takes the value of the environment.
function pairs(given, text, variables) {
  const list = Array.isArray(given)
    ? given.map((word) => {
        const written = textOf(word) ?? "";
        const at = written.indexOf("=");
        return at < 0 ? [written, null] : [written.slice(0, at), written.slice(at + 1)];
      })
    : entries(given);
  const values = list.map(([name, value]) => [name, value === null ? variables[name] : text(value)]);
  return Object.fromEntries(values.filter(([, value]) => typeof value === "string"));
}

function merged(base, over) {
  const given = Object.entries(over).filter(([, value]) => value !== undefined);
  return {
    ...base,
    ...Object.fromEntries(given),
    args: { ...base.args, ...over.args },
    contexts: { ...base.contexts, ...over.contexts },
  };
}

// The line before the first of a Dockerfile that stands in the file as it is; else undefined.
function inlineLine(document, text, service) {
  const node = document.getIn(["services", service, "build", "dockerfile_inline"], true);
  if (node?.type !== "BLOCK_LITERAL") return undefined;
  return text.slice(0, node.range[0]).split("\n").length;
}
