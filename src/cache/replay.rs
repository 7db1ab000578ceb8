//! A history of builds, one after another: what each commit rebuilt, and what that cost in all.
//!
//! The judgement is that of [`compare`](super::compare) of the two whole builds; here is only how
//! little of them is looked at again. A commit of which no step selects anything costs what its
//! own paths do.

mod costs;
mod follow;
mod history;
mod summed;
mod totals;

#[cfg(feature = "wasm")]
pub use totals::DOCKERFILE;

pub use history::{Commit, ReplayOptions};
pub use totals::{CauseTotal, CommitKind, PathTotal, Replay, ReplayedCommit, StepTotal, WeekTotal};

use super::build::{Build, CompareOptions};
use super::explain::{Builds, Explained, Side};
use super::step::Definition;
use super::{defined, explained};
use crate::ecosystem::wants_text;
use crate::issue::Cost;
use crate::report::FixLevel;
use costs::Costs;
use follow::{Change, Files};
use summed::Sums;

/// Replays `commits`, each a build that finds what the one before left in the cache, that of
/// `start` first.
///
/// `rewrite` rewrites the Dockerfile of a build; it is asked where the options want the rewritten
/// history beside that of the files as they are.
pub fn replay(
    start: &Build,
    commits: &[Commit],
    options: &ReplayOptions,
    rewrite: &dyn Fn(&Build) -> String,
) -> Replay {
    let wanted = options.rewrite != FixLevel::None;
    // For the start and for each commit the rewritten text, where it may be another.
    let mut rewritten: Vec<Option<String>> = Vec::new();
    let own = |at: usize| match at.checked_sub(1) {
        Some(at) => commits[at].dockerfile.clone(),
        None => None,
    };
    // The log is of the last of the files as they are, also where they are rewritten.
    let last = commits.iter().rev().find_map(|commit| commit.dockerfile.as_ref());
    let costs = Costs::new(options, last.unwrap_or(&start.dockerfile).clone());
    let mut replayed = run(start, commits, (options, &costs), &own, &mut |build, asks| {
        if wanted {
            rewritten.push(asks.then(|| rewrite(build)));
        }
    });
    if wanted {
        let texts = |at: usize| rewritten[at].clone();
        let run = run(start, commits, (options, &costs), &texts, &mut |_, _| {});
        replayed.rewritten = Some(Box::new(run));
    }
    replayed
}

/// Builds the start and each commit with the text that `dockerfiles` has for it, or that of the
/// build before. `visit` sees each build, and whether it is to be rewritten anew.
fn run(
    start: &Build,
    commits: &[Commit],
    (options, costs): (&ReplayOptions, &Costs),
    dockerfiles: &dyn Fn(usize) -> Option<String>,
    visit: &mut dyn FnMut(&Build, bool),
) -> Replay {
    let mut start = follow::with_plain_paths(start);
    if let Some(text) = dockerfiles(0) {
        start.dockerfile = text;
    }
    let mut builds = Replayed::new(start, options, costs);
    let mut sums = Sums::new(&builds.build.dockerfile);
    visit(&builds.build, true);
    for (at, commit) in commits.iter().enumerate() {
        let step = builds.step(commit, dockerfiles(at + 1));
        visit(&builds.build, step.asks);
        sums.add(commit, &builds.build.dockerfile, &builds.definition, step);
    }
    sums.end()
}

/// The last build that was replayed.
struct Replayed<'o> {
    options: &'o ReplayOptions,
    compared: CompareOptions,
    build: Build,
    files: Files,
    definition: Definition,
    costs: &'o Costs,
    /// What each step of the definition costs.
    each: Vec<Cost>,
}

/// What a commit makes of the build.
struct Step {
    kind: CommitKind,
    /// Whether the Dockerfile is to be rewritten anew: it may become another text.
    asks: bool,
    /// Its steps, none where all come from the cache.
    steps: Vec<Explained>,
    /// What each of them costs.
    costs: Vec<Cost>,
}

impl Replayed<'_> {
    fn new<'o>(start: Build, options: &'o ReplayOptions, costs: &'o Costs) -> Replayed<'o> {
        let compared = CompareOptions { builder: options.builder, target: options.target.clone() };
        let files = Files::new(&start, options.builder);
        let definition = defined(&start, &files.now, &compared);
        let each = costs.of(&start, files.now.context(), &definition);
        Replayed { options, compared, build: start, files, definition, costs, each }
    }

    /// Builds the next commit, with this Dockerfile where it is another.
    fn step(&mut self, commit: &Commit, dockerfile: Option<String>) -> Step {
        let change = follow::apply(&mut self.build, commit, dockerfile);
        let Change { touched, reads_again, rewritten, passed } = change;
        let changed = self.files.follow(&self.build, &touched, reads_again, self.options.builder);
        let defined_anew = rewritten || passed;
        let kind = match (rewritten, passed) {
            (true, _) => CommitKind::Dockerfile,
            (false, true) => CommitKind::BuildArgs,
            (false, false) => CommitKind::Cached,
        };
        let manifest = changed.as_ref().is_none_or(|paths| paths.iter().any(|p| wants_text(p)));
        let mut step =
            Step { kind, asks: defined_anew || manifest, steps: Vec::new(), costs: Vec::new() };
        if !defined_anew
            && (changed.as_ref().is_some_and(Vec::is_empty)
                || self.reads_the_same(changed.as_deref()))
        {
            return step;
        }
        let definition = defined(&self.build, &self.files.now, &self.compared);
        step.steps = explained(&Builds {
            before: Side { definition: &self.definition, contents: &self.files.before },
            after: Side { definition: &definition, contents: &self.files.now },
            dockerfile: &self.build.dockerfile,
            changed: changed.as_deref(),
        });
        self.definition = definition;
        if defined_anew {
            let context = self.files.now.context();
            self.each = self.costs.of(&self.build, context, &self.definition);
        } else {
            step.kind = CommitKind::Files;
        }
        step.costs = self.each.clone();
        step
    }

    /// Whether every step reads the same of the context as in the build before.
    fn reads_the_same(&mut self, changed: Option<&[String]>) -> bool {
        let steps = &self.definition.steps;
        let queries: Vec<_> = steps.iter().flat_map(|step| &step.queries).collect();
        let Files { now, before, .. } = &mut self.files;
        if let Some(changed) = changed {
            now.keep(before, &queries, changed);
        }
        queries.iter().all(|query| before.number(query) == now.number(query))
    }
}
