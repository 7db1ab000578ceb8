// The functions of the package, and what ties an instance of the module to them: what every entry
// but Node's is made of.

import * as glue from "./layerwise_bg.js";
import { guard } from "./guard.js";

/** What the module imports. */
export const imports = { "./layerwise_bg.js": glue };

const { functions, ...linking } = guard(glue);

export const { analyze, checkOptions, compare, copiedPaths, excludesAll, inspect, parse, rebuild, replay, rules, wantsText } = functions;

/** Whether the functions can be called, and what makes it so: an instance, and how to get another. */
export const { isLinked, link } = linking;

/** Links an instance of a compiled module. */
export function linkModule(module) {
  const make = () => new WebAssembly.Instance(module, imports);
  if (!isLinked()) link(make(), make);
}

/** The default export of the entries that are ready on import, so that the same code, with its
 *  `await init()`, runs everywhere. */
export async function alreadyReady() {}
