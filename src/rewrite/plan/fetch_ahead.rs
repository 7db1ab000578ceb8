//! A download in front of the source copy, where nothing else may move: what it fetches only
//! fills a cache of its tool, so that unknown steps may stand between it and the step that uses
//! it. `COPY . .`, `RUN ./generate.sh`, `RUN go build` gets `go mod download` above the copy.

use super::Sinking;
use super::free::{Freeing, compiles};
use super::walk::Walk;
use crate::commutes::builds::provides;
use crate::commutes::shown_command;
use crate::ecosystem::{ActionKind, brings_tool};
use crate::graph::demands::{changes_inputs, install_of};
use crate::graph::{CommandEffects, Graph, Invalidated, Stage, StepAt};
use crate::repair::{Operation, Place, Repair};
use crate::sentences::Assumption;

/// Fetches ahead what the step that `rerun` names downloads on the way, where nothing moves in
/// its stage. None where that is not known to be possible.
pub(super) fn fetch_ahead<'a>(
    graph: &Graph<'a>,
    stage: &Stage<'a>,
    rerun: &Invalidated,
) -> Option<Repair> {
    let here = StepAt { stage: stage.index, step: rerun.step };
    let run = stage.steps[rerun.step].run()?;
    let downloads = rerun.downloads || rerun.kind == ActionKind::Compile;
    let command = run.commands.iter().filter(|_| downloads).find(compiles)?;
    let used = command.used.as_ref().filter(|used| used.fetch_fills_caches())?;
    let top = rerun.causes.first().copied()?;
    let between = top.step + 1..rerun.step;
    // Files of another copy between may be what the command reads.
    let others = stage.copies.iter().any(|&copy| {
        between.contains(&copy) && !rerun.causes.contains(&StepAt { step: copy, ..here })
    });
    if rerun.causes.iter().any(|cause| cause.stage != stage.index)
        || others
        || !is_there(graph, stage, command, top.step)
        || stage.steps[top.step].state != stage.steps[here.step].state
    {
        return None;
    }
    let sinking = rerun.causes.iter().copied().map(Sinking::whole).collect();
    let mut freeing = Freeing { is_ahead: true, ..Freeing::new(here, run, rerun.causes.clone()) };
    let (copies, line) = Walk::new(graph, stage, sinking).download(&mut freeing, command).ok()?;
    let install = install_of(command)?;
    let places = graph.demands(&install, here).places();
    let mut assumptions = freeing.assumptions;
    let own = run.commands.iter().take_while(|other| other.span != command.span);
    let before = stage.steps[between].iter().filter_map(|step| step.run());
    for other in before.flat_map(|run| &run.commands).chain(own) {
        let is_unknown = other.writes.everything;
        if !is_unknown && changes_inputs(other, &install, &places) || provides(other, command) {
            return None;
        }
        let works = other.used.as_ref().is_none_or(|used| used.kind != ActionKind::Upkeep);
        if (is_unknown || works) && !other.only_sets() {
            let (fetch, command) = (used.first.clone()?, shown_command(graph, other));
            let (build, download) = (command.clone(), fetch.clone());
            assumptions.push(Assumption::FetchesWithout { fetch, command });
            let command = download;
            assumptions.push(Assumption::BuildsTheSameWithDownloads { build, command });
        }
    }
    let at = Place::Before(top);
    let copies = copies.into_iter().map(|copy| Operation::InsertCopy { copy, at });
    let mut operations: Vec<Operation> = copies.collect();
    operations.push(Operation::InsertRun { command: line, of: here, at });
    Some(Repair { operations, frees: vec![here], assumptions, ..Repair::default() })
}

/// Whether the base image brings the tool of a command, and no step before the copy `top` runs
/// anything: one that was freed would stand there, and a second analysis has to find what the
/// first one left.
fn is_there(graph: &Graph<'_>, stage: &Stage<'_>, command: &CommandEffects, top: usize) -> bool {
    let Some(used) = &command.used else { return false };
    command.program.is_none()
        && stage.steps[..top].iter().all(|step| step.run().is_none())
        && brings_tool(&graph.root(stage.index).image, used.tool.name)
}
