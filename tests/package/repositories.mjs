// Real repositories of git for tests of what reads them, at fixed times and under no settings.

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { within } from "./command-line.mjs";

export const SOURCE_FIRST = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
export const PROJECT = {
  Dockerfile: SOURCE_FIRST,
  "package.json": '{ "name": "a" }\n',
  "package-lock.json": '{ "lockfileVersion": 3, "packages": { "": {} } }\n',
  "README.md": "read me\n",
  "src/a.js": "1\n",
};
/** A Monday. */
const MONDAY = 1_767_571_200;
const DAY = 86_400;

/** A repository in `directory`: `commit(files, { time, title })` writes them, `null` takes one away. */
export function repository(directory) {
  const env = { PATH: process.env.PATH, HOME: directory, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  let clock = MONDAY;
  const git = (...args) => {
    const date = `${clock} +0000`;
    const who = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@b", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@b" };
    return execFileSync("git", args, {
      cwd: directory, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"],
      env: { ...env, ...who, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    });
  };
  git("init", "-q", "-b", "main");
  const commit = (files, { time = clock + DAY, title = "Change it" } = {}) => {
    clock = time;
    for (const [path, content] of Object.entries(files)) {
      const whole = join(directory, path);
      if (content === null) rmSync(whole);
      else {
        mkdirSync(dirname(whole), { recursive: true });
        writeFileSync(whole, content);
      }
    }
    git("add", "-A");
    git("commit", "-q", "--allow-empty", "-m", title);
    return git("rev-parse", "HEAD").trim();
  };
  return { git, commit };
}

/** Runs `body` with a repository whose first commit is PROJECT. */
export function withRepository(body, files = PROJECT) {
  within({}, (directory) => {
    const made = repository(directory);
    made.commit(files, { time: MONDAY });
    return body({ directory, ...made });
  });
}
