//! A repair: operations on the steps of a build, and what has to hold for them.
//!
//! Rules and the planner make repairs, `rewrite` prints them as edits and verifies what comes
//! out. Nothing here decides anything.

use crate::graph::StepAt;
use crate::sentences::Assumption;
use crate::text::Span;

/// A change of the build that takes an issue away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repair {
    /// What it does, in the imperative: "Copy the source after the steps that do not need it".
    pub title: &'static str,
    /// What is done; those at one place in the order in which they stand there afterwards.
    pub operations: Vec<Operation>,
    /// The steps that an issue was about, and is not any more.
    pub frees: Vec<StepAt>,
    /// What must hold so that the image stays the same.
    pub assumptions: Vec<Assumption>,
    /// Whether it changes something beside the order of steps, which makes it a suggestion: the
    /// frontend, or how fresh an index is.
    pub is_suggestion: bool,
}

/// One change of the steps of a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Moves a step, or the part of it that goes last, down: `COPY . .` below an install.
    Sink {
        /// The step.
        step: StepAt,
        /// The first of its commands that sinks, where it is cut; otherwise 0.
        from: usize,
        /// Where it stands then, in its stage or in one that is built on it.
        to: Place,
        /// Its destination, where that has to be written as another path.
        destination: Option<String>,
    },
    /// Adds a copy of manifests alone.
    InsertCopy {
        /// What it copies.
        copy: ManifestCopy,
        /// Where it stands.
        at: Place,
    },
    /// Adds a RUN that fetches what a later step needs.
    InsertRun {
        /// The command line.
        command: String,
        /// The RUN that it fetches for: the added one has its flags.
        of: StepAt,
        /// Where it stands.
        at: Place,
    },
    /// Cuts a RUN in two.
    Split {
        /// The RUN.
        step: StepAt,
        /// The commands that go first, by their numbers.
        first: Vec<usize>,
        /// Commands to add behind these, which empty caches.
        cleaning: Vec<String>,
    },
    /// Joins a RUN to the next one of its stage: `apt-get update` to `apt-get install`.
    Merge {
        /// The RUN that goes first.
        step: StepAt,
        /// The RUN that it becomes a part of.
        into: StepAt,
    },
    /// Adds a flag behind those of an instruction: `--chmod=755`.
    AddFlag {
        /// The step.
        step: StepAt,
        /// The whole flag.
        text: String,
    },
    /// Takes commands out of a RUN, or all of it where there are no others.
    TakeOut {
        /// The RUN.
        step: StepAt,
        /// The commands, by their numbers.
        commands: Vec<usize>,
    },
    /// Takes words out of the commands of a RUN, each with the blanks in front of it.
    TakeOutWords {
        /// The RUN.
        step: StepAt,
        /// The words.
        words: Vec<Span>,
    },
    /// Replaces the text of a flag.
    EditFlag {
        /// The step.
        step: StepAt,
        /// The number of the flag among those of its instruction.
        flag: usize,
        /// The whole flag as it is written then.
        text: String,
    },
    /// Adds a stage that keeps manifests, in front of another one.
    AddStage {
        /// The stage.
        stage: ManifestStage,
        /// The names of the files it keeps.
        keeps: Vec<String>,
        /// The directory of the image that the copies of these files fill.
        directory: String,
        /// What it stands in front of.
        before: usize,
    },
    /// Has the file name a frontend that knows `COPY --parents`.
    RaiseFrontend,
}

/// A place in a stage, by a step of the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Above the comments of a step.
    Before(StepAt),
    /// Below a step.
    Behind(StepAt),
    /// Between the two parts of a RUN that is cut.
    Between(StepAt),
    /// Below the FROM of a stage.
    Start(usize),
    /// Where an equal copy stands, which does for both.
    With(StepAt),
}

impl Place {
    /// The stage it is in.
    pub fn stage(self) -> usize {
        match self {
            Place::Before(at) | Place::Behind(at) | Place::Between(at) | Place::With(at) => {
                at.stage
            }
            Place::Start(stage) => stage,
        }
    }
}

/// A copy of some files of what an existing copy brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestCopy {
    /// The copy it takes them from.
    pub from: StepAt,
    /// Paths of the context.
    pub sources: Vec<String>,
    /// The directory of the image they go to.
    pub directory: String,
    /// In its place the whole destination, for a single file that the command names.
    pub file: Option<String>,
    /// Whether its source is a directory, whose content it brings.
    pub is_directory: bool,
    /// How it is written.
    pub way: Way,
}

/// How a copy of some files is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// By their paths.
    Plain,
    /// By their names, wherever they lie.
    ByName {
        /// The directory of the project that wants them.
        project: String,
        /// What brings them.
        from: Names,
    },
}

/// What brings files by their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Names {
    /// A stage that keeps no others.
    Stage(ManifestStage),
    /// `COPY --parents`, which the frontend knows.
    Parents,
    /// `COPY --parents`, for which the file has to name another frontend.
    ParentsOfAnotherFrontend,
}

/// A stage that keeps the manifests of a build and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestStage {
    /// What it is called.
    pub name: String,
    /// The copies whose files it looks through.
    pub copies: Vec<StepAt>,
}

impl ManifestCopy {
    /// The directories that are there behind it.
    pub fn places(&self) -> impl Iterator<Item = &String> {
        let project = match &self.way {
            Way::ByName { project, .. } => Some(project),
            Way::Plain => None,
        };
        [&self.directory].into_iter().chain(project)
    }
}

impl Repair {
    /// Adds what another one does.
    pub fn add(&mut self, other: Repair) {
        self.operations.extend(other.operations);
        self.frees.extend(other.frees);
        self.assumptions.extend(other.assumptions);
        self.is_suggestion |= other.is_suggestion;
    }

    /// The stages it changes.
    pub fn stages(&self) -> Vec<usize> {
        let mut stages: Vec<usize> = Vec::new();
        for operation in &self.operations {
            let stage = match operation {
                Operation::Sink { to: at, .. }
                | Operation::InsertCopy { at, .. }
                | Operation::InsertRun { at, .. } => at.stage(),
                Operation::Split { step, .. }
                | Operation::Merge { step, .. }
                | Operation::AddFlag { step, .. }
                | Operation::TakeOut { step, .. }
                | Operation::TakeOutWords { step, .. }
                | Operation::EditFlag { step, .. } => step.stage,
                Operation::AddStage { before, .. } => *before,
                Operation::RaiseFrontend => continue,
            };
            if !stages.contains(&stage) {
                stages.push(stage);
            }
        }
        stages
    }
}

/// The copies that operations add.
pub fn inserted_copies(operations: &[Operation]) -> impl Iterator<Item = &ManifestCopy> {
    operations.iter().filter_map(|operation| match operation {
        Operation::InsertCopy { copy, .. } => Some(copy),
        _ => None,
    })
}
