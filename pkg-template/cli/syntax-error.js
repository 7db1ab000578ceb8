// The rule under which syntax errors are told.

/** The rule of what BuildKit refuses, which is none of the core's. */
export const SYNTAX_ERROR = "syntax-error";
