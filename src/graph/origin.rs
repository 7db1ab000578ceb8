//! Which copy a step finds a path of the image in.

use super::copy::StepAt;
use super::copy::looks_like_file;
use super::path_set::under;
use super::{CommandEffects, Copy, Effect, Graph, Origin, Selection, Stage, Step};
use crate::context::{clean, join};
use crate::ecosystem::name_matches;
use crate::limits;
use crate::text::Span;

impl<'a> Graph<'a> {
    /// The copies that a step sees, latest first: of its stage and of those it is built on.
    pub fn copies_before(&self, at: StepAt) -> impl Iterator<Item = (StepAt, &Copy)> {
        let mut stage = at.stage;
        let own = &self.stages[stage].copies;
        let mut left = own.partition_point(|&step| step < at.step);
        std::iter::from_fn(move || {
            while left == 0 {
                stage = self.stages[stage].copies_from?;
                left = self.stages[stage].copies.len();
            }
            left -= 1;
            let at = StepAt { stage, step: self.stages[stage].copies[left] };
            Some((at, self.copy_at(at)))
        })
    }

    /// The steps in front of one: of its stage, and of those it is built on.
    pub fn steps_before(&self, at: StepAt) -> impl Iterator<Item = &Step<'a>> {
        let end = move |stage: &Stage<'_>| match stage.index == at.stage {
            true => at.step,
            false => stage.steps.len(),
        };
        let steps = self.with_ancestors(at.stage).flat_map(move |stage| &stage.steps[..end(stage)]);
        steps.take(limits::COPIES_LOOKED_AT)
    }

    /// Whether a RUN or a WORKDIR in front of a step may have made something at `place`, or below:
    /// a step that is not understood may make anything.
    pub fn may_be_made_before(&self, at: StepAt, place: &str) -> bool {
        let makes = |command: &CommandEffects| {
            let sets = [&command.writes, &command.fills];
            let mut paths = sets.into_iter().flat_map(|set| &set.paths);
            let made = command.makes.iter().any(|path| under(place, path).is_some());
            command.writes.everything || made || paths.any(|path| under(place, path).is_some())
        };
        // What stood in for the source is gone again: `touch src/main.rs`, `rm -r src`.
        let removes = |command: &CommandEffects| {
            let removed = command.takes_away().filter(|_| !command.is_conditional);
            removed.unwrap_or_default().iter().any(|path| {
                let cwd = command.cwd.as_deref().unwrap_or("");
                under(&clean(&join(cwd, path)), place).is_some()
            })
        };
        self.steps_before(at).any(|step| match &step.effect {
            Effect::Run(run) => run
                .commands
                .iter()
                .fold(false, |made, command| !removes(command) && (made || makes(command))),
            Effect::Workdir(Some(path)) => under(place, path).is_some(),
            _ => false,
        })
    }

    /// The path of the context that lies at `place` of the image when the step at `at` runs,
    /// as far as copies decide it.
    pub fn context_path(&self, at: StepAt, place: &str) -> Option<String> {
        for (_, copy) in self.copies_bringing(at, place) {
            match self.selected(copy) {
                _ if copy.origin == Origin::Context => {}
                Some(selection) => {
                    let (end, from) = self.staged(copy, place)?;
                    // A stage that keeps it may have none: another copy brings it.
                    if selection.keeps(&from) && self.copies_bringing(end, &from).next().is_some() {
                        return self.context_path(end, &from);
                    }
                    continue;
                }
                None => return None,
            }
            if let Some(source) = copy.source_of(place, self.context) {
                return Some(source);
            }
            if !self.context.is_complete() {
                return None;
            }
        }
        None
    }

    /// The text that a step in front of the command at `span` of the step at `at` writes to `place`,
    /// in place of what copies bring: "" where it is not known, `None` where no step writes any.
    pub fn written_text(&self, at: StepAt, span: Span, place: &str) -> Option<&str> {
        // What a tool makes of its manifest is its own business.
        fn text_of<'c>(command: &'c CommandEffects, place: &str) -> Option<&'c str> {
            let written = command.writes.paths.iter().any(|path| path == place);
            let text = command.prints.as_deref().filter(|_| written)?;
            Some(if command.is_conditional { "" } else { text })
        }
        let stages = self.with_ancestors(at.stage).flat_map(|stage| {
            let own = stage.index == at.stage;
            let end = if own { at.step + 1 } else { stage.steps.len() };
            stage.steps[..end.min(stage.steps.len())].iter().rev()
        });
        for step in stages.take(limits::COPIES_LOOKED_AT) {
            let written = match &step.effect {
                Effect::Run(run) => {
                    let end = run.commands.partition_point(|own| own.span.start < span.start);
                    let first = end.saturating_sub(limits::COMMANDS_BACK);
                    let mut before = run.commands[first..end].iter().rev();
                    let written = before.find_map(|own| text_of(own, place));
                    // One that is not looked at may write it as well.
                    written.or((first > 0).then_some(""))
                }
                Effect::Copy(copy) => {
                    let here = &self.dockerfile.instructions[step.instruction].heredocs;
                    let to = copy.destination.as_ref().map_or("", |to| to.path());
                    let own = here.iter().find(|text| {
                        to == place || under(to, place).is_some_and(|name| name == text.name)
                    });
                    match own {
                        Some(text) => {
                            Some(if text.content.contains('$') { "" } else { &text.content })
                        }
                        None if copy.may_bring(place).is_no() => None,
                        None => return None,
                    }
                }
                _ => None,
            };
            if written.is_some() {
                return written;
            }
        }
        None
    }

    /// Whether a copy before `at` brings a directory of the context that lies beside
    /// `directory`, or beside one that holds it.
    pub fn has_neighbours(&self, at: StepAt, directory: &str) -> bool {
        let top = |path: &str| path.trim_start_matches('/').split('/').next().map(str::to_owned);
        self.copies_before(at).take(limits::COPIES_LOOKED_AT).any(|(_, copy)| {
            let Some(to) = &copy.destination else { return false };
            let is_directory = |text: &str| {
                !text.trim_end_matches('/').rsplit('/').next().is_some_and(|n| n.contains('.'))
            };
            copy.origin == Origin::Context
                && copy.sources.iter().any(|(text, _)| is_directory(text))
                && under(to.path(), directory).is_none()
                && under(directory, to.path()).is_none()
                && top(to.path()) == top(directory)
        })
    }

    /// Whether what lies at `place` may come out of another stage or image.
    pub fn is_from_elsewhere(&self, at: StepAt, place: &str) -> bool {
        let mut copies = self.copies_bringing(at, place);
        let nearest = copies.find(|(_, copy)| {
            copy.origin != Origin::Context || copy.source_of(place, self.context).is_some()
        });
        nearest.is_some_and(|(_, copy)| {
            copy.origin != Origin::Context && self.selected(copy).is_none()
        })
    }

    /// What the stage keeps that `copy` takes its files from.
    pub fn selected(&self, copy: &Copy) -> Option<&Selection> {
        match copy.origin {
            Origin::Stage(stage) => self.stages[stage].selection.as_ref(),
            _ => None,
        }
    }

    /// The path of the context that another stage holds what lies at `place` from, as far as
    /// copies decide it.
    pub fn staged_path(&self, at: StepAt, place: &str) -> Option<String> {
        let (_, copy) = self.copies_bringing(at, place).next()?;
        let (end, from) = self.staged(copy, place)?;
        self.context_path(end, &from)
    }

    /// Where in another stage the file lies that `copy` brings to `place`.
    pub fn staged(&self, copy: &Copy, place: &str) -> Option<(StepAt, String)> {
        let Origin::Stage(stage) = copy.origin else { return None };
        let rest = under(copy.destination.as_ref()?.path(), place)?;
        let from = copy.sources.iter().rev().find_map(|(text, _)| {
            let text = clean(&join("/", text));
            let (directory, name) = text.rsplit_once('/')?;
            let file = if rest.is_empty() { name } else { rest };
            if name_matches(name, file) {
                return Some(format!("{directory}/{file}"));
            }
            (!looks_like_file(name)).then(|| join(&text, rest))
        })?;
        Some((StepAt { stage, step: self.stages[stage].steps.len() }, from))
    }
}
