// Uses of the package that must compile, and misuses that must not.

import init, { analyze, checkOptions, compare, copiedPaths, excludesAll, inspect, parse, rebuild, replay, rules, wantsText } from "layerwise";
import type {
  Applicability, Build, Cause, Change, Commit, CommitKind, CompareOptions, ContextFile, Fix, Instruction, Issue, Need, Options, Outcome,
  Position, Range, RebuiltStep, RefusalReason, Replay, ReplayOptions, Report, RuleInfo, ScenarioKind, Severity, Stage, Step,
  StepOutcome, SyntaxError,
  TextEdit,
} from "layerwise";
import * as inline from "layerwise/inline";
import * as browser from "layerwise/browser";
import { toLsp, toMarkdown, toSarif, unifiedDiff } from "layerwise/formats";
import { LayerwiseDockerfile } from "layerwise/element";
import { STYLE, headlineOf, overviewOf, type Overview } from "layerwise/panel";
import type { LspCodeAction, LspDiagnostic, ReportOf } from "layerwise/formats";
import { buildsOf, findBuilds, findDockerfiles, readContext } from "layerwise/node";
import type { ContextOptions, FoundBuild } from "layerwise/node";

await init();
await browser.default("https://example.org/layerwise_bg.wasm");

const options: Options = {
  files: { "package.json": "{}", "index.js": null },
  filesComplete: false,
  fragment: true,
  dockerignore: "node_modules",
  builder: "buildkit",
  target: "final",
  buildArgs: { VERSION: "1" },
  baseImages: { "node:24": { workdir: "/", env: { A: "b" }, user: "node", shell: ["sh"], onbuild: [] } },
  fix: "safe",
  rules: { "source-copied-before-install": "error" },
};
const report: Report = analyze("FROM scratch", options);
analyze("FROM scratch");
analyze("FROM scratch", { files: ["a", "b"] });

const issue: Issue | undefined = report.issues[0];
const severity: "info" | "warning" | "error" | undefined = issue?.severity;
const fix: Fix | undefined = issue?.fix === undefined ? undefined : report.fixes[issue.fix];
const level: "safe" | "assumed" | "suggested" | undefined = fix?.applicability;
const edit: TextEdit | undefined = report.edits[0];
const range: Range | undefined = edit?.range;
const place: Position | undefined = range?.start;
const error: SyntaxError | undefined = report.errors[0];
const stage: Stage | undefined = report.stages[0];
const step: Step | undefined = stage?.steps[0];
const need: "nothing" | "paths" | "everything" | undefined = step?.needs[0]?.need;
const reason: RefusalReason | undefined = issue?.refusal?.reason;
const rewritten: string = report.rewritten;
const instruction: Instruction | undefined = parse("FROM scratch").instructions[0];
const flags: string[] | undefined = instruction?.trigger?.flags;
const content: string | undefined = instruction?.heredocs[0]?.content;
const seconds: number | undefined = issue?.cost.seconds;
const kept: number | undefined = report.scenarios[0]?.after.reruns.length;
const all: RuleInfo[] = rules();
const file: ContextFile = { type: "file", mode: "0o644", text: "" };
const build: Build = { dockerfile: "FROM scratch", context: { a: file }, buildArgs: { A: "1" } };
const comparing: CompareOptions = { builder: "classic", target: "final" };
const outcomes: StepOutcome[] = compare(build, { dockerfile: "FROM scratch" }, comparing);
const outcome: "cached" | "relinked" | "rerun" | "depends" | undefined = outcomes[0]?.outcome;
const because: string | undefined = outcomes[0]?.because;
const words: [Severity, Applicability, Need, Outcome, Cause, ScenarioKind] = [
  "info", "safe", "paths", "depends", "base-image", "lock-file",
];
checkOptions(options);
checkOptions(options, "FROM scratch");
const vain: string | undefined = report.notices[0]?.message;
const copied: string[] = copiedPaths("FROM scratch").map(({ path }) => path);
const change: Change = report.scenarios[0]?.change ?? { files: ["a.py"] };
const [rebuilt]: RebuiltStep[] = rebuild("FROM scratch", change, options);
const needless: "wholly" | "partly" | undefined = rebuilt?.needless;
const commit: Commit = { id: "1", time: 0, title: "", dockerfile: "", buildArgs: { A: "1" }, changes: { a: file, b: null } };
const replaying: ReplayOptions = { builder: "buildkit", timings: "", rewrite: "safe" };
const replayed: Replay = replay(build, [commit, { id: "2", changes: {} }], replaying);
const kind: CommitKind | undefined = replayed.rewritten?.commits[0]?.kind;
const often: number | undefined = replayed.paths[0]?.alone;
const wanted: boolean = wantsText("package.json");
const walked: boolean[] = excludesAll("*.md", ["docs"]);
const same: typeof analyze = inline.analyze;
const context: ContextOptions = readContext(".", { dockerfile: "Dockerfile" });
analyze("FROM scratch", { ...context, builder: "buildkit" });
const builds: FoundBuild[] = await findBuilds(findDockerfiles(), { context: ".", target: "a", onProblem: console_ });
for (const { text, options } of [...builds, ...buildsOf("Dockerfile", "FROM a")]) analyze(text, options);
const reports: ReportOf[] = builds.map(({ dockerfile, text, options }) => ({ dockerfile, report: analyze(text, options) }));
const texts: string[] = [toMarkdown(report, { text: "" }), JSON.stringify(toSarif(reports)), unifiedDiff("a", "b", { from: "a" })];
const shown: { diagnostics: LspDiagnostic[]; codeActions: LspCodeAction[] } = toLsp(report, { uri: "file:///Dockerfile", version: 1 });
function console_(sentence: string) { texts.push(sentence); }
const overview: Overview = overviewOf(report, { text: "", name: "api.Dockerfile", rules: rules() });
texts.push(headlineOf(report).text, overview.badge.tone, overview.entries[0]?.fix?.applicability ?? "", STYLE);
const element = (made: LayerwiseDockerfile): string => made.text + (made.report?.rewritten ?? "");
texts.push(String(element));
// @ts-expect-error the text is needed
overviewOf(report, {});
// @ts-expect-error a document has an address
toLsp(report, {});
// @ts-expect-error no such option
findBuilds(["."], { contexts: "." });

// @ts-expect-error a Dockerfile is a string
analyze(1);
// @ts-expect-error no such option
analyze("", { file: [] });
// @ts-expect-error no such change
rebuild("", { weather: "rain" });
// @ts-expect-error no such builder
analyze("", { builder: "kaniko" });
// @ts-expect-error text or null
analyze("", { files: { a: 1 } });
// @ts-expect-error no such level
analyze("", { rules: { a: "fatal" } });
// @ts-expect-error a build has a Dockerfile
compare({}, build);
// @ts-expect-error no such type of file
compare(build, { dockerfile: "", context: { a: { type: "pipe" } } });
// @ts-expect-error a commit says what it changes
replay(build, [{ id: "1" }]);
// @ts-expect-error no such cause
outcomes.some(({ cause }) => cause === "weather");
// @ts-expect-error no such kind of change
report.scenarios.some((scenario) => scenario.kind === "weather");

export { all, because, content, kind, often, shown, error, kept, level, need, outcome, place, reason, rewritten, same, seconds, severity, flags, needless, words, walked, wanted };
