// What steps of a Dockerfile may make themselves: that it is read later says nothing of the context.

import { basename } from "node:path";
import { parse } from "layerwise";

/** Programs whose words may name what they make: `cp a.example a`, `git clone https://example.org/a.git`. */
const MAKERS = new Set(["cp", "curl", "git", "install", "ln", "mv", "rsync", "tar", "tee", "touch", "unzip", "wget"]);

/** What makes a project under names that no word says: `npm init -y`, `cargo new a`. */
const BEGINNERS = new Set(["create", "create-project", "init", "new", "startproject"]);

/** What stands ahead of a program: `sudo`, `then`, `A=b`, a flag of what stands there. */
const AHEAD = /^(?:sudo|env|exec|time|if|then|else|do|!|-.*|\w+=.*)$/;

/** Words behind which stands what is made. */
const LEADING = /^(?:\d?>>?\|?|-o|-O|--out|--output|--output-file|--output-document)$/;

/**
 * Whether steps of the Dockerfile `text` may make a file of the path that is asked for, going by the names in it.
 * A directory is none: `mkdir web` makes no `web/package.json`.
 */
export function madeBySteps(text) {
  const names = new Set();
  let all = false;
  for (const { keyword, args, heredocs } of parse(text).instructions) {
    if (keyword === "RUN") {
      for (const command of [args.join(" "), ...heredocs.map(({ content }) => content)].flatMap(commandsOf)) {
        all ||= makesAnything(command);
        for (const word of madeBy(command)) names.add(nameOf(word));
      }
    } else {
      // `ADD https://example.org/go.mod .`, `COPY <<END go.mod`
      for (const word of args.filter((word) => word.includes("://"))) names.add(nameOf(word));
      if (heredocs.length > 0) names.add(nameOf(args.at(-1)));
    }
  }
  return (path) => all || path.split("/").some((part) => names.has(part));
}

function commandsOf(text) {
  const spaced = text.replace(/\\\r?\n/g, " ").replace(/(\d?>>?\|?)/g, " $1 ").replace(/["'`(){}]/g, " ");
  return spaced.split(/&&|\|\||[;&|\n]/).map((command) => command.trim().split(/\s+/));
}

// `git clone https://example.org/a.git .`
function makesAnything(command) {
  return command.slice(1, 3).some((word) => BEGINNERS.has(word)) ||
    (command.includes("clone") && /^\.\/?$/.test(command.at(-1)));
}

function madeBy(command) {
  const program = command.find((word) => !AHEAD.test(word));
  if (MAKERS.has(basename(program ?? ""))) return command;
  const joined = command.flatMap((word) => /^--?o[a-z-]*=(.+)$/.exec(word)?.[1] ?? []);
  return [...joined, ...command.filter((_, at) => at > 0 && LEADING.test(command[at - 1]))];
}

function nameOf(word) {
  return basename(word).replace(/[?#].*$/, "").replace(/\.git$/, "");
}
