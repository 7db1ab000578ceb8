//! What moves: per stage, which copies sink, past which steps, and what the steps they free
//! need in their place.
//!
//! The walk goes down from the first volatile copy. A step that suffers is freed where it
//! may change places with everything that sinks; a step that may not either sinks as well
//! or ends the walk.

use super::narrow::{self, Narrow};
use super::passing::{
    command_past_command, copy_past_command, copy_past_copy, copy_past_volume, copy_past_workdir,
    home, shown_command,
};
use super::split;
use crate::context::join;
use crate::ecosystem::Kind;
use crate::graph::demands::{Demands, install_of};
use crate::graph::needs::{CopyAt, Suffering};
use crate::graph::{Action, Command, Copy, Graph, Needs, Run, Stage, Step};
use crate::issue::{Refusal, RefusalReason};
use std::collections::HashMap;

/// What is done in one stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The stage.
    pub stage: usize,
    /// Steps that sink behind the last freed one, in order.
    pub moved: Vec<Moved>,
    /// Steps that are freed, in order.
    pub freed: Vec<Freed>,
    /// What must hold.
    pub assumptions: Vec<String>,
}

/// A step that sinks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The step.
    pub step: usize,
    /// Its destination, where it has to be written as an absolute path.
    pub destination: Option<String>,
    /// Of a RUN that is cut, the first command that sinks; otherwise 0.
    pub from: usize,
}

/// A step that is freed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freed {
    /// The step.
    pub step: usize,
    /// Copies to add before it.
    pub copies: Vec<Narrow>,
    /// Where it is cut in two: the number of commands that go first.
    pub split: Option<usize>,
    /// A step to add before what needs the source.
    pub download: Option<Download>,
}

/// A step to be added, which fetches what a later one needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// Copies to add before it.
    pub copies: Vec<Narrow>,
    /// Its command line.
    pub command: String,
}

/// What came of a stage.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The plan, if a step is freed.
    pub plan: Option<Plan>,
    /// Steps that cannot be freed, with the reason.
    pub refused: Vec<(usize, Refusal)>,
}

/// Plans the stage with the steps of it that suffer.
pub fn plan<'a>(graph: &Graph<'a>, stage: &Stage<'a>, suffering: &[&Suffering]) -> Outcome {
    let mut walk = Walk { graph, stage, moving: Vec::new(), assumptions: Vec::new() };
    let mut outcome = Outcome::default();
    let mut freed: Vec<Freed> = Vec::new();
    // What was assumed and what was moving, and where to, when the last step was freed.
    let (mut assumed, mut moved) = (0, Vec::new());
    let mut ended: Option<Refusal> = None;
    let by_step: HashMap<usize, &&Suffering> = suffering.iter().map(|s| (s.step, s)).collect();
    for (at, step) in stage.steps.iter().enumerate() {
        let suffers = by_step.get(&at);
        if let (Some(refusal), Some(suffers)) = (&ended, suffers) {
            outcome.refused.push((suffers.step, refusal.clone()));
            continue;
        }
        if ended.is_some() {
            continue;
        }
        if let Some(suffers) = suffers {
            if walk.moving.is_empty() {
                outcome.refused.push((at, shared(graph, suffers)));
                continue;
            }
            let before = walk.assumptions.len();
            let inherits = suffers.causes.iter().any(|cause| cause.stage != stage.index);
            let tried = match inherits {
                true => Err(shared(graph, suffers)),
                false => walk.free(at, suffers),
            };
            match tried {
                Ok(mut free) => {
                    without_repeats(&freed, &mut free);
                    assumed = walk.assumptions.len();
                    moved = walk.moving.clone();
                    let rest = step.run().zip(free.split).map(|(run, from)| &run.commands[from..]);
                    match (free.split, free.download.is_some()) {
                        (None, false) => {}
                        (Some(from), false) if rest.is_some_and(is_plain) => {
                            walk.moving.push(Moved { step: at, destination: None, from });
                        }
                        _ => ended = Some(walk.stays(at)),
                    }
                    freed.push(free);
                    continue;
                }
                Err(refusal) => {
                    walk.assumptions.truncate(before);
                    outcome.refused.push((at, refusal.clone()));
                    // It stays behind the copies; what follows has to pass it as well.
                    if let Err(refusal) = walk.join(at, step) {
                        ended = Some(refusal);
                    }
                    continue;
                }
            }
        }
        if let Err(refusal) = walk.pass(at, step) {
            ended = Some(refusal);
        }
    }
    if freed.is_empty() {
        return outcome;
    }
    walk.assumptions.truncate(assumed);
    let mut assumptions: Vec<String> = Vec::new();
    for sentence in walk.assumptions {
        if !assumptions.contains(&sentence) {
            assumptions.push(sentence);
        }
    }
    outcome.plan = Some(Plan { stage: stage.index, moved, freed, assumptions });
    outcome
}

