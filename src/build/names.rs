//! The names of stages: which one FROM, `--from` and the target mean.

use crate::digest::{Digest, Numbers};

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
}
