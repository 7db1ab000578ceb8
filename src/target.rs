//! Whether a file has the stage that is to be built. Builders refuse a build whose target it has
//! not; what `build` makes of one is that every stage is needed, so that a wrong name hides nothing.

use crate::build::StageNames;
use crate::syntax::{self, Arguments, Dockerfile, Instruction, SyntaxError};
use crate::text::Span;
use std::fmt;

/// Most stages that an error names.
const NAMED: usize = 12;

/// No stage of a file is the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownTarget {
    /// The target as it was given.
    pub target: String,
    /// The stages that there are, each by its name, or by its index where it has none.
    pub stages: Vec<String>,
}

/// Whether `dockerfile` has the stage `target`, which is a name or an index; an empty one is the
/// last stage, as BuildKit takes it.
pub fn check_target(dockerfile: &str, target: &str) -> Result<(), UnknownTarget> {
    check_part(dockerfile, false, target)
}

/// The same of what may be a fragment of a file; see [`crate::Options::fragment`].
pub fn check_part(text: &str, is_fragment: bool, target: &str) -> Result<(), UnknownTarget> {
    check(&syntax::parse_part(text, is_fragment).0, target)
}

/// The same as what the builder refuses, at the stage that is built without a target.
pub fn refused(file: &Dockerfile<'_>, target: Option<&str>) -> Option<SyntaxError> {
    let wrong = check(file, target?).err()?;
    let last = froms(file).last();
    Some(SyntaxError {
        message: wrong.to_string(),
        span: last.map_or(Span::at(0), |(from, _)| from.span),
    })
}

fn check(file: &Dockerfile<'_>, target: &str) -> Result<(), UnknownTarget> {
    let mut names = StageNames::default();
    froms(file).for_each(|(_, name)| names.add(name));
    if target.is_empty() || names.find(target).is_some() {
        return Ok(());
    }
    let stages = froms(file).enumerate();
    let stages = stages.map(|(at, (_, name))| name.map_or(at.to_string(), str::to_owned));
    Err(UnknownTarget { target: target.to_owned(), stages: stages.collect() })
}

/// Each FROM, with the name that it gives its stage.
fn froms<'f>(
    file: &'f Dockerfile<'_>,
) -> impl Iterator<Item = (&'f Instruction<'f>, Option<&'f str>)> {
    file.instructions.iter().filter_map(|instruction| match &instruction.arguments {
        Arguments::From { name, .. } => {
            Some((instruction, name.as_ref().map(|name| name.text.as_ref())))
        }
        _ => None,
    })
}

impl fmt::Display for UnknownTarget {
    /// "target stage `x` could not be found", in BuildKit's words, and which stages there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "target stage `{}` could not be found; ", self.target)?;
        let Some((last, others)) = self.stages.split_last() else {
            return f.write_str("the file has no stage");
        };
        f.write_str("the file has ")?;
        for stage in others.iter().take(NAMED) {
            write!(f, "`{stage}`, ")?;
        }
        match others.len().checked_sub(NAMED) {
            None | Some(0) => write!(f, "`{last}`"),
            Some(more) => write!(f, "and {} more", more + 1),
        }
    }
}

impl std::error::Error for UnknownTarget {}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "FROM a AS Build\nFROM b\nFROM build AS run\n";

    fn said(file: &str, target: &str) -> String {
        check_target(file, target).map_or_else(|wrong| wrong.to_string(), |()| String::new())
    }

    #[test]
    fn a_target_is_a_name_in_any_case_or_an_index() {
        for target in ["build", "BUILD", "run", "0", "1", "2", ""] {
            assert_eq!(check_target(FILE, target), Ok(()), "{target}");
        }
        for target in ["builds", "3", "-1", "b"] {
            let wrong = check_target(FILE, target).unwrap_err();
            assert_eq!(wrong.stages, ["Build", "1", "run"], "{target}");
        }
    }

    #[test]
    fn an_unknown_target_is_told_with_the_stages() {
        assert_eq!(
            said(FILE, "test"),
            "target stage `test` could not be found; the file has `Build`, `1`, `run`"
        );
        let none = "target stage `test` could not be found; the file has no stage";
        assert_eq!(said("", "test"), none);
        assert_eq!(said("ARG A\n", "test"), none);
    }

    #[test]
    fn long_lists_are_cut() {
        let file = |stages: usize| "FROM a\n".repeat(stages);
        assert!(said(&file(13), "x").ends_with("`10`, `11`, `12`"));
        assert!(said(&file(14), "x").ends_with("`10`, `11`, and 2 more"));
    }

    #[test]
    fn it_is_refused_at_the_last_stage() {
        let (file, _) = syntax::parse(FILE);
        let error = refused(&file, Some("test")).unwrap();
        assert_eq!(error.span, file.instructions[2].span);
        for target in [None, Some(""), Some("build")] {
            assert_eq!(refused(&file, target), None, "{target:?}");
        }
    }
}
