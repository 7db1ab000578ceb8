//! Which steps an issue makes rerun without need, and what they cost.
//!
//! The change is an edit of a file that the issue's first cause brings and its step does not
//! need. From that step on, steps rerun only because of what stands before them, up to the
//! first that would rerun wherever it stood: one that reads the file, or runs a command that
//! may read it.

use super::cost;
use super::model::{Model, place};
use super::sample::samples;
use super::step::{FileSystem, Input, Step};
use crate::context::Answer;
use crate::graph::{Copy, Effect, Invalidated, Needs, Origin, Run, StepAt};
use crate::issue::Cost;
use crate::limits;
use crate::text::Span;

/// Steps that rerun without need.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Needless {
    /// The first of them, at most [`limits::RERUNS_LISTED`].
    pub steps: Vec<Span>,
    /// How many there are.
    pub count: usize,
    /// What they cost together.
    pub cost: Cost,
}

/// For each of `invalidated` the steps that it makes rerun, itself first.
pub fn needless(
    model: &Model<'_, '_>,
    costs: &[Vec<Cost>],
    invalidated: &[Invalidated],
) -> Vec<Needless> {
    let steps = &model.definition.steps;
    let graph = model.graph;
    let span = |rerun: &Invalidated| {
        let step = &graph.stages[rerun.stage].steps[rerun.step];
        graph.dockerfile.instructions[step.instruction].span
    };
    // The steps of a stage stand in the order of the file, triggers of an earlier one first.
    let index = |stage: usize, span: Span| {
        let at = steps.partition_point(|s| (s.stage, s.span.start) < (stage, span.start));
        steps.get(at).is_some_and(|s| (s.stage, s.span) == (stage, span)).then_some(at)
    };
    let mut freed = vec![false; steps.len()];
    for rerun in invalidated {
        let Effect::Run(run) = &graph.stages[rerun.stage].steps[rerun.step].effect else {
            continue;
        };
        if let Some(at) = index(rerun.stage, span(rerun)) {
            let all = run.commands.iter().all(|c| !matches!(c.needs, Needs::Everything(_)));
            freed[at] = all && !rerun.downloads && rerun.commands == run.commands.len();
        }
    }
    mark_free(model, &mut freed);

    // What stands directly behind each step: more than one where stages are built on it.
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    let mut tails: Vec<(usize, Cost)> = Vec::with_capacity(steps.len());
    for (at, step) in steps.iter().enumerate() {
        if let FileSystem::After(before) = step.base
            && freed[at]
            && freed[before]
        {
            next[before].push(at);
        }
        let reruns = !step.link;
        let own = cost::of(graph, costs, step.stage, step.span);
        tails.push(if reruns {
            (1, own)
        } else {
            (0, Cost { seconds: 0.0, measured: own.measured })
        });
    }
    for at in (0..steps.len()).rev() {
        for &behind in &next[at] {
            let (count, cost) = tails[behind];
            tails[at].0 += count;
            tails[at].1.add(cost);
        }
    }
    let found = invalidated.iter().map(|rerun| {
        let Some(at) = index(rerun.stage, span(rerun)) else {
            // In a stage that the target does not need.
            let cost = costs[rerun.stage][rerun.step];
            return Needless { steps: vec![span(rerun)], count: 1, cost };
        };
        let (count, cost) = tails[at];
        let mut open = vec![at];
        let mut listed = Vec::new();
        while let Some(at) = open.pop() {
            if !steps[at].link {
                listed.push(steps[at].span);
            }
            if listed.len() == limits::RERUNS_LISTED {
                break;
            }
            open.extend(next[at].iter().rev());
        }
        Needless { steps: listed, count, cost }
    });
    found.collect()
}

/// Marks, beside those marked, the steps that do not need the file that changes.
fn mark_free(model: &Model<'_, '_>, freed: &mut [bool]) {
    let graph = model.graph;
    // For each step the first copy of files that change often, itself included, with one.
    let mut causes: Vec<Option<(StepAt, usize)>> = Vec::with_capacity(freed.len());
    let mut files: Vec<Option<String>> = Vec::new();
    for (at, step) in model.definition.steps.iter().enumerate() {
        let mut cause = match step.base {
            FileSystem::After(before) => causes[before],
            _ => None,
        };
        let own = place(graph, step.stage, step.span);
        let effect = own.map(|own| &graph.stages[step.stage].steps[own].effect);
        match (effect, cause) {
            (Some(Effect::Copy(copy)), None) if copy.content.is_volatile() => {
                let here = StepAt { stage: step.stage, step: own.unwrap_or_default() };
                cause = Some((here, files.len()));
                files.push(edited(model, copy));
            }
            (Some(effect), Some((first, file))) => {
                freed[at] |= match effect {
                    Effect::Run(run) => is_idle(run, graph.copy_at(first)),
                    _ => true,
                };
                freed[at] &= !reads(model, step, effect, files[file].as_deref());
            }
            _ => {}
        }
        causes.push(cause);
    }
}

/// A file that the copy brings and that is edited; none where it is made by another stage.
fn edited(model: &Model<'_, '_>, copy: &Copy) -> Option<String> {
    let samples = match copy.origin {
        Origin::Context => samples(copy, model.graph.context),
        _ => Vec::new(),
    };
    samples.into_iter().next().map(|sample| sample.path)
}

/// Whether a step reads the file, or what is made of it, whatever stands before.
fn reads(model: &Model<'_, '_>, step: &Step, effect: &Effect<'_>, file: Option<&str>) -> bool {
    let made = step.inputs.iter().any(|input| match *input {
        Input::Files { stage: Some(stage), .. } => model.graph.stages[stage].follows_source,
        _ => false,
    });
    made || match (file, effect) {
        (Some(file), _) => step.queries.iter().any(|query| !query.source().covers(file).is_no()),
        (None, Effect::Copy(copy)) => copy.content.is_volatile(),
        (None, _) => !step.queries.is_empty(),
    }
}

/// Whether no command of `run` reads what `cause` brings.
fn is_idle(run: &Run<'_>, cause: &Copy) -> bool {
    run.commands.iter().all(|command| {
        matches!(command.needs, Needs::Nothing)
            && !command.reads.everything
            && command.reads.paths.iter().all(|path| cause.may_bring(path) == Answer::No)
    })
}
