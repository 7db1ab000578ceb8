// What lines of .dockerignore would take from other Dockerfiles that are built with the same context.

import { posix } from "node:path";
import { excludesAll, parse } from "layerwise";
import picomatch from "picomatch";
import { contextFiles } from "./analysis.js";
import { keptForRun } from "./kept.js";
import { othersOf } from "./other-dockerfiles.js";

/** What only patterns hold. */
const WILDCARD = /[*?[\]]/;

/**
 * The name of another Dockerfile that may want what `lines` leave out of the context of `build`; undefined
 * where there is none. It may where it mentions the name of that (`COPY wheels /wheels`,
 * `COPY ${source:-Web/obj/Docker/publish} .`), where it copies what is there today (`COPY . .`), since
 * its image would be another, or where it copies all and runs nothing.
 */
export function dockerfileWanting(build, lines) {
  const others = othersOf(build);
  if (others.length === 0) return undefined;
  const names = lines.map(nameOf);
  const words = names.map(asWord);
  const paths = contextFiles(build);
  const isLeftOut = excludesAll(lines.join("\n"), paths);
  const today = paths.filter((_, at) => isLeftOut[at]);
  const wants = ({ text, values }) => {
    if (text === undefined) return true; // nobody knows
    const said = [text, ...values].join("\n");
    if (words.some((word) => word.test(said))) return true;
    const sources = sourcesOf(text);
    const comes = (source) => lines.some((line) => isAbove(source, bare(line))) && runsNothing(text);
    return sources.some((source) => names.some((name) => mayMean(source, name)) || today.some((path) => brings(source, path)) || comes(source));
  };
  return others.find(wants)?.name;
}

// An image that copies all and runs nothing serves what was made before its build: `COPY . .` with the
// `node_modules` of CI.
function runsNothing(text) {
  return parse(text).instructions.every(({ keyword }) => keyword !== "RUN");
}

// The path that a line names, as far as it does: `**/obj` may be any.
function bare(line) {
  return line.replace(/^!/, "").replace(/^(\*\*\/)+/, "").replace(/\/+$/, "");
}

/** The last part of the path that a line names: `obj` of `Web/obj/`, `.egg-info` of a pattern for such. */
function nameOf(line) {
  const last = line.replace(/^!/, "").replace(/\/+$/, "").split("/").at(-1);
  return last.split(WILDCARD).sort((a, b) => b.length - a.length)[0];
}

// As a word of its own: `object` does not mention `obj`, and the address of a `web.git` no `.git`.
function asWord(name) {
  const literal = name.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  return new RegExp(`(?<!\\w)${literal}(?!\\w)`);
}

// `COPY wheel* /wheels` means `wheels`; `COPY * .` is a copy of all.
function mayMean(source, name) {
  return source.split("/").some((part) => WILDCARD.test(part) && !/^\*+$/.test(part) && picomatch.isMatch(name, part, { dot: true }));
}

// By the text of a Dockerfile: of many that share a context, each asks about each other one.
const taken = keptForRun();

/** What a Dockerfile takes out of its context, as paths there; "" being all of it. */
function sourcesOf(text) {
  if (!taken.has(text)) taken.set(text, sourcesIn(parse(text).instructions));
  return taken.get(text);
}

function sourcesIn(instructions) {
  return instructions.flatMap(({ trigger, ...instruction }) => {
    const { keyword, flags, args } = trigger ?? instruction;
    if (keyword === "RUN") return flags.flatMap(mountedOf);
    if (!["COPY", "ADD"].includes(keyword) || flags.some((flag) => flag.startsWith("--from="))) return [];
    return args.slice(0, -1).map(within);
  });
}

// `RUN --mount=type=bind,target=/src make` sees the whole context.
function mountedOf(flag) {
  if (!flag.startsWith("--mount=")) return [];
  const options = new Map(flag.slice("--mount=".length).split(",").map((option) => option.split("=")));
  if ((options.get("type") ?? "bind") !== "bind" || options.has("from")) return [];
  return [within(options.get("source") ?? options.get("src") ?? "")];
}

function within(source) {
  return posix.join("/", source).replace(/\/$/, "").slice(1);
}

// What a variable or a pattern stands for may be anything.
function brings(source, path) {
  return isAbove(source, path) || path === source || source.includes("$") || WILDCARD.test(source);
}

function isAbove(source, path) {
  return source === "" || path.startsWith(`${source}/`);
}
