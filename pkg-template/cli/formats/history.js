// The formats of a history. Each makes the text of `{ builds, range, args, colour }`: the builds with
// what their commits rebuilt, those that lost most first.

import { historyJobs } from "./history/jobs.js";
import { historyJson } from "./history/json.js";
import { historyMarkdown } from "./history/markdown.js";
import { historyPretty } from "./history/pretty.js";
import { historySvg } from "./history/svg.js";

export const HISTORY_FORMATS = {
  pretty: historyPretty,
  json: historyJson,
  markdown: historyMarkdown,
  svg: historySvg,
  jobs: historyJobs,
};
