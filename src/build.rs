//! What every reader of a Dockerfile must see alike: which stage a name means, how many
//! triggers are run, and what builders do differently with arguments and triggers.
//!
//! What an instruction does to files is in `graph`, what a step's key is made of in `cache`.
//!
//! Follows `addState`, `findStateByName` and `init` of `dispatchState` in
//! <https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/convert.go>

use crate::digest::{Digest, Numbers};
use crate::report::Builder;

/// How many triggers (ONBUILD) the stages of one file run in all. Without a limit, stages that
/// are built on one full of triggers take quadratic time.
pub const MOST_TRIGGERED: usize = 1 << 12;

/// The names of the stages of a file, as far as it was read.
#[derive(Clone, Debug, Default)]
pub struct StageNames {
    /// For the number of each name, in lower case, the last stage of it.
    by_name: Numbers,
    /// How many stages there are.
    count: usize,
}

impl StageNames {
    /// Adds the next stage.
    pub fn add(&mut self, name: Option<&str>) {
        if let Some(name) = name {
            self.by_name.set(number(&name.to_ascii_lowercase()), self.count as u64);
        }
        self.count += 1;
    }

    /// The stage that `FROM image` is built on. BuildKit keeps names in lower case and looks for
    /// the image as it is written: behind `AS Build`, `FROM build` is the stage, and `FROM Build`
    /// an image, which it refuses.
    pub fn base(&self, image: &str) -> Option<usize> {
        self.by_name.index(number(image))
    }

    /// The stage that `--from`, or the target, means: by its index, or by its name in any case.
    pub fn find(&self, stage: &str) -> Option<usize> {
        let index = stage.parse().ok().filter(|&index| index < self.count);
        index.or_else(|| self.by_name.index(number(&stage.to_ascii_lowercase())))
    }
}

/// Whether an ARG hides an ENV of its name that stands before it. BuildKit keeps both in one
/// list, where the later one counts; for the others ENV always goes first.
pub fn later_argument_counts(builder: Builder) -> bool {
    builder == Builder::Buildkit
}

/// Whether a stage has the ARGs of the stage it is built on. ENV goes before them again there.
///
/// <https://docs.docker.com/reference/dockerfile/#scope>
pub fn inherits_arguments(builder: Builder) -> bool {
    builder == Builder::Buildkit
}

/// Whether a stage runs the triggers of a stage of the same file that it is built on. OCI
/// images, which buildah makes unless told otherwise, hold none.
pub fn runs_triggers(builder: Builder) -> bool {
    builder != Builder::Buildah
}

fn number(name: &str) -> u64 {
    Digest::of(name).end()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(stages: &[Option<&str>]) -> StageNames {
        let mut names = StageNames::default();
        stages.iter().for_each(|name| names.add(*name));
        names
    }

    #[test]
    fn only_a_name_in_lower_case_is_built_on() {
        let names = names(&[Some("Build"), None]);
        assert_eq!(
            (names.base("build"), names.base("Build"), names.base("0")),
            (Some(0), None, None)
        );
    }

    #[test]
    fn files_are_taken_by_name_or_index() {
        let names = names(&[Some("Build"), None, Some("build")]);
        assert_eq!((names.find("BUILD"), names.find("1")), (Some(2), Some(1)));
        assert_eq!((names.find("3"), names.find("other")), (None, None));
    }

    #[test]
    fn builders_differ() {
        for (builder, later, inherits, triggers) in [
            (Builder::Buildkit, true, true, true),
            (Builder::Classic, false, false, true),
            (Builder::Buildah, false, false, false),
        ] {
            assert_eq!(later_argument_counts(builder), later);
            assert_eq!(inherits_arguments(builder), inherits);
            assert_eq!(runs_triggers(builder), triggers);
        }
    }
}
