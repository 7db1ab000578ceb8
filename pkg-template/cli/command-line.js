// The bundle that the command line, `layerwise/node` and the language server share.

export {
  beginRun, buildsOf, buildsOfDefinition, buildsOfText, closeDefinition, findBuilds, findDockerfiles, ignoresOf, ignoresWith,
  openDefinition, readContext,
} from "./exports/node.js";
export { main } from "./main.js";
export { answerBatches } from "./workers.js";
