// Node's entry: reads the module from beside it.

"use strict";

const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const glue = require("./layerwise_bg.cjs");
const { guard } = require("./guard.cjs");

const module_ = compiled();
const make = () => new WebAssembly.Instance(module_, { "./layerwise_bg.js": glue });
const { functions, link } = guard(glue);
link(make(), make);

exports.analyze = functions.analyze;
exports.checkOptions = functions.checkOptions;
exports.compare = functions.compare;
exports.copiedPaths = functions.copiedPaths;
exports.excludesAll = functions.excludesAll;
exports.inspect = functions.inspect;
exports.parse = functions.parse;
exports.rebuild = functions.rebuild;
exports.replay = functions.replay;
exports.rules = functions.rules;
exports.wantsText = functions.wantsText;
exports.default = async function init() {};
Object.defineProperty(exports, "__esModule", { value: true });

function compiled() {
  let bytes;
  try {
    bytes = readFileSync(join(__dirname, "layerwise_bg.wasm"));
  } catch {
    // A bundler has moved this file, and took along what it imports.
    return require("./embedded.js").embedded();
  }
  return new WebAssembly.Module(bytes);
}
