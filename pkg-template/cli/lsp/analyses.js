// The analyses of the documents that are open: each once for a version of its text.

import { analyze } from "layerwise";
import { basename, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { buildsOfText, ignoresOf, ignoresWith } from "../exports/node.js";
import { lspOf } from "../formats/lsp.js";
import { ignoreActions, withIgnores } from "./ignores.js";

/** Names that editors have for the language. */
const LANGUAGES = /^(?:dockerfile|containerfile)$/i;
const NAMES = /^(?:(?:Dockerfile|Containerfile)(?:\..+)?|.+\.dockerfile)$/i;

const NOTHING = { text: "", builds: [], diagnostics: [], codeActions: [] };

/** Analyses of documents; `problem` takes a sentence about one that cannot be analysed as it should. */
export function analysesOf(problem) {
  const known = new Map();
  return {
    /** `{ text, builds, diagnostics, codeActions }`, each build with the `report` of the text. */
    of(document) {
      const last = known.get(document.uri);
      if (last?.version === document.version) return last;
      const analysis = { version: document.version, ...analysisOf(document, problem) };
      known.set(document.uri, analysis);
      return analysis;
    },
    forget: (uri) => known.delete(uri),
    clear: () => known.clear(),
  };
}

function analysisOf(document, problem) {
  const { uri, version, languageId } = document;
  const path = pathOf(uri);
  const text = document.getText();
  if (!LANGUAGES.test(languageId) && !(path !== undefined && NAMES.test(basename(path)))) return NOTHING;
  try {
    const found = buildsOfText(path, text, { onProblem: problem });
    const input = { name: path ?? uri, text };
    const builds = found.map(({ context, learntFrom, target, options }) => ({
      input, context: { directory: context ?? undefined, learntFrom }, target, options, report: analyze(text, options),
    }));
    const { diagnostics, codeActions } = lspOf(builds, { uri, version });
    const ignores = ({ data }) => ignoresWith(path, text, builds, data.dockerignore);
    const fixing = codeActions.flatMap((action) => (action.data === undefined ? action : withIgnores(action, ignores(action))));
    return { text, builds, diagnostics, codeActions: [...fixing, ...ignoreActions(ignoresOf(path, text, builds), diagnostics)] };
  } catch (error) {
    problem(`${path ?? uri}: ${error.message}`);
    return { ...NOTHING, text };
  }
}

/** The path of a document. What is not saved yet has none, and is judged from its text alone. */
export function pathOf(uri) {
  try {
    return relative("", fileURLToPath(uri));
  } catch {
    return undefined;
  }
}
