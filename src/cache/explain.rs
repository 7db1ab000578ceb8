//! Why a step is not cached: the first reason, and the sentence that says it.
//!
//! The judgement itself is `solve`'s. Here each step is set beside the one that stood in its
//! place before, and the first part in which they differ is named.

mod files;
mod pairs;
mod variables;

use super::contents::Contents;
use super::outcome::{Cause, Outcome, StepOutcome};
use super::solve::{Cache, Solution};
use super::step::{Definition, Facet, FileSystem, Input, Step};
use crate::syntax::Keyword;
use crate::text::LineIndex;
use std::rc::Rc;

/// One of the two builds.
pub(super) struct Side<'s> {
    pub definition: &'s Definition,
    pub contents: &'s Contents,
}

/// Two builds of which the second follows the first.
pub(super) struct Builds<'s> {
    pub before: Side<'s>,
    pub after: Side<'s>,
    /// The Dockerfile of the second.
    pub dockerfile: &'s str,
    /// Every path of the context whose entry differs, directories included, in walk order; none
    /// where that is not known.
    pub changed: Option<&'s [String]>,
}

/// What becomes of a step of the second build, and what that goes back to.
pub(super) struct Explained {
    pub outcome: StepOutcome,
    /// The step for which it is not cached, by its index, where that is another.
    pub follows: Option<usize>,
    /// The files it reads that differ, where they are its cause.
    pub files: Rc<Vec<String>>,
}

/// A reason and its sentence.
type Reason = (Cause, String);

/// The outcomes of `solution` with their reasons.
pub(super) fn explain(builds: &Builds<'_>, cache: &Cache, solution: &Solution) -> Vec<Explained> {
    let Builds { before, after, .. } = builds;
    let pairs = pairs::pair(before.definition, after.definition);
    let lines = LineIndex::new(builds.dockerfile);
    let files = files::Seen::default();
    let mut view = View { builds, before, after, cache, solution, lines, files };
    let steps = after.definition.steps.iter().enumerate();
    let outcomes = steps.map(|(at, step)| {
        let outcome = solution.outcomes[at];
        view.files.named = Rc::default();
        let reason = match outcome {
            Outcome::Cached => None,
            _ => Some(view.reason(at, pairs[at].map(|pair| &before.definition.steps[pair]))),
        };
        let (cause, because) = reason.unzip();
        let follows = match (cause, step.base) {
            (Some(Cause::Parent), FileSystem::After(base)) => Some(base),
            (Some(Cause::SourceStage), _) => view.source(step),
            _ => None,
        };
        let outcome = StepOutcome {
            stage: step.stage,
            keyword: step.keyword.name(),
            text: step.text.clone(),
            span: step.span,
            outcome,
            cause,
            because,
        };
        Explained { outcome, follows, files: std::mem::take(&mut view.files.named) }
    });
    outcomes.collect()
}

struct View<'s> {
    builds: &'s Builds<'s>,
    before: &'s Side<'s>,
    after: &'s Side<'s>,
    cache: &'s Cache,
    solution: &'s Solution,
    lines: LineIndex<'s>,
    files: files::Seen,
}

