// The same package through `require`.

import layerwise = require("layerwise");

const report: layerwise.Report = layerwise.analyze("FROM scratch", { fix: "none" });
const init: Promise<void> = layerwise.default();
// @ts-expect-error a Dockerfile is a string
layerwise.parse(1);

export = { init, report };
