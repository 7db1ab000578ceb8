// What a run comes to while it goes on: its exit code, and what whoever runs it is told.

/** Nothing to report. */
export const CLEAN = 0;
/** Issues, or more than a budget allows. */
export const ISSUES = 1;
/** A wrong call, or a file that cannot be read or written. */
export const FAILED = 2;

/**
 * A run that tells its sentences by `warn`. What `isMistake` says is the caller's, or the file
 * system's, is told and the run goes on; every other error is a bug of ours.
 */
export function sessionOf(args, warn, isMistake) {
  let code = CLEAN;
  const raise = (next) => {
    code = Math.max(code, next);
  };
  const tell = once(warn); // what is wrong with a file that many need is wrong once
  const fail = (sentence) => {
    raise(FAILED);
    tell(sentence);
  };
  return {
    code: () => code,
    raise,
    fail,
    mistake(error) {
      if (!isMistake(error)) throw error;
      fail(error.message);
    },
    warn: args.quiet ? () => {} : warn,
    note: args.verbose ? once(warn) : () => {},
  };
}

function once(tell) {
  const told = new Set();
  return (sentence) => {
    if (!told.has(sentence)) tell(sentence);
    told.add(sentence);
  };
}
