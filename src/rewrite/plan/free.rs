//! What frees a step: copies of what it needs, a cut, a step that downloads first.

use super::Freed;
use super::walk::Walk;
use crate::commutes::builds::{apart, before_build};
use crate::commutes::commands::are_apart;
use crate::commutes::shown_command;
use crate::context::join;
use crate::ecosystem::{ActionKind, Arguments};
use crate::graph::demands::{Demands, changes_inputs, install_of};
use crate::graph::{Action, Command, Graph, Invalidated, Run, Step, StepAt};
use crate::repair::{ManifestCopy, Operation, Place};
use crate::rewrite::manifests_by_name;
use crate::rewrite::split;
use crate::rewrite::stub_sources::StubSources;
use crate::sentences::{Assumption, Reason};
use crate::text::Cut;
use std::borrow::Cow;

impl<'g, 'a> Walk<'g, 'a> {
    /// Frees a step that is invalidated needlessly, all of it or its first commands. Only out of
    /// the `last` one commands are pulled: what stays of it is not looked past.
    pub(super) fn free(&mut self, rerun: &Invalidated, last: bool) -> Result<Freed, Reason> {
        let at = rerun.step;
        let step = self.step(at);
        let Action::Run(run) = &step.action else { return Err(self.stays(self.at(at))) };
        let here = StepAt { stage: self.stage.index, step: at };
        let copies = self.sinking.iter().filter(|sunk| self.step_of(sunk).copy().is_some());
        let moving: Vec<StepAt> = copies.map(|sunk| sunk.at).collect();
        if rerun.causes.iter().any(|at| at.stage != here.stage && !moving.contains(at)) {
            return Err(shared(self.graph, rerun));
        }
        let mut copies: Vec<ManifestCopy> = Vec::new();
        let mut assumptions = Vec::new();
        let first = &run.commands[..rerun.commands];
        let goes = |(at, _): &(usize, &'g Command)| !rerun.stays.contains(at);
        for (at, command) in first.iter().enumerate().filter(goes) {
            let wanted = self.demands(here, command, &mut assumptions)?;
            let provided: Vec<String> =
                wanted.files.iter().map(|file| file.place.clone()).collect();
            let stays = rerun.stays.iter().filter(|&&stays| stays < at);
            let stays = || stays.clone().map(|&stays| &first[stays]);
            stays().try_for_each(|other| are_apart(self.graph, other, command))?;
            let mut before = self.sinking_commands().map(|(_, command)| command).chain(stays());
            let changes = |other: &&Command| {
                let changes = other.builds.is_none() && changes_inputs(other, command, &provided);
                changes || (wanted.scattered_changed_by(other) && !apart(other, command))
            };
            if let Some(other) = before.find(changes) {
                return Err(self.changes(other, command));
            }
            assumptions.extend(self.command_passed(here.step, command, &provided)?);
            let mut added = manifests_by_name::copies(
                self.graph,
                here,
                command,
                &wanted,
                &moving,
                &mut assumptions,
            )?;
            added.retain(|copy| !copies.contains(copy));
            reduce(&copies, &mut added);
            copies.append(&mut added);
        }
        let rest = &run.commands[rerun.commands..];
        let compiles = rest.iter().filter(|_| rerun.downloads).find(|command| {
            command.used.as_ref().is_some_and(|used| used.downloads() == ActionKind::Compile)
        });
        let installs = first.iter().any(|command| {
            command.used.as_ref().is_some_and(|used| used.kind != ActionKind::Upkeep)
        });
        let goes_first = installs || rerun.commands > split::carried(&run.commands);
        let mut freed = Freed::default();
        for copy in copies {
            let at = self.spot(copy.from, here);
            freed.operations.push(Operation::InsertCopy { copy, at });
        }
        if installs && !rerun.stays.is_empty() {
            if !last || rerun.downloads {
                return Err(self.stays(here));
            }
            split::may_pull(self.graph, self.stage.shipped, step, run, rerun.commands)?;
            let first = (0..rerun.commands).filter(|at| !rerun.stays.contains(at)).collect();
            (freed.cut, freed.pulled) = (Some(rerun.commands), true);
            freed.operations.push(Operation::Split { step: here, first, cleaning: Vec::new() });
        } else if !rest.is_empty() && goes_first && rerun.stays.is_empty() {
            let at = rerun.commands;
            let cut = split::may_split(self.graph, self.stage.shipped, step, run, at)?;
            assumptions.extend(cut.assumptions);
            let cleaning = cut.cleaning.iter().cloned();
            assumptions
                .extend(cleaning.map(|command| Assumption::UsesNothingTakenAway { command }));
            freed.cut = Some(at);
            let (first, cleaning) = ((0..at).collect(), cut.cleaning);
            freed.operations.push(Operation::Split { step: here, first, cleaning });
        }
        if let Some(command) = compiles {
            let from = freed.cut.unwrap_or(0);
            let mut sentences = Vec::new();
            match self.download(here, run, from, command, &moving, &mut sentences) {
                Ok((copies, command)) => {
                    let (between, before) = (Place::Between(here), Place::Before(here));
                    let at = if freed.cut.is_some() { between } else { before };
                    for copy in copies {
                        let at = if at == between { at } else { self.spot(copy.from, here) };
                        freed.operations.push(Operation::InsertCopy { copy, at });
                    }
                    freed.operations.push(Operation::InsertRun { command, of: here, at });
                    freed.fetches = true;
                    assumptions.append(&mut sentences);
                }
                // The cut alone would leave what is reported.
                Err(reason) if !installs || rerun.kind == ActionKind::Compile => {
                    return Err(reason);
                }
                // What goes first is worth a cut of its own.
                Err(_) => {}
            }
        }
        let copies = freed.operations.iter().filter_map(|operation| match operation {
            Operation::InsertCopy { copy, .. } => Some(copy),
            _ => None,
        });
        let provided: Vec<String> = copies.flat_map(ManifestCopy::places).cloned().collect();
        self.directories_stay(at, first, &provided)?;
        self.make_directories(&mut freed.operations)?;
        self.assumptions.extend(assumptions);
        Ok(freed)
    }

    /// Where manifests stand for the step `here`: in the place of the copy `from` that brings them
    /// today, so that whatever stands between finds them as before. Below a RUN between, since
    /// that would run again where a manifest changes: `apt-get install`, say.
    fn spot(&self, from: StepAt, here: StepAt) -> Place {
        if from.stage != here.stage {
            return Place::Before(here);
        }
        let sinks = |step: usize| {
            self.sinking.iter().any(|sunk| sunk.at == self.at(step) && sunk.from == 0)
        };
        let runs = |step: &usize| self.step(*step).run().is_some() && !sinks(*step);
        let last = (from.step + 1..here.step).rev().find(runs).max(self.last_freed);
        let last = last.filter(|&last| last > from.step);
        Place::Before(last.map_or(from, |run| self.at(run + 1)))
    }

    /// What the command wants of the context, or why that is not to be had.
    fn demands(
        &self,
        here: StepAt,
        command: &Command,
        assumptions: &mut Vec<Assumption>,
    ) -> Result<Demands, Reason> {
        let mut wanted = self.graph.demands(command, here);
        if let Some(reason) = wanted.refusal.take() {
            return Err(reason);
        }
        assumptions.append(&mut wanted.assumptions);
        Ok(wanted)
    }

    /// A step of its own that fetches the dependencies before a step that needs the source, of
    /// which the commands are left from `from` on: the copies it needs, and its command line.
    fn download(
        &self,
        here: StepAt,
        run: &Run<'a>,
        from: usize,
        command: &Command,
        moving: &[StepAt],
        assumptions: &mut Vec<Assumption>,
    ) -> Result<(Vec<ManifestCopy>, String), Reason> {
        let used = command.used.as_ref().expect("a compile step is recognised");
        let shown = shown_command(self.graph, command);
        if used.first.is_none() && used.action.first.is_some() {
            return Err(Reason::FilesUnknown { command: shown });
        }
        let source = self.graph.dockerfile.source;
        let index = run.commands.iter().position(|other| other.span == command.span);
        let shell = index.map(|index| &run.script.commands[index]);
        let program = shell.and_then(|shell| shell.invocation().words.first());
        let (Some(first), Some(shell), Some(program)) = (&used.first, shell, program) else {
            let command = shown;
            return Err(match used.action.arguments {
                Arguments::ProjectPackages => Reason::ChangesManifest { command },
                Arguments::Packages | Arguments::Distributions => Reason::NeedsProject { command },
                _ => Reason::MayNeedSource { command },
            });
        };
        let since = used.action.first.as_ref().map_or("", |first| first.since);
        if self.image_is_older(since) {
            return Err(Reason::ImageTooOld { command: first.clone() });
        }
        // Settings and wrappers in front of the program stay.
        let drops = used.action.first.map_or("", |first| first.drops);
        let kept = shell.assignments.iter();
        let kept = kept.filter(|setting| !drops.split(' ').any(|name| name == setting.name));
        let mut line: String =
            kept.map(|setting| format!("{} ", setting.span.of(source))).collect();
        if let Some(wrapper) = shell.words.first() {
            line.push_str(source.cut(wrapper.span.start as usize..program.span.start as usize));
        }
        let sentences = used.action.first.iter().flat_map(|first| first.assumes);
        assumptions.extend(sentences.copied().map(Assumption::told));
        let Some(install) = install_of(command) else {
            return Err(Reason::ProjectUnknown { command: shown });
        };
        let wanted = self.demands(here, &install, assumptions)?;
        if wanted.nothing {
            return Err(Reason::NothingToDownload);
        }
        let first = wanted.with_arguments(first);
        line.push_str(&first);
        if !wanted.sources.is_empty() {
            let stubs = StubSources::new(&wanted.sources);
            self.may_stub(here, command, moving, &stubs)?;
            line = format!("{}{line}{}", stubs.before, stubs.after);
        }
        let install = self.graph.with_writes(install);
        let provided: Vec<String> = wanted.files.iter().map(|file| file.place.clone()).collect();
        let own = index.unwrap_or(0);
        let sinking = self.sinking_commands().map(|(_, command)| command);
        let mut before = sinking.chain(&run.commands[..own]);
        if let Some(other) = before.find(|other| wanted.scattered_changed_by(other)) {
            return Err(self.changes(other, &install));
        }
        let before = &run.commands[from..own];
        let prepares = self.prepares(here, run, before, &install, &provided, assumptions)?;
        assumptions.extend(self.command_passed(here.step, &install, &provided)?);
        let copies =
            manifests_by_name::copies(self.graph, here, &install, &wanted, moving, assumptions)?;
        if self.stage.shipped {
            assumptions.push(Assumption::HoldsAllFetched { command: first });
        }
        let carried = |at: usize| {
            let commands = &run.commands[at..];
            let count = split::carried(commands);
            match (commands.first(), commands.get(count)) {
                (Some(first), Some(next)) if count > 0 => {
                    source.cut(first.span.start as usize..next.span.start as usize)
                }
                _ => "",
            }
        };
        let again = if from > 0 { carried(from) } else { "" };
        Ok((copies, format!("{}{again}{prepares}{line}", carried(0))))
    }

    /// The commands before a compile step that work on the files it wants first, as they stand
    /// in front of its download: `chmod +x` of its own script, and the like. What they change, a
    /// copy that sinks brings again.
    fn prepares(
        &self,
        here: StepAt,
        run: &Run<'a>,
        before: &[Command],
        command: &Command,
        places: &[String],
        assumptions: &mut Vec<Assumption>,
    ) -> Result<String, Reason> {
        let mut text = String::new();
        let names = places.iter().map(String::as_str);
        let own = before.iter().map(|command| (None, command));
        let sinking = self.sinking_commands().map(|(step, command)| (Some(step), command));
        for (elsewhere, other) in sinking.chain(own) {
            if !changes_inputs(other, command, places) {
                continue;
            }
            if let Some(assumed) = before_build(self.graph, other, command, places) {
                assumptions.extend(assumed);
                continue;
            }
            let step = elsewhere.unwrap_or_else(|| self.step(here.step));
            let script = step.run().map(|run| &run.script);
            let again = |path: &Cow<'_, str>| {
                self.copies().any(|copy| copy.source_of(path, self.graph.context).is_some())
            };
            let repeats = other.works_on(names.clone())
                && other.writes.paths.iter().all(again)
                && other.cwd == command.cwd
                && step.state == self.step(here.step).state
                && (elsewhere.is_none() || split::carried(&run.commands) == 0)
                && script.is_some_and(|script| split::stands_alone(script, other.span));
            if !repeats {
                return Err(self.changes(other, command));
            }
            text.push_str(other.span.of(self.graph.dockerfile.source));
            text.push_str(" && ");
        }
        Ok(text)
    }

