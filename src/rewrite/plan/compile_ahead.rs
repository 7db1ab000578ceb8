//! A compile of the dependencies alone, in front of the source copy: stubs stand in for the
//! source, of which nothing that was compiled stays. `COPY . .`, `RUN cargo build` gets the same
//! build of the manifests above the copy.

use super::Sinking;
use super::free::Freeing;
use super::walk::Walk;
use crate::commutes::shown_command;
use crate::graph::demands::install_of;
use crate::graph::{CommandEffects, Effect, Graph, Step, StepAt};
use crate::repair::{Operation, Place, Repair};
use crate::rewrite::layer::layered;
use crate::sentences::{Assumption, Reason};

/// Compiles ahead the dependencies of what the RUN at `here` compiles.
pub fn compile_ahead(graph: &Graph<'_>, here: StepAt) -> Result<Repair, Reason> {
    let stage = &graph.stages[here.stage];
    let Effect::Run(run) = &stage.steps[here.step].effect else {
        return Err(Reason::NotAShellLine);
    };
    let ahead = layered(graph, here)?;
    // What fetched ahead of the source would do so once more.
    let first = ahead.command.used.as_ref().and_then(|used| used.first.as_deref());
    let source = graph.dockerfile.source;
    let fetches = |command: &&CommandEffects| first == Some(command.span.of(source));
    let runs = stage.steps[..here.step].iter().filter_map(Step::run);
    if let Some(fetch) = runs.flat_map(|run| &run.commands).find(fetches) {
        return Err(Reason::FetchedAhead { command: shown_command(graph, fetch) });
    }
    // What stands between may be what the dependencies need: packages, variables.
    let same = |step: usize| stage.steps[step].state == stage.steps[here.step].state;
    let is_copy = |step: &usize| stage.steps[*step].copy().is_some();
    let copies: Vec<usize> = (0..here.step).rev().take_while(is_copy).collect();
    let is_volatile =
        |step: &&usize| stage.steps[**step].copy().is_some_and(|copy| copy.content.is_volatile());
    let top = copies.iter().rev().find(is_volatile).copied();
    let Some(top) = top.filter(|&top| same(top)) else {
        return Err(Reason::NoCopyAbove);
    };
    let at = |step| StepAt { step, ..here };
    let moving: Vec<StepAt> = (top..here.step).map(at).collect();
    let sinking = moving.iter().copied().map(Sinking::whole).collect();
    let mut freeing = Freeing { above: Some(top), ..Freeing::new(here, run, moving) };
    let walk = Walk::new(graph, stage, sinking);
    walk.may_stub(&mut freeing, ahead.command, &ahead.stubs)?;
    let install = install_of(ahead.command).ok_or(Reason::NoCopyAbove)?;
    let wanted = walk.demands(here, &install, &mut freeing.assumptions)?;
    if wanted.nothing {
        return Err(Reason::NothingToDownload);
    }
    let copies = walk.copies_for(&mut freeing, &install, &wanted)?;
    let place = Place::Before(at(top));
    let copies = copies.into_iter().map(|copy| Operation::InsertCopy { copy, at: place });
    let mut operations: Vec<Operation> = copies.collect();
    operations.push(Operation::InsertRun { command: ahead.line, of: here, at: place });
    let mut assumptions = freeing.assumptions;
    let tool = ahead.layer.tool;
    assumptions.push(Assumption::CompileAlone);
    assumptions.push(Assumption::OnlyToolReads { tool, place: ahead.place });
    Ok(Repair {
        title: "Compile the dependencies before the source is copied",
        operations,
        frees: vec![here],
        assumptions,
        is_suggestion: true,
    })
}
