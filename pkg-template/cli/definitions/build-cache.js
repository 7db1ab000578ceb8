// What definitions say of the cache that outlives a builder: of workflows, and of bake files that
// these build. <https://docs.docker.com/build/cache/backends/>

import { isMapping, readYaml, textOf } from "./files.js";

/** The cache of a build, as `{ from, to }`, from what is `given` for each, an entry a line or item. */
export function cacheOf(from, to, text) {
  return { from: linesOf(from, text), to: linesOf(to, text), shared: false };
}

// What is not known here stays as it is written: that something is given is known.
function linesOf(given, text) {
  const items = Array.isArray(given) ? given : (textOf(given) ?? "").split("\n");
  const written = items.map((item) => (isMapping(item) ? entryOf(item) : (textOf(item) ?? "").trim()));
  return written.filter((line) => line !== "").map((line) => text(line) ?? line);
}

// A bake file may give an object in place of `type=gha,mode=max`.
function entryOf(item) {
  return Object.entries(item).map(([name, value]) => `${name}=${textOf(value) ?? ""}`).join(",");
}

/** The steps of a workflow that build bake files, each with its `job`. */
function bakeSteps(path) {
  const { value: workflow } = readYaml(path);
  return Object.values(isMapping(workflow?.jobs) ? workflow.jobs : {}).flatMap((job) => {
    const steps = Array.isArray(job?.steps) ? job.steps.filter(isMapping) : [];
    return steps.filter(({ uses = "" }) => /^docker\/bake-action@/.test(uses)).map((step) => ({ job, steps, step }));
  });
}

/**
 * Judges the builds that the files of a repository define: those of bake files are of new machines
 * where workflows alone build them, by `keepsNothing` of their jobs, and images whose caches go to one
 * place are told.
 */
export function judgeCaches(definitions, workflows, keepsNothing) {
  const bakes = workflows.flatMap((path) => {
    try {
      return bakeSteps(path);
    } catch {
      return []; // told where its builds are read
    }
  });
  const isHosted = bakes.length > 0 && bakes.every(({ job, steps }) => keepsNothing(job, steps));
  const isOverruled = bakes.some(({ step }) => /cache/.test(textOf(step.with?.set) ?? "") || step.with?.["no-cache"] !== undefined);
  for (const definition of definitions.filter(({ learntFrom }) => learntFrom === "bake")) {
    definition.ephemeral = isHosted;
    if (!isHosted || isOverruled) definition.cache = undefined;
  }
  const common = definitions.filter(({ cache, dockerfile }) => dockerfile !== null && cache?.to.some(isCommon));
  const images = new Set(common.map(({ dockerfile, target }) => JSON.stringify([dockerfile, target])));
  for (const { cache } of common) cache.shared = images.size > 1;
}

function isCommon(entry) {
  return entry.includes("type=gha") && !entry.includes("scope=");
}
