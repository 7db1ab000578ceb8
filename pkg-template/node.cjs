// Node's entry. The module is in it as base64: reading a file breaks bundled servers.

"use strict";

const glue = require("./layerwise_bg.cjs");

const module_ = new WebAssembly.Module(Buffer.from(require("./module.cjs"), "base64"));
const instance = new WebAssembly.Instance(module_, { "./layerwise_bg.js": glue });
glue.__wbg_set_wasm(instance.exports);
instance.exports.__wbindgen_start();

exports.analyze = glue.analyze;
exports.compare = glue.compare;
exports.parse = glue.parse;
exports.rules = glue.rules;
exports.default = async function init() {};
Object.defineProperty(exports, "__esModule", { value: true });
