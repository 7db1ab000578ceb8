//! What frees a step: copies of what it needs, a cut, and the place of a download (`download`).

use super::walk::Walk;
use super::{Freed, may_sink};
use crate::commutes::builds::apart;
use crate::commutes::commands::are_apart;
use crate::commutes::shown_command;
use crate::context::join;
use crate::ecosystem::ActionKind;
use crate::graph::demands::{Demands, changes_inputs};
use crate::graph::path_set::under;
use crate::graph::{CommandEffects, Copy, Effect, Graph, Invalidated, Run, Step, StepAt};
use crate::repair::{ManifestCopy, Operation, Place, Way, inserted_copies};
use crate::rewrite::manifests_by_name;
use crate::rewrite::split;
use crate::sentences::{Assumption, Reason};

/// A step that is being freed.
pub(super) struct Freeing<'g, 'a> {
    /// The step.
    pub here: StepAt,
    /// What it runs.
    pub run: &'g Run<'a>,
    /// The copies that sink.
    pub moving: Vec<StepAt>,
    /// What has to hold so far.
    pub assumptions: Vec<Assumption>,
    /// What is done so far.
    pub freed: Freed,
    /// The step above which a download goes, ahead of steps that stay, which it does not look at.
    pub above: Option<usize>,
}

impl<'g, 'a> Freeing<'g, 'a> {
    /// Of the step at `here`, below which the copies `moving` go; nothing is done yet.
    pub fn new(here: StepAt, run: &'g Run<'a>, moving: Vec<StepAt>) -> Freeing<'g, 'a> {
        let (assumptions, freed) = Default::default();
        Freeing { here, run, moving, assumptions, freed, above: None }
    }
}

impl<'g, 'a> Walk<'g, 'a> {
    /// Frees a step that is invalidated needlessly, all of it or its first commands. `last` says
    /// whether no other step of its stage is: only then are commands pulled out from behind those
    /// that stay, since what stays of such a RUN ends the walk.
    pub(super) fn free(&mut self, rerun: &Invalidated, last: bool) -> Result<Freed, Reason> {
        let here = self.at(rerun.step);
        let Effect::Run(run) = &self.step(rerun.step).effect else { return Err(self.stays(here)) };
        let copies = self.sinking.iter().filter(|sunk| self.step_of(sunk).copy().is_some());
        let moving: Vec<StepAt> = copies.map(|sunk| sunk.at).collect();
        if rerun.causes.iter().any(|at| at.stage != here.stage && !moving.contains(at)) {
            return Err(shared(self.graph, rerun));
        }
        let mut freeing = Freeing::new(here, run, moving);
        self.bring_manifests(&mut freeing, rerun)?;
        self.cut(&mut freeing, rerun, last)?;
        self.fetch_first(&mut freeing, rerun)?;
        let Freeing { mut freed, mut assumptions, .. } = freeing;
        let copies = inserted_copies(&freed.operations);
        let provided: Vec<String> = copies.flat_map(ManifestCopy::places).cloned().collect();
        // Those that stay behind run where they ran.
        let first = run.commands[..rerun.commands].iter().enumerate();
        let first = first.filter(|(at, _)| !rerun.stays.contains(at));
        let first: Vec<&CommandEffects> = first.map(|(_, command)| command).collect();
        assumptions.extend(self.directories_stay(here.step, &first, &provided)?);
        self.make_directories(&mut freed.operations)?;
        assumptions.extend(self.keeps_defaults(&freed.operations, run));
        self.assumptions.extend(assumptions);
        Ok(freed)
    }

