// Checks a configuration; what is wrong is told with its file, its line, and the nearest key.

import { checkOptions } from "layerwise";
import { LineCounter, parseDocument } from "yaml";
import { KINDS, secondsOf } from "../budget/limits.js";
import { isMapping } from "../definitions/files.js";
import { InputError } from "../input.js";
import { nearest } from "../nearest.js";
import { GLOBS, KEYS, OF_THE_CORE, OVERRIDE_KEYS } from "./keys.js";

/**
 * Throws an InputError where `value` is no configuration. It stands in the JSON `text` of the file
 * `path`, under the key `within` or as a whole.
 */
export function checkConfiguration(value, { path, text, within = [] }) {
  const fail = (keys, sentence) => {
    throw new InputError(`${path}:${lineOf(text, [...within, ...keys])}: ${sentence}`);
  };
  if (!isMapping(value)) fail([], "a configuration is an object");
  checkKeys(value, { keys: KEYS, at: [], fail });
  for (const [index, override] of (value.overrides ?? []).entries()) {
    const at = ["overrides", index];
    if (!isMapping(override)) fail(at, "an override is an object");
    checkKeys(override, { keys: OVERRIDE_KEYS, at, fail });
    if (override.files === undefined) fail(at, "an override has `files`, to which it applies");
  }
}

function checkKeys(value, { keys, at, fail }) {
  for (const [key, given] of Object.entries(value)) {
    const here = [...at, key];
    if (!Object.hasOwn(keys, key)) {
      fail(here, `there is no key \`${key}\`; the nearest is \`${nearest(key, Object.keys(keys))}\``);
    }
    if (OF_THE_CORE.includes(key)) checkByCore(key, given, { here, fail });
    else if (!isOfType(given, keys[key])) fail(here, `\`${key}\` must be ${described(keys[key])}`);
    else if (key === "budget") checkLimits(given, { here, fail });
    else if (GLOBS.includes(key)) {
      const glob = given.find((one) => !isSimple(one));
      if (glob !== undefined) fail(here, `the glob \`${glob}\` has too many wildcards: at most 2 between slashes, and 8 in all`);
    }
  }
}

function checkLimits(limits, { here, fail }) {
  const kinds = Object.keys(KINDS);
  if (!isMapping(limits)) fail(here, "`budget` must be an object");
  for (const [kind, limit] of Object.entries(limits)) {
    if (!kinds.includes(kind)) fail([...here, kind], `\`budget\` has no \`${kind}\`; the nearest is \`${nearest(kind, kinds)}\``);
    if (secondsOf(limit) === undefined) fail([...here, kind], "a limit of `budget` is a time such as `30s`, `2m` or `1h`");
  }
}

// The core names the option; a rule that it has not stands on a line of its own.
function checkByCore(key, given, { here, fail }) {
  try {
    checkOptions({ [key]: given });
  } catch (error) {
    const sentence = error.message.replace(/^options\./, "");
    const named = /`([^`]*)`/.exec(sentence)?.[1];
    fail(isMapping(given) && Object.hasOwn(given, named) ? [...here, named] : here, sentence);
  }
}

/** What the time to match a glob grows with, in one segment and in all of them. */
const MOST_WILDCARDS = { segment: 2, all: 8 };

// Globs are matched by regular expressions, to which a few wildcards more are hours more.
function isSimple(glob) {
  const count = (text) => (text.match(/\*+|[?+*@!]\(/g) ?? []).length;
  return count(glob) <= MOST_WILDCARDS.all && glob.split("/").every((segment) => count(segment) <= MOST_WILDCARDS.segment);
}

function isOfType(value, { type, items }) {
  if (type !== "array") return typeof value === type;
  return Array.isArray(value) && (items.type !== "string" || value.every((item) => typeof item === "string"));
}

function described({ type, items }) {
  if (type !== "array") return `${type === "object" ? "an" : "a"} ${type}`;
  return items.type === "string" ? "an array of strings" : "an array of objects";
}

// JSON is YAML, whose reader says where things are.
function lineOf(text, keys) {
  try {
    return lineIn(text, keys);
  } catch {
    return 1; // it is nested too deep to be read by that reader
  }
}

function lineIn(text, keys) {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: "silent", uniqueKeys: false });
  const parent = keys.length === 0 ? undefined : document.getIn(keys.slice(0, -1), true) ?? document.contents;
  const pair = parent?.items?.find((item) => item?.key?.value === keys.at(-1));
  const node = pair?.key ?? document.getIn(keys, true) ?? document.contents;
  return lines.linePos(node?.range?.[0] ?? 0).line;
}
