//! The walk down a stage: what sinks with the copies, what may stay above them, and what ends
//! the walk.

use super::{Sinking, may_sink};
use crate::commutes::directories::Ahead;
use crate::commutes::{
    Before, Commutes, EffectPart, Passed, Sunk, command_passed, commutes, directories, links,
    shown_command,
};
use crate::ecosystem::ActionKind;
use crate::graph::demands::changes_inputs;
use crate::graph::path_set::under;
use crate::graph::run::Link;
use crate::graph::{CommandEffects, Copy, Effect, Graph, Invalidated, Needs, Stage, Step, StepAt};
use crate::repair::{Operation, Place};
use crate::sentences::{Assumption, Reason};
use std::slice;

pub(super) struct Walk<'g, 'a> {
    pub graph: &'g Graph<'a>,
    pub stage: &'g Stage<'a>,
    pub sinking: Vec<Sinking>,
    pub assumptions: Vec<Assumption>,
    /// What has to hold for the steps that were freed: so many of those, and what holds for the
    /// directories that what sinks had made by the last of them.
    pub assumed: (usize, Vec<Assumption>),
    /// The last step that was freed.
    pub last_freed: Option<usize>,
    /// What is done for steps that set up their project above all that sinks, where a later one is
    /// freed.
    pub set_up: Vec<Operation>,
    /// The symbolic links that its steps make.
    pub links: Vec<&'g Link>,
}

impl<'g, 'a> Walk<'g, 'a> {
    /// A walk down `stage` with what sinks already.
    pub(super) fn new(
        graph: &'g Graph<'a>,
        stage: &'g Stage<'a>,
        sinking: Vec<Sinking>,
    ) -> Walk<'g, 'a> {
        Walk {
            graph,
            stage,
            sinking,
            assumptions: Vec::new(),
            assumed: (0, Vec::new()),
            last_freed: None,
            set_up: Vec::new(),
            links: links::of(graph, stage.index),
        }
    }

    pub(super) fn step(&self, at: usize) -> &'g Step<'a> {
        &self.stage.steps[at]
    }

    /// A step of this stage as the planner names it.
    pub(super) fn at(&self, step: usize) -> StepAt {
        StepAt { stage: self.stage.index, step }
    }

    /// The step that sinks, of this stage or of one that it is built on.
    pub(super) fn step_of(&self, sunk: &Sinking) -> &'g Step<'a> {
        &self.graph.stages[sunk.at.stage].steps[sunk.at.step]
    }

    /// A step that is not to be freed: it passes, sinks too, or ends the walk.
    pub(super) fn pass(&mut self, at: usize, step: &Step<'a>) -> Result<(), Reason> {
        if let Effect::Copy(copy) = &step.effect
            && copy.content.is_volatile()
        {
            return self.join(at, step);
        }
        if self.sinking.is_empty() {
            return Ok(());
        }
        match &step.effect {
            Effect::Workdir(place) => self.workdir(at, step, place.as_deref()),
            Effect::Run(_) if self.sets_up_above(at, step) => Ok(()),
            Effect::Copy(_) | Effect::Run(_) => match self.passed(at) {
                Ok(assumptions) => {
                    self.assumptions.extend(assumptions);
                    Ok(())
                }
                Err(_) => self.join(at, step),
            },
            _ => {
                let assumptions = self.passed(at)?;
                self.assumptions.extend(assumptions);
                Ok(())
            }
        }
    }

    /// Whether a RUN that only sets up its project stays above all that sinks, with the manifests
    /// that it reads: `bundle config set deployment true` in front of `bundle install`.
    fn sets_up_above(&mut self, at: usize, step: &Step<'a>) -> bool {
        let Some(run) = step.run() else { return false };
        let is_upkeep = |command: &CommandEffects| {
            command.used.as_ref().is_some_and(|used| used.kind == ActionKind::Upkeep)
        };
        // The version of a tool may be chosen by the project: `pnpm config set store-dir /store`.
        let of_project = |command: &&CommandEffects| {
            matches!(command.needs, Needs::Project { .. }) || !command.settings.is_empty()
        };
        let first = run.commands.iter().find(of_project);
        let Some(used) = first.and_then(|command| command.used.as_ref()) else { return false };
        let tool = used.tool.name;
        if !run.commands.iter().all(is_upkeep) {
            return false;
        }
        let rerun = Invalidated::whole(self.at(at), run, (ActionKind::Upkeep, tool));
        let assumed = self.assumptions.len();
        let freed = self.free(&rerun, false);
        // What it writes into a file that a copy brings later would be lost.
        let leaves = |assumption: &Assumption| matches!(assumption, Assumption::LeavesFile { .. });
        match freed {
            Ok(freed) if !self.assumptions[assumed..].iter().any(leaves) => {
                self.set_up.extend(freed.operations);
                true
            }
            _ => {
                self.assumptions.truncate(assumed);
                false
            }
        }
    }

