// The keys of a configuration: what each is, for the schema and for who checks one. What the core
// takes as well is checked by the core.

import { KINDS, LENGTH } from "../budget/limits.js";

const strings = { type: "array", items: { type: "string" } };
const values = { type: "object", additionalProperties: { type: "string" } };
const image = {
  type: "object",
  properties: { workdir: { type: "string" }, env: values, user: { type: "string" }, shell: strings, onbuild: strings },
  additionalProperties: false,
};

/** What counts for each Dockerfile, and in `overrides` for some. */
export const SETTINGS = {
  rules: {
    description: "The level of rules, by their ids.",
    type: "object",
    additionalProperties: { enum: ["off", "info", "warning", "error"] },
  },
  context: { description: "The build context, relative to this file.", type: "string" },
  target: { description: "The stage that is built.", type: "string" },
  targets: { description: "Stages that are built beside it.", ...strings },
  buildArgs: { description: "Values of build arguments.", ...values },
  baseImages: { description: "What is known of base images.", type: "object", additionalProperties: image },
  builder: { description: "The builder whose cache counts.", enum: ["buildkit", "classic", "buildah"] },
  budget: {
    description: "What changes may take at most, such as 30s, 2m or 1h: limits of `layerwise budget`.",
    type: "object",
    properties: Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, { type: "string", pattern: LENGTH }])),
    additionalProperties: false,
  },
  fragment: { description: "Whether a Dockerfile may lack its FROM, as in documentation.", type: "boolean" },
  ephemeral: { description: "Whether that builder keeps no mounts between builds.", type: "boolean" },
};

/** Keys of `SETTINGS` that are options of the core under the same name. */
export const OF_THE_CORE = ["rules", "target", "targets", "buildArgs", "baseImages", "builder", "fragment", "ephemeral"];

/** Keys that hold globs. */
export const GLOBS = ["ignore", "files"];

const override = {
  type: "object",
  properties: { files: { description: "Globs, relative to this file.", ...strings }, ...SETTINGS },
  required: ["files"],
  additionalProperties: false,
};

/** All keys. */
export const KEYS = {
  $schema: { description: "The address of this schema.", type: "string" },
  extends: { description: "A configuration that this one changes, relative to it.", type: "string" },
  ignore: { description: "Dockerfiles that are left out: globs, relative to this file.", ...strings },
  ...SETTINGS,
  overrides: { description: "Settings for some Dockerfiles; later ones count.", type: "array", items: override },
};

/** Keys of an override. */
export const OVERRIDE_KEYS = override.properties;

/** The schema of a `layerwise.json`. */
export const SCHEMA = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Configuration of layerwise",
  type: "object",
  properties: KEYS,
  additionalProperties: false,
};
