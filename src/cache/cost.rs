//! What a step costs when it reruns: measured, or an estimate by what its commands do.
//!
//! The estimates are round numbers of seconds for a small project on a good line. They are
//! there to compare the rebuilds of one file with each other, not to predict one.

use super::measured::measured;
use super::model::place;
use crate::digest::{Digest, Numbers};
use crate::ecosystem::{ActionKind, ToolSet, Use, layer};
use crate::graph::{Effect, Graph, Needs, Step};
use crate::issue::Cost;
use crate::text::Span;
use crate::timings::Timings;

/// Seconds for each class of work.
const INSTALL: f64 = 30.0;
const COMPILE: f64 = 30.0;
/// What is left of a compile whose dependencies a layer holds.
const COMPILE_OWN: f64 = 1.5;
const NAMED: f64 = 15.0;
const UNKNOWN: f64 = 10.0;
const CHEAP: f64 = 0.2;
pub(super) const COPY: f64 = 0.2;
const WORKDIR: f64 = 0.1;

/// What every step costs, by stage: as measured where `timings` has it, else estimated.
pub fn costs(graph: &Graph<'_>, timings: Option<&Timings>) -> Vec<Vec<Cost>> {
    let estimates = estimates(graph);
    let measured = timings.map(|timings| measured(graph, timings));
    let steps = |(stage, estimates): (usize, Vec<f64>)| {
        let cost = |(step, estimate): (usize, f64)| {
            match measured.as_ref().and_then(|measured| measured[stage][step]) {
                Some(seconds) => Cost { seconds, measured: true },
                // What only sets configuration takes no time.
                None => Cost { seconds: estimate, measured: measured.is_some() && estimate == 0.0 },
            }
        };
        estimates.into_iter().enumerate().map(cost).collect()
    };
    estimates.into_iter().enumerate().map(steps).collect()
}

/// What the step costs that the instruction at `span` makes in `stage`.
pub(super) fn of(graph: &Graph<'_>, costs: &[Vec<Cost>], stage: usize, span: Span) -> Cost {
    match place(graph, stage, span) {
        Some(at) => costs[stage][at],
        // A trigger stands in another stage, where it has no cost.
        None => Cost { seconds: UNKNOWN, measured: false },
    }
}

/// The costs of a rewritten file: those of the same steps of the original, else `estimates`.
pub fn costs_after(
    estimates: &[Vec<Cost>],
    after: &Graph<'_>,
    before: &Graph<'_>,
    costs: &[Vec<Cost>],
) -> Vec<Vec<Cost>> {
    let mut result = estimates.to_vec();
    if !costs.iter().flatten().any(|cost| cost.measured) {
        return result;
    }
    for ((stage, own), was) in result.iter_mut().enumerate().zip(after.stages_of(before)) {
        let Some(was) = was else {
            own.iter_mut().for_each(|cost| cost.measured = cost.seconds == 0.0);
            continue;
        };
        let number = |graph: &Graph<'_>, step: &Step<'_>| {
            Digest::of(&graph.dockerfile.instructions[step.instruction].rest.text).end()
        };
        let mut known = Numbers::default();
        for (at, step) in before.stages[was].steps.iter().enumerate() {
            known.set(number(before, step), at as u64);
        }
        for (step, cost) in after.stages[stage].steps.iter().zip(own) {
            match known.index(number(after, step)) {
                Some(at) => *cost = costs[was][at],
                None => cost.measured = cost.seconds == 0.0,
            }
        }
    }
    result
}

/// The tools for which something is there already.
#[derive(Clone, Default)]
struct There {
    /// Their dependencies were downloaded.
    downloaded: ToolSet,
    /// These were compiled alone: what came of the project was taken away again.
    compiled: ToolSet,
}

/// The estimated seconds of every step, by stage.
fn estimates(graph: &Graph<'_>) -> Vec<Vec<f64>> {
    let mut ends: Vec<There> = Vec::with_capacity(graph.stages.len());
    let mut costs = Vec::with_capacity(graph.stages.len());
    for stage in &graph.stages {
        let mut there = match stage.base {
            crate::graph::Base::Stage(base) => ends[base].clone(),
            _ => There::default(),
        };
        let mut own: Vec<f64> =
            stage.steps.iter().map(|step| estimate(graph, step, &mut there)).collect();
        // Looking for files and taking them away takes no time.
        if stage.selection.is_some()
            && let Some(last) = stage.steps.iter().rposition(|step| step.run().is_some())
        {
            own[last] = CHEAP;
        }
        costs.push(own);
        ends.push(there);
    }
    costs
}

/// The seconds of one step.
fn estimate(graph: &Graph<'_>, step: &Step<'_>, there: &mut There) -> f64 {
    match &step.effect {
        Effect::Copy(_) => COPY,
        Effect::Workdir(_) => WORKDIR,
        Effect::Run(run) => {
            let mut seconds = CHEAP;
            let mut compiles = ToolSet::default();
            for command in &run.commands {
                let Some(used) = &command.used else {
                    let unknown = matches!(command.needs, Needs::Everything(_));
                    seconds += if unknown { UNKNOWN } else { 0.0 };
                    continue;
                };
                let held = graph.holds_caches(run);
                let tool = used.tool.name;
                seconds += match used.kind {
                    ActionKind::Install if there.downloaded.insert(tool) => INSTALL,
                    ActionKind::Install => CHEAP,
                    ActionKind::Compile if used.action.only_fetches() => {
                        if there.downloaded.insert(tool) { INSTALL } else { CHEAP }
                    }
                    ActionKind::Compile if there.compiled.contains(tool) => COMPILE_OWN,
                    ActionKind::Compile if !there.downloaded.insert(tool) || held => {
                        compiles.insert(tool);
                        COMPILE
                    }
                    ActionKind::Compile => {
                        compiles.insert(tool);
                        INSTALL + COMPILE
                    }
                    ActionKind::Named => NAMED,
                    ActionKind::Everything if compiles.contains(tool) && cleans(used) => {
                        there.compiled.insert(tool);
                        0.0
                    }
                    ActionKind::Everything => UNKNOWN,
                    ActionKind::Upkeep => 0.0,
                };
            }
            seconds
        }
        _ => 0.0,
    }
}

/// Whether a command takes away what its tool has compiled of packages that it names.
fn cleans(used: &Use) -> bool {
    let layer = layer(used.tool.name);
    layer.is_some_and(|layer| layer.cleans(used.action) && !used.flags.is_empty())
}
