//! Directories that tools left in the context, which copies bring along and which the image does
//! not need: it makes them for itself, or nothing reads them.

use super::brought_along::Brought;
use super::effect::is_root;
use super::{CommandEffects, Effect, Graph, Origin, Run, Stage, StepAt};
use crate::context::{EntryKind, base_name, below, join, parent};
use crate::ecosystem::artifacts::{Artifact, Made, artifacts};
use crate::ecosystem::parts::{leaves_out_packages, only_fetches};
use crate::ecosystem::{ActionKind, listed, name_matches};
use crate::limits;
use crate::shell::{self, Joiner, Kind};

/// Such a directory.
#[derive(Clone, Debug, PartialEq)]
pub struct HostArtifact<'g> {
    /// Its path in the context.
    pub path: &'g str,
    /// The copies that bring it, each with the step that makes it in the image, where one has to.
    pub copies: Vec<(StepAt, Option<StepAt>)>,
}

impl<'a> Graph<'a> {
    /// The directories of the context that the image does not need, in the order of the list.
    pub fn host_artifacts(&self) -> Vec<HostArtifact<'_>> {
        let mut found = Vec::new();
        if !self.may_do_without() {
            return found;
        }
        let entries: Vec<_> = self.context.entries().collect();
        let mut looked_into: Option<&str> = None;
        let mut left = limits::ARTIFACTS;
        for (at, entry) in entries.iter().enumerate() {
            // What lies in one belongs to it.
            let is_inside = looked_into.is_some_and(|above| below(above, &entry.path).is_some());
            let is_file = entry.kind != EntryKind::Directory;
            let kinds = artifacts(base_name(&entry.path));
            let mut kinds = kinds.filter(|kind| kind.is_file == is_file).peekable();
            if is_inside || kinds.peek().is_none() {
                continue;
            }
            let Some(file) = self.first_file(&entries[at..]).filter(|_| left > 0) else { continue };
            left -= 1;
            let Some(kind) = kinds.find(|kind| self.is_artifact(kind, &entry.path)) else {
                continue;
            };
            looked_into = Some(&entry.path);
            let Some(brought) = self.brought_along(&entry.path, &file.path) else { continue };
            let made = brought.iter().map(|brought| {
                self.makes_again(kind, &entry.path, brought).map(|by| (brought.copy, by))
            });
            let made: Option<Vec<_>> = made.collect();
            let is_possible = |copies: &Vec<(StepAt, Option<StepAt>)>| {
                copies.iter().filter_map(|(_, maker)| *maker).all(|at| self.may_make(at))
            };
            if let Some(copies) = made.filter(|copies| !copies.is_empty() && is_possible(copies)) {
                found.push(HostArtifact { path: &entry.path, copies });
            }
        }
        found
    }

    /// Whether the step at `at` may make a directory in its project: another user than root may write there
    /// only where a step gave it to him, and else into one that comes with the copy.
    fn may_make(&self, at: StepAt) -> bool {
        let stage = &self.stages[at.stage];
        let gives = |step: usize| {
            stage.steps[step].run().is_some()
                && self.step_text(&StepAt { step, ..at }).contains("chown")
        };
        let user = stage.steps[at.step].user.as_deref();
        user.is_none() || is_root(user) || (0..at.step).any(gives)
    }

    /// Whether the directory at `path` is what its name says, going by what lies beside and in it.
    fn is_artifact(&self, kind: &Artifact, path: &str) -> bool {
        let directory = parent(path);
        let is_beside = |name: &str| match name.contains('*') {
            false => self.context.entry(&join(&directory, name)).is_some(),
            true => self.context.entries().any(|entry| {
                below(&directory, &entry.path).is_some_and(|own| name_matches(name, own))
            }),
        };
        let holds = |name: &str| self.context.entry(&join(path, name)).is_some();
        let is_made = |own: &str, names| {
            own.is_empty() || listed(names, |name| own.split('/').next() == Some(name))
        };
        let is_all = kind.only().is_none_or(|names| {
            let mut own = self.context.entries().filter_map(|entry| below(path, &entry.path));
            own.all(|own| is_made(own, names))
        });
        is_all
            && (kind.beside.is_empty() || listed(kind.beside, is_beside))
            && (kind.holds.is_empty() || listed(kind.holds, holds))
    }

    /// The step that makes the directory in the image, where one has to; `None` where none does,
    /// or where a step between may read what the copy brought.
    fn makes_again(
        &self,
        kind: &Artifact,
        path: &str,
        brought: &Brought,
    ) -> Option<Option<StepAt>> {
        if kind.made == Made::Never {
            return Some(None);
        }
        let at = brought.copy;
        let steps_before = self.with_ancestors(at.stage).flat_map(|stage| {
            let end = if stage.index == at.stage { at.step } else { stage.steps.len() };
            (0..end).map(|step| StepAt { stage: stage.index, step })
        });
        let before: Vec<StepAt> = steps_before.collect();
        let behind = at.step + 1..self.stages[at.stage].steps.len();
        let behind = behind.map(|step| StepAt { stage: at.stage, step });
        let made = |step: &StepAt| self.makes(kind, path, brought, *step);
        if let Some(maker) = behind.clone().find(made) {
            // What runs before it still finds what the copy brought.
            let is_read = behind
                .take_while(|step| step.step < maker.step)
                .any(|step| brought.is_named_in(self.step_text(&step)));
            let run = self.stages[maker.stage].steps[maker.step].run();
            let command = run.and_then(|run| {
                run.commands
                    .iter()
                    .position(|command| self.command_makes(kind, path, brought, command))
            });
            let first = run.zip(command).map_or(&[][..], |(run, end)| &run.commands[..end]);
            let source = self.dockerfile.source;
            let is_read_beside =
                first.iter().any(|command| brought.is_named_in(command.span.of(source)));
            return (!is_read && !is_read_beside).then_some(Some(maker));
        }
        if kind.made == Made::Environment {
            return self.installs_without(kind, at).then_some(None);
        }
        let maker = *before.iter().find(|step| made(step))?;
        // Packages that only the machine has may be what a later step runs.
        let is_built_later = behind.clone().any(|step| self.is_run(step))
            || !self.stages[at.stage].derived.is_empty();
        let is_partial = before.iter().any(|step| leaves_out_packages(self.step_text(step)));
        (kind.made == Made::Install && !(is_built_later && is_partial)).then_some(Some(maker))
    }

    /// Whether the step at `at` makes the directory `path` of the context, where `brought` puts it.
    fn makes(&self, kind: &Artifact, path: &str, brought: &Brought, at: StepAt) -> bool {
        let stage = &self.stages[at.stage];
        match &stage.steps[at.step].effect {
            Effect::Copy(copy) => {
                !matches!(copy.origin, Origin::Context | Origin::Elsewhere)
                    && copy.landing.paths.iter().any(|landed| *landed == brought.place)
            }
            Effect::Run(run) => {
                let taken = || kind.made != Made::TakenFromScript || self.is_taken(stage, brought);
                self.run_makes(kind, path, brought, run) && taken()
            }
            _ => false,
        }
    }

    fn run_makes(&self, kind: &Artifact, path: &str, brought: &Brought, run: &Run<'_>) -> bool {
        let shell = &run.script.commands;
        let certain = |at: &usize| {
            // With `|| true` behind it, it may have failed.
            let or = |next: &shell::Command<'_>| next.joiner == Joiner::Or;
            shell[*at].kind == Kind::Simple
                && !shell[*at..].iter().take(2).any(or)
                && !run.commands[*at].is_conditional
        };
        let masked = |place: &str| {
            let targets = run.mounts.iter().filter_map(|mount| mount.target.as_deref());
            targets.into_iter().any(|target| target == place)
        };
        !masked(&brought.place)
            && (0..shell.len().min(run.commands.len()))
                .filter(certain)
                .any(|at| self.command_makes(kind, path, brought, &run.commands[at]))
    }

    fn command_makes(
        &self,
        kind: &Artifact,
        path: &str,
        brought: &Brought,
        command: &CommandEffects,
    ) -> bool {
        let Some(used) = &command.used else { return false };
        if !listed(kind.tools, |tool| tool == used.tool.name) {
            return false;
        }
        let place = brought.place.as_str();
        let project = command.builds.as_ref().and_then(|builds| builds.paths.first());
        let project = project.map(|project| project.as_ref());
        let writes = || command.writes.paths.iter().any(|written| *written == place);
        match kind.made {
            Made::Never => true,
            Made::Environment => writes(),
            Made::Install => {
                let installs = [ActionKind::Install, ActionKind::Compile];
                let own = project.is_some_and(|project| place == join(project, kind.name));
                (installs.contains(&used.action.kind) || used.action.flags.contains("offline"))
                    && !only_fetches(command.span.of(self.dockerfile.source))
                    && (writes() || own || self.is_of_member(path, place, project))
            }
            Made::Compile => {
                used.action.kind == ActionKind::Compile
                    && !used.action.only_fetches()
                    && project.is_some_and(|project| below(project, place).is_some())
            }
            Made::Script | Made::TakenFromScript => {
                used.action.kind == ActionKind::Everything
                    && project == Some(parent(place).as_str())
                    && command.span.of(self.dockerfile.source).contains("build")
            }
        }
    }

    /// Whether the directory belongs to a member of a workspace that lies in `project`, whose
    /// install is that of its members.
    fn is_of_member(&self, path: &str, place: &str, project: Option<&str>) -> bool {
        let Some(rest) = project.and_then(|project| below(project, place)) else { return false };
        let Some(root) = path.strip_suffix(rest).map(|root| root.trim_end_matches('/')) else {
            return false;
        };
        let manifest = self.context.text(&join(root, "package.json"));
        self.context.exists(&join(root, "pnpm-workspace.yaml")).is_yes()
            || manifest.is_some_and(|text| text.contains("\"workspaces\""))
    }

    /// Whether another stage takes the directory out of `stage`, or out of one that is built on it.
    fn is_taken(&self, stage: &Stage<'_>, brought: &Brought) -> bool {
        let steps = self.stages.iter().flat_map(|other| &other.steps);
        steps.filter_map(|step| step.copy()).any(|copy| {
            let Origin::Stage(from) = copy.origin else { return false };
            let place = brought.place.trim_start_matches('/');
            self.with_ancestors(from).any(|above| above.index == stage.index)
                && copy.sources.iter().any(|(_, source)| below(place, source.base()).is_some())
        })
    }

    /// Whether Python's packages are installed before the end of the stage of `at`, and nothing in
    /// the file, nor a script that it may run, names an environment of this name.
    fn installs_without(&self, kind: &Artifact, at: StepAt) -> bool {
        let installs = |command: &CommandEffects| {
            command.used.as_ref().is_some_and(|used| {
                matches!(used.kind, ActionKind::Install | ActionKind::Named)
                    && listed(kind.tools, |tool| tool == used.tool.name)
            })
        };
        let source = self.dockerfile.source;
        let mut steps = self.with_ancestors(at.stage).flat_map(|stage| &stage.steps);
        !source.contains(kind.name)
            && !source.contains(".sh")
            && steps.any(|step| step.run().is_some_and(|run| run.commands.iter().any(installs)))
    }

    fn is_run(&self, at: StepAt) -> bool {
        self.stages[at.stage].steps[at.step].run().is_some()
    }

    /// The text of a step.
    fn step_text(&self, at: &StepAt) -> &'a str {
        self.span(*at).of(self.dockerfile.source)
    }
}