    /// Copies of what the commands that go first read of the project.
    fn bring_manifests(
        &self,
        freeing: &mut Freeing<'g, 'a>,
        rerun: &Invalidated,
    ) -> Result<(), Reason> {
        let here = freeing.here;
        let first = &freeing.run.commands[..rerun.commands];
        let goes = |(at, _): &(usize, &'g CommandEffects)| !rerun.stays.contains(at);
        let mut copies: Vec<ManifestCopy> = Vec::new();
        for (at, command) in first.iter().enumerate().filter(goes) {
            let wanted = self.demands(here, command, &mut freeing.assumptions)?;
            self.finds_what_it_looks_for(command, &wanted)?;
            let provided = wanted.places();
            let stays = rerun.stays.iter().filter(|&&stays| stays < at);
            let stays = || stays.clone().map(|&stays| &first[stays]);
            stays().try_for_each(|other| are_apart(self.graph, other, command))?;
            let mut before = self.sinking_commands().map(|(_, command)| command).chain(stays());
            let changes = |other: &&CommandEffects| {
                let changes = other.builds.is_none() && changes_inputs(other, command, &provided);
                changes || (wanted.scattered_changed_by(other) && !apart(other, command))
            };
            if let Some(other) = before.find(changes) {
                return Err(self.changes(other, command));
            }
            freeing.assumptions.extend(self.command_passed(here.step, command, &provided)?);
            let mut added = self.copies_for(freeing, command, &wanted)?;
            added.retain(|copy| !copies.contains(copy));
            reduce(&copies, &mut added);
            for copy in added {
                // One line does for what two commands of the step want beside each other.
                let is_alike = |other: &&mut ManifestCopy| {
                    let plain = |copy: &ManifestCopy| {
                        copy.way == Way::Plain && copy.file.is_none() && !copy.is_directory
                    };
                    let place = |copy: &ManifestCopy| (copy.from, copy.directory.clone());
                    plain(other) && plain(&copy) && place(other) == place(&copy)
                };
                match copies.iter_mut().find(is_alike) {
                    Some(other) => other.sources.extend(copy.sources),
                    None => copies.push(copy),
                }
            }
        }
        for copy in copies {
            let at = self.spot(copy.from, here);
            freeing.freed.operations.push(Operation::InsertCopy { copy, at });
        }
        Ok(())
    }

    /// Fails where something that sinks makes what `command` looks for, so that it would do something
    /// else: `COPY docker/a.patch ./patches/a+1.0.0.patch`, `RUN mv src libs` in front of `npm ci`.
    fn finds_what_it_looks_for(
        &self,
        command: &CommandEffects,
        wanted: &Demands,
    ) -> Result<(), Reason> {
        let settings = command.used.iter().flat_map(|used| used.tool.settings);
        let cwd = command.cwd.as_deref().unwrap_or_default();
        let settings: Vec<String> = settings.map(|name| join(cwd, name)).collect();
        let is_setting = |path: &str| settings.iter().any(|setting| setting == path);
        let looks_for = |path: &str| {
            let is_known = || wanted.files.iter().any(|file| file.place == path);
            wanted.looks_for(path) || is_setting(path) && !is_known()
        };
        // What a copy of a whole project brings has the same place in the context.
        let is_renamed = |copy: &Copy, path: &str| {
            let source = copy.source_of(path, self.graph.context);
            let below = under(cwd, path).unwrap_or(path);
            source.is_none_or(|source| !format!("/{source}").ends_with(&format!("/{below}")))
        };
        let found = |copy: &'g Copy| {
            let mut paths = copy.landing.paths.iter().filter(|_| copy.landing_is_exact);
            paths.find(|path| looks_for(path) && is_renamed(copy, path))
        };
        if let Some(path) = self.copies().find_map(found) {
            let (command, path) = (shown_command(self.graph, command), path.to_string());
            return Err(Reason::Reads { command, path });
        }
        let makes = |other: &CommandEffects| {
            let written = other.writes.paths.iter().chain(&other.fills.paths).map(|path| &**path);
            let mut made = written.chain(other.links.iter().map(|link| &*link.name));
            made.any(looks_for)
        };
        match self.sinking_commands().find(|(_, other)| other.builds.is_none() && makes(other)) {
            Some((_, other)) => Err(self.changes(other, command)),
            None => Ok(()),
        }
    }

    /// The copies that `command` needs once the others come later.
    pub(super) fn copies_for(
        &self,
        freeing: &mut Freeing<'g, 'a>,
        command: &CommandEffects,
        wanted: &Demands,
    ) -> Result<Vec<ManifestCopy>, Reason> {
        let Freeing { here, moving, .. } = freeing;
        let brought = manifests_by_name::copies(self.graph, *here, command, wanted, moving)?;
        freeing.assumptions.extend(brought.assumptions);
        Ok(brought.copies)
    }

