//! The files that an install reads of its project, as the tables list them: whether each has to be
//! there, and how it is copied.

/// A file that an install reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Manifest {
    /// Its path below the project; a trailing `/` is a directory, `*` matches in a name.
    pub path: &'static str,
    /// Whether the install fails without it.
    pub presence: Presence,
    /// How to copy it when the files of the context are not known.
    pub unlisted: Unlisted,
}

/// Whether a manifest has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// The install fails without it. Of a pattern, [`super::Tool::inspect`] decides where the files
    /// are known.
    Required,
    /// The lock file: read where it is there, and the install may rewrite it.
    Lock,
    /// Read where it is there.
    Optional,
    /// The same, and then the required ones may be missing.
    Instead,
    /// The lock file of another tool: read where no lock file of its own is there.
    Substitute,
}

/// How a manifest is copied when the files of the context are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unlisted {
    /// With this source. One that ends in `*` may match nothing.
    As(&'static str),
    /// Another entry's source covers it.
    Covered,
    /// By a pattern that may match nothing, where others beside it are copied and the builder
    /// takes one; otherwise as `Assumed`. Settings that a later commit may add: they are copied so
    /// also where the files are known and have none.
    Beside,
    /// Not at all: that it is absent is an assumption.
    Assumed,
    /// Not at all: an assumption of [`super::Tool::inspect`] says that it is absent.
    Said,
}
