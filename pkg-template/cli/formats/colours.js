// Colours, where the reader is a terminal that wants them.

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, cyan: 36 };

/** A function for each colour, for output to `stream`; `wanted` decides where it is given. */
export function colours(stream, wanted = wantedBy(process.env, stream)) {
  const paint = (code) => (text) => (wanted ? `\x1b[${code}m${text}\x1b[0m` : text);
  return Object.fromEntries(Object.entries(CODES).map(([name, code]) => [name, paint(code)]));
}

function wantedBy(environment, stream) {
  if (environment.NO_COLOR) return false;
  if (environment.FORCE_COLOR) return environment.FORCE_COLOR !== "0";
  return Boolean(stream.isTTY) && environment.TERM !== "dumb";
}
