//! What a replay gives: each commit, and what they come to by step, cause, path and week.
//!
//! Types only; they are filled by `summed`.

use super::super::outcome::{Cause, StepOutcome};
use crate::words::words;

/// What a history of builds rebuilt.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
#[cfg_attr(feature = "wasm", serde(rename_all = "camelCase"))]
pub struct Replay {
    /// The Dockerfiles that were built, in their order; that of the start is the first.
    pub dockerfiles: Vec<String>,
    /// The commits, in their order.
    pub commits: Vec<ReplayedCommit>,
    /// The steps that ran again, the costliest first.
    pub steps: Vec<StepTotal>,
    /// Why they did, the costliest first.
    pub causes: Vec<CauseTotal>,
    /// The files that made steps run again, the costliest first.
    pub paths: Vec<PathTotal>,
    /// The weeks that commits with a time are of, in order.
    pub weeks: Vec<WeekTotal>,
    /// What all of it cost, at most: as if every step that depends on one which runs again does so.
    pub seconds: f64,
    /// What it cost at least: as if none of these does.
    pub seconds_at_least: f64,
    /// Whether these are measured times; else at least one that takes a second is an estimate.
    pub measured: bool,
    /// The same history with the Dockerfile of each commit rewritten, where that was asked for.
    #[cfg_attr(
        feature = "wasm",
        serde(serialize_with = "of_rewritten"),
        tsify(optional, type = "Replay")
    )]
    pub rewritten: Option<Box<Replay>>,
}

/// A commit and what it rebuilt.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
#[cfg_attr(feature = "wasm", serde(rename_all = "camelCase"))]
pub struct ReplayedCommit {
    /// Which of `dockerfiles` it was built with: places are of that text.
    #[cfg_attr(feature = "wasm", serde(serialize_with = "of_dockerfile"), tsify(type = "number"))]
    pub dockerfile: usize,
    /// What names it.
    pub id: String,
    /// When it was made, in seconds since the start of 1970 (UTC).
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub time: Option<f64>,
    /// The first line of its message.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub title: Option<String>,
    /// What of the build it changed.
    pub kind: CommitKind,
    /// Every step that is not cached, in build order, as `compare` of the two builds says.
    pub reruns: Vec<StepOutcome>,
    /// The files for which steps ran again, not more than a thousand for one step.
    pub paths: Vec<String>,
    /// What it cost, at most.
    pub seconds: f64,
    /// What it cost at least.
    pub seconds_at_least: f64,
    /// Whether that is measured.
    pub measured: bool,
}

words! {
    /// What of the build a commit changed.
    pub enum CommitKind {
        /// Nothing that a step reads: all comes from the cache.
        Cached = "cached",
        /// Files that steps read, or which files they are: the ignore file.
        Files = "files",
        /// The Dockerfile, and perhaps files.
        Dockerfile = "dockerfile",
        /// The value of a build argument, and perhaps files.
        BuildArgs = "build-args",
    }
}

/// How often a step ran again, and what that cost.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct StepTotal {
    /// The name of its stage, in lower case.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub stage: Option<String>,
    /// Its keyword in upper case.
    pub keyword: &'static str,
    /// The step as the builder's progress log names it.
    pub text: String,
    /// How often it ran again.
    pub reruns: usize,
    /// How often it ran again only if another stage, which did, gave other files than before.
    pub depends: usize,
    /// What that cost, at most.
    pub seconds: f64,
    /// Whether that is measured.
    pub measured: bool,
}

/// How often the first cause of a rebuild was this one.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct CauseTotal {
    /// The cause.
    pub cause: Cause,
    /// How many commits ran steps again for it.
    pub commits: usize,
    /// What these steps, and those behind them, cost, at most.
    pub seconds: f64,
}

/// How often steps ran again for a file.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct PathTotal {
    /// The file.
    pub path: String,
    /// How many commits changed it so that a step ran again.
    pub commits: usize,
    /// In how many of them no other file, and nothing else, made a step run again: they would have
    /// cost nothing without it.
    pub alone: usize,
    /// Its share of what these commits cost, at most: each cost is shared evenly by the files that
    /// caused it.
    pub seconds: f64,
    /// The step that cost most for it, an index of `steps`.
    pub step: usize,
    /// How often that one ran again for it.
    pub reruns: usize,
}

/// What the commits of a week cost.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct WeekTotal {
    /// The start of its Monday (UTC), in seconds since the start of 1970.
    pub time: f64,
    /// How many commits it has.
    pub commits: usize,
    /// How many steps ran again, those that may have included.
    pub reruns: usize,
    /// What they cost, at most.
    pub seconds: f64,
}

/// The name under which the index of a text is serialised, of which the places behind it are.
#[cfg(feature = "wasm")]
pub const DOCKERFILE: &str = "dockerfile";

#[cfg(feature = "wasm")]
fn of_dockerfile<S: serde::Serializer>(index: &usize, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_newtype_struct(DOCKERFILE, index)
}

#[cfg(feature = "wasm")]
fn of_rewritten<S: serde::Serializer>(
    replay: &Option<Box<Replay>>,
    to: S,
) -> Result<S::Ok, S::Error> {
    match replay {
        Some(replay) => to.serialize_newtype_struct(crate::report::REWRITTEN, replay),
        None => to.serialize_none(),
    }
}
