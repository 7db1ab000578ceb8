// The arguments of the command line, and the text that explains them.

import { parseArgs } from "node:util";

export const HELP = `\
Usage: layerwise [options] [Dockerfile | directory | -]

Finds what makes a Dockerfile rebuild more than it must, says why, and shows how to rewrite
it. Reads ./Dockerfile unless told otherwise; "-" is standard input.

Options:
  --fix[=LEVEL]       write the fixes into the file (from "-": to standard output)
                        safe       proved to give the same image (default)
                        assumed    also those that rest on the assumptions listed
                        suggested  also those that change something else, as stated
  --print             print the rewritten file and nothing else; write nothing
                      (fixes that are safe or assumed, or those of --fix)
  --json              print the report as JSON
  --context DIR       the build context (default: the directory of the Dockerfile, or one above
                      it in the repository, that has what is copied; a fix that rests on a
                      guess is assumed)
  --no-context        judge the text alone
  --target STAGE      the stage to build, by name or index (default: the last one)
  --build-arg K[=V]   the value of a build argument; without V, that of the environment
  --builder NAME      whose cache counts: buildkit (default), classic or buildah
  --explain WHAT      a rule: its page of the manual; a line of the Dockerfile: what is known
                      of the step there, and why it stays where it is
  --timings LOG       costs are the times of an earlier build of this file, from what
                      "docker build --progress=plain" printed
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
  if (positionals.length > 1) throw new UsageError("one Dockerfile at a time, please");
  const { fix } = values;
  oneOf("--fix", fix, FIX_LEVELS);
  oneOf("--builder", values.builder, BUILDERS);
  return {
    help: values.help,
    version: values.version,
    json: values.json,
    print: values.print,
    write: fix !== undefined && !values.print,
    color: values["no-color"] ? false : undefined,
    path: positionals[0],
    context: values.context,
    textOnly: values["no-context"],
    explain: values.explain,
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
      // The level of --fix is optional, which parseArgs does not know.
      args: words.map((word, i) => (word === "--fix" && i < end ? "--fix=safe" : word)),
      allowPositionals: true,
      options: {
        fix: { type: "string" },
        print: { type: "boolean" },
        json: { type: "boolean" },
        context: { type: "string" },
        "no-context": { type: "boolean" },
        target: { type: "string" },
        "build-arg": { type: "string", multiple: true },
        builder: { type: "string" },
        explain: { type: "string" },
        timings: { type: "string" },
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
