// The Dockerfiles that an open compose or bake file builds: those that stand in it, and those that
// are files, whether or not they are open themselves.

import { analyze } from "layerwise";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { buildsOfDefinition } from "../exports/node.js";
import { lspOf } from "../formats/lsp.js";
import { pathOf } from "./analyses.js";

/** What a file is called that defines builds; whether it does, its text says. */
const NAMES = /\.ya?ml$|(?:^|[\\/])docker-bake\.(?:override\.)?(?:json|hcl)$/;

/** Whether a document may define builds. */
export function mayDefineBuilds({ uri }) {
  return NAMES.test(pathOf(uri) ?? "");
}

/**
 * Shows by `send` what is found below documents that define builds. A Dockerfile that `isOpen` is
 * told by itself; `problem` takes a sentence about what cannot be read.
 */
export function shownBelow(send, isOpen, problem) {
  const shown = new Map(); // by document, where something was shown because of it
  const tell = (of, found) => {
    const uris = new Set([...(shown.get(of) ?? []), ...found.keys()]);
    for (const uri of uris) {
      if (uri === of || !isOpen(uri)) send({ uri, diagnostics: found.get(uri) ?? [] });
    }
    shown.set(of, [...found.keys()]);
  };
  return {
    tell: ({ uri }) => tell(uri, diagnosticsBelow(uri, problem)),
    forget(uri) {
      if (shown.has(uri)) tell(uri, new Map());
      shown.delete(uri);
    },
  };
}

// By the address of the document to show them in: what is found in the Dockerfiles that the file
// at `uri` builds. One that was never saved builds nothing yet.
function diagnosticsBelow(uri, problem) {
  const found = new Map([[uri, []]]);
  if (!existsSync(pathOf(uri))) return found;
  try {
    for (const builds of buildsOfDefinition(pathOf(uri), { onProblem: problem })) {
      const [{ input }] = builds;
      const shownIn = input.at === undefined ? pathToFileURL(resolve(input.path)).href : uri;
      const analysed = builds.map(({ context, text, options, target }) => ({
        input, context: { directory: context ?? undefined }, target, report: analyze(text, options),
      }));
      const { diagnostics } = lspOf(analysed, { uri: shownIn });
      found.set(shownIn, [...(found.get(shownIn) ?? []), ...diagnostics]);
    }
  } catch (error) {
    problem(`${pathOf(uri)}: ${error.message}`);
  }
  return found;
}
