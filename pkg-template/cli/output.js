// Where a run writes what it tells: standard output, a file, or standard error where standard
// output is the rewritten Dockerfile.

import { colours } from "./formats/colours.js";
import { writeWhole } from "./write.js";

/** From how many Dockerfiles on a terminal shows how far a run is. */
const MANY = 20;

/** `{ colour, write(text), progress(at, dockerfiles), end() }` for what the arguments name. */
export function outputTo({ output: path, color, quiet }, isRewrittenOut) {
  const stream = isRewrittenOut ? process.stderr : process.stdout;
  const parts = [];
  const line = progressLine(quiet);
  return {
    colour: colours(stream, path === undefined ? color : false),
    write(text) {
      if (text !== "") line.clear();
      if (path === undefined) stream.write(text);
      else parts.push(text);
    },
    progress(at, dockerfiles) {
      if (dockerfiles.length >= MANY) line.show(`${at + 1} of ${dockerfiles.length} Dockerfiles`);
    },
    end() {
      line.clear();
      if (path !== undefined) writeWhole(path, parts.join(""));
    },
  };
}

// A line on the terminal that is written over and at last taken away.
function progressLine(quiet) {
  const isShown = process.stderr.isTTY && !quiet;
  let length = 0;
  return {
    show(text) {
      if (isShown) process.stderr.write(`\r${text}`);
      length = text.length;
    },
    clear() {
      if (isShown && length > 0) process.stderr.write(`\r${" ".repeat(length)}\r`);
      length = 0;
    },
  };
}
