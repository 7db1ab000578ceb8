//! What tools keep from build to build: where it lies for each command, which mounts hold it, and
//! whether a mount may stand there.

use super::path_set::under;
use super::{CommandEffects, Effect, Graph, Origin, Overlap, Run, StepAt};
use crate::context::clean;
use crate::ecosystem::{Arguments, Kept};
use crate::report::Builder;
use crate::text::{Cut, Span};

/// What a command keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAt {
    /// What it is.
    pub kept: &'static Kept,
    /// Where it lies, where that is known.
    pub place: Option<String>,
    /// The variable that switches it off.
    pub off: Option<&'static str>,
}

impl Run<'_> {
    /// The target of the cache mount that holds `place`.
    pub fn mount_of(&self, place: &str) -> Option<&str> {
        self.cache_targets().find(|target| under(target, place).is_some())
    }

    /// Whether something is mounted at `place`, or above it.
    pub fn is_mounted(&self, place: &str) -> bool {
        let mut targets = self.mounts.iter().filter_map(|mount| mount.target.as_deref());
        targets.any(|target| under(target, place).is_some())
    }

    /// Where caches are mounted, as far as that is known.
    pub fn cache_targets(&self) -> impl Iterator<Item = &str> {
        let caches = self.mounts.iter().filter(|mount| mount.cache);
        caches.filter_map(|mount| mount.target.as_deref())
    }
}

impl CommandEffects {
    /// Whether it names a path at, above or below `place`, as it is written.
    fn names(&self, place: &str) -> bool {
        self.used.as_ref().is_some_and(|used| {
            used.paths.iter().chain(&used.outputs).any(|path| meets(path, place))
        })
    }

    /// The target of a cache mount of its RUN that it empties.
    pub fn empties<'r>(&self, run: &'r Run<'_>) -> Option<&'r str> {
        run.cache_targets().find(|target| self.empties_mount_at(target))
    }

    /// Whether it takes nothing away but what caches hold that are mounted at `targets`.
    pub fn only_empties(&self, targets: &[&str]) -> bool {
        let Some(used) = &self.used else { return false };
        let home = self.home.as_deref().unwrap_or("/root");
        match used.action.arguments {
            Arguments::Removed => used.paths.iter().all(|path| {
                let path = match path.trim_end_matches('*').strip_prefix('~') {
                    Some(rest) => clean(&format!("{home}{rest}")),
                    None => clean(path.trim_end_matches('*')),
                };
                targets.iter().any(|target| under(target, &path).is_some())
            }),
            _ => targets.iter().any(|target| self.empties_mount_at(target)),
        }
    }

    /// Whether it would empty a cache that is mounted at `target`.
    pub fn empties_mount_at(&self, target: &str) -> bool {
        let Some(used) = &self.used else { return false };
        match used.action.arguments {
            Arguments::Removed => used.paths.iter().any(|path| {
                let path = path.trim_end_matches('*');
                let home = self.home.as_deref().unwrap_or("/root");
                let path = match path.strip_prefix('~') {
                    Some(rest) => format!("{home}{rest}"),
                    None => path.to_owned(),
                };
                let path = clean(&path);
                path.starts_with('/')
                    && (path == target
                        || under(&path, target).is_some() && path != "/"
                        || under(target, &path).is_some()
                            && used.paths.iter().all(|path| path.ends_with('*')))
            }),
            Arguments::Caches => {
                let mut kept = crate::ecosystem::kept(used.tool.name);
                kept.any(|kept| kept.lies_in(target))
            }
            _ => false,
        }
    }

