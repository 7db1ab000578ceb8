//! A download in front of the source copy, where a step stays between: what it fetches only fills
//! a cache of its tool, or is looked through again by the step that uses it, so that unknown steps
//! may stand between the two. `COPY . .`, `RUN ./generate.sh`, `RUN go build` gets
//! `go mod download` above the copy.

use super::Sinking;
use super::free::{Freeing, compiles};
use super::walk::Walk;
use crate::commutes::builds::provides;
use crate::commutes::shown_command;
use crate::context::{base_name, join};
use crate::ecosystem::{ActionKind, brings_tool, runs_tool};
use crate::graph::demands::{changes_inputs, install_of};
use crate::graph::{CommandEffects, Graph, Invalidated, Stage, StepAt};
use crate::repair::{Operation, Place, Repair, Way};
use crate::sentences::Assumption;

/// Where downloads go.
#[derive(Clone, Debug)]
pub(super) struct Ahead {
    /// In front of what sinks there.
    pub at: Place,
    /// The first step behind that place, and the first of its commands where it is cut there.
    pub top: usize,
    pub from: usize,
    /// What sinks there.
    pub sinking: Vec<Sinking>,
}

impl Ahead {
    /// The place above the first copy that invalidates a step, where nothing moves.
    pub fn of(rerun: &Invalidated) -> Option<Ahead> {
        let top = rerun.causes.first().copied()?;
        Some(Ahead { at: Place::Before(top), top: top.step, from: 0, sinking: Vec::new() })
    }

    /// The place that steps sink to, where `operations` are what is done above it. None where they
    /// pull commands out from behind others: nothing can be put there.
    pub fn behind(at: Place, sinking: &[Sinking], operations: &[Operation]) -> Option<Ahead> {
        let mut from = 0;
        for operation in operations {
            let Operation::Split { step, first, .. } = operation else { continue };
            if first.iter().enumerate().any(|(count, &command)| count != command) {
                return None;
            }
            if at == Place::Between(*step) {
                from = first.len();
            }
        }
        let top = match at {
            Place::Before(at) | Place::Between(at) => at.step,
            Place::Behind(at) => at.step + 1,
            Place::With(_) | Place::Start(_) => return None,
        };
        // In front of a step there is room for more than what sinks.
        let at = match at {
            Place::Behind(at) => Place::Before(StepAt { step: top, ..at }),
            other => other,
        };
        Some(Ahead { at, top, from, sinking: sinking.to_vec() })
    }

    /// Has what sinks to this place, behind the step above, stand there as what goes ahead does.
    pub fn gather(&self, operations: &mut [Operation]) {
        for operation in operations {
            let Operation::Sink { to, .. } = operation else { continue };
            if let Place::Behind(above) = *to
                && self.at == Place::Before(StepAt { step: above.step + 1, ..above })
            {
                *to = self.at;
            }
        }
    }
}

