// Variables in compose files: `$NAME`, `${NAME:-default}`, and what else Compose knows of them.
// <https://docs.docker.com/reference/compose-file/interpolation/>

/** More than a value has that somebody wrote, in characters: a few lines can double each other. */
const LONGEST = 2 ** 16;

/** How deep defaults may hold variables. */
const DEEPEST = 16;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;

/**
 * The text with its variables replaced; undefined where one has neither a value nor a default, and
 * where it becomes far too long. `$$` is a dollar.
 */
export function interpolate(text, variables, depth = 0) {
  if (depth > DEEPEST) return undefined;
  let out = "";
  let rest = text;
  for (let at = rest.indexOf("$"); at >= 0; at = rest.indexOf("$")) {
    out += rest.slice(0, at);
    const found = variableAt(rest.slice(at + 1), variables, depth);
    if (found.value === undefined) return undefined;
    out += found.value;
    if (out.length > text.length + LONGEST) return undefined;
    rest = rest.slice(at + 1 + found.length);
  }
  return out + rest;
}

// What stands behind a dollar: its value, and how long it is.
function variableAt(text, variables, depth) {
  if (text.startsWith("$")) return { value: "$", length: 1 };
  if (!text.startsWith("{")) {
    const name = NAME.exec(text)?.[0];
    return name === undefined ? { value: "$", length: 0 } : { value: own(variables, name), length: name.length };
  }
  const end = closing(text);
  const inside = text.slice(1, end);
  const name = NAME.exec(inside)?.[0];
  if (end < 0 || name === undefined) return { value: undefined, length: text.length };
  const [, operator, word] = /^(:?[-?+])?([^]*)$/.exec(inside.slice(name.length));
  if (operator === undefined) return { value: word === "" ? own(variables, name) : undefined, length: end + 1 };
  const wordValue = () => interpolate(word, variables, depth + 1);
  return { value: withOperator(own(variables, name), operator, wordValue), length: end + 1 };
}

function withOperator(given, operator, wordValue) {
  const isSet = given !== undefined && !(operator.startsWith(":") && given === "");
  if (operator.endsWith("+")) return isSet ? wordValue() : "";
  if (isSet) return given;
  return operator.endsWith("-") ? wordValue() : undefined;
}

// A variable may be called like what every object has, such as `constructor`.
function own(variables, name) {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

// The brace that closes the first one; defaults may hold variables.
function closing(text) {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "{") depth += 1;
    if (text[at] === "}" && --depth === 0) return at;
  }
  return -1;
}
