//! The build as the builder sees it: stages and steps, with the state each step runs in,
//! what it brings, needs, reads and writes.
//!
//! Rules and rewriting read this and nothing else. It knows no cache and finds no faults.

mod additions;
pub mod artifacts;
mod brought_along;
pub mod content;
pub mod copy;
pub mod demands;
pub mod effect;
mod every_member;
mod first_commands;
mod git_ignored;
mod history;
pub mod path_set;
pub mod references;
pub mod run;
pub mod selection;

pub mod kept;
mod landings;
pub mod left_out;
mod listing;
mod manifests;
mod measured;
mod members;
mod mentions;
pub mod names;
pub mod needs;
pub mod origin;
pub mod permissions;
mod stages;
mod submodules;
pub mod varying;

pub use crate::build::Base;
pub use copy::{Copy, Origin, StepAt};
pub use demands::Demand;
pub use left_out::LeftOut;
pub use needs::Invalidated;
pub use path_set::{Overlap, PathSet};
pub use run::{CommandEffects, Named, Needs, Reads, Run};
pub use selection::Selection;

use crate::build::{DispatchState, Given, Stages};
use crate::context::Context;
use crate::report::Options;
use crate::syntax::ast::ArgDeclaration;
use crate::syntax::{Arguments, Dockerfile};
use crate::text::Span;
use std::cell::{OnceCell, RefCell};

/// A whole build.
#[derive(Clone, Debug)]
pub struct Graph<'a> {
    /// The file it was made from.
    pub dockerfile: &'a Dockerfile<'a>,
    /// What is known of the build context.
    pub context: &'a Context,
    /// The options it was made with.
    pub options: &'a Options,
    /// The stages, in the order of the file.
    pub stages: Vec<Stage<'a>>,
    /// Whether an instruction could not be read.
    pub has_errors: bool,
    /// The line each instruction starts on, from 1.
    lines: Vec<u32>,
    /// See [`Graph::speaks_of_members`].
    members: OnceCell<Vec<bool>>,
    /// See [`Graph::declared_arguments`].
    arguments: OnceCell<Vec<&'a ArgDeclaration<'a>>>,
    /// See [`Graph::listen`].
    asked: Option<RefCell<Vec<Asked>>>,
    /// See [`Graph::references`].
    references: OnceCell<references::References>,
    /// See [`Graph::names_below`].
    names: OnceCell<names::Names>,
    /// See [`Graph::copies_bringing`].
    landings: OnceCell<Vec<landings::Landings>>,
    /// The arguments of which something else than the name tells that each build has another value.
    pub told: Vec<String>,
}

/// A stage.
#[derive(Clone, Debug)]
pub struct Stage<'a> {
    /// Its index among the stages.
    pub index: usize,
    /// Its FROM: an index of `Dockerfile::instructions`.
    pub from: usize,
    /// Its name as written.
    pub name: Option<String>,
    /// What it is built on.
    pub base: Base,
    /// The image that FROM names, variables expanded where they are known.
    pub image: String,
    /// Whether it builds Windows images.
    pub is_windows: bool,
    /// Its steps, FROM not included.
    pub steps: Vec<Step<'a>>,
    /// Which of its steps are copies.
    pub copies: Vec<usize>,
    /// Which of its steps are triggers, ONBUILD: they run where a stage built on it starts.
    pub triggers: Vec<usize>,
    /// Whether triggers bring files that change often before its own steps, or its base's, or
    /// do what is not known.
    pub triggered: bool,
    /// The nearest stage it is built on that has copies.
    pub copies_from: Option<usize>,
    /// Whether the target needs it.
    pub needed: bool,
    /// Whether it is the target, or the target is built on it: its files are in the image.
    pub shipped: bool,
    /// The stages that are built on it.
    pub derived: Vec<usize>,
    /// Whether it is used as itself: it is the target, or files are copied or mounted from it.
    pub used: bool,
    /// The state behind its last instruction.
    pub end: DispatchState,
    /// The variables behind its last instruction whose values change from build to build.
    pub varying: Vec<String>,
    /// Whether it is another one in every build: it, or what it is built on, sets such a variable, or
    /// runs something behind one.
    pub changes_in_every_build: bool,
    /// Whether something in it follows the source: a copy of it, or of what was built of it.
    pub follows_source: bool,
    /// What it keeps, where it takes away all but some files of those it copies.
    pub selection: Option<Selection>,
}

/// What was asked about two steps, and the answer: how a plan came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The instruction of the step that stands first.
    pub sunk: usize,
    /// The instruction of the step that it would go behind.
    pub passed: usize,
    /// The command of `passed`, where one alone was asked about.
    pub command: Option<Span>,
    /// "yes", or the sentences.
    pub answer: String,
}

/// An instruction of a stage.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// Its index in `Dockerfile::instructions`.
    pub instruction: usize,
    /// The working directory before it; see [`DispatchState::directory`].
    pub cwd: Option<String>,
    /// The user before it.
    pub user: Option<String>,
    /// Stands for environment, arguments, working directory, user and shell before it.
    pub state: u64,
    /// The same, but for the variables whose values change in every build, where they make no
    /// difference to it.
    pub state_it_reads: u64,
    /// What it does.
    pub effect: Effect<'a>,
}

