//! What an install makes in the project, and who works on it has of an install of their own: a
//! copy that sinks below the install brings that over what was installed, as the one of a host
//! with another system, while the install itself would have replaced it.

use super::unlisted::{named, unlisted};
use crate::context::{base_name, join, parent};
use crate::ecosystem::artifacts::{installed_beside, is_installed};
use crate::ecosystem::{installs_into_an_environment, makes_environment};
use crate::graph::path_set::under;
use crate::graph::{CommandEffects, Copy, Graph, StepAt};

/// What `command` makes beside those manifests at `provided` that lie where `copy` goes: an install
/// of a workspace makes a `node_modules` in its members too.
pub fn made_beside(
    graph: &Graph<'_>,
    copy: &Copy,
    command: &CommandEffects,
    provided: &[String],
) -> impl Iterator<Item = String> {
    let to = copy.destination.as_ref().map(|to| to.path());
    let tool = command.used.as_ref().map_or("", |used| used.tool.name);
    let text = command.span.of(graph.dockerfile.source);
    let meets = move |manifest: &&String| to.is_some_and(|to| under(to, manifest).is_some());
    provided.iter().filter(meets).flat_map(move |manifest| {
        let own = installed_beside(base_name(manifest), tool, text);
        own.map(|name| join(&parent(manifest), name))
    })
}

/// Whether `command` makes what lies at `place` anew over what is there, as its tool does, or because
/// it is told to install there.
pub fn is_made_anew(graph: &Graph<'_>, command: &CommandEffects, place: &str) -> bool {
    let tool = command.used.as_ref().map_or("", |used| used.tool.name);
    let text = command.span.of(graph.dockerfile.source);
    is_installed(base_name(place), tool, text) || command.installs.iter().any(|told| told == place)
}

/// Where `command`, a command of the step `at`, fills a directory because it is told to, by its words,
/// variables or manifests; none that holds all that `copy` brings, such as a GOPATH above the project.
pub fn filled_as_told(
    graph: &Graph<'_>,
    copy: &Copy,
    (at, command): (StepAt, &CommandEffects),
) -> Vec<String> {
    let to = copy.destination.as_ref().map(|to| to.path());
    let is_within = |place: &String| to.is_some_and(|to| under(place, to).is_none());
    let demands = graph.demands(command, at);
    let told = command.installs.iter().chain(&demands.makes).cloned();
    let mut found: Vec<String> = Vec::new();
    for place in told.chain(environments(graph, at, command)).filter(is_within) {
        if !found.contains(&place) {
            found.push(place);
        }
    }
    found
}

/// The environments of Python that earlier steps made, of which `command` fills the one that PATH leads
/// to, which its words do not say: `ENV PATH=/app/env/bin:$PATH` behind `python -m venv /app/env`.
fn environments(
    graph: &Graph<'_>,
    at: StepAt,
    command: &CommandEffects,
) -> impl Iterator<Item = String> {
    let installs = command.used.as_ref().is_some_and(installs_into_an_environment);
    let steps = graph.steps_before(at).filter(move |_| installs);
    let commands = steps.filter_map(|step| step.run()).flat_map(|run| &run.commands);
    let making = commands.filter(|made| made.used.as_ref().is_some_and(makes_environment));
    making.flat_map(|made| made.writes.paths.iter().map(|path| path.to_string()))
}

/// The path of the context at which a used checkout has what `command` makes at `place`, `is_anew` or
/// by what it prints there or whose it becomes, where `copy` would bring it. None is there today.
pub fn left_in_used_checkouts(
    graph: &Graph<'_>,
    copy: &Copy,
    command: &CommandEffects,
    (place, is_anew): (&str, bool),
) -> Option<String> {
    let is_kept = command.prints.is_some() || command.sets.is_some();
    match is_anew {
        true => unlisted(graph, copy, place),
        false => is_kept.then(|| named(graph, copy, place)).flatten(),
    }
}
