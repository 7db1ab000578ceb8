// The builds of GitHub workflows: docker/build-push-action, and `docker build` in their scripts.
// <https://github.com/docker/build-push-action#inputs>

import { resolve } from "node:path";
import { shown } from "../formats/excerpt.js";
import { cacheOf } from "./build-cache.js";
import { commandBuilds } from "./commands.js";
import { entries, isMapping, readYaml, textOf } from "./files.js";

/** Most combinations of a matrix that are looked at. */
const MOST = 64;

/** The builds of the workflow at `path` in the repository `root`, which is where its steps run. */
export function workflowBuilds(path, root) {
  const { value: workflow } = readYaml(path);
  return entries(workflow?.jobs).flatMap(([name, job]) => {
    const steps = Array.isArray(job?.steps) ? job.steps.filter(isMapping) : [];
    const ephemeral = keepsNothing(job, steps);
    const builds = combinations(job?.strategy?.matrix).flatMap((matrix) =>
      steps.flatMap((step) => stepBuilds(step, { workflow, job, matrix, root })));
    return distinct(builds).map((build) => ({
      ...build, ephemeral, learntFrom: "workflow", from: `${path}, job ${shown(name)},`, file: path,
    }));
  });
}

// Whether the builder of a job is gone behind it, with its mounts: on GitHub's own machines, unless a
// step has it elsewhere, or carries its mounts over.
// <https://docs.docker.com/build/ci/github-actions/cache/#cache-mounts>
export function keepsNothing(job, steps) {
  const runners = [job?.["runs-on"]].flat();
  const isHosted = runners.length > 0 && runners.every((name) => /^(?:ubuntu|macos|windows)-/.test(textOf(name) ?? ""));
  const keeps = ({ uses = "", with: given }) =>
    /cache-dance|depot\/|nscloud|namespacelabs\//.test(uses) ||
    (/^docker\/setup-buildx-action@/.test(uses) && !/^docker(?:-container)?$/.test(given?.driver ?? "docker"));
  return isHosted && !steps.some(keeps);
}

function stepBuilds(step, { workflow, job, matrix, root }) {
  const variables = variablesOf([workflow.env, job.env, step.env], matrix);
  const text = (value) => expression(textOf(value), { matrix, variables, root });
  if (/^docker\/build-push-action@/.test(step.uses ?? "")) return actionBuilds(step.with, text, root);
  const script = textOf(step.run);
  if (script === undefined) return [];
  const directory = step["working-directory"] ?? job.defaults?.run?.["working-directory"] ??
    workflow.defaults?.run?.["working-directory"] ?? ".";
  const here = text(directory);
  if (here === null) return [];
  // Expressions are put into the script before the shell reads it.
  const put = script.replace(/\$\{\{[^]*?\}\}/g, (written) => text(written) ?? "$(unknown)");
  return commandBuilds(put, resolve(root, here), { ...variables, GITHUB_WORKSPACE: root });
}

// Without a context the action builds what the workflow runs for, which is the repository. Its
// file is relative to where the workflow runs.
function actionBuilds(given, text, root) {
  const { context: where, file, target, "build-args": args, "build-contexts": contexts } = given ?? {};
  const { "cache-from": from, "cache-to": to, "no-cache": noCache } = given ?? {};
  const cache = noCache === undefined ? cacheOf(from, to, text) : undefined;
  const written = where === undefined || where === "" ? "." : text(where);
  const local = written?.replace(/^\{\{defaultContext\}\}:?/, "");
  const context = local === undefined || /:\/\/|^git@/.test(local) ? null : resolve(root, local);
  const named = file === undefined ? undefined : text(file);
  let dockerfile = context === null ? null : resolve(context, "Dockerfile");
  if (named !== undefined) dockerfile = named === null ? null : resolve(root, named);
  const stage = target === undefined || target === "" ? undefined : text(target);
  return [{ context, dockerfile, target: stage, args: lines(args, text), contexts: lines(contexts, text), cache }];
}

// NAME=VALUE a line.
function lines(given, text) {
  const known = (textOf(given) ?? "").split("\n").map((line) => text(line.trim())).filter((line) => line?.includes("="));
  return Object.fromEntries(known.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}

function variablesOf(levels, matrix) {
  const variables = {};
  for (const [name, value] of levels.flatMap(entries)) {
    const known = expression(textOf(value), { matrix, variables });
    if (typeof known === "string") variables[name] = known;
    else delete variables[name];
  }
  return variables;
}

/** A text with the expressions in it replaced; null where one has no value here. */
function expression(text, { matrix, variables, root }) {
  if (text === undefined) return null;
  let isKnown = true;
  const out = text.replace(/\$\{\{\s*([^]*?)\s*\}\}/g, (_, written) => {
    const [where, ...names] = written.split(".");
    let value;
    if (where === "matrix") value = names.reduce((at, name) => at?.[name], matrix);
    if (where === "env") value = variables[names[0]];
    if (written === "github.workspace") value = root;
    const known = textOf(value);
    isKnown &&= known !== undefined;
    return known ?? "";
  });
  return isKnown ? out : null;
}

/**
 * The combinations of a matrix, those of `include` too.
 * <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstrategymatrix>
 */
function combinations(matrix) {
  const axes = entries(matrix).filter(([name, values]) => Array.isArray(values) && !["include", "exclude"].includes(name));
  let all = axes.length === 0 ? [] : [{}];
  for (const [name, values] of axes) {
    all = all.flatMap((one) => values.slice(0, MOST).map((value) => ({ ...one, [name]: value }))).slice(0, MOST);
  }
  const include = Array.isArray(matrix?.include) ? matrix.include.filter(isMapping) : [];
  const added = include.slice(0, MOST).filter((extra) => {
    // An entry that changes no value of the axes adds to these combinations.
    const fits = all.filter((one) => axes.every(([name]) => !(name in extra) || extra[name] === one[name]));
    for (const one of fits) Object.assign(one, extra);
    return fits.length === 0;
  });
  return [...all, ...added, ...(all.length + added.length === 0 ? [{}] : [])].slice(0, MOST);
}

function distinct(builds) {
  // Of one build, what says something of its cache counts.
  const known = new Map();
  for (const build of builds) {
    const key = JSON.stringify({ ...build, cache: undefined });
    if (known.get(key)?.cache === undefined) known.set(key, build);
  }
  return [...known.values()];
}