    /// The commands of the RUNs that sink, with their steps.
    fn sinking_commands(&self) -> impl Iterator<Item = (&'g Step<'a>, &'g Command)> {
        self.sinking.iter().flat_map(|sunk| {
            let step = self.step_of(sunk);
            let commands = step.run().map_or(&[][..], |run| &run.commands[sunk.from..]);
            commands.iter().map(move |command| (step, command))
        })
    }

    fn changes(&self, one: &Command, command: &Command) -> Reason {
        Reason::ChangesReads {
            command: shown_command(self.graph, one),
            other: shown_command(self.graph, command),
        }
    }

    /// Whether the stage is built on the image that `since` names, of an earlier version: the
    /// first of the two where the files of the context are known, and the second where not.
    fn image_is_older(&self, since: &str) -> bool {
        let root = self.graph.root(self.stage.index);
        let image = root.image.split('@').next().unwrap_or("");
        let name = image.rsplit('/').next().unwrap_or(image);
        let mut words = since.split(' ');
        let Some(tag) = words.next().and_then(|image| name.strip_prefix(image)?.strip_prefix(':'))
        else {
            return false;
        };
        let version = |text: &str| -> Option<(u32, u32)> {
            let (major, rest) = text.split_once('.')?;
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            Some((major.parse().ok()?, rest.cut(..digits).parse().ok()?))
        };
        let from = words.nth(usize::from(!self.graph.context.is_known())).and_then(version);
        from.zip(version(tag)).is_some_and(|(from, tag)| tag < from)
    }

