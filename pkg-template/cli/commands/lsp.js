// `layerwise lsp`: serves an editor.

import { UsageError } from "../arguments.js";
import { CLEAN } from "../session.js";

export async function languageServer(words) {
  // `--stdio` is what editors add by habit; there is no other way.
  const [word] = words.filter((one) => one !== "--stdio");
  if (word !== undefined) throw new UsageError(`lsp takes no arguments but --stdio; a directory of that name is ./lsp`);
  // In a file of its own: no other command needs what it is made of.
  const { serve } = await import("../lsp/server.js");
  await serve();
  return CLEAN;
}