    /// Whether all that sinks may go behind a step as it is.
    fn passed(&self, at: usize) -> Result<Vec<Assumption>, Reason> {
        let mut assumptions = Vec::new();
        for sunk in &self.sinking {
            assumptions.extend(self.commutes(sunk, at).assumptions()?);
        }
        Ok(assumptions)
    }

    /// Whether one of what sinks may go behind a step.
    fn commutes(&self, sunk: &Sinking, at: usize) -> Commutes {
        let before = Before {
            sinks: &|at| self.sinking.iter().any(|sunk| sunk.at == at),
            ..Before::nothing(&self.links)
        };
        if sunk.pulled.is_empty() {
            return commutes(self.graph, self.sunk(sunk), self.passing(at), before);
        }
        let whole = self.sunk(sunk);
        let each = self.commands_of(sunk).map(|command| {
            let sunk = Sunk { effect: EffectPart::Commands(slice::from_ref(command)), ..whole };
            commutes(self.graph, sunk, self.passing(at), before).assumptions()
        });
        let all: Result<Vec<Vec<Assumption>>, Reason> = each.collect();
        all.map(|assumptions| assumptions.concat()).into()
    }

    fn sunk(&self, sunk: &Sinking) -> Sunk<'g, 'a> {
        let step = self.step_of(sunk);
        let effect = match EffectPart::of(&step.effect) {
            EffectPart::Commands(commands) => EffectPart::Commands(&commands[sunk.from..]),
            effect => effect,
        };
        Sunk { at: sunk.at, step, effect }
    }