struct Walk<'g, 'a> {
    graph: &'g Graph<'a>,
    stage: &'g Stage<'a>,
    moving: Vec<Moved>,
    assumptions: Vec<String>,
}

impl<'g, 'a> Walk<'g, 'a> {
    fn step(&self, at: usize) -> &'g Step<'a> {
        &self.stage.steps[at]
    }

    /// A step that does not suffer: it passes, sinks too, or ends the walk.
    fn pass(&mut self, at: usize, step: &Step<'a>) -> Result<(), Refusal> {
        if let Action::Copy(copy) = &step.action
            && copy.content.is_volatile()
        {
            return self.join(at, step);
        }
        if self.moving.is_empty() {
            return Ok(());
        }
        match &step.action {
            Action::Config | Action::Onbuild => Ok(()),
            Action::Invalid => Err(self.barrier(step, "is not understood")),
            Action::User | Action::Shell => self.state_change(step, &[]),
            Action::Variables(names) => self.state_change(step, names),
            Action::Workdir(place) => self.workdir(step, place.as_deref()),
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
                let passes = self.moving.iter().all(|moved| match &self.step(moved.step).action {
                    Action::Copy(other) => copy_past_copy(self.graph, other, copy),
                    Action::Run(run) => {
                        let reads = run.reads();
                        let writes = run.writes();
                        [reads, writes]
                            .iter()
                            .all(|region| copy.landing.meet(region) == crate::graph::Meeting::Apart)
                    }
                    _ => false,
                });
                if passes { Ok(()) } else { self.join(at, step) }
            }
            Action::Run(run) => match self.run_past_moving(step, run) {
                Ok(assumptions) => {
                    self.assumptions.extend(assumptions);
                    Ok(())
                }
                Err(_) => self.join(at, step),
            },
        }
    }

    fn copies(&self) -> impl Iterator<Item = &'g Copy> {
        let stage = self.stage;
        self.moving.iter().filter_map(move |moved| stage.steps[moved.step].copy())
    }

    fn moves_a_run(&self) -> Option<&'g Step<'a>> {
        let mut steps = self.moving.iter().map(|moved| self.step(moved.step));
        steps.find(|step| matches!(step.action, Action::Run(_)))
    }

    /// Lets a step sink with the others.
    fn join(&mut self, at: usize, step: &Step<'a>) -> Result<(), Refusal> {
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
                self.moving.push(Moved { step: at, destination: None, from: 0 });
                Ok(())
            }
            Action::Run(run) => {
                if !is_plain(&run.commands) {
                    return Err(self.stays(at));
                }
                self.moving.push(Moved { step: at, destination: None, from: 0 });
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
    fn workdir(&mut self, step: &Step<'a>, place: Option<&str>) -> Result<(), Refusal> {
        self.state_change(step, &[])?;
        let Some(place) = place else {
            return Err(self.barrier(step, "changes to a directory that is not known"));
        };
        for index in 0..self.moving.len() {
            let moved = self.step(self.moving[index].step);
            let Some(copy) = moved.copy() else { continue };
            let Some(destination) = &copy.destination else { continue };
            let to = destination.path();
            if copy.is_relative && moved.cwd.as_deref() != Some(place) {
                if !to.starts_with('/') {
                    return Err(self.barrier(step, "changes the directory that the copy goes to"));
                }
                let slash = if destination.is_directory().is_yes() && to != "/" { "/" } else { "" };
                self.moving[index].destination = Some(format!("{to}{slash}"));
            }
            let instruction = &self.graph.dockerfile.instructions[moved.instruction];
            let owned = instruction.flag("chown").is_some();
            let user = step.user.as_deref();
            // The directory is there already where an earlier WORKDIR made it.
            let made = moved.cwd.as_deref();
            match copy_past_workdir(copy, owned, Some(place), user, made) {
                Some(false) => {}
                Some(true) if self.stage_base_is_unknown() => {
                    self.assumptions
                        .push(format!("The image `{}` runs as root.", self.stage.image));
                }
                Some(true) => {}
                None => {
                    return Err(Refusal {
                        reason: RefusalReason::OrderDecidesImage,
                        message: format!(
                            "WORKDIR on line {} would make the directory in place of the copy, \
                             with another owner",
                            self.line(step)
                        ),
                    });
                }
            }
        }
        Ok(())
    }

    fn stage_base_is_unknown(&self) -> bool {
        !self.graph.options.base_images.contains_key(&self.stage.image)
            && matches!(self.stage.base, crate::graph::Base::Image)
    }

    fn run_past_moving(&self, step: &Step<'a>, run: &Run<'a>) -> Result<Vec<String>, Refusal> {
        let mut assumptions = Vec::new();
        for command in &run.commands {
            assumptions.extend(self.command_past_moving(step, command, &[])?);
        }
        Ok(assumptions)
    }

    fn command_past_moving(
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
        for moved in &self.moving {
            match &self.step(moved.step).action {
                Action::Copy(copy) => assumptions.extend(copy_past_command(
                    self.graph,
                    self.stage,
                    copy,
                    command,
                    home.as_deref(),
                    provided,
                )?),
                Action::Run(run) => {
                    for other in &run.commands[moved.from..] {
                        command_past_command(self.graph, other, command)?;
                    }
                }
                _ => {}
            }
        }
        Ok(assumptions)
    }

    /// Frees a step that suffers, all of it or its first commands.
    fn free(&mut self, at: usize, suffers: &Suffering) -> Result<Freed, Refusal> {
        let step = self.step(at);
        let Action::Run(run) = &step.action else { return Err(self.stays(at)) };
        let here = CopyAt { stage: self.stage.index, step: at };
        let moving: Vec<CopyAt> = self
            .moving
            .iter()
            .filter(|moved| self.step(moved.step).copy().is_some())
            .map(|moved| CopyAt { stage: self.stage.index, step: moved.step })
            .collect();
        let mut copies: Vec<Narrow> = Vec::new();
        let mut assumptions = Vec::new();
        let first = &run.commands[..suffers.commands];
        for command in first {
            let wanted = self.demands(here, command, &mut assumptions)?;
            let provided: Vec<String> =
                wanted.files.iter().map(|file| file.place.clone()).collect();
            assumptions.extend(self.command_past_moving(step, command, &provided)?);
            let added = narrow::copies(self.graph, here, &wanted, &moving, &mut assumptions)?;
            copies.extend(
                added.into_iter().filter(|copy| !copies.contains(copy)).collect::<Vec<_>>(),
            );
        }
        let rest = &run.commands[suffers.commands..];
        let compiles = rest.first().filter(|_| suffers.downloads);
        let mut freed = Freed { step: at, copies, split: None, download: None };
        let installs = first
            .iter()
            .any(|command| command.used.as_ref().is_some_and(|used| used.kind != Kind::Upkeep));
        if !rest.is_empty() && (installs || suffers.commands > split::carried(run)) {
            split::may_split(self.graph, step, run, suffers.commands)?;
            freed.split = Some(suffers.commands);
        }
        if let Some(command) = compiles {
            match self.download(here, run, command, &moving, &mut assumptions) {
                Ok(download) => freed.download = Some(download),
                // What goes first is worth a cut of its own.
                Err(refusal) if !installs => return Err(refusal),
                Err(_) => {}
            }
        }
        self.assumptions.extend(assumptions);
        Ok(freed)
    }

    /// What the command wants of the context, or why that is not to be had.
    fn demands(
        &self,
        here: CopyAt,
        command: &Command,
        assumptions: &mut Vec<String>,
    ) -> Result<Demands, Refusal> {
        let origin = |place: &str| self.graph.context_path(here, place);
        let mut wanted = self.graph.demands(command, &origin);
        if let Some((reason, message)) = wanted.refusal.take() {
            return Err(Refusal { reason, message });
        }
        assumptions.append(&mut wanted.assumptions);
        Ok(wanted)
    }

    /// A step of its own that fetches the dependencies before a step that needs the source.
    fn download(
        &self,
        here: CopyAt,
        run: &Run<'a>,
        command: &Command,
        moving: &[CopyAt],
        assumptions: &mut Vec<String>,
    ) -> Result<Download, Refusal> {
        let used = command.used.as_ref().expect("a compile step is recognised");
        let shown = shown_command(self.graph, command);
        let source = self.graph.dockerfile.source;
        let index = run.commands.iter().position(|other| other.span == command.span);
        let shell = index.map(|index| &run.script.commands[index]);
        let program = shell.and_then(|shell| shell.invocation().words.first());
        let (Some(first), Some(shell), Some(program)) = (&used.first, shell, program) else {
            return Err(Refusal {
                reason: RefusalReason::NoDependencyOnlyInstall,
                message: format!(
                    "`{}` has no command that installs the dependencies of `{shown}` without \
                     its source",
                    used.tool.name
                ),
            });
        };
        // Settings and wrappers in front of the program stay.
        let drops = used.action.first.as_ref().map_or("", |first| first.drops);
        let kept = shell.assignments.iter();
        let kept = kept.filter(|setting| !drops.split(' ').any(|name| name == setting.name));
        let mut line: String =
            kept.map(|setting| format!("{} ", setting.span.of(source))).collect();
        if let Some(wrapper) = shell.words.first() {
            line.push_str(&source[wrapper.span.start as usize..program.span.start as usize]);
        }
        line.push_str(first);
        if let Some(stub) = used.action.first.as_ref().and_then(|first| first.stub) {
            self.may_stub(here, command, moving, stub.path)?;
            line = format!("{}{line}{}", stub.before, stub.after);
        }
        let sentences = used.action.first.iter().flat_map(|first| first.assumes);
        assumptions.extend(sentences.map(|&sentence| sentence.to_owned()));
        let Some(install) = install_of(command) else {
            return Err(Refusal {
                reason: RefusalReason::Unresolved,
                message: format!("the directory of `{shown}` is not known"),
            });
        };
        let wanted = self.demands(here, &install, assumptions)?;
        if wanted.nothing {
            return Err(Refusal {
                reason: RefusalReason::UnknownManifests,
                message: "there is nothing to download".into(),
            });
        }
        let install = self.graph.with_writes(install);
        let provided: Vec<String> = wanted.files.iter().map(|file| file.place.clone()).collect();
        let step = self.step(here.step);
        assumptions.extend(self.command_past_moving(step, &install, &provided)?);
        let copies = narrow::copies(self.graph, here, &wanted, moving, assumptions)?;
        if self.stage.shipped {
            assumptions
                .push(format!("The image may hold all that `{first}` fetches, used or not."));
        }
        let carried = split::carried(run);
        let carried = match run.commands.get(carried) {
            Some(next) if carried > 0 => {
                &source[run.commands[0].span.start as usize..next.span.start as usize]
            }
            _ => "",
        };
        Ok(Download { copies, command: format!("{carried}{line}") })
    }

    /// Whether empty sources may stand in at `path` of the project: nothing else is there.
    fn may_stub(
        &self,
        here: CopyAt,
        command: &Command,
        moving: &[CopyAt],
        path: &str,
    ) -> Result<(), Refusal> {
        let alone = command.used.as_ref().is_some_and(|used| used.directory.is_none());
        let place = command.cwd.as_deref().map(|cwd| join(cwd, path));
        let free = place.is_some_and(|place| {
            self.graph
                .copies_before(here)
                .filter(|(at, _)| !moving.contains(at))
                .all(|(_, copy)| copy.may_bring(&place).is_no())
        });
        if alone && free {
            return Ok(());
        }
        Err(Refusal {
            reason: RefusalReason::NoDependencyOnlyInstall,
            message: format!(
                "`{}` looks for sources, and {path} may be there already",
                shown_command(self.graph, command)
            ),
        })
    }

    fn barrier(&self, step: &Step<'a>, what: &str) -> Refusal {
        Refusal {
            reason: RefusalReason::OrderDecidesImage,
            message: format!("line {} {what}", self.line(step)),
        }
    }

    fn stays(&self, at: usize) -> Refusal {
        let step = self.step(at);
        let why = step.run().and_then(|run| {
            run.commands.iter().find_map(|command| match &command.needs {
                Needs::Everything(why) => Some((shown_command(self.graph, command), *why)),
                _ => None,
            })
        });
        match why {
            Some((shown, why)) => Refusal {
                reason: RefusalReason::OpaqueCommand,
                message: format!(
                    "`{shown}` on line {} stands between, and may need any file: {why}",
                    self.line(step)
                ),
            },
            None => self.barrier(step, "stands between and has to stay there"),
        }
    }

    fn line(&self, step: &Step<'_>) -> u32 {
        self.graph.line(step.instruction)
    }
}

