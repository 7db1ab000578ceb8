// The same package through `require`.

import layerwise = require("layerwise");
import formats = require("layerwise/formats");
import files = require("layerwise/node");

const report: layerwise.Report = layerwise.analyze("FROM scratch", { fix: "none" });
const init: Promise<void> = layerwise.default();
const comment: string = formats.toMarkdown(report);
const found: Promise<files.FoundBuild[]> = files.findBuilds();
// @ts-expect-error a Dockerfile is a string
layerwise.parse(1);

export = { comment, found, init, report };