    /// The words with which it keeps nothing at `place`, each with the blanks on one side;
    /// `None` where they are not all plain words.
    pub fn words_that_keep_nothing(&self, source: &str, place: &str) -> Option<Vec<Span>> {
        let text = self.span.of(source);
        let is_there = |keeps: &&KeptAt| keeps.place.as_deref() == Some(place);
        let mut found = Vec::new();
        for keeps in self.keeps.iter().filter(is_there) {
            let mut quotes = 0;
            for word in text.split_ascii_whitespace() {
                let start = word.as_ptr() as usize - text.as_ptr() as usize;
                if keeps.kept.is_switched_off_by(word) {
                    let mut from = text.cut(..start).trim_ascii_end().len();
                    let mut to = start + word.len();
                    if text.cut(..from).ends_with(['\\', '`']) {
                        // It is the first of its line, and the next word takes its place.
                        let blanks = [' ', '\t', '\r', '\n', '\\', '`'];
                        let next = text.cut(to..).trim_start_matches(blanks);
                        (from, to) = (start, text.len() - next.len());
                    }
                    // Within quotes it is part of another word.
                    if quotes % 2 > 0 || from == 0 || to == text.len() && from == start {
                        return None;
                    }
                    let own = self.span.start as usize;
                    found.push(Span::new(own + from, own + to));
                }
                quotes += word.bytes().filter(|byte| matches!(byte, b'"' | b'\'')).count();
            }
        }
        Some(found)
    }
}

/// Whether one of two paths lies in the other.
fn meets(path: &str, place: &str) -> bool {
    let plain = path.split(['*', '?', '[']).next().unwrap_or(path);
    let home = plain.strip_prefix('~').map(|rest| place.ends_with(rest) && rest.len() > 1);
    let path = clean(plain);
    home.unwrap_or(false)
        || path.starts_with('/') && (under(&path, place).is_some() || under(place, &path).is_some())
}

impl Graph<'_> {
    /// Whether a cache may be mounted at `place` for the RUN at `at` without the commands in
    /// `gone`: nothing else of the build needs what a command of it keeps there.
    pub fn may_mount(&self, at: StepAt, place: &str, gone: &[usize]) -> bool {
        let stage = &self.stages[at.stage];
        let Some(run) = stage.steps[at.step].run() else { return false };
        let mut all = run.commands.iter().flat_map(|command| &command.keeps);
        let own = |keeps: &KeptAt| keeps.place.as_deref() == Some(place);
        let Some(kept) = all.find(|keeps| own(keeps) && keeps.kept.mount_does) else {
            return false;
        };
        // A stage stands behind the one that it is built on.
        let mut built_on = vec![false; self.stages.len()];
        for other in &self.stages {
            let of_base = other.base.stage().is_some_and(|base| built_on[base]);
            built_on[other.index] = of_base || other.index == at.stage;
        }
        let is_built_on = |stage: usize| built_on[stage];
        let mut above = vec![false; self.stages.len()];
        self.with_ancestors(at.stage).for_each(|stage| above[stage.index] = true);
        self.options.builder == Builder::Buildkit
            && !stage.is_windows
            && place.starts_with('/')
            && !run
                .commands
                .iter()
                .enumerate()
                .any(|(number, command)| command.names(place) && !gone.contains(&number))
            && self.stages.iter().all(|other| {
                let built_on = is_built_on(other.index);
                let before = above[other.index];
                other.steps.iter().enumerate().all(|(number, step)| {
                    let later = built_on && (other.index != at.stage || number > at.step);
                    match &step.effect {
                        Effect::Copy(copy) => {
                            let takes =
                                matches!(copy.origin, Origin::Stage(from) if is_built_on(from));
                            let lands = (before || later)
                                && !matches!(
                                    copy.landing.overlap_path(place),
                                    Overlap::Apart | Overlap::Unknown
                                )
                                && copy
                                    .landing
                                    .paths
                                    .iter()
                                    .any(|path| under(place, path).is_some());
                            !(takes
                                && (copy.unresolved
                                    || copy
                                        .sources
                                        .iter()
                                        .any(|(text, _)| meets(&absolute(text), place))))
                                && !lands
                        }
                        Effect::Run(other) if later => other.commands.iter().all(|command| {
                            let uses = command.keeps.iter().any(|keeps| keeps.kept == kept.kept);
                            let misses = uses && other.mount_of(place).is_none();
                            !command.names(place) && (!misses || !kept.kept.used_later)
                        }),
                        Effect::Run(other) => {
                            !other.mounts.iter().any(|mount| mount.from.is_some_and(is_built_on))
                        }
                        _ => true,
                    }
                })
            })
    }
}

fn absolute(text: &str) -> String {
    match text.starts_with('/') {
        true => text.to_owned(),
        false => format!("/{}", text.trim_start_matches("./")),
    }
}
