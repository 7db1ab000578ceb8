// Builds of Makefiles and of the scripts of package.json: read, never run.

import { dirname } from "node:path";
import { shown } from "../formats/excerpt.js";
import { commandBuilds } from "./commands.js";
import { entries, readDefinition, readJson } from "./files.js";

/** Whether a file is a Makefile, by its name. */
export function isMakefile(name) {
  return /^(?:GNUm|M|m)akefile$|\.mk$/.test(name);
}

/** The builds in the recipes of a Makefile. Each line of a recipe is a script of its own. */
export function makefileBuilds(path) {
  const text = readDefinition(path).replace(/\\\r?\n/g, " ");
  const directory = dirname(path);
  const variables = makeVariables(text, directory);
  const recipes = text.split("\n").filter((line) => line.startsWith("\t"));
  return recipes.flatMap((line) => {
    const script = expanded(line.replace(/^\t[@+-]*/, ""), variables);
    return commandBuilds(script, directory).map((build) => ({
      ...build, learntFrom: "workflow", from: path, file: path,
    }));
  });
}

/** The builds in the scripts of a package.json. */
export function packageBuilds(path) {
  return entries(readJson(path).scripts).flatMap(([name, script]) =>
    commandBuilds(String(script), dirname(path)).map((build) => ({
      ...build, learntFrom: "workflow", from: `${path}, script ${shown(name)},`, file: path,
    })));
}

function makeVariables(text, directory) {
  const variables = new Map([["CURDIR", directory], ["PWD", directory]]);
  for (const [, name, , value] of text.matchAll(/^(?:export\s+)?([A-Za-z_][\w-]*)\s*(\?|::?)?=[ \t]*([^#\n]*)/gm)) {
    variables.set(name, value.trim());
  }
  return variables;
}

/** Most variables that a line of a recipe is made of: a few that name each other make it endless. */
const MOST_VARIABLES = 1000;

// `$(NAME)` and `${NAME}` of make; what it does not know stays for the shell, where it is unknown.
function expanded(text, variables, { depth, count } = { depth: 0, count: { left: MOST_VARIABLES } }) {
  return text.replace(/\$\$|\$\(([\w-]+)\)|\$\{([\w-]+)\}/g, (written, round, curly) => {
    if (written === "$$") return depth === 0 ? "$" : written;
    const value = variables.get(round ?? curly);
    if (value === undefined || depth > 8 || count.left-- <= 0) return "$(unknown)";
    return expanded(value, variables, { depth: depth + 1, count });
  });
}
