//! Which copy a step finds a path of the image in.

use super::copy::StepAt;
use super::copy::looks_like_file;
use super::path_set::under;
use super::{Copy, Graph, Origin, Selection, Step};
use crate::context::{Answer, clean, join};
use crate::ecosystem::name_matches;

/// Most copies that are looked through for one path: the nearest ones.
pub const LOOKED_AT: usize = 300;

impl Graph<'_> {
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

    /// The path of the context that lies at `place` of the image when the step at `at` runs,
    /// as far as copies decide it.
    pub fn context_path(&self, at: StepAt, place: &str) -> Option<String> {
        for (_, copy) in self.copies_before(at).take(LOOKED_AT) {
            if copy.may_bring(place) == Answer::No {
                continue;
            }
            match self.selected(copy) {
                _ if copy.origin == Origin::Context => {}
                Some(selection) => {
                    let (end, from) = self.staged(copy, place)?;
                    if selection.keeps(&from) {
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

    /// Whether the Dockerfile names a path below `directory` that fits `pattern` component by
    /// component, or something below it: a copy, wherever it stands, that takes it out of this
    /// stage or from where the files of the directory come from, or a command of this stage that
    /// names a file. Of a pattern that leaves the directory (`../`), whether a copy brings it.
    pub fn names_below(&self, at: StepAt, directory: &str, pattern: &str) -> bool {
        if pattern.starts_with("../") {
            let place = clean(&join(directory, pattern));
            let mut copies = self.copies_before(at).take(LOOKED_AT);
            return copies.any(|(_, copy)| copy.may_bring(&place).is_yes());
        }
        let fits = |below: Option<&str>| {
            below.is_some_and(|below| {
                let mut names = below.split('/');
                pattern.split('/').all(|p| names.next().is_some_and(|n| name_matches(p, n)))
            })
        };
        let root = self.context_path(at, &join(directory, "-")).unwrap_or_default();
        let root = root.strip_suffix('-').unwrap_or("").trim_end_matches('/');
        let stages = self.stages.iter();
        let copies = stages.flat_map(|stage| stage.copies.iter().map(|&at| &stage.steps[at]));
        let copied = copies.take(LOOKED_AT).filter_map(Step::copy).any(|copy| {
            copy.sources.iter().any(|(text, _)| match copy.origin {
                Origin::Context => fits(under(root, &clean(text))),
                Origin::Stage(stage) if stage == at.stage => {
                    fits(under(directory, &clean(&join("/", text))))
                }
                _ => false,
            })
        });
        // Directories they name for many reasons.
        let steps = self.stages[at.stage].steps.iter().filter(|_| pattern.contains('.'));
        let runs = steps.filter_map(Step::run);
        let commands = runs.flat_map(|run| run.commands.iter().zip(&run.script.commands));
        copied
            || commands.take(LOOKED_AT).any(|(command, shell)| {
                let cwd = command.cwd.as_deref().unwrap_or("");
                shell.words.iter().skip(1).any(|word| {
                    let text = word.literal();
                    text.is_some_and(|text| {
                        let cwd = if text.starts_with('/') { "" } else { cwd };
                        fits(under(directory, &clean(&join(cwd, &text))))
                    })
                })
            })
    }

    /// Whether a copy before `at` brings a directory of the context that lies beside
    /// `directory`, or beside one that holds it.
    pub fn has_neighbours(&self, at: StepAt, directory: &str) -> bool {
        let top = |path: &str| path.trim_start_matches('/').split('/').next().map(str::to_owned);
        self.copies_before(at).take(LOOKED_AT).any(|(_, copy)| {
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
        let mut copies = self.copies_before(at).take(LOOKED_AT);
        let nearest = copies.find(|(_, copy)| {
            copy.may_bring(place) != Answer::No
                && (copy.origin != Origin::Context || copy.source_of(place, self.context).is_some())
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
        let mut copies = self.copies_before(at).take(LOOKED_AT);
        let (_, copy) = copies.find(|(_, copy)| copy.may_bring(place) != Answer::No)?;
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