/// What an instruction does.
#[derive(Clone, Debug)]
pub enum Effect<'a> {
    /// COPY and ADD.
    Copy(Box<Copy>),
    /// RUN.
    Run(Box<Run<'a>>),
    /// WORKDIR: the directory it makes, where that is known.
    Workdir(Option<String>),
    /// ENV and ARG: the names.
    Variables(Vec<String>),
    /// USER.
    User,
    /// SHELL.
    Shell,
    /// VOLUME: the paths, where they are known.
    Volume(Vec<String>),
    /// ONBUILD.
    Onbuild,
    /// What only the image configuration keeps: CMD, LABEL, EXPOSE and their kind.
    Config,
    /// An instruction that BuildKit refuses.
    Invalid,
}

impl<'a> Graph<'a> {
    /// Reads the stages and steps of `dockerfile`.
    pub fn new(
        dockerfile: &'a Dockerfile<'a>,
        context: &'a Context,
        options: &'a Options,
    ) -> Graph<'a> {
        Graph::of(Stages::read(dockerfile, Given::of(options)), context, options)
    }

    /// The same of a file whose stages are read already, with the same options.
    pub fn of(build: Stages<'a>, context: &'a Context, options: &'a Options) -> Graph<'a> {
        stages::read(build, context, options)
    }

    /// What each ARG of the file declares, in order. Found out once for all steps.
    pub fn declared_arguments(&self) -> &[&'a ArgDeclaration<'a>] {
        self.arguments.get_or_init(|| {
            let each = self.dockerfile.instructions.iter().flat_map(|i| match &i.arguments {
                Arguments::Args(declarations) => declarations.as_slice(),
                _ => &[],
            });
            each.collect()
        })
    }

    /// Keeps what is asked about pairs of steps from now on.
    pub fn listen(&mut self) {
        self.asked = Some(RefCell::default());
    }

    /// What was asked about pairs of steps, each question once.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.as_ref().map(|asked| asked.borrow().clone()).unwrap_or_default()
    }

    /// Keeps a question with its answer, where somebody listens.
    pub fn note(&self, asked: impl FnOnce() -> Asked) {
        if let Some(kept) = &self.asked {
            let (mut kept, asked) = (kept.borrow_mut(), asked());
            if !kept.contains(&asked) {
                kept.push(asked);
            }
        }
    }

    /// The line an instruction starts on, from 1.
    pub fn line(&self, instruction: usize) -> u32 {
        self.lines[instruction]
    }

    /// For each stage the one of `before` that it was made of, where stages were only added.
    pub fn stages_of(&self, before: &Graph<'_>) -> Vec<Option<usize>> {
        fn from<'g>(graph: &'g Graph<'_>, stage: &Stage<'_>) -> &'g str {
            &graph.dockerfile.instructions[stage.from].rest.text
        }
        let mut rest = before.stages.iter().peekable();
        let found = self.stages.iter().map(|stage| {
            rest.next_if(|next| from(self, stage) == from(before, next)).map(|next| next.index)
        });
        found.collect()
    }

    /// Where the instruction of a step stands in the file.
    pub fn span(&self, at: StepAt) -> Span {
        let step = &self.stages[at.stage].steps[at.step];
        self.dockerfile.instructions[step.instruction].span
    }

    /// The stages that `stage` is built on within the file, nearest first.
    pub fn ancestors(&self, stage: usize) -> impl Iterator<Item = &Stage<'a>> {
        let mut at = stage;
        std::iter::from_fn(move || match self.stages[at].base {
            Base::Stage(base) => {
                at = base;
                Some(&self.stages[base])
            }
            _ => None,
        })
    }

    /// `stage`, and those that it is built on, nearest first.
    pub fn with_ancestors(&self, stage: usize) -> impl Iterator<Item = &Stage<'a>> {
        std::iter::once(&self.stages[stage]).chain(self.ancestors(stage))
    }

    /// The stage that `stage` is built on in the end, itself where it is built on none.
    pub fn root(&self, stage: usize) -> &Stage<'a> {
        self.ancestors(stage).last().unwrap_or(&self.stages[stage])
    }
}

impl Effect<'_> {
    /// The stages that it takes files from.
    fn stages(&self) -> impl Iterator<Item = usize> + '_ {
        let (copied, mounts) = match self {
            Effect::Copy(copy) => (Some(&copy.origin), &[][..]),
            Effect::Run(run) => (None, &run.mounts[..]),
            _ => (None, &[][..]),
        };
        let copied = copied.and_then(|origin| match origin {
            Origin::Stage(from) => Some(*from),
            _ => None,
        });
        copied.into_iter().chain(mounts.iter().filter_map(|mount| mount.from))
    }
}

impl<'a> Step<'a> {
    /// The copy, where it is one.
    pub fn copy(&self) -> Option<&Copy> {
        match &self.effect {
            Effect::Copy(copy) => Some(copy),
            _ => None,
        }
    }

    /// The run, where it is one.
    pub fn run(&self) -> Option<&Run<'a>> {
        match &self.effect {
            Effect::Run(run) => Some(run),
            _ => None,
        }
    }
}
