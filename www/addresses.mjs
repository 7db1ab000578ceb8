// Addresses of the project, made of the package's, which are made of the only one: `repository` of Cargo.toml.

import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync(new URL("../pkg/package.json", import.meta.url), "utf8"));

/** The package's version, and its name on npm. */
export const { version, name } = manifest;
/** Where the sources are. */
export const repository = manifest.repository.url.replace(/^git\+|\.git$/g, "");
/** Who owns them, and what they are called there. */
export const [owner, project] = new URL(repository).pathname.slice(1).split("/");
/** Where the demo of this repository is. */
export const demo = `https://${owner}.github.io/${project}/`;
/** Where the package is. */
export const npm = `https://www.npmjs.com/package/${name}`;