impl View<'_> {
    fn reason(&mut self, at: usize, old: Option<&Step>) -> Reason {
        let step = &self.after.definition.steps[at];
        let outcome = self.solution.outcomes[at];
        let layer_only = step.link && outcome != Outcome::Relinked;
        if let FileSystem::After(base) = step.base
            && !layer_only
            && self.solution.outcomes[base] != Outcome::Cached
        {
            let becomes = match self.solution.outcomes[base] {
                Outcome::Depends => "may run again",
                _ => "runs again",
            };
            let base = self.name(&self.after.definition.steps[base]);
            return (Cause::Parent, format!("{base} {becomes}, and this step builds on it"));
        }
        if outcome == Outcome::Depends {
            return (Cause::SourceStage, self.source_stage(step));
        }
        let name = self.name(step);
        let Some(old) = old else {
            return (Cause::NewStep, format!("{name} is new here"));
        };
        if !layer_only && let Some(reason) = self.image(step, old) {
            return reason;
        }
        if let Some(reason) = self.facet(step, old) {
            return reason;
        }
        if let Some((cause, what)) = self.files.differ(self.builds, old, step) {
            let reads = match (step.keyword, cause) {
                (Keyword::Run, Cause::FileRemoved) => "mounted",
                (Keyword::Run, _) => "mounts",
                (_, Cause::FileRemoved) => "selected",
                _ => "selects",
            };
            return (cause, format!("{what}, and {name} {reads} it"));
        }
        if let Some(reason) = self.origin(step, old) {
            return reason;
        }
        let sentence = match old.base {
            FileSystem::After(base) => {
                let gone = short(&self.before.definition.steps[base].text);
                format!("`{gone}` stood before {name} and does no longer")
            }
            _ => format!("{name} did not build on what stands before it now"),
        };
        (Cause::StepOrder, sentence)
    }

    /// The step as a reader finds it.
    fn name(&self, step: &Step) -> String {
        let line = self.lines.position(step.span.start).line;
        format!("`{}` on line {line}", short(&step.text))
    }

    /// The step of another stage that it takes files from and that is not cached.
    fn source(&self, step: &Step) -> Option<usize> {
        step.inputs.iter().find_map(|input| match *input {
            Input::Files { of: FileSystem::After(of), .. }
                if self.solution.outcomes[of] != Outcome::Cached =>
            {
                Some(of)
            }
            _ => None,
        })
    }

    fn source_stage(&self, step: &Step) -> String {
        let name = self.name(step);
        match self.source(step) {
            Some(of) => {
                let of = self.name(&self.after.definition.steps[of]);
                format!("{name} is cached if {of} leaves the same files as before")
            }
            None => format!("{name} is cached if the files it takes are the same as before"),
        }
    }

    /// Another base image, or another image that files are taken from.
    fn image(&self, step: &Step, old: &Step) -> Option<Reason> {
        match (step.base, old.base) {
            (FileSystem::Image(new), FileSystem::Image(old)) if new == old => return None,
            (FileSystem::Image(_), FileSystem::Image(_) | FileSystem::Scratch)
            | (FileSystem::Scratch, FileSystem::Image(_)) => {}
            _ => return None,
        }
        let base = |side: &Side<'_>, stage: usize| side.definition.bases.get(stage).cloned();
        let new = base(self.after, step.stage).unwrap_or_default();
        let old = base(self.before, old.stage).unwrap_or_default();
        let sentence = match new == old {
            true => format!("the base image {new} is not the one it was"),
            false => format!("the base image is {new} and was {old}"),
        };
        Some((Cause::BaseImage, sentence))
    }

    /// The first part of the definition that changed.
    fn facet(&self, step: &Step, old: &Step) -> Option<Reason> {
        let old_part = |facet: Facet| {
            let found = old.facets.iter().find(|(kind, _)| *kind == facet);
            found.map(|(_, number)| *number)
        };
        let changed = step
            .facets
            .iter()
            .filter(|(facet, number)| old_part(*facet).is_some_and(|old| old != *number));
        let changed = changed.map(|(facet, _)| *facet).min()?;
        let name = self.name(step);
        let say = |what: &str| format!("{name} {what}");
        let was = |what: &str| match short(&old.text) == short(&step.text) {
            true => say(what),
            false => format!("{name} was `{}`", short(&old.text)),
        };
        Some(match changed {
            Facet::Heredoc => (Cause::Heredoc, say("has another here-document")),
            Facet::Command => (Cause::Command, was("is another command")),
            Facet::Shell => (Cause::Shell, say("is read by another SHELL")),
            Facet::Flag => (Cause::Flag, was("has other flags, or mounts something else")),
            Facet::Source => (Cause::Source, was("copies something else")),
            Facet::Destination => (Cause::Destination, was("copies to somewhere else")),
            Facet::Environment => {
                let (cause, what) = variables::differ(
                    (self.before.definition, old.assigned),
                    (self.after.definition, step.assigned),
                );
                let has = if step.keyword == Keyword::Env { "is changed" } else { "sees it" };
                (cause, format!("{what}, and {name} {has}"))
            }
            Facet::Workdir => (
                Cause::Workdir,
                match step.keyword {
                    Keyword::Workdir => say("names another directory"),
                    _ => say("runs in another working directory"),
                },
            ),
            Facet::User => (Cause::User, say("runs as another user")),
            Facet::Platform => (Cause::Platform, say("runs on another platform")),
            Facet::Epoch => (Cause::SourceDateEpoch, say("sees another SOURCE_DATE_EPOCH")),
        })
    }

    /// Files of something else than before.
    fn origin(&self, step: &Step, old: &Step) -> Option<Reason> {
        let name = self.name(step);
        let mut pairs = step.inputs.iter().zip(&old.inputs);
        pairs.find_map(|(new, old)| match (new, old) {
            (
                Input::Files { of: FileSystem::Image(new), .. },
                Input::Files { of: FileSystem::Image(old), .. },
            ) if new != old => {
                Some((Cause::BaseImage, format!("{name} takes files of an image that changed")))
            }
            (Input::Files { of, selected, .. }, Input::Files { of: was, selected: chosen, .. })
                if selected != chosen || self.left(*of) != self.made(*was) =>
            {
                Some((Cause::Source, format!("{name} takes other files")))
            }
            (Input::Remote { address, .. }, Input::Remote { address: old, .. })
                if address != old =>
            {
                Some((Cause::Source, format!("{name} downloads something else")))
            }
            (Input::Content(new), Input::Content(old)) if new != old => {
                Some((Cause::Source, format!("{name} reads something else")))
            }
            _ => None,
        })
    }

    fn left(&self, state: FileSystem) -> Option<u64> {
        match state {
            FileSystem::After(at) => Some(self.solution.states[at].0),
            _ => None,
        }
    }

    fn made(&self, state: FileSystem) -> Option<u64> {
        match state {
            FileSystem::After(at) => Some(self.cache.states[at]),
            _ => None,
        }
    }
}

/// The start of a text, in one line.
fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let start: String = line.chars().take(60).collect();
    let dots = if start.len() < text.len() { "..." } else { "" };
    format!("{start}{dots}")
}