/// Fetches ahead, at a place of its stage, what the step that `rerun` names downloads on the way.
/// None where that is not known to be possible.
pub(super) fn fetch_ahead<'a>(
    graph: &Graph<'a>,
    stage: &Stage<'a>,
    rerun: &Invalidated,
    ahead: &Ahead,
) -> Option<Repair> {
    let here = StepAt { stage: stage.index, step: rerun.step };
    let run = stage.steps[rerun.step].run()?;
    let downloads = rerun.downloads || rerun.downloads_later || rerun.kind == ActionKind::Compile;
    let rest = &run.commands[if ahead.top == rerun.step { ahead.from } else { 0 }..];
    let command = rest.iter().filter(|_| downloads).find(compiles)?;
    let used = command.used.as_ref().filter(|used| used.fetch_may_go_early())?;
    let top = ahead.top;
    let between = top..rerun.step;
    let sinks = |at: &StepAt| ahead.sinking.iter().any(|sunk| sunk.at == *at);
    // Files of another copy between may be what the command reads.
    let others = stage.copies.iter().any(|&copy| {
        between.contains(&copy) && !rerun.causes.contains(&StepAt { step: copy, ..here })
    });
    let stays = |cause: &StepAt| cause.step < top && !sinks(cause);
    if top > rerun.step
        || rerun.causes.iter().any(|cause| cause.stage != stage.index || stays(cause))
        || others
        || !is_there(graph, stage, command)
        || stage.steps[top].state != stage.steps[here.step].state
    {
        return None;
    }
    let mut sinking = ahead.sinking.clone();
    let causes = rerun.causes.iter().copied().filter(|cause| !sinks(cause));
    sinking.extend(causes.map(Sinking::whole));
    let copies = sinking.iter().map(|sunk| sunk.at);
    let copies = copies.filter(|at| stage.steps[at.step].copy().is_some()).collect();
    let mut freeing = Freeing { above: Some(top), ..Freeing::new(here, run, copies) };
    let walk = Walk::new(graph, stage, sinking);
    let (copies, line) = walk.download(&mut freeing, command).ok()?;
    let install = install_of(command)?;
    let places = graph.demands(&install, here).places();
    let mut assumptions = freeing.assumptions;
    let own = rest.iter().take_while(|other| other.span != command.span);
    let commands = |at: usize| {
        let commands = stage.steps[at].run().map_or(&[][..], |run| &run.commands);
        &commands[if at == top { ahead.from } else { 0 }..]
    };
    let sunk = walk.sinking_commands().map(|(_, command)| command);
    for other in sunk.chain(between.flat_map(commands)).chain(own) {
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
    let at = ahead.at;
    let place = StepAt { step: top, ..here };
    let mut lacking = copies;
    for copy in lacking.iter_mut().filter(|copy| copy.way == Way::Plain && copy.file.is_none()) {
        let (from, directory) = (copy.from, copy.directory.clone());
        copy.sources.retain(|source| {
            let file = join(&directory, base_name(source));
            !stays_there(&walk, place, from, (source, &file), &install)
        });
    }
    lacking.retain(|copy| !copy.sources.is_empty());
    let copies = lacking.into_iter().map(|copy| Operation::InsertCopy { copy, at });
    let mut operations: Vec<Operation> = copies.collect();
    operations.push(Operation::InsertRun { command: line, of: here, at });
    Some(Repair { operations, frees: vec![here], assumptions, ..Repair::default() })
}

/// Whether a copy that stays brings `file` of the image from the same `source` as the copy `from`
/// that sinks, in the same way, and nothing changes it before the step at `place`: `COPY go.mod ./`
/// above `COPY . .`.
fn stays_there<'a>(
    walk: &Walk<'_, 'a>,
    place: StepAt,
    from: StepAt,
    (source, file): (&str, &str),
    install: &CommandEffects,
) -> bool {
    let graph = walk.graph;
    let sinks = |at: &StepAt| walk.sinking.iter().any(|sunk| sunk.at == *at);
    let mut before = graph.copies_bringing(place, file).filter(|(at, _)| !sinks(at));
    let Some((at, copy)) = before.next().filter(|(at, _)| at.stage == place.stage) else {
        return false;
    };
    let flags = |at: StepAt| {
        let instruction = &graph.dockerfile.instructions[walk.step(at.step).instruction];
        let flags = instruction.flags.iter().map(|flag| flag.span.of(graph.dockerfile.source));
        (instruction.keyword, flags.collect::<Vec<&str>>())
    };
    let files = [file.to_owned()];
    let mut between = walk.stage.steps[at.step + 1..place.step].iter().filter_map(|s| s.run());
    from.stage == place.stage
        && flags(at) == flags(from)
        && copy.source_of(file, graph.context).as_deref() == Some(source)
        && !between.any(|run| {
            let changes =
                |c: &CommandEffects| c.writes.everything || changes_inputs(c, install, &files);
            run.commands.iter().any(changes)
        })
}

/// Whether the base image brings the tool of a command, or what runs one of the project: a step
/// between might install it.
fn is_there(graph: &Graph<'_>, stage: &Stage<'_>, command: &CommandEffects) -> bool {
    let Some(used) = &command.used else { return false };
    let image = &graph.root(stage.index).image;
    match command.program {
        None => brings_tool(image, used.tool.name),
        Some(_) => runs_tool(image, used.tool.name),
    }
}
