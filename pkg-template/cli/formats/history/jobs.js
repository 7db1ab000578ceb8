// The histories themselves, a line a build: what `layerwise --stdin-jobs` answers, on another machine
// perhaps, and with those of other repositories.

import { json } from "../escaped-json.js";

export function historyJobs({ builds }) {
  return builds.map(({ job }) => `${json(job)}\n`).join("");
}
