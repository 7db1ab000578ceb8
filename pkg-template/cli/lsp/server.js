// `layerwise lsp`: what an editor asks over standard input and output, and who answers it.

import { fileURLToPath } from "node:url";
import { ProposedFeatures, TextDocuments, TextDocumentSyncKind, createConnection } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { beginRun, closeDefinition, openDefinition } from "../exports/node.js";
import { version } from "../version.js";
import { actionsIn } from "./actions.js";
import { analysesOf, pathOf } from "./analyses.js";
import { mayDefineBuilds, shownBelow } from "./definitions.js";
import { hoverAt } from "./hover.js";
import { lensesOf } from "./lenses.js";

/** Files that say what a build is, beside the Dockerfile itself. */
const WATCHED = [
  "**/{Dockerfile*,*.[Dd]ockerfile,Containerfile*,.dockerignore,*.dockerignore,.gitignore}",
  "**/{layerwise.json,package.json,compose*.y?ml,docker-compose*.y?ml,docker-bake.*,Makefile,.env}",
  "**/.github/workflows/*.y?ml",
];

/** Serves an editor until it says that it is done. */
export function serve() {
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  const documents = new TextDocuments(TextDocument);
  const problem = (sentence) => connection.console.warn(sentence);
  const analyses = analysesOf(problem);
  let client = {};

  connection.onInitialize(({ capabilities, workspaceFolders, rootUri }) => {
    client = capabilities;
    enter(workspaceFolders?.[0]?.uri ?? rootUri);
    return {
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        codeActionProvider: { codeActionKinds: ["quickfix", "source.fixAll.layerwise"] },
        codeLensProvider: {},
        hoverProvider: true,
      },
      serverInfo: { name: "layerwise", version },
    };
  });
  connection.onInitialized(() => {
    if (!client.workspace?.didChangeWatchedFiles?.dynamicRegistration) return;
    const watchers = WATCHED.map((globPattern) => ({ globPattern }));
    connection.client.register("workspace/didChangeWatchedFiles", { watchers });
  });

  const isOpen = (uri) => documents.all().some((document) => pathOf(document.uri) === pathOf(uri));
  const below = shownBelow((given) => connection.sendDiagnostics(given), isOpen, problem);
  const tell = (document) => {
    if (mayDefineBuilds(document)) {
      below.tell(document);
      return;
    }
    const { diagnostics } = analyses.of(document);
    connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics });
  };
  const tellAll = () => documents.all().forEach(tell);
  // Who types is faster than an analysis: of several changes that have come in, the last counts.
  const waiting = new Map();
  const tellSoon = (document) => {
    if (!waiting.has(document.uri)) setImmediate(() => tellWaiting(document.uri));
    waiting.set(document.uri, document);
  };
  const tellWaiting = (uri) => {
    const document = waiting.get(uri);
    waiting.delete(uri);
    if (document !== undefined) tell(document);
  };
  // Files may have changed with the one that was saved.
  const readAgain = () => {
    beginRun();
    analyses.clear();
    tellAll();
  };

  documents.onDidOpen(beginRun);
  // Also when it is opened. The builds of any Dockerfile may follow from what a file defines.
  documents.onDidChangeContent(({ document }) => {
    tellSoon(document);
    if (!mayDefineBuilds(document)) return;
    openDefinition(pathOf(document.uri), document.getText());
    analyses.clear();
    documents.all().forEach(tellSoon);
  });
  documents.onDidSave(readAgain);
  connection.onDidChangeWatchedFiles(readAgain);
  documents.onDidClose(({ document }) => {
    const { uri } = document;
    waiting.delete(uri);
    analyses.forget(uri);
    below.forget(uri);
    connection.sendDiagnostics({ uri, diagnostics: [] });
    if (mayDefineBuilds(document)) {
      closeDefinition(pathOf(uri));
      analyses.clear();
      tellAll();
    } else {
      // What an open compose file builds stays told.
      documents.all().filter(mayDefineBuilds).forEach(tell);
    }
  });

  const answered = (answer, none) => (given) => {
    const document = documents.get(given.textDocument.uri);
    return document === undefined ? none : answer(analyses.of(document), given, client);
  };
  connection.onCodeAction(answered(actionsIn, []));
  connection.onHover(answered(hoverAt, null));
  connection.onCodeLens(answered(lensesOf, []));

  documents.listen(connection);
  connection.listen();
  return new Promise((done) => connection.onExit(done));
}

// Paths are told relative to the folder that is open.
function enter(uri) {
  try {
    process.chdir(fileURLToPath(uri));
  } catch {
    // None is open, or it is elsewhere.
  }
}
