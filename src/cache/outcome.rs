//! What becomes of a step in the second of two builds, and why.
//!
//! Types only; the judgement is made in `solve`, the sentences in `explain`.

use crate::text::Span;
use crate::words::words;

/// A step of the second build.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct StepOutcome {
    /// Index of its stage in the file.
    pub stage: usize,
    /// Its keyword in upper case; that of the trigger for an ONBUILD.
    pub keyword: &'static str,
    /// The step as the builder's progress log names it.
    pub text: String,
    /// The instruction in the second file; the ONBUILD for a trigger.
    #[cfg_attr(feature = "wasm", serde(rename = "range"), tsify(type = "Range"))]
    pub span: Span,
    /// What becomes of it.
    pub outcome: Outcome,
    /// The first reason, where it is not cached.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub cause: Option<Cause>,
    /// The reason as a sentence, where it is not cached.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub because: Option<String>,
}

words! {
    /// What becomes of a step.
    pub enum Outcome {
        /// Its result comes from the cache.
        Cached = "cached",
        /// The files that a `COPY --link` brings come from the cache and are put on a new parent.
        Relinked = "relinked",
        /// It runs again.
        Rerun = "rerun",
        /// Cached if a step of another stage, which runs again, gives the same bytes.
        Depends = "depends",
    }
}

words! {
    /// The first reason why a step is not cached.
    pub enum Cause {
        /// A file that it reads has other content.
        FileContent = "file-content",
        /// It reads a file that was not there.
        FileAdded = "file-added",
        /// A file that it read is not there any more.
        FileRemoved = "file-removed",
        /// A file that it reads has another mode.
        FileMode = "file-mode",
        /// A path that it reads is a file, directory or link and was another of these.
        FileType = "file-type",
        /// A link that it reads points elsewhere.
        LinkTarget = "link-target",
        /// Its command, or the text of the instruction, is another.
        Command = "command",
        /// A variable that ENV sets is another.
        Env = "env",
        /// A build argument is another.
        BuildArg = "build-arg",
        /// The base image is another.
        BaseImage = "base-image",
        /// A flag is another, one of its mounts included.
        Flag = "flag",
        /// It copies something else.
        Source = "source",
        /// It copies to somewhere else.
        Destination = "destination",
        /// The body of a here-document is another.
        Heredoc = "heredoc",
        /// SHELL is another.
        Shell = "shell",
        /// The user is another.
        User = "user",
        /// The working directory is another.
        Workdir = "workdir",
        /// The platform is another.
        Platform = "platform",
        /// `SOURCE_DATE_EPOCH` is another.
        SourceDateEpoch = "source-date-epoch",
        /// The first build had no such step.
        NewStep = "new-step",
        /// A step before it is gone, or stands elsewhere.
        StepOrder = "step-order",
        /// What it reads of another stage may be other bytes.
        SourceStage = "source-stage",
        /// A step before it is not cached.
        Parent = "parent",
    }
}