    /// Cuts the RUN behind the commands that go first.
    fn cut(
        &self,
        freeing: &mut Freeing<'g, 'a>,
        rerun: &Invalidated,
        last: bool,
    ) -> Result<(), Reason> {
        let Freeing { here, run, .. } = *freeing;
        let step = self.step(here.step);
        let (first, rest) = run.commands.split_at(rerun.commands);
        let installs = first.iter().any(installs);
        // `cd /src && ls && go build` stays whole.
        let works = first.iter().any(|command| !command.only_sets() && !command.only_shows());
        if installs && !rerun.stays.is_empty() {
            // What stays of it ends the walk where it may not sink.
            let mut stays = (0..run.commands.len())
                .filter(|at| rerun.stays.contains(at) || *at >= rerun.commands)
                .map(|at| &run.commands[at]);
            if !last && !stays.all(may_sink) || rerun.downloads {
                return Err(self.stays(here));
            }
            split::may_pull(self.graph, self.stage.shipped, step, run, rerun.commands)?;
            let first = (0..rerun.commands).filter(|at| !rerun.stays.contains(at));
            let first: Vec<usize> = first.collect();
            freeing.freed.pulled.clone_from(&first);
            freeing.freed.split(here, rerun.commands, first, Vec::new());
        } else if !rest.is_empty() && (installs || works) && rerun.stays.is_empty() {
            let at = rerun.commands;
            let cut = split::may_split(self.graph, self.stage.shipped, step, run, at)?;
            freeing.assumptions.extend(cut.assumptions);
            let cleaning = cut.cleaning.iter().cloned();
            let uses_none = cleaning.map(|command| Assumption::UsesNothingTakenAway { command });
            freeing.assumptions.extend(uses_none);
            freeing.freed.split(here, at, (0..at).collect(), cut.cleaning);
        }
        Ok(())
    }

    /// Adds a download where a compile step would do it on the way.
    fn fetch_first(
        &self,
        freeing: &mut Freeing<'g, 'a>,
        rerun: &Invalidated,
    ) -> Result<(), Reason> {
        let (first, rest) = freeing.run.commands.split_at(rerun.commands);
        let Some(command) = rest.iter().filter(|_| rerun.downloads).find(compiles) else {
            return Ok(());
        };
        let assumed = freeing.assumptions.len();
        match self.download(freeing, command) {
            Ok((copies, command)) => {
                let here = freeing.here;
                let (between, before) = (Place::Between(here), Place::Before(here));
                let at = if freeing.freed.cut.is_some() { between } else { before };
                for copy in copies {
                    let at = if at == between { at } else { self.spot(copy.from, here) };
                    freeing.freed.operations.push(Operation::InsertCopy { copy, at });
                }
                freeing.freed.operations.push(Operation::InsertRun { command, of: here, at });
                freeing.freed.fetches = true;
            }
            // The cut alone would leave what is reported.
            Err(reason) if !first.iter().any(installs) || rerun.kind == ActionKind::Compile => {
                return Err(reason);
            }
            // What goes first is worth a cut of its own.
            Err(_) => freeing.assumptions.truncate(assumed),
        }
        Ok(())
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
    pub(super) fn demands(
        &self,
        here: StepAt,
        command: &CommandEffects,
        assumptions: &mut Vec<Assumption>,
    ) -> Result<Demands, Reason> {
        let mut wanted = self.graph.demands(command, here).into_owned();
        if let Some(reason) = wanted.refusal.take() {
            return Err(reason);
        }
        assumptions.append(&mut wanted.assumptions);
        Ok(wanted)
    }

    /// The commands of the RUNs that sink, with their steps.
    pub(super) fn sinking_commands(
        &self,
    ) -> impl Iterator<Item = (&'g Step<'a>, &'g CommandEffects)> {
        self.sinking.iter().flat_map(|sunk| {
            let step = self.step_of(sunk);
            self.commands_of(sunk).map(move |command| (step, command))
        })
    }

    pub(super) fn changes(&self, one: &CommandEffects, command: &CommandEffects) -> Reason {
        Reason::ChangesReads {
            command: shown_command(self.graph, one),
            other: shown_command(self.graph, command),
        }
    }
}

/// Whether a command compiles, and downloads what it needs on the way.
pub(super) fn compiles(command: &&CommandEffects) -> bool {
    command.used.as_ref().is_some_and(|used| used.downloads() == ActionKind::Compile)
}

/// Whether a command does more than settings and cleaning.
fn installs(command: &CommandEffects) -> bool {
    command.used.as_ref().is_some_and(|used| used.kind != ActionKind::Upkeep)
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
