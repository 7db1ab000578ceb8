// Node's entry. The module is in it as base64: reading a file breaks bundled servers.

"use strict";

const glue = require("./layerwise_bg.cjs");
const { guard } = require("./guard.cjs");

const module_ = new WebAssembly.Module(Buffer.from(require("./module.cjs"), "base64"));
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
exports.rules = functions.rules;
exports.wantsText = functions.wantsText;
exports.default = async function init() {};
Object.defineProperty(exports, "__esModule", { value: true });
