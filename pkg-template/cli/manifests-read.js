// The manifests that steps read out of the context: where they are tells which directory that is.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { analyze, wantsText } from "layerwise";
import { madeBySteps } from "./made-by-steps.js";

/** Names of programs: `run.sh`, `configure`. */
const SCRIPT = /(?:^|\/)[^./]+$|\.(?:[a-z]*sh|py)$/;

/**
 * The manifests that steps of a Dockerfile read out of its context, as its text says: for each such step a list, of
 * which some have to be there. What commands name for other reasons is none (`chmod 777 /app/data`): the
 * image may have it from anywhere.
 */
export function manifestsRead({ text, settings }, { target, fragment }) {
  const { baseImages, fragment: configured } = settings.options;
  const options = { baseImages, fix: "none", target, fragment: fragment ?? configured };
  const { stages } = analyze(text, options);
  // Any copy may bring it: with `COPY . .` and `COPY a /app/`, where `a` may be a directory, either does.
  const ofStep = ({ needs }) => needs.flatMap(({ paths = [] }) => paths).filter((path) => !/[*?[]/.test(path));
  const read = stages.flatMap(({ steps }) => steps.map(ofStep));
  // One of any name is known by being looked into (`pip install -r reqs/prod.txt`), and so is a script.
  const files = Object.fromEntries(read.flat().map((path) => [path, null]));
  const { wanted } = analyze(text, { ...options, files, filesComplete: false });
  const lookedInto = new Set(wanted.filter((path) => !SCRIPT.test(path)));
  const isMade = madeBySteps(text);
  const isManifest = (path) => (wantsText(path) || lookedInto.has(path)) && !isMade(path);
  return read.map((paths) => paths.filter(isManifest)).filter((paths) => paths.length > 0);
}

/**
 * Whether the Cargo.toml of a directory takes values from a workspace whose manifest lies above: without that, cargo
 * reads none. https://doc.rust-lang.org/cargo/reference/workspaces.html#the-package-table
 */
export function inheritsFromAbove(directory) {
  const file = join(directory, "Cargo.toml");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return /^[^#\n]*\bworkspace\s*=\s*true/m.test(text) && !/^\s*\[workspace\b/m.test(text);
}
