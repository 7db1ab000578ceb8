//! What a change makes of the steps of one file: what [`compare`](super::compare) says of a
//! build before and after it.
//!
//! The steps are defined and solved as there. Which files have other bytes is known here
//! without the bytes, so the definition is kept and only the numbers of what they go into are
//! others.

use super::build::Build;
use super::contents::{Contents, Query};
use super::dispatcher::Dispatcher;
use super::outcome::Outcome;
use super::solve::{self, Cache};
use super::step::{Definition, FileSystem, Input};
use crate::build::Stages;
use crate::context::Context;
use crate::graph::{Graph, Step};
use crate::report::Change;
use crate::text::Span;

/// A file and the cache that a build of it leaves.
pub struct Model<'g, 'a> {
    /// The file, and the options that it is built with.
    pub graph: &'g Graph<'a>,
    pub(super) definition: Definition,
    build: Build,
    cache: Cache,
}

/// What becomes of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// Index of its stage.
    pub stage: usize,
    /// The instruction; the ONBUILD for a trigger.
    pub span: Span,
    /// What becomes of it.
    pub outcome: Outcome,
}

impl<'g, 'a> Model<'g, 'a> {
    /// The steps of a file, with the options of its graph.
    pub fn new(graph: &'g Graph<'a>) -> Model<'g, 'a> {
        let build = Build {
            build_args: graph.options.build_args.clone(),
            target: graph.options.target.clone(),
            ..Build::default()
        };
        let definition = define(graph, &build);
        let cache = solve::fill(&definition);
        Model { graph, definition, build, cache }
    }

    /// What `change` makes of the steps that the target needs, in build order.
    pub fn fates(&mut self, change: &Change) -> Vec<Fate> {
        let (mut readers, mut images) = (Vec::new(), Vec::new());
        match change {
            Change::Files(files) => readers = self.readers(files),
            Change::BaseImage(name) => images = self.images(name),
            Change::BuildArg(name) => {
                let mut build = self.build.clone();
                build.build_args.entry(name.clone()).or_default().push_str("changed");
                return fates(&define(self.graph, &build), &self.cache);
            }
        };
        self.exchange(&readers, &images);
        let fates = fates(&self.definition, &self.cache);
        self.exchange(&readers, &images);
        fates
    }

    /// The steps that read one of `files` from the context.
    fn readers(&self, files: &[String]) -> Vec<usize> {
        let visible = files.iter().filter(|file| !self.graph.context.is_ignored(file).is_yes());
        let visible: Vec<&String> = visible.collect();
        let reads = |query: &Query| {
            let source = query.source();
            visible.iter().any(|file| !source.covers(file).is_no())
        };
        let steps = self.definition.steps.iter().enumerate();
        let steps = steps.filter(|(_, step)| step.queries.iter().any(reads));
        steps.map(|(at, _)| at).collect()
    }

    /// The numbers of the image `name`, one a platform.
    fn images(&self, name: &str) -> Vec<u64> {
        let mut numbers = Vec::new();
        let mut note = |state: FileSystem, stage: usize| {
            if let FileSystem::Image(number) = state
                && self.definition.bases[stage] == name
                && !numbers.contains(&number)
            {
                numbers.push(number);
            }
        };
        for step in &self.definition.steps {
            note(step.base, step.stage);
            for input in &step.inputs {
                if let Input::Files { of, stage: Some(stage), .. } = *input {
                    note(of, stage);
                }
            }
        }
        numbers
    }

    /// Makes what `readers` read of the context, and `images`, something else; the second time
    /// what they were.
    fn exchange(&mut self, readers: &[usize], images: &[u64]) {
        for &at in readers {
            for input in &mut self.definition.steps[at].inputs {
                if let Input::Content(number) = input {
                    *number = !*number;
                }
            }
        }
        let turn = |state: &mut FileSystem| match state {
            FileSystem::Image(number) if images.contains(number) || images.contains(&!*number) => {
                *number = !*number;
            }
            _ => {}
        };
        for step in &mut self.definition.steps {
            turn(&mut step.base);
            for input in &mut step.inputs {
                if let Input::Files { of, .. } = input {
                    turn(of);
                }
            }
        }
    }
}

/// Where in its stage the instruction at `span` stands; none where it is a trigger of another.
pub(super) fn place(graph: &Graph<'_>, stage: usize, span: Span) -> Option<usize> {
    let steps = &graph.stages[stage].steps;
    let span_of = |step: &Step<'_>| graph.dockerfile.instructions[step.instruction].span;
    let at = steps.partition_point(|step| span_of(step).start < span.start);
    steps.get(at).is_some_and(|step| span_of(step) == span).then_some(at)
}

fn define(graph: &Graph<'_>, build: &Build) -> Definition {
    // Without a context the number of what a step reads is that of what it asks for.
    let contents = Contents::new(Context::unknown(), graph.options.builder);
    let given = super::given(build, graph.options.builder, build.target.as_deref());
    let stages = Stages::read(graph.dockerfile, given);
    super::define(Dispatcher::new(&stages, build, &contents, false), Some(graph))
}

fn fates(definition: &Definition, cache: &Cache) -> Vec<Fate> {
    let outcomes = solve::solve(definition, cache).outcomes;
    let steps = definition.steps.iter().zip(outcomes);
    steps.map(|(step, outcome)| Fate { stage: step.stage, span: step.span, outcome }).collect()
}
