// Which errors are the caller's, to be told in a sentence, and which are bugs of ours.

import { UsageError } from "./arguments.js";
import { InputError } from "./input.js";

/** Whether an error is a mistake of the caller's, or of the file system. */
export function isMistake(error) {
  return error instanceof UsageError || error instanceof InputError || Boolean(error.syscall);
}
