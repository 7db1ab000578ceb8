// Variables of an `.env` file. <https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/>

import { readFileSync, statSync } from "node:fs";
import { interpolate } from "./interpolation.js";

const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(.*?)\s*$/;

/** The variables of the file at `path`, on top of `given`, which go first. */
export function withDotenv(path, given) {
  const variables = { ...given };
  for (const line of linesOf(path)) {
    const [, name, written] = LINE.exec(line) ?? [];
    if (name === undefined || name in given) continue;
    const value = valueOf(written, variables);
    if (value !== undefined) variables[name] = value;
  }
  return variables;
}

function valueOf(written, variables) {
  const quoted = /^(["'])(.*?)\1/.exec(written);
  if (quoted?.[1] === "'") return quoted[2];
  return interpolate(quoted ? quoted[2] : written.replace(/(^|\s+)#.*$/, ""), variables);
}

function linesOf(path) {
  try {
    return statSync(path).isFile() ? readFileSync(path, "utf8").split(/\r?\n/) : [];
  } catch {
    return []; // it need not be there
  }
}