    /// Whether empty sources may be made and taken away: nothing else is there.
    fn may_stub(
        &self,
        here: StepAt,
        command: &Command,
        moving: &[StepAt],
        stubs: &StubSources,
    ) -> Result<(), Reason> {
        let taken = stubs.made.iter().find(|path| {
            let place = match path.starts_with('/') {
                true => Some(path.to_string()),
                false => command.cwd.as_deref().map(|cwd| crate::context::clean(&join(cwd, path))),
            };
            let mut before = self.graph.copies_before(here);
            place.is_none_or(|place| {
                before.any(|(at, copy)| !moving.contains(&at) && !copy.may_bring(&place).is_no())
            })
        });
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-/ ".contains(c);
        if taken.is_none() && stubs.before.replace(" && ", " ").chars().all(plain) {
            return Ok(());
        }
        Err(Reason::StubMayExist {
            command: shown_command(self.graph, command),
            path: taken.map_or("others", String::as_str).to_owned(),
        })
    }
}

/// Takes out of the copies that are added what was `brought` before, and adds the rest to that.
pub(super) fn without_repeats(brought: &mut Vec<ManifestCopy>, operations: &mut Vec<Operation>) {
    operations.retain_mut(|operation| {
        let Operation::InsertCopy { copy, .. } = operation else { return true };
        let mut rest = vec![copy.clone()];
        reduce(brought, &mut rest);
        let Some(left) = rest.pop() else { return false };
        *copy = left.clone();
        brought.push(left);
        true
    });
}

/// Takes out of `copies` what those `before` bring.
fn reduce(before: &[ManifestCopy], copies: &mut Vec<ManifestCopy>) {
    for copy in copies.iter_mut().filter(|copy| copy.file.is_none()) {
        for other in before {
            if (other.from, &other.directory, other.is_directory, &other.file)
                == (copy.from, &copy.directory, copy.is_directory, &copy.file)
                && other.way == copy.way
            {
                copy.sources.retain(|source| !other.sources.contains(source));
            }
        }
    }
    copies.retain(|copy| !copy.sources.is_empty());
}

/// The cause is in a stage that the one of the step is built on, and stays there.
fn shared(graph: &Graph<'_>, rerun: &Invalidated) -> Reason {
    let stage = rerun.causes.first().map_or(0, |cause| cause.stage);
    let stage = &graph.stages[stage];
    let name = stage.name.as_ref().unwrap_or(&stage.image);
    let name = name.clone();
    match stage.used {
        true => Reason::StageUsed { stage: name },
        false => Reason::StageKeepsCopy { stage: name },
    }
}
