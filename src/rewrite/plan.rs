//! What moves: per stage, which copies sink, past which steps, and what the steps they free
//! need in their place.
//!
//! The walk goes down from the first volatile copy. A step that suffers is freed where it
//! may change places with everything that sinks; a step that may not either sinks as well
//! or ends the walk.

mod free;
mod walk;

use super::narrow::Narrow;
use crate::ecosystem::Kind;
use crate::graph::needs::Suffering;
use crate::graph::{Command, Graph, Stage};
use crate::issue::{Refusal, RefusalReason};
use free::without_repeats;
use std::collections::HashMap;
use walk::Walk;

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
