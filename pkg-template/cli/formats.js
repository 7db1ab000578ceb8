// The formats of what is told. Each is given what the run knows, as `{ args, count, colour }`, and
// answers the text for each Dockerfile, of its builds in order, and what comes at the end.

import { jsonFormat, ndjsonFormat } from "./formats/json.js";
import { prettyFormat } from "./formats/pretty.js";

export const FORMATS = {
  pretty: prettyFormat,
  json: jsonFormat,
  ndjson: ndjsonFormat,
};
