// Variables in compose files: `$NAME`, `${NAME:-default}`, and what else Compose knows of them.
// <https://docs.docker.com/reference/compose-file/interpolation/>

const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;

/**
 * The text with its variables replaced; undefined where one has neither a value nor a default.
 * `$$` is a dollar.
 */
export function interpolate(text, variables) {
  let out = "";
  let rest = text;
  for (let at = rest.indexOf("$"); at >= 0; at = rest.indexOf("$")) {
    out += rest.slice(0, at);
    const found = variableAt(rest.slice(at + 1), variables);
    if (found.value === undefined) return undefined;
    out += found.value;
    rest = rest.slice(at + 1 + found.length);
  }
  return out + rest;
}

// What stands behind a dollar: its value, and how long it is.
function variableAt(text, variables) {
  if (text.startsWith("$")) return { value: "$", length: 1 };
  if (!text.startsWith("{")) {
    const name = NAME.exec(text)?.[0];
    return name === undefined ? { value: "$", length: 0 } : { value: variables[name], length: name.length };
  }
  const end = closing(text);
  const inside = text.slice(1, end);
  const name = NAME.exec(inside)?.[0];
  if (end < 0 || name === undefined) return { value: undefined, length: text.length };
  const [, operator, word] = /^(:?[-?+])?([^]*)$/.exec(inside.slice(name.length));
  return { value: withOperator(variables[name], operator, word, variables), length: end + 1 };
}

function withOperator(given, operator, word, variables) {
  if (operator === undefined) return word === "" ? given : undefined;
  const isSet = given !== undefined && !(operator.startsWith(":") && given === "");
  if (operator.endsWith("+")) return isSet ? interpolate(word, variables) : "";
  if (isSet) return given;
  return operator.endsWith("-") ? interpolate(word, variables) : undefined;
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
