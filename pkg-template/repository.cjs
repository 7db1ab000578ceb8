// `layerwise/node`: what the command line finds in a repository, for programs.

"use strict";

const { buildsOf, findBuilds, findDockerfiles, readContext } = require("./command-line.cjs");

exports.buildsOf = buildsOf;
exports.findBuilds = findBuilds;
exports.findDockerfiles = findDockerfiles;
exports.readContext = readContext;
