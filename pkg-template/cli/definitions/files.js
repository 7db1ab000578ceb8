// Reads files that define builds, and says what is wrong with one.

import { parseDocument } from "yaml";
import { InputError } from "../input.js";
import { readRegular } from "../regular.js";
import { openText } from "./open-texts.js";

/** More than a file has that somebody wrote, in bytes. */
export const LARGEST = 2 ** 20;

/** Most anchors that are followed: a few lines can name each other a billion times. */
const MOST_ALIASES = 1000;

/** Tags of Compose, by which an override takes a value away or puts it in the place of another. */
const TAGS = ["!reset", "!override"].flatMap((tag) => [
  { tag, resolve: (text) => text },
  { tag, collection: "map", resolve: (map) => map },
  { tag, collection: "seq", resolve: (list) => list },
]);

/** The text of a file as an editor has it or as it is on disk, or an InputError that says why there is none. */
export function readDefinition(path) {
  return openText(path) ?? readSaved(path);
}

/** The text of a file on disk, or an InputError that says why there is none. */
export function readSaved(path) {
  const { isFile, bytes } = readRegular(path, LARGEST);
  if (!isFile) throw new InputError(`${path} is no regular file`);
  if (bytes === undefined) throw new InputError(`${path} is too large for a file that defines builds`);
  return bytes.toString("utf8");
}

/** Whether the `text` of a file can be read as its name says. HCL cannot be read here. */
export function isReadable(path, text) {
  try {
    if (path.endsWith(".json")) JSON.parse(text);
    return path.endsWith(".json") || (!path.endsWith(".hcl") && parsedYaml(text).errors.length === 0);
  } catch {
    return false;
  }
}

/** What a YAML file holds, as `{ value, document }`. */
export function readYaml(path) {
  const text = readDefinition(path);
  try {
    const document = parsedYaml(text);
    const [error] = document.errors;
    if (error === undefined) return { value: document.toJS({ maxAliasCount: MOST_ALIASES }), document, text };
    throw new InputError(`${path} is no YAML: ${error.message.split("\n")[0]}`);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path} cannot be read: ${error.message}`); // it is nested too deep, say
  }
}

function parsedYaml(text) {
  return parseDocument(text, { customTags: TAGS, merge: true, logLevel: "silent", uniqueKeys: false });
}

/** What a JSON file holds. */
export function readJson(path) {
  const text = readDefinition(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${path} is no JSON: ${error.message}`);
  }
}

/** A mapping's entries; none for anything else. */
export function entries(value) {
  return isMapping(value) ? Object.entries(value) : [];
}

/** Whether it is a mapping. */
export function isMapping(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as the text that it is to whoever reads it; undefined where it is none. */
export function textOf(value) {
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : undefined;
}
