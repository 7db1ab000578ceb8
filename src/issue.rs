//! What a rule finds and what can be done about it: a leaf that every room may use.
//!
//! All places are byte spans of the original text. How issues are shown, and positions in
//! lines and UTF-16 units, belong to the surfaces.

use crate::text::{Edit, Span};
use crate::words::words;

words! {
    /// How much an issue matters.
    pub enum Severity {
        /// Worth knowing; often fine as it is.
        Info = "info",
        /// Costs rebuild time at common changes.
        Warning = "warning",
        /// Breaks the build or its result.
        Error = "error",
    }
}

words! {
    /// How far a fix can be trusted: `safe` is proved from what was given, `assumed` holds under
    /// the listed assumptions, `suggested` also changes something stated beside the order.
    pub enum Applicability {
        /// Proved from what was given: the image and every modelled scenario are the same or better.
        Safe = "safe",
        /// The same under the listed assumptions.
        Assumed = "assumed",
        /// Also changes something stated beside the order of steps.
        Suggested = "suggested",
    }
}

/// Another place that belongs to an issue.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct Related {
    /// Where.
    #[cfg_attr(feature = "wasm", serde(rename = "range"), tsify(type = "Range"))]
    pub span: Span,
    /// What that place has to do with it.
    pub message: String,
}

words! {
    /// Why no fix is offered, in a word.
    pub enum RefusalReason {
        /// A command between is not understood: it may need everything.
        OpaqueCommand = "opaque-command",
        /// The install shares a RUN with state that a split would lose.
        SharedShellState = "shared-shell-state",
        /// A manifest names a local path, or none was given and local paths are likely.
        LocalDependency = "local-dependency",
        /// A lifecycle script reads the source.
        LifecycleScript = "lifecycle-script",
        /// `.dockerignore` lets through what the install writes; the later copy would overwrite it.
        HostArtifacts = "host-artifacts",
        /// The step that would be passed reads or writes what the moved one writes.
        OrderDecidesImage = "order-decides-image",
        /// The source is an archive, an address or a repository.
        RemoteOrArchive = "remote-or-archive",
        /// A variable or pattern could not be resolved.
        Unresolved = "unresolved",
        /// The manifests that the install needs are not known, or not in the context.
        UnknownManifests = "unknown-manifests",
        /// The tool has no way to install dependencies without the source.
        NoDependencyOnlyInstall = "no-dependency-only-install",
        /// The install writes a file that the later copy would overwrite.
        WritesLockFile = "writes-lock-file",
        /// A volume or an inherited trigger makes the order decide the image.
        VolumeOrTrigger = "volume-or-trigger",
        /// The cause is in a stage that others share in a way that cannot be split.
        SharedStage = "shared-stage",
        /// Another fix changes the same lines: applied first, it leaves room for this one.
        OtherFixFirst = "other-fix-first",
        /// The verification of the finished rewrite failed.
        NotVerified = "not-verified",
    }
}

/// A refused fix: the typed reason and a sentence for the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct Refusal {
    /// The kind of reason.
    pub reason: RefusalReason,
    /// What exactly stands in the way, as a sentence.
    pub message: String,
}

impl Refusal {
    /// The refusal with its message as a sentence: a capital first, a full stop last. What
    /// starts with a name or with code starts as it is.
    pub fn into_sentence(mut self) -> Refusal {
        let message = &mut self.message;
        let word = message.split(' ').next().unwrap_or_default();
        if !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_lowercase())
            && let Some(first) = message.get_mut(..1)
        {
            first.make_ascii_uppercase();
        }
        if !message.ends_with(['.', '!', '?']) {
            message.push('.');
        }
        self
    }
}

/// What reruns cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct Cost {
    /// Seconds.
    pub seconds: f64,
    /// Whether they were measured; else they are estimates that only compare. A sum is measured
    /// although steps of less than a second in it were not.
    pub measured: bool,
}

impl Cost {
    /// Adds what another step costs; the sum is measured where all of it is that takes time.
    pub fn add(&mut self, other: Cost) {
        self.seconds += other.seconds;
        self.measured &= other.measured || other.seconds < 1.0;
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
#[cfg_attr(feature = "wasm", serde(rename_all = "camelCase"))]
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
    #[cfg_attr(feature = "wasm", serde(rename = "range"), tsify(type = "Range"))]
    pub span: Span,
    /// Other places; the first is the instruction that causes it.
    pub related: Vec<Related>,
    /// The steps that rerun without need when a file changes that this step does not read: this
    /// one, and what follows it in its stage and in stages built on it, up to the first that
    /// may read such a file; at most 20.
    #[cfg_attr(feature = "wasm", tsify(type = "Range[]"))]
    pub reruns: Vec<Span>,
    /// How many such steps there are.
    pub rerun_count: usize,
    /// What they cost together, each time; issues are sorted by it, infos behind the others. A step that follows several issues counts for each
    /// of them: costs of issues that share a fix do not add up.
    pub cost: Cost,
    /// In what share of the commits its causes change, from 0 to 1, where `Options.history` says so:
    /// issues are then sorted by what they cost in all commits.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub frequency: Option<f64>,
    /// Index into the fixes of the report; issues of one cause share one.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub fix: Option<usize>,
    /// Why there is no fix, where there is none.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub refusal: Option<Refusal>,
}

words! {
    /// What kind of change a scenario is.
    pub enum ScenarioKind {
        /// An edit of a source file.
        Source = "source",
        /// A change of a dependency manifest.
        Dependencies = "dependencies",
        /// A change of a lock file alone.
        LockFile = "lock-file",
        /// A new value of a build argument.
        BuildArg = "build-arg",
        /// A new version of a base image.
        BaseImage = "base-image",
    }
}

/// What a fix saves.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct Saving {
    /// At which changes: of those that it makes cheaper the most frequent.
    pub at: ScenarioKind,
    /// How much of the rebuild, at each of them.
    pub cost: Cost,
}

/// A repair, as edits of the original text.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// How far it can be trusted.
    pub applicability: Applicability,
    /// What an assumed fix rests on: plain sentences that you can check.
    pub assumptions: Vec<String>,
    /// Edits of the analysed text: sorted, disjoint.
    #[cfg_attr(feature = "wasm", tsify(type = "TextEdit[]"))]
    pub edits: Vec<Edit>,
    /// The lines that `.dockerignore` gets with it, each the path of a directory. A safe fix is
    /// right without them for the files that were given, and with them when a checkout is used, and
    /// gets a `node_modules` of its own; an assumed one rests on them.
    pub dockerignore: Vec<String>,
    /// What it saves by itself, where that is a second or more; of very many fixes only the first
    /// are priced.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub saves: Option<Saving>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_become_sentences() {
        let sentence = |message: &str| {
            let reason = RefusalReason::NotVerified;
            Refusal { reason, message: message.into() }.into_sentence().message
        };
        assert_eq!(sentence("the copy lands in `/`"), "The copy lands in `/`.");
        assert_eq!(sentence("`x` may read it."), "`x` may read it.");
        assert_eq!(sentence("a.b is not there"), "a.b is not there.");
        assert_eq!(sentence("éclair"), "éclair.");
        assert_eq!(sentence(""), ".");
    }
}
