// The arguments of the command line.

import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { checkOptions } from "layerwise";
import { FORMATS } from "./formats.js";
import { nearest } from "./nearest.js";

const FIX_LEVELS = ["safe", "assumed", "suggested"];
const FAIL_LEVELS = ["error", "warning", "info", "never"];
const BUILDERS = ["buildkit", "classic", "buildah"];

/** The options as `parseArgs` takes them. */
const OPTIONS = {
  fix: { type: "string" },
  print: { type: "boolean" },
  json: { type: "boolean" },
  format: { type: "string" },
  context: { type: "string" },
  "no-context": { type: "boolean" },
  target: { type: "string" },
  "build-arg": { type: "string", multiple: true },
  builder: { type: "string" },
  fragment: { type: "boolean" },
  ephemeral: { type: "boolean" },
  explain: { type: "string" },
  timings: { type: "string" },
  history: { type: "string" },
  diff: { type: "boolean" },
  output: { type: "string" },
  "fail-on": { type: "string" },
  "stdin-jobs": { type: "boolean" },
  config: { type: "string" },
  rule: { type: "string", multiple: true },
  since: { type: "string" },
  baseline: { type: "string" },
  "update-baseline": { type: "boolean" },
  quiet: { type: "boolean", short: "q" },
  verbose: { type: "boolean" },
  "no-color": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
};

/** A mistake in the arguments, to be told without a stack. */
export class UsageError extends Error {}

/** Reads the words behind the program's name. Throws a UsageError. */
export function readArguments(words) {
  const { values, positionals } = parse(words);
  const { fix } = values;
  oneOf("--fix", fix, FIX_LEVELS);
  oneOf("--format", values.format, Object.keys(FORMATS));
  oneOf("--builder", values.builder, BUILDERS);
  oneOf("--fail-on", values["fail-on"], FAIL_LEVELS);
  if (values["update-baseline"] && values.baseline === undefined) {
    throw new UsageError("--update-baseline needs --baseline FILE, which it writes");
  }
  return {
    help: values.help,
    version: values.version,
    format: values.format ?? (values.json ? "json" : "pretty"),
    print: values.print,
    diff: values.diff,
    config: values.config,
    jobs: values["stdin-jobs"],
    output: values.output,
    quiet: values.quiet,
    verbose: values.verbose,
    failOn: values["fail-on"] ?? "warning",
    since: values.since,
    baseline: values.baseline,
    updateBaseline: values["update-baseline"],
    write: fix !== undefined && !values.print && !values.diff,
    color: values["no-color"] ? false : undefined,
    paths: positionals.length > 0 ? positionals : ["."],
    context: values.context,
    textOnly: values["no-context"],
    explain: values.explain,
    line: /^\d+$/.test(values.explain ?? "") ? Number(values.explain) : undefined,
    timings: values.timings,
    history: values.history,
    options: {
      fix,
      target: values.target,
      builder: values.builder,
      ...(values.fragment !== undefined && { fragment: values.fragment }),
      ...(values.ephemeral !== undefined && { ephemeral: values.ephemeral }),
      ...(values.rule !== undefined && { rules: ruleLevels(values.rule) }),
      buildArgs: buildArguments(values["build-arg"] ?? []),
    },
  };
}

function parse(words) {
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  try {
    return parseArgs({
      args: [...levels(words.slice(0, end)), ...words.slice(end)],
      allowPositionals: true,
      options: OPTIONS,
    });
  } catch (error) {
    // The first sentence says what is wrong.
    const [sentence] = error.message.split(". ");
    const unknown = error.code === "ERR_PARSE_ARGS_UNKNOWN_OPTION" ? /'--([^']*)'/.exec(sentence)?.[1] : undefined;
    throw new UsageError(unknown === undefined ? sentence : `${sentence}; the nearest is '--${nearest(unknown, Object.keys(OPTIONS))}'`);
  }
}

// The level of --fix is optional, which parseArgs does not know. Behind a blank it is a level as
// well, unless there is a file of that name.
function levels(words) {
  return words.flatMap((word, at) => {
    const next = words[at + 1];
    // Alone it lists the rules.
    if (word === "--explain" && (next === undefined || next.startsWith("-"))) return ["--explain="];
    if (word === "--fix") {
      if (isMistyped(next)) throw new UsageError(`there is no file ${next}; --fix takes safe, assumed or suggested`);
      if (!FIX_LEVELS.includes(next)) return ["--fix=safe"];
      if (!existsSync(next)) return [`--fix=${next}`];
      throw new UsageError(`--fix ${next} is a level and a file: --fix=${next} or --fix ./${next}`);
    }
    return words[at - 1] === "--fix" && FIX_LEVELS.includes(word) ? [] : [word];
  });
}

// A word that is neither a level nor a file, and might be either.
function isMistyped(word) {
  return word !== undefined && /^[a-z]+$/i.test(word) && !FIX_LEVELS.includes(word) && !existsSync(word);
}

export function oneOf(option, value, known) {
  if (value === undefined || known.includes(value)) return;
  throw new UsageError(`${option} takes ${known.slice(0, -1).join(", ")} or ${known.at(-1)}`);
}

// NAME=LEVEL, of which the core says what is wrong.
function ruleLevels(words) {
  const levels = {};
  for (const word of words) {
    const [, name, level] = /^([^=]+)=(.+)$/.exec(word) ?? [];
    if (name === undefined) throw new UsageError("--rule takes NAME=LEVEL, the level being off, info, warning or error");
    levels[name] = level;
  }
  try {
    checkOptions({ rules: levels });
  } catch (error) {
    throw new UsageError(error.message.replace(/^options\.rules/, "--rule"));
  }
  return levels;
}

export function buildArguments(words, option = "--build-arg") {
  const values = {};
  for (const word of words) {
    const at = word.indexOf("=");
    const name = at < 0 ? word : word.slice(0, at);
    const value = at < 0 ? process.env[word] : word.slice(at + 1);
    if (name === "") throw new UsageError(`${option} takes NAME or NAME=VALUE`);
    if (value !== undefined) values[name] = value;
  }
  return values;
}
