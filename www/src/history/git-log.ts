// What tells the log of a repository from other texts that are dropped.

/** How a line of it begins. */
export const GIT_LOG = /^commit [0-9a-f]{7,64} \d+(?: |$)/m;
