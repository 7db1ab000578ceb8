//! What becomes of a step in the second of two builds, and why.
//!
//! Types only; the judgement is made in `solve`, the sentences in `explain`.

use crate::text::Span;

/// A step of the second build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepOutcome {
    /// Index of its stage in the file.
    pub stage: usize,
    /// Its keyword in upper case; that of the trigger for an ONBUILD.
    pub keyword: &'static str,
    /// The step as the builder's progress log names it.
    pub text: String,
    /// The instruction; the ONBUILD for a trigger.
    pub span: Span,
    /// What becomes of it.
    pub outcome: Outcome,
    /// The first reason, where it is not cached.
    pub cause: Option<Cause>,
    /// The reason as a sentence, where it is not cached.
    pub because: Option<String>,
}

/// What becomes of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Its result comes from the cache.
    Cached,
    /// The files that a `COPY --link` brings come from the cache and are put on a new parent.
    Relinked,
    /// It runs again.
    Rerun,
    /// Cached if a step of another stage, which runs again, gives the same bytes.
    Depends,
}

/// The first reason why a step is not cached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// A file that it reads has other content.
    FileContent,
    /// It reads a file that was not there.
    FileAdded,
    /// A file that it read is not there any more.
    FileRemoved,
    /// A file that it reads has another mode.
    FileMode,
    /// A path that it reads is a file, directory or link and was another of these.
    FileType,
    /// A link that it reads points elsewhere.
    LinkTarget,
    /// Its command, or the text of the instruction, is another.
    Command,
    /// A variable that ENV sets is another.
    Env,
    /// A build argument is another.
    BuildArg,
    /// The base image is another.
    BaseImage,
    /// A flag is another, one of its mounts included.
    Flag,
    /// It copies something else.
    Source,
    /// It copies to somewhere else.
    Destination,
    /// The body of a here-document is another.
    Heredoc,
    /// SHELL is another.
    Shell,
    /// The user is another.
    User,
    /// The working directory is another.
    Workdir,
    /// The platform is another.
    Platform,
    /// `SOURCE_DATE_EPOCH` is another.
    SourceDateEpoch,
    /// The first build had no such step.
    NewStep,
    /// A step before it is gone, or stands elsewhere.
    StepOrder,
    /// What it reads of another stage may be other bytes.
    SourceStage,
    /// A step before it is not cached.
    Parent,
}

impl Outcome {
    /// `cached`, `relinked`, `rerun` or `depends`.
    pub const fn id(self) -> &'static str {
        match self {
            Outcome::Cached => "cached",
            Outcome::Relinked => "relinked",
            Outcome::Rerun => "rerun",
            Outcome::Depends => "depends",
        }
    }
}

impl Cause {
    /// All of them.
    pub const ALL: [Cause; 23] = [
        Cause::FileContent,
        Cause::FileAdded,
        Cause::FileRemoved,
        Cause::FileMode,
        Cause::FileType,
        Cause::LinkTarget,
        Cause::Command,
        Cause::Env,
        Cause::BuildArg,
        Cause::BaseImage,
        Cause::Flag,
        Cause::Source,
        Cause::Destination,
        Cause::Heredoc,
        Cause::Shell,
        Cause::User,
        Cause::Workdir,
        Cause::Platform,
        Cause::SourceDateEpoch,
        Cause::NewStep,
        Cause::StepOrder,
        Cause::SourceStage,
        Cause::Parent,
    ];

    /// The name in kebab case: `file-content`, `build-arg`, `parent`.
    pub const fn id(self) -> &'static str {
        match self {
            Cause::FileContent => "file-content",
            Cause::FileAdded => "file-added",
            Cause::FileRemoved => "file-removed",
            Cause::FileMode => "file-mode",
            Cause::FileType => "file-type",
            Cause::LinkTarget => "link-target",
            Cause::Command => "command",
            Cause::Env => "env",
            Cause::BuildArg => "build-arg",
            Cause::BaseImage => "base-image",
            Cause::Flag => "flag",
            Cause::Source => "source",
            Cause::Destination => "destination",
            Cause::Heredoc => "heredoc",
            Cause::Shell => "shell",
            Cause::User => "user",
            Cause::Workdir => "workdir",
            Cause::Platform => "platform",
            Cause::SourceDateEpoch => "source-date-epoch",
            Cause::NewStep => "new-step",
            Cause::StepOrder => "step-order",
            Cause::SourceStage => "source-stage",
            Cause::Parent => "parent",
        }
    }
}
