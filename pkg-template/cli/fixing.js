// Writes the fixes of a Dockerfile that are right for all of its builds.

import { lstatSync, realpathSync } from "node:fs";
import { relative } from "node:path";
import { analyseAgain, analyseBuild } from "./analysis.js";
import { ignoresFor, writeIgnore } from "./dockerignore.js";
import { commonFixes } from "./fixes.js";
import { InputError } from "./input.js";
import { forgetText } from "./other-dockerfiles.js";
import { repositoryOf } from "./walk.js";
import { replaceFile } from "./write.js";

/**
 * Writes the fixes of the level that the arguments name, and tells each build what was `applied`, the
 * `wroteIgnore` beside, and what is left `after`. Throws an InputError where the file is left alone.
 */
export function fix({ input, builds }, args, { fail, mistake }) {
  const { text, applied, left } = commonFixes(builds, args.options.fix);
  const ignores = ignoresFor(builds, applied, args.options.fix);
  const isChanged = text !== input.text;
  if (isChanged) mustBeWritable(input, builds);
  if (isChanged && !input.isUtf8) {
    throw new InputError(`${input.name} is not valid UTF-8, so it is left alone`);
  }
  if (isChanged) mustNotDependOnGuess(builds, text, args);
  if (left > 0) fail(leftAlone(input, builds, left));
  // Standard input has no place to be written to but standard output.
  if (isFromInput({ input })) process.stdout.write(text);
  else writeAll({ input, builds, text, isChanged }, ignores, mistake);
  for (const [at, build] of builds.entries()) {
    build.applied = applied[at];
    const { wroteIgnore } = build;
    if (!isChanged && wroteIgnore === undefined) continue;
    build.after = { text, report: analyseAgain(build, { text, dockerignore: wroteIgnore?.after }, args) };
  }
}

// What a fix rests on is there before it; without what is only suggested, the Dockerfile is written
// all the same.
function writeAll({ input, builds, text, isChanged }, ignores, mistake) {
  for (const needed of ignores.filter(({ isNeeded }) => isNeeded)) writeProposed(needed, builds);
  if (isChanged) {
    replaceFile(input.path, input.bytes, text);
    forgetText(input.identity);
  }
  for (const suggested of ignores.filter(({ isNeeded }) => !isNeeded)) {
    try {
      writeProposed(suggested, builds);
    } catch (error) {
      mistake(error);
    }
  }
}

// For the builds that it is in force for.
function writeProposed(proposed, builds) {
  const own = builds.filter(({ context }) => proposed.directories.includes(context.directory));
  const guess = own.find(({ context }) => context.learntFrom === "guess");
  if (guess !== undefined) {
    throw new InputError(
      `${proposed.path} is not written: the context of ${guess.input.name} may be another directory; name it with --context`,
    );
  }
  writeIgnore(proposed);
  for (const build of own) build.wroteIgnore = proposed;
}

function mustBeWritable(input, builds) {
  if (input.inlineIn !== undefined) {
    throw new InputError(`${input.name}: what it would be is shown without --fix, to be put into ${input.inlineIn} by hand`);
  }
  if (leadsAway(input)) {
    throw new InputError(`${input.name} is left alone: it is a link to ${input.identity}, which lies elsewhere; name that to have it written`);
  }
  const build = builds.find(({ replaced }) => replaced !== undefined);
  if (build === undefined) return;
  throw new InputError(
    `${input.name} is left alone: by ${build.context.from} another context takes the place of ${build.replaced}`,
  );
}

// Whether a file that was found, and not named, is a link out of the repository, or else out of the
// directory that the command runs in.
function leadsAway({ path, besides, identity, isNamed }) {
  if (isNamed || besides === undefined || !lstatSync(path).isSymbolicLink()) return false;
  const outside = (root) => relative(realpathSync(root), identity).startsWith("..");
  return outside(repositoryOf(besides) ?? process.cwd()) && outside(besides);
}

// A guess is good enough to tell, and to write where another one would come to the same.
function mustNotDependOnGuess(builds, text, args) {
  for (const build of builds) {
    for (const directory of build.context.learntFrom === "guess" ? build.context.others : []) {
      const other = { ...build, context: { ...build.context, directory } };
      const offered = [{ ...other, report: analyseBuild(other, args) }];
      if (commonFixes(offered, args.options.fix).text === text) continue;
      throw new InputError(
        `${build.input.name} is left alone: its context may be ${build.context.directory} or ` +
          `${directory}, and what is written depends on which; name it with --context`,
      );
    }
  }
}

function leftAlone({ name }, builds, count) {
  const fixes = count === 1 ? "1 fix is" : `${count} fixes are`;
  return `${name}: ${fixes} not right for all of its ${builds.length} builds, and not written`;
}

/** Whether a Dockerfile came by standard input. */
export function isFromInput({ input }) {
  return input.path === undefined && input.inlineIn === undefined;
}
