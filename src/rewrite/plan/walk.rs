//! The walk down a stage: what sinks with the copies, what may stay above them, and what ends
//! the walk.

use super::{Sinking, may_sink};
use crate::ecosystem::Kind;
use crate::graph::demands::changes_inputs;
use crate::graph::path_set::under;
use crate::graph::{Action, Command, Copy, Graph, Needs, Run, Stage, Step, StepAt};
use crate::repair::{Operation, Place};
use crate::rewrite::building::before_build;
use crate::rewrite::passing::{
    command_past_command, copy_past_command, copy_past_volume, copy_past_workdir, home,
    places_stay, shown_command,
};
use crate::rewrite::sharing::copy_past_copy;
use crate::sentences::{Assumption, Reason};

pub(super) struct Walk<'g, 'a> {
    pub graph: &'g Graph<'a>,
    pub stage: &'g Stage<'a>,
    pub sinking: Vec<Sinking>,
    pub assumptions: Vec<Assumption>,
}

impl<'g, 'a> Walk<'g, 'a> {
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
        if let Action::Copy(copy) = &step.action
            && copy.content.is_volatile()
        {
            return self.join(at, step);
        }
        if self.sinking.is_empty() {
            return Ok(());
        }
        match &step.action {
            Action::Config | Action::Onbuild => Ok(()),
            Action::Invalid => Err(Reason::NotUnderstood { line: self.line(step) }),
            Action::User | Action::Shell => self.state_change(step, &[]),
            Action::Variables(names) => self.state_change(step, names),
            Action::Workdir(place) => self.workdir(at, step, place.as_deref()),
            Action::Volume(places) => {
                if self.copies().any(|copy| !copy_past_volume(self.graph, copy, places)) {
                    return Err(Reason::CopiedIsVolume { line: self.line(step) });
                }
                Ok(())
            }
            Action::Copy(copy) => {
                let passes = self.sinking.iter().all(|sunk| match &self.step_of(sunk).action {
                    Action::Copy(other) => copy_past_copy(self.graph, other, copy),
                    Action::Run(run) => {
                        let reads = run.reads();
                        let writes = run.writes();
                        [reads, writes]
                            .iter()
                            .all(|set| copy.landing.overlap(set) == crate::graph::Overlap::Apart)
                    }
                    _ => false,
                });
                if passes { Ok(()) } else { self.join(at, step) }
            }
            Action::Run(run) => match self.run_past_moving(at, run) {
                Ok(assumptions) => {
                    self.assumptions.extend(assumptions);
                    Ok(())
                }
                Err(_) => self.join(at, step),
            },
        }
    }

    pub(super) fn copies(&self) -> impl Iterator<Item = &'g Copy> {
        self.sinking.iter().filter_map(|sunk| self.step_of(sunk).copy())
    }

    fn moves_a_run(&self) -> Option<&'g Step<'a>> {
        let mut steps = self.sinking.iter().map(|sunk| self.step_of(sunk));
        steps.find(|step| matches!(step.action, Action::Run(_)))
    }

    /// Lets a step sink with the others.
    pub(super) fn join(&mut self, at: usize, step: &Step<'a>) -> Result<(), Reason> {
        match &step.action {
            Action::Copy(copy) => {
                if copy.destination.is_none() {
                    return Err(Reason::LandingOfLineUnknown { line: self.line(step) });
                }
                self.sinking.push(Sinking::whole(self.at(at)));
                Ok(())
            }
            Action::Run(run) => {
                if !may_sink(&run.commands) {
                    return Err(self.stays(self.at(at)));
                }
                self.sinking.push(Sinking::whole(self.at(at)));
                Ok(())
            }
            _ => Err(Reason::NotUnderstood { line: self.line(step) }),
        }
    }

    fn state_change(&self, step: &Step<'a>, names: &[String]) -> Result<(), Reason> {
        if let Some(run) = self.moves_a_run() {
            return Err(Reason::SetsState { line: self.line(step), run: self.line(run) });
        }
        match self.copies().find(|copy| copy.variables.iter().any(|name| names.contains(name))) {
            Some(_) => Err(Reason::SetsVariable { line: self.line(step) }),
            None => Ok(()),
        }
    }

    /// WORKDIR makes its directory where it is missing, as the user in force.
    fn workdir(&mut self, at: usize, step: &Step<'a>, place: Option<&str>) -> Result<(), Reason> {
        self.state_change(step, &[])?;
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
                let written = match (to.starts_with('/'), under(place, to)) {
                    (true, _) => format!("{to}{slash}"),
                    (false, Some("")) => "./".into(),
                    (false, Some(below)) => format!("{below}{slash}"),
                    (false, None) => {
                        return Err(Reason::DirectoryOfCopy { line: self.line(step) });
                    }
                };
                self.sinking[index].destination = Some(written);
            }
            let instruction = &self.graph.dockerfile.instructions[moved.instruction];
            let owned = instruction.flag("chown").is_some();
            let user = step.user.as_deref();
            // The directory is there already where an earlier WORKDIR made it.
            let made = step.cwd.as_deref().filter(|cwd| *cwd == place).or(moved.cwd.as_deref());
            match copy_past_workdir(copy, owned, Some(place), user, made) {
                Some(false) => {}
                Some(true) if self.user_of_base_is_unknown() => {
                    let image = self.graph.root(self.stage.index).image.clone();
                    self.assumptions.push(Assumption::RunsAsRoot { image });
                }
                Some(true) => {}
                None if self.sinking[index].at.stage == self.stage.index
                    && under(place, to).is_some() =>
                {
                    self.sinking[index].made.get_or_insert(at);
                }
                None => return Err(self.makes_directory(at)),
            }
        }
        Ok(())
    }

    fn makes_directory(&self, at: usize) -> Reason {
        Reason::WouldMakeDirectory { line: self.line(self.step(at)) }
    }

    /// Puts manifests above a WORKDIR whose directory the copy that sinks made, with its owner;
    /// fails where there are none.
    pub(super) fn make_directories(&mut self, operations: &mut [Operation]) -> Result<(), Reason> {
        for index in 0..self.sinking.len() {
            let Sinking { at: from, made: Some(workdir), .. } = self.sinking[index] else {
                continue;
            };
            let mut found = false;
            for operation in operations.iter_mut() {
                if let Operation::InsertCopy { copy, at } = operation
                    && copy.from == from
                {
                    *at = Place::Before(self.at(workdir));
                    found = true;
                }
            }
            if !found {
                return Err(self.makes_directory(workdir));
            }
            self.sinking[index].made = None;
        }
        Ok(())
    }

    fn user_of_base_is_unknown(&self) -> bool {
        let root = self.graph.root(self.stage.index);
        // Who makes a directory does not own it on Windows.
        !root.is_windows
            && !self.graph.options.base_images.contains_key(&root.image)
            && matches!(root.base, crate::graph::Base::Image)
    }

    pub(super) fn run_past_moving(
        &self,
        at: usize,
        run: &Run<'a>,
    ) -> Result<Vec<Assumption>, Reason> {
        let mut assumptions = Vec::new();
        for command in &run.commands {
            assumptions.extend(self.command_past_moving(self.step(at), command, &[])?);
        }
        self.places_stay(at, &run.commands, &[])?;
        Ok(assumptions)
    }

    /// Whether the directories that the commands need are there without what sinks.
    pub(super) fn places_stay(
        &self,
        at: usize,
        commands: &[Command],
        provided: &[String],
    ) -> Result<(), Reason> {
        let copies: Vec<&Copy> = self.copies().collect();
        let at = StepAt { stage: self.stage.index, step: at };
        let sinks = |at: StepAt| self.sinking.iter().any(|sunk| sunk.at == at);
        places_stay(self.graph, at, commands, &copies, &sinks, provided)
    }

    pub(super) fn command_past_moving(
        &self,
        step: &Step<'a>,
        command: &Command,
        provided: &[String],
    ) -> Result<Vec<Assumption>, Reason> {
        let mut assumptions = Vec::new();
        if let Needs::Everything(why) = command.needs {
            let (command, line) = (shown_command(self.graph, command), self.line(step));
            return Err(Reason::NeedsEverything { command, line, why });
        }
        let home = home(step.user.as_deref());
        for sunk in &self.sinking {
            match &self.step_of(sunk).action {
                Action::Copy(copy) => assumptions.extend(copy_past_command(
                    self.graph,
                    self.stage,
                    copy,
                    command,
                    home.as_deref(),
                    provided,
                )?),
                Action::Run(run) => {
                    // What changes the files themselves, who provides them has looked at.
                    let rest = run.commands[sunk.from..].iter();
                    for other in rest {
                        let changes = changes_inputs(other, command, provided);
                        if other.builds.is_none() && changes {
                            continue;
                        }
                        match command_past_command(self.graph, other, command) {
                            Ok(()) if !changes => {}
                            Err(reason) if other.builds.is_none() => return Err(reason),
                            _ => match before_build(self.graph, other, command, provided) {
                                Some(assumed) => assumptions.extend(assumed),
                                None => return Err(self.stays(sunk.at)),
                            },
                        }
                    }
                }
                _ => {}
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
        let works = |command: &&Command| {
            command.used.as_ref().is_some_and(|used| used.kind != Kind::Upkeep)
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
