// Variables of an `.env` file. <https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/>

import { textOfRegular } from "../regular.js";
import { LARGEST } from "./files.js";
import { interpolate } from "./interpolation.js";

/** A line without blanks at its ends. */
const LINE = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=(.*)$/;

/** The variables of the file at `path`, on top of `given`, which go first. */
export function withDotenv(path, given) {
  const variables = { ...given };
  for (const line of linesOf(path)) {
    const [, name, written] = LINE.exec(line.trim()) ?? [];
    if (name === undefined || Object.hasOwn(given, name)) continue;
    const value = valueOf(written.trim(), variables);
    if (value !== undefined) variables[name] = value;
  }
  return variables;
}

function valueOf(written, variables) {
  const quoted = /^(["'])(.*?)\1/.exec(written);
  if (quoted?.[1] === "'") return quoted[2];
  return interpolate(quoted ? quoted[2] : withoutComment(written), variables);
}

function withoutComment(written) {
  const at = written.search(/(?:^|\s)#/);
  return at < 0 ? written : written.slice(0, at).trimEnd();
}

// It need not be there.
function linesOf(path) {
  return (textOfRegular(path, LARGEST) ?? "").split(/\r?\n/);
}
