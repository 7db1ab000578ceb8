//! What moves: per stage, which copies sink, past which steps, and what the steps they free
//! need in their place.
//!
//! The walk goes down from the first volatile copy. A step that is invalidated needlessly is
//! freed where it may change places with everything that sinks; a step that may not either sinks as well
//! or ends the walk. How copies leave a stage for those built on it, see `derived_stages`.

mod compile_ahead;
mod defaults;
mod derived_stages;
mod download;
mod download_tool;
mod fetch_ahead;
mod free;
mod walk;

use crate::commutes::Commutes;
use crate::ecosystem::ActionKind;
use crate::graph::{CommandEffects, Graph, Invalidated, Needs, Stage, StepAt};
use crate::repair::{ManifestCopy, Names, Operation, Place, Repair, Way};
use crate::sentences::{Assumption, Reason};
pub use compile_ahead::compile_ahead;
pub use derived_stages::{Planned, plan};
use fetch_ahead::Ahead;
use free::without_repeats;
use walk::Walk;

/// A step that sinks, on the way down.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sinking {
    /// The step, of the stage itself or of one that it is built on.
    at: StepAt,
    /// Its destination, where it has to be written as an absolute path.
    destination: Option<String>,
    /// Of a RUN that is cut, the first command that sinks; otherwise 0.
    from: usize,
    /// Of a RUN some of whose commands are pulled out, those.
    pulled: Vec<usize>,
    /// The WORKDIR below it whose directory it has made so far. Manifests that are copied above
    /// that WORKDIR make it the same; without any, the two only commute so.
    made: Option<(usize, Commutes)>,
}

impl Sinking {
    /// The whole step.
    fn whole(at: StepAt) -> Sinking {
        Sinking { at, destination: None, from: 0, pulled: Vec::new(), made: None }
    }
}

/// What frees a step.
#[derive(Clone, Debug, Default)]
struct Freed {
    /// Copies to add, a cut, a download.
    operations: Vec<Operation>,
    /// Where it is cut: the number of commands up to the last that goes first.
    cut: Option<usize>,
    /// The commands that were pulled out from behind others, which stay.
    pulled: Vec<usize>,
    /// Whether a step that downloads was added for it.
    fetches: bool,
}

impl Freed {
    /// Cuts the step at `here` behind the first `at` commands, of which `first` go first.
    fn split(&mut self, here: StepAt, at: usize, first: Vec<usize>, cleaning: Vec<String>) {
        self.cut = Some(at);
        self.operations.push(Operation::Split { step: here, first, cleaning });
    }

    /// Where the steps that sink for it go: behind what needs nothing of them.
    fn below(&self, at: StepAt) -> Place {
        match (self.cut, self.fetches) {
            (Some(_), _) => Place::Between(at),
            (None, true) => Place::Before(at),
            (None, false) => Place::Behind(at),
        }
    }
}

/// Where a walk came to a step that does not let all pass.
#[derive(Clone, Debug)]
struct Stopped {
    /// In front of the step that ended it.
    ahead: Ahead,
    /// What is assumed where all that sinks goes there.
    assumptions: Vec<Assumption>,
}

/// How a stage was walked down.
struct Walked {
    /// What is done besides moving what sinks, up to the last step that is freed.
    operations: Vec<Operation>,
    /// The steps that are freed.
    frees: Vec<StepAt>,
    /// What sinks below the last of them, and where to. Where none is freed, what comes from the
    /// stages that this one is built on stands first.
    sunk: (Vec<Sinking>, Place),
    /// What that assumes.
    assumptions: Vec<Assumption>,
    /// Steps that cannot be freed, with the reason.
    refused: Vec<(StepAt, Reason)>,
    /// What sinks at the end of the stage and what that assumes, where the walk came so far.
    end: Option<(Vec<Sinking>, Vec<Assumption>)>,
    /// The first RUN that does not let all pass that sinks.
    stopped: Option<Stopped>,
    /// Manifests that were copied on the way.
    brought: Vec<ManifestCopy>,
}

/// Walks down a stage, with what sinks already and what was brought in the stages it is built
/// on.
fn walk<'a>(
    graph: &Graph<'a>,
    stage: &Stage<'a>,
    invalidated: &[&Invalidated],
    inherited: &[Sinking],
    brought: Vec<ManifestCopy>,
) -> Walked {
    let mut walk = Walk::new(graph, stage, inherited.to_vec());
    let top = match stage.steps.is_empty() {
        true => Place::Start(stage.index),
        false => Place::Before(StepAt { stage: stage.index, step: 0 }),
    };
    let mut walked = Walked {
        operations: Vec::new(),
        frees: Vec::new(),
        sunk: (inherited.to_vec(), top),
        assumptions: Vec::new(),
        refused: Vec::new(),
        end: None,
        stopped: None,
        brought,
    };
    let mut ended = stage.triggered.then_some(Reason::TriggersFirst);
    let mut invalidated = invalidated.iter().peekable();
    for (at, step) in stage.steps.iter().enumerate() {
        let here = StepAt { stage: stage.index, step: at };
        let rerun = invalidated.next_if(|rerun| rerun.step == at);
        if let Some(reason) = &ended {
            walked.refused.extend(rerun.map(|_| (here, reason.clone())));
            continue;
        }
        let passed = match rerun {
            None => walk.pass(at, step),
            Some(rerun) => walk.visit(&mut walked, rerun, invalidated.peek().is_none()),
        };
        ended = passed.err();
        if ended.is_some() && step.run().is_some() && !walked.frees.contains(&here) {
            walk.stop_at(&mut walked, here);
        }
    }
    let (count, made) = &walk.assumed;
    walked.assumptions = distinct(walk.assumptions[..*count].iter().chain(made));
    walked.end = (ended.is_none() && walk.set_up.is_empty()).then(|| {
        let assumptions = walk.all_assumed();
        for sunk in &mut walk.sinking {
            sunk.made.take_if(|(_, commutes)| matches!(commutes, Commutes::If(_)));
        }
        (walk.sinking, assumptions)
    });
    walked
}

