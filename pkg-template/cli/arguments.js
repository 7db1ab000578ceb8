// The arguments of the command line, and the text that explains them.

import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { FORMATS } from "./formats.js";

export const HELP = `\
Usage: layerwise [options] [Dockerfile | directory | glob | -]...

Finds what makes a Dockerfile rebuild more than it must, says why, and shows how to rewrite
it. Reads the Dockerfiles in and below the directory it runs in unless told otherwise, but for
what git ignores; "-" is standard input.

Options:
  --fix[=LEVEL]       write the fixes into the file (from "-": to standard output)
                        safe       proved to give the same image (default)
                        assumed    also those that rest on the assumptions listed
                        suggested  also those that change something else, as stated
  --print             print the rewritten file and nothing else; write nothing
                      (fixes that are safe or assumed, or those of --fix)
  --format FORMAT     pretty (default), json or ndjson; --json is short for --format json
  --context DIR       the build context (default: what compose and bake files, workflows, Makefiles
                      and scripts say, or else the directory that has what is copied; a fix that
                      rests on a guess is assumed)
  --no-context        judge the text alone
  --target STAGE      the stage to build, by name or index (default: the last one)
  --build-arg K[=V]   the value of a build argument; without V, that of the environment
  --builder NAME      whose cache counts: buildkit (default), classic or buildah
  --explain WHAT      a rule: its page of the manual; a line of the Dockerfile: what is known
                      of the step there, and why it stays where it is
  --timings LOG       costs are the times of an earlier build of this file, from what
                      "docker build --progress=plain" printed
  --verbose           also say what is left out of account, and why
  --no-color          no colours; so does NO_COLOR in the environment (FORCE_COLOR: colours)
  -h, --help          this text
  --version           the version

Exit codes: 0 no issues, 1 issues (a warning or worse; after --fix, those that are left),
2 wrong usage, or a file that cannot be read or written.
`;

const FIX_LEVELS = ["safe", "assumed", "suggested"];
const BUILDERS = ["buildkit", "classic", "buildah"];

/** A mistake in the arguments, to be told without a stack. */
export class UsageError extends Error {}

/** Reads the words behind the program's name. Throws a UsageError. */
export function readArguments(words) {
  const { values, positionals } = parse(words);
  const { fix } = values;
  oneOf("--fix", fix, FIX_LEVELS);
  oneOf("--format", values.format, Object.keys(FORMATS));
  oneOf("--builder", values.builder, BUILDERS);
  return {
    help: values.help,
    version: values.version,
    format: values.format ?? (values.json ? "json" : "pretty"),
    print: values.print,
    verbose: values.verbose,
    write: fix !== undefined && !values.print,
    color: values["no-color"] ? false : undefined,
    paths: positionals.length > 0 ? positionals : ["."],
    context: values.context,
    textOnly: values["no-context"],
    explain: values.explain,
    line: /^\d+$/.test(values.explain ?? "") ? Number(values.explain) : undefined,
    timings: values.timings,
    options: {
      fix,
      target: values.target,
      builder: values.builder,
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
      options: {
        fix: { type: "string" },
        print: { type: "boolean" },
        json: { type: "boolean" },
        format: { type: "string" },
        context: { type: "string" },
        "no-context": { type: "boolean" },
        target: { type: "string" },
        "build-arg": { type: "string", multiple: true },
        builder: { type: "string" },
        explain: { type: "string" },
        timings: { type: "string" },
        verbose: { type: "boolean" },
        "no-color": { type: "boolean" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
      },
    });
  } catch (error) {
    // The first sentence says what is wrong.
    throw new UsageError(error.message.split(". ")[0]);
  }
}

// The level of --fix is optional, which parseArgs does not know. Behind a blank it is a level as
// well, unless there is a file of that name.
function levels(words) {
  return words.flatMap((word, at) => {
    const next = words[at + 1];
    if (word === "--fix") {
      if (!FIX_LEVELS.includes(next)) return ["--fix=safe"];
      if (!existsSync(next)) return [`--fix=${next}`];
      throw new UsageError(`--fix ${next} is a level and a file: --fix=${next} or --fix ./${next}`);
    }
    return words[at - 1] === "--fix" && FIX_LEVELS.includes(word) ? [] : [word];
  });
}

function oneOf(option, value, known) {
  if (value === undefined || known.includes(value)) return;
  throw new UsageError(`${option} takes ${known.slice(0, -1).join(", ")} or ${known.at(-1)}`);
}

function buildArguments(words) {
  const values = {};
  for (const word of words) {
    const at = word.indexOf("=");
    const name = at < 0 ? word : word.slice(0, at);
    const value = at < 0 ? process.env[word] : word.slice(at + 1);
    if (name === "") throw new UsageError("--build-arg takes NAME or NAME=VALUE");
    if (value !== undefined) values[name] = value;
  }
  return values;
}
