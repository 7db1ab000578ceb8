// The builds of bake files. <https://docs.docker.com/build/bake/reference/>

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "../input.js";
import { shown } from "../formats/excerpt.js";
import { cacheOf } from "./build-cache.js";
import { entries, isMapping, readJson, readSaved, textOf } from "./files.js";

/** How long docker may take to read a file, in milliseconds. */
const PATIENCE = 20_000;

/** How deep targets may inherit from each other. */
const DEEPEST = 16;

/** Whether a file is one, by its name. */
export function isBake(name) {
  return /bake.*\.(?:json|hcl)$/i.test(name);
}

/**
 * The builds of the bake file at `path`, whose paths are relative to where bake runs: its own
 * directory, or `root`, whichever has the Dockerfile.
 */
export function bakeBuilds(path, root) {
  const isHcl = path.endsWith(".hcl");
  const file = isHcl ? printed(path) : withOverride(path);
  const variables = Object.fromEntries(entries(file.variable).flatMap(([name, variable]) => {
    const value = process.env[name] ?? textOf(variable?.default);
    return value === undefined ? [] : [[name, value]];
  }));
  return entries(file.target).map(([name]) => {
    const target = inherited(file.target, name, 0);
    // What docker has printed holds values alone.
    return definition(path, root, { name, target, evaluate: isHcl ? (text) => text : (text) => template(text, variables) });
  });
}

function definition(path, root, { name, target, evaluate }) {
  const text = (value) => {
    const written = textOf(value);
    return written === undefined ? undefined : evaluate(written);
  };
  const context = target.context === undefined ? "." : text(target.context);
  const isLocal = context !== null && !/:\/\/|^git@/.test(context);
  const dockerfile = target.dockerfile === undefined ? "Dockerfile" : text(target.dockerfile);
  const inline = text(target["dockerfile-inline"]);
  const bases = [dirname(path), root];
  const base = bases.find((base) => isLocal && dockerfile !== null && existsSync(resolve(base, context, dockerfile))) ?? bases[0];
  const values = (given) => Object.fromEntries(entries(given)
    .map(([key, value]) => [key, text(value)])
    .filter(([, value]) => typeof value === "string"));
  return {
    learntFrom: "bake",
    from: `${path}, target ${shown(name)},`,
    file: path,
    context: isLocal ? resolve(base, context) : null,
    dockerfile: isLocal && dockerfile !== null ? resolve(base, context, dockerfile) : null,
    inline: typeof inline === "string" ? { text: inline } : inline,
    target: text(target.target),
    args: values(target.args),
    contexts: values(target.contexts),
    cache: target["no-cache"] === true ? undefined : cacheOf(target["cache-from"], target["cache-to"], evaluate),
  };
}

// Later targets of `inherits` go before earlier ones, and the target itself before all.
function inherited(targets, name, depth) {
  const own = targets[name];
  if (!isMapping(own) || depth > DEEPEST) return {};
  const parents = Array.isArray(own.inherits) ? own.inherits : [];
  return [...parents.map((parent) => inherited(targets, parent, depth + 1)), own].reduce((base, over) => ({
    ...base,
    ...over,
    args: { ...base.args, ...over.args },
    contexts: { ...base.contexts, ...over.contexts },
  }), {});
}

function withOverride(path) {
  const file = readJson(path);
  const override = join(dirname(path), basename(path).replace(/\.json$/, ".override.json"));
  if (path.endsWith(".override.json") || !existsSync(override)) return isMapping(file) ? file : {};
  const over = readJson(override);
  const target = { ...file.target };
  for (const [name, given] of entries(over.target)) target[name] = { ...target[name], ...given };
  return { ...file, variable: { ...file.variable, ...over.variable }, target };
}

// Variables alone are replaced; what calls a function has no value here.
function template(text, variables) {
  let isKnown = true;
  const out = text.replace(/\$?\$\{([^}]*)\}/g, (written, name) => {
    if (written.startsWith("$$")) return written.slice(1);
    isKnown &&= Object.hasOwn(variables, name.trim());
    return variables[name.trim()] ?? "";
  });
  return isKnown ? out : null;
}

// HCL is read by the one who defines it, as it is on disk.
function printed(path) {
  const names = [...readSaved(path).matchAll(/^[ \t]*target[ \t]+"(\w[\w-]*)"/gm)].map(([, name]) => name);
  if (names.length === 0) return {};
  const given = ["buildx", "bake", "-f", basename(path), "--print", ...names];
  const run = spawnSync("docker", given, { cwd: dirname(path), encoding: "utf8", timeout: PATIENCE });
  const unknown = `the builds of ${path} are not known: it is read by \`docker buildx bake --print\``;
  if (run.error !== undefined) throw new InputError(`${unknown}, which cannot be run here (${run.error.code})`);
  if (run.status !== 0) {
    // Without the plugin, docker takes what follows for options of its own.
    const lacksPlugin = /^unknown (shorthand )?flag|is not a docker command/m.test(run.stderr);
    throw new InputError(`${unknown}, ${lacksPlugin ? "and docker has no buildx here: install its plugin" : `which says: ${complaint(run.stderr)}`}`);
  }
  try {
    return JSON.parse(run.stdout);
  } catch {
    throw new InputError(`${unknown}, which printed no JSON`);
  }
}

// The line that says what is wrong: it may come last, behind how far the work was.
function complaint(text) {
  const lines = text.trim().split("\n");
  return lines.findLast((line) => /^error/i.test(line)) ?? lines[0];
}
