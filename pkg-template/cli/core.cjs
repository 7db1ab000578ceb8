// The core as the bundled command line loads it: from the module beside it. Node's entry carries
// the module as text, which takes longer to load than all else.

"use strict";

const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const glue = require("./layerwise_bg.cjs");
const { guard } = require("./guard.cjs");

const module_ = new WebAssembly.Module(readFileSync(join(__dirname, "layerwise_bg.wasm")));
const make = () => new WebAssembly.Instance(module_, { "./layerwise_bg.js": glue });
const { functions, link } = guard(glue);
link(make(), make);

module.exports = functions;
