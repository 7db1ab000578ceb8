//! Packages that a command adds to a project of which no copy brings a manifest: it makes one
//! of its own, and needs nothing of the context.

use super::copy::StepAt;
use super::demands::install_of;
use super::{CommandEffects, Copy, Effect, Graph, Needs};
use crate::context::{clean, join};
use crate::ecosystem::{ActionKind, Arguments};
use crate::limits;

/// Finds them and notes what they need.
pub(super) fn settle(graph: &mut Graph<'_>) {
    let mut found = Vec::new();
    for stage in graph.stages.iter().filter(|stage| !stage.triggered) {
        for (step, run) in stage.steps.iter().enumerate().filter_map(|(at, s)| Some((at, s.run()?)))
        {
            let here = StepAt { stage: stage.index, step };
            for (at, command) in run.commands.iter().enumerate() {
                found.extend(added(graph, command, here).map(|command| (here, at, command)));
            }
        }
    }
    for (here, at, command) in found {
        if let Effect::Run(run) = &mut graph.stages[here.stage].steps[here.step].effect {
            run.commands[at] = command;
        }
    }
}

/// `command` as such an addition.
fn added(graph: &Graph<'_>, command: &CommandEffects, here: StepAt) -> Option<CommandEffects> {
    let used = command.used.as_ref()?;
    let adds = used.kind == ActionKind::Compile
        && used.action.arguments == Arguments::ProjectPackages
        && used.paths.is_empty()
        && command.others.is_empty()
        && !command.is_conditional;
    let install = install_of(command).filter(|_| adds)?;
    let Needs::Project { directory, .. } = &install.needs else { return None };
    let manifests = used.tool.manifests.iter();
    let places: Vec<String> =
        manifests.map(|manifest| clean(&join(directory, manifest.path))).collect();
    let mut copies = graph.copies_before(here);
    let brings = |copy: &Copy| places.iter().any(|place| !copy.may_bring(place).is_no());
    if copies.by_ref().take(limits::COPIES_BEFORE_ADDITION).any(|(_, copy)| brings(copy))
        || copies.next().is_some()
    {
        return None;
    }
    let mut command = graph.with_writes(install);
    command.needs = Needs::Nothing;
    places.into_iter().for_each(|place| command.writes.add(place));
    if let Some(used) = &mut command.used {
        used.kind = ActionKind::Named;
    }
    Some(command)
}
