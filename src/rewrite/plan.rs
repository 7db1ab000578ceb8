//! What moves: per stage, which copies sink, past which steps, and what the steps they free
//! need in their place.
//!
//! The walk goes down from the first volatile copy. A step that is invalidated needlessly is
//! freed where it may change places with everything that sinks; a step that may not either sinks as well
//! or ends the walk. How copies leave a stage for those built on it, see `family`.

mod family;
mod free;
mod walk;

use super::manifest_copies::ManifestCopy;
use crate::ecosystem::Kind;
use crate::graph::{Command, Graph, Invalidated, Needs, Stage, StepAt};
use crate::issue::{Refusal, RefusalReason};
pub use family::{Family, plan};
use free::without_repeats;
use walk::Walk;

/// What is done in one stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The stage.
    pub stage: usize,
    /// Steps that sink behind the last freed one, in order. Where none is freed, what comes
    /// from the stages it is built on stands first.
    pub moved: Vec<Moved>,
    /// Whether what sinks leaves the stage, for those that are built on it.
    pub leaves: bool,
    /// Steps that are freed, in order.
    pub freed: Vec<Freed>,
    /// What must hold.
    pub assumptions: Vec<String>,
}

/// A step that sinks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The step, of the stage itself or of one that it is built on.
    pub at: StepAt,
    /// Its destination, where it has to be written as an absolute path.
    pub destination: Option<String>,
    /// Of a RUN that is cut, the first command that sinks; otherwise 0.
    pub from: usize,
    /// The WORKDIR whose directory the copy has made so far, with an owner of its own. Manifests
    /// that are copied above it make it the same.
    pub made: Option<usize>,
}

/// A step that is freed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Freed {
    /// The step.
    pub step: usize,
    /// Copies to add before it.
    pub copies: Vec<ManifestCopy>,
    /// Where it is cut in two: the number of commands that go first.
    pub split: Option<usize>,
    /// Those among them that go with the others all the same.
    pub stays: Vec<usize>,
    /// Commands to add behind its first part, which empty caches.
    pub cleaning: Vec<String>,
    /// A step to add before what needs the source.
    pub download: Option<Download>,
}

/// A step to be added, which fetches what a later one needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// Copies to add before it.
    pub copies: Vec<ManifestCopy>,
    /// Its command line.
    pub command: String,
}

/// How a stage was walked down.
struct Walked {
    /// What is done if what sinks goes behind the last freed step.
    plan: Plan,
    /// Steps that cannot be freed, with the reason.
    refused: Vec<(StepAt, Refusal)>,
    /// What sinks at the end of the stage and what that assumes, where the walk came so far.
    end: Option<(Vec<Moved>, Vec<String>)>,
    /// Manifests that were copied on the way.
    brought: Vec<ManifestCopy>,
}

/// Walks down a stage, with what sinks already and what was brought in the stages it is built
/// on.
fn walk<'a>(
    graph: &Graph<'a>,
    stage: &Stage<'a>,
    invalidated: &[&Invalidated],
    inherited: &[Moved],
    mut brought: Vec<ManifestCopy>,
) -> Walked {
    let mut walk = Walk { graph, stage, moving: inherited.to_vec(), assumptions: Vec::new() };
    let mut plan = Plan { stage: stage.index, moved: inherited.to_vec(), ..Plan::default() };
    let mut refused: Vec<(StepAt, Refusal)> = Vec::new();
    // What was assumed when the last step was freed.
    let mut assumed = 0;
    let mut ended = stage.triggered.then(|| Refusal {
        reason: RefusalReason::VolumeOrTrigger,
        message: "triggers (ONBUILD) of what the stage is built on bring files before its own"
            .into(),
    });
    let mut invalidated = invalidated.iter().peekable();
    for (at, step) in stage.steps.iter().enumerate() {
        let here = StepAt { stage: stage.index, step: at };
        let rerun = invalidated.next_if(|rerun| rerun.step == at);
        if let Some(refusal) = &ended {
            refused.extend(rerun.map(|_| (here, refusal.clone())));
            continue;
        }
        let passed = match rerun {
            None => walk.pass(at, step),
            Some(rerun) => {
                let before = walk.assumptions.len();
                let last = invalidated.peek().is_none();
                match walk.free(at, rerun, last) {
                    Ok(mut free) => {
                        without_repeats(&mut brought, &mut free);
                        assumed = walk.assumptions.len();
                        plan.moved = walk.moving.clone();
                        let rest =
                            step.run().zip(free.split).map(|(run, from)| &run.commands[from..]);
                        let passed = match (free.split, free.download.is_some()) {
                            (None, false) => Ok(()),
                            (Some(from), _)
                                if free.stays.is_empty() && rest.is_some_and(may_sink) =>
                            {
                                walk.moving.push(Moved {
                                    at: here,
                                    destination: None,
                                    from,
                                    made: None,
                                });
                                Ok(())
                            }
                            (None, true) => walk.join(at, step),
                            _ => Err(walk.stays(here)),
                        };
                        plan.freed.push(free);
                        passed
                    }
                    Err(refusal) => {
                        walk.assumptions.truncate(before);
                        refused.push((here, refusal));
                        // It stays behind the copies; what follows has to pass it as well.
                        if walk.moving.is_empty() { Ok(()) } else { walk.join(at, step) }
                    }
                }
            }
        };
        ended = passed.err();
    }
    let end = ended.is_none().then(|| (walk.moving, distinct(&walk.assumptions)));
    plan.assumptions = distinct(&walk.assumptions[..assumed]);
    Walked { plan, refused, end, brought }
}

fn distinct(sentences: &[String]) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for sentence in sentences {
        if !distinct.contains(sentence) {
            distinct.push(sentence.clone());
        }
    }
    distinct
}

/// Whether commands may sink with the copies: they are cheap, or work on a project.
fn may_sink(commands: &[Command]) -> bool {
    commands.iter().all(|command| {
        let unknown = matches!(command.needs, Needs::Everything(_));
        command.builds.is_some()
            || match &command.used {
                Some(used) => used.kind == Kind::Upkeep,
                None => command.changes_shell && !unknown,
            }
    })
}