    /// The commands that sink of a RUN.
    pub(super) fn commands_of(&self, sunk: &Sinking) -> impl Iterator<Item = &'g CommandEffects> {
        let commands = self.step_of(sunk).run().map_or(&[][..], |run| &run.commands);
        let from = if sunk.pulled.is_empty() { sunk.from } else { 0 };
        let stays = move |at: &usize| !sunk.pulled.contains(at);
        let stays = (from..commands.len()).filter(stays).collect::<Vec<_>>();
        stays.into_iter().map(move |at| &commands[at])
    }

    fn passing(&self, at: usize) -> Passed<'g, 'a> {
        let step = self.step(at);
        Passed { at: self.at(at), step, effect: EffectPart::of(&step.effect) }
    }

    pub(super) fn copies(&self) -> impl Iterator<Item = &'g Copy> {
        self.sinking.iter().filter_map(|sunk| self.step_of(sunk).copy())
    }

    /// Lets a step sink with the others.
    pub(super) fn join(&mut self, at: usize, step: &Step<'a>) -> Result<(), Reason> {
        match &step.effect {
            Effect::Copy(copy) => {
                if copy.destination.is_none() {
                    return Err(Reason::LandingOfLineUnknown { line: self.line(step) });
                }
                self.sinking.push(Sinking::whole(self.at(at)));
                Ok(())
            }
            Effect::Run(run) => {
                if !run.commands.iter().all(may_sink) {
                    return Err(self.stays(self.at(at)));
                }
                self.sinking.push(Sinking::whole(self.at(at)));
                Ok(())
            }
            _ => Err(Reason::NotUnderstood { line: self.line(step) }),
        }
    }

    /// WORKDIR makes its directory where it is missing, as the user in force.
    fn workdir(&mut self, at: usize, step: &Step<'a>, place: Option<&str>) -> Result<(), Reason> {
        let runs = self.sinking.iter().filter(|sunk| self.step_of(sunk).run().is_some());
        runs.map(|sunk| self.commutes(sunk, at)).try_for_each(|run| run.assumptions().map(drop))?;
        let Some(place) = place else {
            return Err(Reason::DirectoryUnknown { line: self.line(step) });
        };
        for index in 0..self.sinking.len() {
            let moved = self.step_of(&self.sinking[index]);
            let Some(copy) = moved.copy() else { continue };
            let Some(destination) = &copy.destination else { continue };
            let to = destination.path();
            if copy.is_relative && moved.cwd.as_deref() != Some(place) {
                let slash = if destination.is_directory().is_yes() && to != "/" { "/" } else { "" };
                // Both may start from one directory, whichever that is.
                let varies = copy.written_destination.contains('$');
                let written = match (to.starts_with('/'), under(place, to)) {
                    // Another value goes elsewhere below the same directory.
                    (true, _) if varies => {
                        let cwd = moved.cwd.as_deref().unwrap_or("/").trim_end_matches('/');
                        format!("{cwd}/{}", copy.written_destination)
                    }
                    (true, _) => format!("{to}{slash}"),
                    (false, Some("")) => "./".into(),
                    (false, Some(below)) => format!("{below}{slash}"),
                    (false, None) => {
                        return Err(Reason::DirectoryOfCopy { line: self.line(step) });
                    }
                };
                self.sinking[index].destination = Some(written);
            }
            let own = self.sinking[index].at.stage == self.stage.index;
            match self.commutes(&self.sinking[index], at) {
                Commutes::Yes => {}
                commutes if own && under(place, to).is_some() => {
                    let made = self.sinking[index].made.get_or_insert((at, commutes.clone()));
                    if let Commutes::No(_) = commutes {
                        made.1 = commutes;
                    }
                }
                Commutes::If(assumptions) => self.assumptions.extend(assumptions),
                Commutes::No(reason) => return Err(reason),
            }
        }
        Ok(())
    }

    /// What has to hold for the directories that what sinks has made so far.
    pub(super) fn assumed_of_directories(&self) -> Vec<Assumption> {
        let made = self.sinking.iter().filter_map(|sunk| match &sunk.made {
            Some((_, Commutes::If(assumptions))) => Some(assumptions),
            _ => None,
        });
        made.flatten().cloned().collect()
    }

    fn makes_directory(&self, at: usize) -> Reason {
        Reason::WouldMakeDirectory { line: self.line(self.step(at)) }
    }

    /// Puts manifests above a WORKDIR whose directory the copy that sinks made; fails where there
    /// are none, and that WORKDIR would make another one.
    pub(super) fn make_directories(&mut self, operations: &mut [Operation]) -> Result<(), Reason> {
        let mut made: Vec<usize> = Vec::new();
        for (index, sunk) in self.sinking.iter().enumerate() {
            let Sinking { at: from, made: Some((workdir, commutes)), .. } = sunk else { continue };
            let (above, mut found) = (self.at(*workdir), false);
            for operation in operations.iter_mut() {
                if let Operation::InsertCopy { copy, at } = operation
                    && copy.from == *from
                {
                    let is_above = matches!(at, Place::Before(step) if step.step <= above.step);
                    if !is_above {
                        *at = Place::Before(above);
                    }
                    found = true;
                }
            }
            match commutes {
                _ if found => made.push(index),
                Commutes::No(_) => return Err(self.makes_directory(above.step)),
                _ => {}
            }
        }
        made.into_iter().for_each(|index| self.sinking[index].made = None);
        Ok(())
    }

    /// Whether the directories that the commands need are there without what sinks.
    pub(super) fn directories_stay(
        &self,
        at: usize,
        commands: &[&CommandEffects],
        provided: &[String],
    ) -> Result<Vec<Assumption>, Reason> {
        let copies: Vec<&Copy> = self.copies().collect();
        let at = StepAt { stage: self.stage.index, step: at };
        let sinks = |at: StepAt| self.sinking.iter().any(|sunk| sunk.at == at);
        let ahead = Ahead { graph: self.graph, at, sinks: &sinks, there: provided };
        directories::stay(ahead, commands, &copies)
    }

    /// Whether all that sinks may go behind a command of the step `at`, which finds its files at
    /// `inputs`.
    pub(super) fn command_passed(
        &self,
        at: usize,
        command: &CommandEffects,
        inputs: &[String],
    ) -> Result<Vec<Assumption>, Reason> {
        let mut assumptions = Vec::new();
        let passed = self.passing(at);
        if let Needs::Everything(why) = command.needs {
            let (command, line) = (shown_command(self.graph, command), self.line(passed.step));
            return Err(Reason::NeedsEverything { command, line, why });
        }
        for sinking in &self.sinking {
            let sunk = self.sunk(sinking);
            let EffectPart::Commands(_) = sunk.effect else {
                let found =
                    command_passed(self.graph, sunk, passed, (command, inputs), &self.links);
                assumptions.extend(found.assumptions()?);
                continue;
            };
            for other in self.commands_of(sinking) {
                // What changes the files themselves, who provides them has looked at.
                if other.builds.is_none() && changes_inputs(other, command, inputs) {
                    continue;
                }
                let sunk = Sunk { effect: EffectPart::Commands(slice::from_ref(other)), ..sunk };
                match command_passed(self.graph, sunk, passed, (command, inputs), &self.links) {
                    Commutes::No(_) if other.builds.is_some() => {
                        return Err(self.stays(sinking.at));
                    }
                    found => assumptions.extend(found.assumptions()?),
                }
            }
        }
        Ok(assumptions)
    }

    pub(super) fn stays(&self, at: StepAt) -> Reason {
        let step = &self.graph.stages[at.stage].steps[at.step];
        let commands = step.run().map_or(&[][..], |run| &run.commands);
        let why = commands.iter().find_map(|command| match &command.needs {
            Needs::Everything(why) => Some((command, *why)),
            _ => None,
        });
        if let Some((command, why)) = why {
            let (command, line) = (shown_command(self.graph, command), self.line(step));
            return Reason::NeedsEverythingBetween { command, line, why };
        }
        let works = |command: &&CommandEffects| {
            command.used.as_ref().is_some_and(|used| used.kind != ActionKind::Upkeep)
        };
        let Some(command) = commands.iter().find(works) else {
            return Reason::Stays { line: self.line(step) };
        };
        let (command, line) = (shown_command(self.graph, command), self.line(step));
        Reason::StaysBehindCopy { command, line }
    }

    pub(super) fn line(&self, step: &Step<'_>) -> u32 {
        self.graph.line(step.instruction)
    }
}
