// The commands that a run may begin with: each is a file of `commands`, which reads the words behind
// its name and resolves to the exit code. A file or directory of such a name is ./history.

import { budget } from "./commands/budget.js";
import { history } from "./commands/history.js";
import { languageServer } from "./commands/lsp.js";
import { why } from "./commands/why.js";

export const COMMANDS = {
  budget,
  history,
  lsp: languageServer,
  why,
};
