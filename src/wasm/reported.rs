//! The TypeScript declarations of what `analyze` and `compare` return.
//!
//! Declarations only: no value of these types is made, `fill` writes their JSON straight from
//! the core's own types.

#![allow(dead_code)]

use super::shapes::{Range, Severity, SyntaxError};
use tsify::Tsify;

/// Replace what `range` covers by `text`; an empty range inserts.
#[derive(Tsify)]
pub struct TextEdit {
    /// What is replaced.
    pub range: Range,
    /// What stands there afterwards.
    pub text: String,
}

/// How far a fix can be trusted: `safe` is proved from what was given, `assumed` holds under
/// the listed assumptions, `suggested` also changes something stated beside the order.
#[derive(Tsify)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// Proved from what was given: the image and every modelled scenario are the same or better.
    Safe,
    /// The same under the listed assumptions.
    Assumed,
    /// Also changes something stated beside the order of steps.
    Suggested,
}

/// Another place that belongs to an issue.
#[derive(Tsify)]
pub struct Related {
    /// Where.
    pub range: Range,
    /// What that place has to do with it.
    pub message: String,
}

/// Why an issue has no fix.
#[derive(Tsify)]
pub struct Refusal {
    /// The kind of reason, in kebab case.
    pub reason: &'static str,
    /// What exactly stands in the way, as a sentence.
    pub message: String,
}

/// What reruns cost.
#[derive(Tsify)]
pub struct Cost {
    /// Seconds.
    pub seconds: f64,
    /// Whether they were measured; else they are estimates that only compare. A sum is measured
    /// although steps of less than a second in it were not.
    pub measured: bool,
}

/// A change that happens to a project, and what it rebuilds.
#[derive(Tsify)]
pub struct Scenario {
    /// What kind of change it is.
    #[tsify(
        type = "\"source\" | \"dependencies\" | \"lock-file\" | \"build-arg\" | \"base-image\""
    )]
    pub kind: &'static str,
    /// What happens, as a sentence without its full stop; names are in backticks.
    pub title: String,
    /// The files of the context that change: patterns where their names are not known.
    pub paths: Vec<String>,
    /// What it rebuilds of the file as it is.
    pub before: Rebuild,
    /// What it rebuilds of the rewritten file; ranges are of that text.
    pub after: Rebuild,
}

/// What a change rebuilds: what `compare` says of the build before and after it.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Rebuild {
    /// The instructions that run again, in the order of the build.
    pub reruns: Vec<Range>,
    /// Each COPY with `--link` whose files come from the cache and are put on a new parent.
    pub relinked: Vec<Range>,
    /// The instructions that run again only if a stage that runs again gives other files than
    /// before.
    pub depends: Vec<Range>,
    /// What they cost together, at most: as if all that depend run again.
    pub cost: Cost,
    /// What they cost together, at least: as if none that depend runs again.
    pub cost_at_least: Cost,
}

/// One finding.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Issue {
    /// The id of the rule that found it.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, one sentence.
    pub message: String,
    /// Why that costs rebuild time.
    pub why: String,
    /// What to do.
    pub help: String,
    /// The instruction that is invalidated needlessly.
    pub range: Range,
    /// Other places; the first is the instruction that causes it.
    pub related: Vec<Related>,
    /// The steps that rerun without need when a file changes that this step does not read: this
    /// one, and what follows it in its stage and in stages built on it, up to the first that
    /// may read such a file; at most 20.
    pub reruns: Vec<Range>,
    /// How many such steps there are.
    pub rerun_count: u32,
    /// What they cost together, each time; issues are sorted by it. A step that follows several
    /// issues counts for each of them: costs of issues that share a fix do not add up.
    pub cost: Cost,
    /// Index into `Report.fixes`; issues of one cause share one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<u32>,
    /// Why there is no fix, where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}

/// A repair.
#[derive(Tsify)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// How far it can be trusted.
    pub applicability: Applicability,
    /// What an assumed fix rests on: sentences that you can check.
    pub assumptions: Vec<String>,
    /// Edits of the analysed text, sorted and disjoint.
    pub edits: Vec<TextEdit>,
}

/// One stage of the build.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Stage {
    /// Its name as written after AS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What FROM names, variables expanded where their values are known.
    pub base: String,
    /// Index of the stage it is built on, where the base is an earlier stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_stage: Option<u32>,
    /// Whether the target needs it.
    pub needed: bool,
    /// The FROM instruction.
    pub range: Range,
    /// Its steps, FROM not included.
    pub steps: Vec<Step>,
}

/// One instruction of a stage as the builder sees it.
#[derive(Tsify)]
pub struct Step {
    /// The keyword, upper case.
    pub keyword: String,
    /// The instruction.
    pub range: Range,
    /// The working directory it runs in, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cwd: Option<String>,
    /// The user it runs as, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// What it costs when it runs; nothing where it only sets configuration.
    pub cost: Cost,
    /// What it needs of what earlier COPY and ADD instructions brought.
    pub needs: Vec<CopyNeed>,
}

/// How much of a copy a step needs.
#[derive(Tsify)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    /// Nothing of it.
    Nothing,
    /// Only the listed paths.
    Paths,
    /// Possibly all of it.
    Everything,
}

/// How much a step needs of one earlier copy.
#[derive(Tsify)]
pub struct CopyNeed {
    /// The COPY or ADD.
    pub copy: Range,
    /// How much of it.
    pub need: Need,
    /// With `paths`: which paths of the context, patterns where names are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paths: Option<Vec<String>>,
    /// Why, as a sentence.
    pub because: String,
}

/// What `analyze` found.
#[derive(Tsify)]
pub struct Report {
    /// The findings, the costliest first.
    pub issues: Vec<Issue>,
    /// The repairs.
    pub fixes: Vec<Fix>,
    /// The text with the fixes of the chosen level applied.
    pub rewritten: String,
    /// The edits that turn the text into `rewritten`: sorted, disjoint.
    pub edits: Vec<TextEdit>,
    /// What BuildKit refuses.
    pub errors: Vec<SyntaxError>,
    /// The stages and their steps, in the order of the file.
    pub stages: Vec<Stage>,
    /// Changes that happen to every project and what each rebuilds, most frequent first.
    pub scenarios: Vec<Scenario>,
}

/// What becomes of a step in the second of two builds.
#[derive(Tsify)]
pub struct StepOutcome {
    /// Index of its stage in the file.
    pub stage: u32,
    /// The keyword, upper case; that of the trigger for an ONBUILD.
    pub keyword: &'static str,
    /// The step as the builder's progress log names it.
    pub text: String,
    /// The instruction in `after.dockerfile`.
    pub range: Range,
    /// `relinked`: the files of a `COPY --link` come from the cache and are put on a new
    /// parent. `depends`: cached if a stage that runs again gives the same bytes.
    #[tsify(type = "\"cached\" | \"relinked\" | \"rerun\" | \"depends\"")]
    pub outcome: &'static str,
    /// The first reason, where it is not cached.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(
        type = "\"file-content\" | \"file-added\" | \"file-removed\" | \"file-mode\" | \"file-type\" | \"link-target\" | \"command\" | \"env\" | \"build-arg\" | \"base-image\" | \"flag\" | \"source\" | \"destination\" | \"heredoc\" | \"shell\" | \"user\" | \"workdir\" | \"platform\" | \"source-date-epoch\" | \"new-step\" | \"step-order\" | \"source-stage\" | \"parent\""
    )]
    pub cause: Option<&'static str>,
    /// The reason as a sentence, where it is not cached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}
