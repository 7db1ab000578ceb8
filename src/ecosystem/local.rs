//! What the text of manifests says about a split: local dependencies, scripts, members.
//!
//! Careful readers of only what is needed. One that is unsure says so; it never guesses in
//! favour of a fix.

mod golang;
mod json;
mod package_json;
mod requirements;

pub(super) use golang::go;
pub(super) use package_json::package_json;
pub(super) use requirements::requirements;

use crate::issue::RefusalReason;

/// A project whose manifests may be looked at. Paths are relative to it.
pub struct Project<'a> {
    /// The manifests that the install names or reads, in order.
    pub manifests: &'a [String],
    /// The text of a file, where it was given.
    pub text: &'a dyn Fn(&str) -> Option<&'a str>,
    /// Options of the command that the tool's table has noted, as written.
    pub flags: &'a [String],
    /// Whether a path exists, where that is known.
    pub exists: &'a dyn Fn(&str) -> Option<bool>,
    /// The files that fit a pattern, where they are known: `*` matches in a name, a component
    /// `**` any number of directories.
    pub list: &'a dyn Fn(&str) -> Option<Vec<String>>,
}

/// What a manifest's text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The install reads this path as well.
    Also(String),
    /// A split is not safe.
    Refuse(RefusalReason, String),
    /// What could not be seen, as a sentence.
    Assume(String),
    /// There is nothing to install: no order problem.
    Nothing(String),
}