impl<'a> Walk<'_, 'a> {
    /// What has to hold for all that sinks to stand where the walk has come to.
    fn all_assumed(&self) -> Vec<Assumption> {
        distinct(self.assumptions.iter().chain(&self.assumed_of_directories()))
    }

    /// Keeps where the walk has come to, the first time that a step does not let all pass.
    fn stop_at(&self, walked: &mut Walked, here: StepAt) {
        if walked.stopped.is_none() {
            walked.stopped = Ahead::behind(Place::Before(here), &self.sinking, &[])
                .map(|ahead| Stopped { ahead, assumptions: self.all_assumed() });
        }
    }

    /// Frees a step that is invalidated needlessly where it can be; what is left of it sinks, or
    /// ends the walk. `last` says whether no other step of the stage is.
    fn visit(
        &mut self,
        walked: &mut Walked,
        rerun: &Invalidated,
        last: bool,
    ) -> Result<(), Reason> {
        let here = self.at(rerun.step);
        let step = self.step(rerun.step);
        let before = self.assumptions.len();
        let mut freed = match self.free(rerun, last) {
            Ok(freed) => freed,
            Err(reason) => {
                self.assumptions.truncate(before);
                self.stop_at(walked, here);
                walked.refused.push((here, reason));
                // It stays behind the copies; what follows has to pass it as well.
                return if self.sinking.is_empty() { Ok(()) } else { self.join(here.step, step) };
            }
        };
        without_repeats(&mut walked.brought, &mut self.set_up);
        walked.operations.append(&mut self.set_up);
        without_repeats(&mut walked.brought, &mut freed.operations);
        self.assumed = (self.assumptions.len(), self.assumed_of_directories());
        walked.sunk = (self.sinking.clone(), freed.below(here));
        walked.operations.append(&mut freed.operations);
        walked.frees.push(here);
        self.last_freed = Some(here.step);
        match (freed.cut, freed.fetches) {
            (None, false) => Ok(()),
            (Some(from), _) => {
                let rest = Sinking { from, pulled: freed.pulled, ..Sinking::whole(here) };
                if !self.commands_of(&rest).all(may_sink) {
                    return Err(self.stays(here));
                }
                self.sinking.push(rest);
                Ok(())
            }
            (None, true) => self.join(here.step, step),
        }
    }
}

/// Adds what the copies of a repair need beside themselves: the stages that keep manifests, and a
/// frontend that knows their flags.
fn complete(repair: &mut Repair) {
    let mut added: Vec<Operation> = Vec::new();
    for operation in &repair.operations {
        let Operation::InsertCopy { copy, at } = operation else { continue };
        let Way::ByName { from, .. } = &copy.way else { continue };
        match from {
            Names::Stage(stage) => {
                let same = added.iter_mut().find_map(|operation| match operation {
                    Operation::AddStage { keeps, before, .. } if *before == at.stage() => {
                        Some(keeps)
                    }
                    _ => None,
                });
                match same {
                    Some(keeps) => {
                        let own = copy.sources.iter().filter(|name| !keeps.contains(name));
                        let own: Vec<String> = own.cloned().collect();
                        keeps.extend(own);
                    }
                    None => added.push(Operation::AddStage {
                        stage: stage.clone(),
                        keeps: copy.sources.clone(),
                        directory: copy.directory.clone(),
                        before: at.stage(),
                    }),
                }
            }
            Names::Parents => {}
            Names::ParentsOfAnotherFrontend => repair.is_suggestion = true,
        }
    }
    if repair.is_suggestion {
        added.push(Operation::RaiseFrontend);
    }
    repair.operations.append(&mut added);
    repair.title = title(repair);
}

/// What a repair of the order does.
fn title(repair: &Repair) -> &'static str {
    let has = |is: fn(&Operation) -> bool| repair.operations.iter().any(is);
    let leaves = has(|operation| match operation {
        Operation::Sink { step, to, .. } => to.stage() != step.stage,
        _ => false,
    });
    let copies = has(|operation| matches!(operation, Operation::InsertCopy { .. }));
    let fetches = has(|operation| matches!(operation, Operation::InsertRun { .. }));
    let cuts = has(|operation| matches!(operation, Operation::Split { .. }));
    match (copies, cuts) {
        _ if leaves => "Copy the source in each stage that is built on this one",
        _ if fetches => "Download the dependencies before the source is copied",
        (true, true) => "Copy the manifests first, install, then copy the source and build",
        (true, false) => "Copy the manifests first, the rest after the install",
        (false, true) => "Split the step, and copy the source between its parts",
        (false, false) => "Copy the source after the steps that do not need it",
    }
}

fn distinct<'s>(sentences: impl Iterator<Item = &'s Assumption>) -> Vec<Assumption> {
    let mut distinct: Vec<Assumption> = Vec::new();
    for sentence in sentences {
        if !distinct.contains(sentence) {
            distinct.push(sentence.clone());
        }
    }
    distinct
}

/// Whether a command may sink with the copies: it is cheap, or works on a project.
fn may_sink(command: &CommandEffects) -> bool {
    let unknown = matches!(command.needs, Needs::Everything(_));
    command.builds.is_some()
        || match &command.used {
            Some(used) => used.kind == ActionKind::Upkeep,
            None => command.changes_shell && !unknown,
        }
}
