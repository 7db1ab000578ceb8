// `layerwise/panel`: what a page shows of a report, without the core: an overview, which is plain data and
// goes through messages, and its elements.

export { about, alike, duration } from "../panel/cost.js";
export { headlineOf } from "../panel/headline.js";
export { MANUAL, overviewOf } from "../panel/overview.js";
export { panelOf } from "../panel/panel.js";
export { styled } from "../panel/dom.js";
export { STYLE } from "../panel/style.js";
