// What git is asked: plumbing that reads and writes nothing, of a repository that may be made to do
// harm.

import { execFileSync } from "node:child_process";
import { InputError } from "./input.js";

/** Most bytes of an answer. */
const MOST = 2 ** 30;

// A repository may name programs that git is to ask for changes; and what a partial clone lacks is
// not fetched.
const SETTINGS = ["-c", "core.fsmonitor=false", "--no-optional-locks", "--literal-pathspecs"];
const ENVIRONMENT = { GIT_NO_LAZY_FETCH: "1", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };

/** What git answers, as bytes. Throws an InputError in which `called` is what was asked for. */
export function gitBytes(args, { root, input, called }) {
  try {
    return execFileSync("git", [...SETTINGS, ...args], {
      cwd: root,
      env: { ...process.env, ...ENVIRONMENT },
      input,
      maxBuffer: MOST,
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
  } catch (error) {
    const why = error.code === "ENOENT" ? "git is not there" : String(error.stderr || error.message).trim().split("\n")[0];
    throw new InputError(`${called}: ${why}`);
  }
}

/** What git answers, as text. */
export function git(args, asked) {
  return gitBytes(args, asked).toString("utf8");
}
