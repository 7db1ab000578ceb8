//! A step as the cache sees it: its own definition and what goes into it, as numbers.
//!
//! How a builder makes these of an instruction is in `buildkit` and `layered`; what they say
//! of a later build is in `solve`.

use super::contents::Query;
use crate::digest::Digest;
use crate::syntax::Keyword;
use crate::text::Span;
use std::rc::Rc;

/// One step of a build.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Index of its stage.
    pub stage: usize,
    pub keyword: Keyword,
    /// As the progress log names it.
    pub text: String,
    pub span: Span,
    /// The number of its definition, what goes into it excepted.
    pub definition: u64,
    pub inputs: Vec<Input>,
    /// The file system it is put on, or changes.
    pub base: FileSystem,
    /// Whether its files are made without the base and put on it afterwards.
    pub link: bool,
    /// Parts of the definition, to say which of them changed.
    pub facets: Vec<(Facet, u64)>,
    /// The last assignment before it, in [`Definition::assignments`].
    pub assigned: Option<u32>,
    /// What it reads of the context.
    pub queries: Vec<Query>,
}

/// A file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileSystem {
    /// Nothing.
    Scratch,
    /// An image, by the number of its name or digest.
    Image(u64),
    /// What the step of this index leaves.
    After(usize),
}

impl FileSystem {
    /// A number for it among those of one build.
    pub fn number(self) -> u64 {
        match self {
            FileSystem::Scratch => Digest::of("scratch").end(),
            FileSystem::Image(number) => Digest::of("image").number(number).end(),
            FileSystem::After(step) => Digest::of("after").number(step as u64).end(),
        }
    }
}

/// What goes into a step.
#[derive(Clone, Copy, Debug)]
pub(super) enum Input {
    /// Its base, whatever it holds: equal only if made the same way.
    Base,
    /// Bytes that are known, by their number.
    Content(u64),
    /// A download: equal if the address or the checksum is.
    Remote { address: u64, checksum: Option<u64> },
    /// Some files of a file system: equal if they are the same bytes, however they were made.
    Files {
        of: FileSystem,
        /// The number of what is selected.
        selected: u64,
        /// The stage they are of, where it is one.
        stage: Option<usize>,
    },
}

/// A part of a step's definition. The first that changed is the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Facet {
    Heredoc,
    Command,
    Shell,
    Flag,
    Source,
    Destination,
    Environment,
    Workdir,
    User,
    Platform,
    Epoch,
}

/// A variable that ENV or ARG sets.
#[derive(Clone, Debug)]
pub(super) struct Assignment {
    pub name: Rc<str>,
    pub value: Rc<str>,
    /// Whether ARG sets it.
    pub argument: bool,
    /// The one before, in the same stage or the one it is built on.
    pub before: Option<u32>,
}

/// The steps of a build, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Definition {
    pub steps: Vec<Step>,
    pub assignments: Vec<Assignment>,
    /// For each stage of the file its name.
    pub stages: Vec<Option<String>>,
    /// For each stage the image that it goes back to.
    pub bases: Vec<String>,
}
