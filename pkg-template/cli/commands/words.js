// The words behind the name of a command: what several of them take, read in one way.

import { parseArgs } from "node:util";
import { UsageError, buildArguments, oneOf } from "../arguments.js";
import { isDirectory } from "../input.js";
import { nearest } from "../nearest.js";

export { oneOf };

const BUILDERS = ["buildkit", "classic", "buildah"];

/** The options that every command takes. */
export const COMMON = {
  format: { type: "string" },
  json: { type: "boolean" },
  output: { type: "string" },
  context: { type: "string" },
  target: { type: "string" },
  "build-arg": { type: "string", multiple: true },
  builder: { type: "string" },
  config: { type: "string" },
  quiet: { type: "boolean", short: "q" },
  verbose: { type: "boolean" },
  "no-color": { type: "boolean" },
  help: { type: "boolean", short: "h" },
};

/** The words as `{ values, positionals, behind }`: `behind` stand behind `--`. Throws a UsageError. */
export function readWords(words, options) {
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  try {
    const { values, positionals } = parseArgs({ args: words.slice(0, end), allowPositionals: true, options });
    return { values, positionals, behind: words.slice(end + 1) };
  } catch (error) {
    const [sentence] = error.message.split(". ");
    const unknown = error.code === "ERR_PARSE_ARGS_UNKNOWN_OPTION" ? /'--([^']*)'/.exec(sentence)?.[1] : undefined;
    throw new UsageError(unknown === undefined ? sentence : `${sentence}; the nearest is '--${nearest(unknown, Object.keys(options))}'`);
  }
}

/** What the common options say, as the rest of the command line takes it. */
export function commonArguments(values, paths) {
  oneOf("--builder", values.builder, BUILDERS);
  if (values.context !== undefined && !isDirectory(values.context)) {
    throw new UsageError(`--context ${values.context} is no directory`);
  }
  return {
    paths: paths.length > 0 ? paths : ["."],
    format: values.format ?? (values.json ? "json" : "pretty"),
    output: values.output,
    context: values.context,
    config: values.config,
    quiet: values.quiet,
    verbose: values.verbose,
    color: values["no-color"] ? false : undefined,
    options: {
      target: values.target,
      builder: values.builder,
      buildArgs: buildArguments(values["build-arg"] ?? []),
    },
  };
}
