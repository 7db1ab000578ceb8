// The signs of the outcomes: a shape each, so that colour is never the only difference.

import type { Outcome } from "layerwise";

const SVG = "http://www.w3.org/2000/svg";

const SHAPES: Record<Outcome, string> = {
  cached: "M3.5 8.5 6.6 11.5 12.5 4.8",
  relinked: "M6.5 9.5 9.5 6.5 M7.2 5 8.6 3.6a2.7 2.7 0 0 1 3.8 3.8L11 8.8 M8.8 11 7.4 12.4a2.7 2.7 0 0 1-3.8-3.8L5 7.2",
  rerun: "M12.9 8.2a4.9 4.9 0 1 1-1.5-3.7 M13 2.2v2.9h-2.9",
  depends: "M5.6 6.1a2.4 2.4 0 1 1 3.6 2.1c-.8.5-1.2.9-1.2 1.8 M8 12.6v.1",
};

/** The sign of an outcome; the words beside it say the same. */
export function icon(outcome: Outcome): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "sign");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[outcome]);
  svg.append(path);
  return svg;
}
