//! The walk down a stage: what sinks with the copies, what may stay above them, and what ends
//! the walk.

use super::{Sinking, may_sink};
use crate::ecosystem::Kind;
use crate::graph::demands::changes_inputs;
use crate::graph::path_set::under;
use crate::graph::{Action, Command, Copy, Graph, Needs, Run, Stage, Step, StepAt};
use crate::issue::{Refusal, RefusalReason};
use crate::repair::{Operation, Place};
use crate::rewrite::building::before_build;
use crate::rewrite::passing::{
    command_past_command, copy_past_command, copy_past_volume, copy_past_workdir, home,
    places_stay, shown_command,
};
use crate::rewrite::sharing::copy_past_copy;

pub(super) struct Walk<'g, 'a> {
    pub graph: &'g Graph<'a>,
    pub stage: &'g Stage<'a>,
    pub sinking: Vec<Sinking>,
    pub assumptions: Vec<String>,
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
    pub(super) fn pass(&mut self, at: usize, step: &Step<'a>) -> Result<(), Refusal> {
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
            Action::Invalid => Err(self.barrier(step, "is not understood")),
            Action::User | Action::Shell => self.state_change(step, &[]),
            Action::Variables(names) => self.state_change(step, names),
            Action::Workdir(place) => self.workdir(at, step, place.as_deref()),
            Action::Volume(places) => {
                if self.copies().any(|copy| !copy_past_volume(self.graph, copy, places)) {
                    return Err(Refusal {
                        reason: RefusalReason::VolumeOrTrigger,
                        message: format!(
                            "line {} makes the copied directory a volume",
                            self.line(step)
                        ),
                    });
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
    pub(super) fn join(&mut self, at: usize, step: &Step<'a>) -> Result<(), Refusal> {
        match &step.action {
            Action::Copy(copy) => {
                if copy.destination.is_none() {
                    return Err(Refusal {
                        reason: RefusalReason::Unresolved,
                        message: format!(
                            "where the copy on line {} lands is not known",
                            self.line(step)
                        ),
                    });
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
            _ => Err(self.barrier(step, "is not understood")),
        }
    }

    fn state_change(&self, step: &Step<'a>, names: &[String]) -> Result<(), Refusal> {
        if let Some(run) = self.moves_a_run() {
            return Err(Refusal {
                reason: RefusalReason::OrderDecidesImage,
                message: format!(
                    "line {} changes what the step on line {} runs with",
                    self.line(step),
                    self.line(run)
                ),
            });
        }
        match self.copies().find(|copy| copy.variables.iter().any(|name| names.contains(name))) {
            Some(_) => Err(self.barrier(step, "sets a variable that the copy uses")),
            None => Ok(()),
        }
    }

    /// WORKDIR makes its directory where it is missing, as the user in force.
    fn workdir(&mut self, at: usize, step: &Step<'a>, place: Option<&str>) -> Result<(), Refusal> {
        self.state_change(step, &[])?;
        let Some(place) = place else {
            return Err(self.barrier(step, "changes to a directory that is not known"));
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
                        let what = "changes the directory that the copy goes to";
                        return Err(self.barrier(step, what));
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
                    let image = &self.graph.root(self.stage.index).image;
                    self.assumptions.push(format!("The image `{image}` runs as root."));
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

    fn makes_directory(&self, at: usize) -> Refusal {
        Refusal {
            reason: RefusalReason::OrderDecidesImage,
            message: format!(
                "WORKDIR on line {} would make the directory in place of the copy, with another \
                 owner",
                self.line(self.step(at))
            ),
        }
    }

    /// Puts manifests above a WORKDIR whose directory the copy that sinks made, with its owner;
    /// fails where there are none.
    pub(super) fn make_directories(&mut self, operations: &mut [Operation]) -> Result<(), Refusal> {
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

    pub(super) fn run_past_moving(&self, at: usize, run: &Run<'a>) -> Result<Vec<String>, Refusal> {
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
    ) -> Result<(), Refusal> {
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
    ) -> Result<Vec<String>, Refusal> {
        let mut assumptions = Vec::new();
        if let Needs::Everything(why) = &command.needs {
            return Err(Refusal {
                reason: RefusalReason::OpaqueCommand,
                message: format!(
                    "`{}` on line {} may need any file: {why}",
                    shown_command(self.graph, command),
                    self.line(step)
                ),
            });
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
                            Err(refusal) if other.builds.is_none() => return Err(refusal),
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

    pub(super) fn barrier(&self, step: &Step<'a>, what: &str) -> Refusal {
        Refusal {
            reason: RefusalReason::OrderDecidesImage,
            message: format!("line {} {what}", self.line(step)),
        }
    }

    pub(super) fn stays(&self, at: StepAt) -> Refusal {
        let step = &self.graph.stages[at.stage].steps[at.step];
        let commands = step.run().map_or(&[][..], |run| &run.commands);
        let why = commands.iter().find_map(|command| match &command.needs {
            Needs::Everything(why) => Some((command, *why)),
            _ => None,
        });
        if let Some((command, why)) = why {
            return Refusal {
                reason: RefusalReason::OpaqueCommand,
                message: format!(
                    "`{}` on line {} stands between, and may need any file: {why}",
                    shown_command(self.graph, command),
                    self.line(step)
                ),
            };
        }
        let works = |command: &&Command| {
            command.used.as_ref().is_some_and(|used| used.kind != Kind::Upkeep)
        };
        let Some(command) = commands.iter().find(works) else {
            return self.barrier(step, "stands between and has to stay there");
        };
        Refusal {
            reason: RefusalReason::OrderDecidesImage,
            message: format!(
                "`{}` on line {} stands between, and stays behind what is copied before it",
                shown_command(self.graph, command),
                self.line(step)
            ),
        }
    }

    pub(super) fn line(&self, step: &Step<'_>) -> u32 {
        self.graph.line(step.instruction)
    }
}
