//! What an install makes in the project, and who works on it has of an install of their own: a
//! copy that sinks below the install brings that over what was installed, as the one of a host
//! with another system, while the install itself would have replaced it.

use super::unlisted::named;
use crate::context::{base_name, below, join, parent, within};
use crate::ecosystem::artifacts::{installed_beside, is_installed};
use crate::ecosystem::{
    ActionKind, Arguments, Looks, SYSTEM, Use, installs_into_an_environment, makes_environment,
};
use crate::graph::path_set::under;
use crate::graph::{CommandEffects, Copy, Graph, Origin, StepAt};
use crate::syntax::mount::mounts;

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
    // `mvn clean dependency:go-offline` takes away what others made.
    let cleans = command.used.as_ref().is_some_and(|used| {
        used.action.words.contains(&"clean") && is_own_write(used.action.writes, place)
    });
    cleans
        || is_installed(base_name(place), tool, text)
        || command.installs.iter().any(|told| told == place)
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
    // What a tool keeps in each project, its table says; what it is told to write, the words do:
    // `curl -o model.bin`.
    let is_told = command.used.as_ref().is_none_or(|used| {
        let works = matches!(used.kind, ActionKind::Install | ActionKind::Compile)
            || used.action.looks == Looks::Project;
        // What is there already, `mkdir` and `touch` leave as it is.
        let links = command.links.iter().any(|link| link.name == place);
        let makes = used.action.arguments == Arguments::Made && !links;
        let mut tables = [used.tool.writes, used.action.writes].into_iter();
        !works && !makes && !tables.any(|writes| is_own_write(writes, place))
    });
    let is_kept = command.prints.is_some() || command.sets.is_some() || is_told;
    match is_anew {
        true => graph.unlisted(copy, place),
        false => is_kept.then(|| named(graph, copy, place)).flatten(),
    }
}

/// Whether `place` is one that a table says a tool writes: `/app/target` is `./target`.
fn is_own_write(writes: &[&str], place: &str) -> bool {
    writes.iter().any(|own| place.ends_with(own.trim_start_matches(['.', '~'])))
}

/// Whether a copy or a mount names `path` of the context, or what lies in it, so that builds have it
/// there: another stage may copy the `node_modules` that CI made before.
pub fn names(graph: &Graph<'_>, path: &str) -> bool {
    let is_it = |named: &str| !named.is_empty() && below(path, named).is_some();
    let mut mounts = graph.dockerfile.instructions.iter().flat_map(mounts);
    let mut is_mounted =
        || mounts.any(|mount| mount.source.is_some_and(|source| is_it(&within(&source.text))));
    context_copies(graph).any(|(_, copy)| {
        let mut named = copy.sources.iter().filter_map(|(_, source)| source.literal());
        named.any(is_it)
    }) || is_mounted()
}

/// Whether each stage that may get `path` of the context makes it again, or installs something of its
/// own, so that to leave it out changes none: not one that serves what the host installed.
pub fn is_made_wherever_it_comes(graph: &Graph<'_>, path: &str) -> bool {
    let makes = |command: &CommandEffects| {
        let mut written = command.writes.paths.iter().chain(&command.fills.paths);
        let is_alike = |other: &str| base_name(other) == base_name(path);
        let installs = |used: &Use| match used.kind {
            ActionKind::Install | ActionKind::Compile => true,
            kind => kind == ActionKind::Named && used.tool.writes != SYSTEM,
        };
        written.any(|other| is_alike(other))
            || command.installs.iter().any(|told| is_alike(told))
            || command.used.as_ref().is_some_and(installs)
    };
    let brings = |copy: &Copy| copy.sources.iter().any(|(_, source)| !source.covers(path).is_no());
    let to = |copy: &Copy| copy.destination.as_ref().map(|to| to.path().to_owned());
    // `COPY . /backup` beside `COPY . .` keeps what is made in one place alone.
    let is_elsewhere_too = context_copies(graph).any(|(stage, copy)| {
        let mut others = context_copies(graph).filter(|(other, _)| *other == stage);
        brings(copy) && others.any(|(_, other)| brings(other) && to(other) != to(copy))
    });
    !is_elsewhere_too
        && context_copies(graph).all(|(stage, copy)| {
            let built_on = graph.stages.iter().filter(|other| {
                graph.with_ancestors(other.index).any(|above| above.index == stage)
            });
            let mut related = graph.with_ancestors(stage).chain(built_on);
            !brings(copy)
                || related.any(|stage| {
                    let mut runs = stage.steps.iter().filter_map(|step| step.run());
                    runs.any(|run| run.commands.iter().any(makes))
                })
        })
}

/// The copies out of the context, each with its stage.
fn context_copies<'g>(graph: &'g Graph<'_>) -> impl Iterator<Item = (usize, &'g Copy)> {
    let steps = graph.stages.iter().flat_map(|stage| {
        stage.steps.iter().filter_map(|step| step.copy()).map(|copy| (stage.index, copy))
    });
    steps.filter(|(_, copy)| copy.origin == Origin::Context)
}