/// Takes out what a step freed before brings already.
fn without_repeats(freed: &[Freed], step: &mut Freed) {
    let brought = |freed: &Freed| -> Vec<Narrow> {
        let download = freed.download.iter().flat_map(|download| &download.copies);
        freed.copies.iter().chain(download).cloned().collect()
    };
    let mut before: Vec<Narrow> = freed.iter().flat_map(brought).collect();
    let mut reduce = |copies: &mut Vec<Narrow>| {
        for copy in copies.iter_mut().filter(|copy| copy.file.is_none()) {
            for other in &before {
                if (other.from, &other.directory, other.is_directory, &other.file)
                    == (copy.from, &copy.directory, copy.is_directory, &copy.file)
                {
                    copy.sources.retain(|source| !other.sources.contains(source));
                }
            }
        }
        copies.retain(|copy| !copy.sources.is_empty());
        before.extend(copies.iter().cloned());
    };
    reduce(&mut step.copies);
    if let Some(download) = &mut step.download {
        reduce(&mut download.copies);
    }
}

/// Whether commands are cheap enough to sink with the copies.
fn is_plain(commands: &[Command]) -> bool {
    commands.iter().all(|command| {
        command.used.as_ref().is_some_and(|used| used.kind == Kind::Upkeep) || command.changes_shell
    })
}

/// The cause is not in the stage of the step.
fn shared(graph: &Graph<'_>, suffers: &Suffering) -> Refusal {
    let stage = suffers.causes.first().map_or(0, |cause| cause.stage);
    let stage = &graph.stages[stage];
    let name = stage.name.clone().unwrap_or_else(|| stage.image.clone());
    Refusal {
        reason: RefusalReason::SharedStage,
        message: format!("the copy is in the stage `{name}`, which other stages are built on"),
    }
}
