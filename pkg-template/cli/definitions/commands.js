// Builds in the text of scripts: `docker build -f api/Dockerfile .`, read and never run.
// <https://docs.docker.com/reference/cli/docker/buildx/build/>

import { resolve } from "node:path";

/** What builds, as the words that a command begins with. */
const BUILDERS = [
  ["docker", "build"], ["docker", "buildx", "build"], ["docker", "image", "build"],
  ["docker", "builder", "build"], ["podman", "build"], ["buildah", "bud"], ["buildah", "build"],
  ["nerdctl", "build"],
];

/** Options of these that take no value. */
const FLAGS = new Set([
  "--check", "--compress", "--debug", "-D", "--disable-content-trust", "--force-rm", "--load",
  "--no-cache", "--pull", "--push", "--quiet", "-q", "--rm", "--squash", "--stdin",
]);

/**
 * A part of a script: a separator of commands, or a word, or what is neither. An expansion that is
 * not closed is searched no further than any that somebody wrote is long.
 */
const TOKEN = /\\\r?\n|#[^\n]*|[ \t\r]+|(\n|&&|\|\||[;|&(){}])|((?:"(?:[^"\\]|\\[^])*"|'[^']*'|\$\{[^}]{0,999}\}|\$\([^)]{0,999}\)|`[^`]{0,999}`|\\[^\n]|[^\s"'\\;|&(){}])+)|[^]/g;

/** More than a script has that somebody wrote, in characters. */
const LONGEST = 2 ** 16;

/**
 * The builds that the shell script `text` makes when it runs in `directory`, each `{ context,
 * dockerfile, target, args, contexts }`. A word with a variable that `variables` has not is null.
 */
export function commandBuilds(text, directory, variables = {}) {
  const builds = [];
  if (text.length > LONGEST) return builds;
  let here = directory;
  for (const words of simpleCommands(text, variables)) {
    const start = words.findIndex((word) => word === null || !/^[A-Za-z_]\w*=|^(?:sudo|time|exec|env|@|-)$/.test(word));
    const command = words.slice(Math.max(start, 0));
    if (command[0] === "cd") here = here === null || command[1] == null ? null : resolve(here, command[1]);
    const builder = BUILDERS.find((names) => names.every((name, at) => command[at] === name));
    if (builder !== undefined) builds.push(readBuild(command.slice(builder.length), here));
  }
  return builds.filter((build) => build !== undefined);
}

// Paths on the command line are relative to where it runs.
function readBuild(words, here) {
  const given = { args: {}, contexts: {}, positional: [] };
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === null || !word.startsWith("-") || word === "-") {
      given.positional.push(word);
      continue;
    }
    const [, option, joined] = /^(--[^=]+|-[A-Za-z])(?:=?([^]*))?$/.exec(word) ?? [];
    if (FLAGS.has(word) || (FLAGS.has(option) && word.startsWith("--"))) continue;
    const value = joined ? joined : word.includes("=") ? "" : words[++at];
    take(given, option, value);
  }
  const [written] = given.positional;
  if (written === "-" || given.positional.length === 0) return undefined;
  const isLocal = written !== null && here !== null && !/:\/\/|^git@|^\$/.test(written);
  const context = isLocal ? resolve(here, written) : null;
  const { file, target, args, contexts } = given;
  let dockerfile = context === null ? null : resolve(context, "Dockerfile");
  if (file !== undefined) dockerfile = file === null || here === null || file === "-" ? null : resolve(here, file);
  return { context, dockerfile, target, args, contexts };
}

function take(given, option, value) {
  if (option === "-f" || option === "--file") given.file = value;
  if (option === "--target") given.target = value;
  const into = { "--build-arg": given.args, "--build-context": given.contexts }[option];
  const at = value?.indexOf("=") ?? -1;
  if (into !== undefined && at > 0) into[value.slice(0, at)] = value.slice(at + 1);
}

/** The simple commands of a script, each as its words. */
function simpleCommands(text, variables) {
  const commands = [];
  let words = [];
  const end = () => {
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (const [, separator, word] of text.matchAll(TOKEN)) {
    if (separator !== undefined) end();
    else if (word !== undefined) words.push(value(word, variables));
  }
  end();
  return commands;
}

// A word without its quotes; null where a variable or a command decides what it is.
function value(word, variables) {
  let isKnown = true;
  const part = /'([^']*)'|\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)|(\$\{[^}]*\}|\$\([^)]*\)|`[^`]*`|\$[@*0-9])|\\([^])|"/g;
  const out = word.replace(part, (_, single, braced, plain, other, escaped) => {
    if (single !== undefined) return single;
    if (escaped !== undefined) return escaped;
    const name = braced ?? plain;
    isKnown &&= other === undefined && (name === undefined || variables[name] !== undefined);
    return name === undefined ? "" : (variables[name] ?? "");
  });
  return isKnown ? out : null;
}
