//! One reading of a Dockerfile: its stages, which of them the target needs, and the state that
//! each instruction is dispatched in.
//!
//! What every reader must see alike is decided here: which stage a name means, what a variable
//! holds, which triggers run, and what builders do differently with these. What an instruction
//! does to files is in `graph`, what a step's key is made of in `cache`.
//!
//! Follows `toDispatchState`, `dispatch` and their kin in
//! <https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/convert.go>

mod dispatch_state;
mod expansion;
mod names;
mod naming;
mod places;
mod platform;
mod stages;
mod targets;
mod variables;

pub use dispatch_state::{Assigned, DispatchState};
pub use expansion::{Expanded, Lookup};
pub use names::StageNames;
pub use platform::{Platform, is_set_by_builder};
pub use stages::{Base, Dispatch, Stage, Stages};
pub use targets::texts_on_builds;

use crate::report::{BaseImage, Builder, Options};
use std::collections::BTreeMap;

/// What a build is given beside its file.
#[derive(Clone, Debug)]
pub struct Given<'a> {
    /// The builder.
    pub builder: Builder,
    /// Values of build arguments.
    pub build_args: &'a BTreeMap<String, String>,
    /// What is known of base images, by the name that FROM gives them.
    pub base_images: Option<&'a BTreeMap<String, BaseImage>>,
    /// The platform built for.
    pub platform: Platform,
    /// The stage to build; the last one where there is none.
    pub target: Option<&'a str>,
    /// Whether all files of the context are known.
    pub lists_files: bool,
    /// What a variable holds that neither the file nor this sets.
    pub absent: Absent,
}

/// What a variable holds that nobody is known to set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// Nothing: the build is known, or both of two builds lack it alike.
    Unset,
    /// Nobody knows: whoever builds may pass it, the base image may bring it.
    Unknown,
}

impl<'a> Given<'a> {
    /// A build that whoever runs it may give more than `options` tell.
    pub fn of(options: &'a Options) -> Given<'a> {
        Given {
            builder: options.builder,
            build_args: &options.build_args,
            base_images: Some(&options.base_images),
            platform: Platform::default(),
            target: options.target.as_deref(),
            lists_files: options.files.is_some() && options.files_complete,
            absent: Absent::Unknown,
        }
    }
}

/// Whether an ARG hides an ENV of its name that stands before it. BuildKit keeps both in one
/// list, where the later one counts; for the others ENV always goes first.
fn later_argument_counts(builder: Builder) -> bool {
    builder == Builder::Buildkit
}

/// Whether a stage has the ARGs of the stage it is built on. ENV goes before them again there.
///
/// <https://docs.docker.com/reference/dockerfile/#scope>
fn inherits_arguments(builder: Builder) -> bool {
    builder == Builder::Buildkit
}

/// Whether a stage runs the triggers of a stage of the same file that it is built on. OCI
/// images, which buildah makes unless told otherwise, hold none.
fn runs_triggers(builder: Builder) -> bool {
    builder != Builder::Buildah
}

/// Whether instructions that only change the image's configuration (LABEL, CMD, EXPOSE) and those
/// that only change the state (ENV, ARG, USER) are steps of their own, which later ones are
/// built on. On BuildKit they are none: it is why a changed LABEL reruns nothing there.
pub fn configures_in_steps(builder: Builder) -> bool {
    builder != Builder::Buildkit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builders_differ() {
        for (builder, later, inherits, triggers, steps) in [
            (Builder::Buildkit, true, true, true, false),
            (Builder::Classic, false, false, true, true),
            (Builder::Buildah, false, false, false, true),
        ] {
            assert_eq!(later_argument_counts(builder), later);
            assert_eq!(inherits_arguments(builder), inherits);
            assert_eq!(runs_triggers(builder), triggers);
            assert_eq!(configures_in_steps(builder), steps);
        }
    }
}
