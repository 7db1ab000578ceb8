// What the action does: has the command line look at the repository, and tells a pull request.
// Nothing of an event or an input is put into a shell.

import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { apiOf } from "./api.mjs";
import { budgetOf } from "./budget.mjs";
import { updateComment } from "./comment.mjs";
import { commandLine } from "./command-line.mjs";
import { updateSuggestions } from "./suggestions.mjs";

const env = process.env;
const workspace = env.GITHUB_WORKSPACE ?? process.cwd();
const folder = join(env.RUNNER_TEMP ?? workspace, `layerwise-${randomUUID()}`);
mkdirSync(folder);

const run = commandLine({
  cli: env.LAYERWISE_CLI || installed(env.LAYERWISE_VERSION),
  workspace,
  options: lines(env.LAYERWISE_OPTIONS),
  paths: lines(env.LAYERWISE_PATHS),
});

const sarif = join(folder, "layerwise.sarif");
const { code, out, err } = run(["--format", "github", "--fail-on", env.LAYERWISE_FAIL_ON || "warning"]);
process.stdout.write(out);
verbatim(err);
run(["--quiet", "--format", "sarif", "--output", sarif]);
const pull = pullRequest();
const budget = env.LAYERWISE_BUDGET === "true" ? budgetOf(run, pull?.base) : { markdown: "", isExceeded: false };
const markdown = run(["--quiet", "--format", "markdown"]).out + budget.markdown;
if (existsSync(sarif)) put("GITHUB_OUTPUT", `sarif=${sarif}\n`);
put("GITHUB_OUTPUT", `code=${code === 0 && budget.isExceeded ? 1 : code}\n`);
put("GITHUB_STEP_SUMMARY", markdown);

if (pull !== undefined) {
  const api = apiOf(env, env.LAYERWISE_TOKEN);
  const isFound = code !== 0 || out !== "" || budget.markdown !== "";
  if (env.LAYERWISE_COMMENT === "true") {
    await tried("comment", () => updateComment({ api, pull, name: env.LAYERWISE_NAME, markdown, isFound }));
  }
  if (env.LAYERWISE_SUGGESTIONS === "true") {
    const { out: patch } = run(["--quiet", "--diff", "--fix=safe"]);
    await tried("suggest changes", () => updateSuggestions({ api, pull, name: env.LAYERWISE_NAME, patch, workspace }));
  }
}

function lines(text = "") {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

function installed(version) {
  const name = `layerwise@${version}`;
  const given = ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", name];
  execFileSync("npm", given, { stdio: ["ignore", "ignore", "inherit"], shell: process.platform === "win32" });
  return join(folder, "node_modules/layerwise/cli.cjs");
}

// Names of the repository stand in it, which are no commands to the runner.
function verbatim(text) {
  if (text === "") return;
  const token = randomUUID();
  process.stdout.write(`::stop-commands::${token}\n${text.trimEnd()}\n::${token}::\n`);
}

function put(variable, text) {
  if (env[variable]) appendFileSync(env[variable], text);
}

function pullRequest() {
  if (!env.GITHUB_EVENT_PATH) return undefined;
  const { pull_request: pull } = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, "utf8"));
  return pull && { number: pull.number, head: pull.head.sha, base: pull.base?.sha };
}

// What is told is told in the log as well, so that a token that may not write fails no job.
async function tried(what, action) {
  try {
    await action();
  } catch (error) {
    const isForbidden = [401, 403, 404].includes(error.status);
    const why = isForbidden
      ? "the token may not; `permissions: pull-requests: write` lets it, but not for pull requests from forks"
      : error.message;
    const sentence = `layerwise could not ${what}: ${why}`.replaceAll("%", "%25").replace(/[\r\n]+/g, " ");
    process.stdout.write(`::${isForbidden ? "notice" : "warning"}::${sentence}\n`);
  }
}
