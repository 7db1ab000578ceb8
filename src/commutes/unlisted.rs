//! What a copy may bring that the list of files lacks: made before the build, ignored by git, of a
//! submodule, or of a later commit. That a step names it says that builds have it: of `COPY . .` and
//! `RUN chmod +x bin/run.sh`, the first brings `bin/run.sh`.

use crate::ecosystem::{
    Arguments, Looks, Manifest, Presence, SYSTEM, makes_environment, name_matches, unpacks,
};
use crate::graph::path_set::under;
use crate::graph::{CommandEffects, Copy, Effect, Graph, Needs, Overlap, StepAt};

/// What [`Graph::unlisted`] finds, where a step names `place`. Among what a whole image has, a name says nothing.
pub fn named(graph: &Graph<'_>, copy: &Copy, place: &str) -> Option<String> {
    let to = copy.destination.as_ref()?.path();
    let is_of_system = |root: &&str| match to {
        "/" => under(root, place).is_some(),
        _ => to == *root,
    };
    let is_of_project = !SYSTEM.iter().any(is_of_system);
    is_of_project.then(|| graph.unlisted(copy, place)).flatten()
}

/// What `command`, of the step at `at`, finds at `place` only because `copy` brings it beyond the list:
/// nothing else in front of it makes or brings that.
pub fn needed(
    graph: &Graph<'_>,
    copy: &Copy,
    (at, command): (StepAt, &CommandEffects),
    place: &str,
) -> Option<String> {
    let used = command.used.as_ref().map(|used| used.action.arguments);
    if matches!(used, Some(Arguments::Made | Arguments::Removed)) {
        return None;
    }
    let path = named(graph, copy, place)?;
    if is_looked_for(command, place) {
        return None;
    }
    let run_makes = |command: &CommandEffects| makes(command, place);
    // `python -m venv .venv && .venv/bin/pip install ...`
    let is_made = || {
        let own = graph.stages[at.stage].steps.get(at.step).and_then(|step| step.run());
        let own = own.into_iter().flat_map(|run| &run.commands);
        let mut first = own.take_while(|own| own.span.start < command.span.start);
        let is_environment =
            |own: &CommandEffects| own.used.as_ref().is_some_and(makes_environment);
        let is_made_first =
            first.any(|own| is_environment(own) && run_makes(own) || may_be_unpacked(own, place));
        is_made_first
            || graph.steps_before(at).any(|step| match &step.effect {
                Effect::Run(run) => run.commands.iter().any(run_makes),
                Effect::Workdir(Some(path)) => under(place, path).is_some(),
                Effect::Copy(other) => other.landing.overlap_path(place) != Overlap::Apart,
                _ => false,
            })
    };
    (!is_made()).then_some(path)
}

/// Whether an archive that `command` unpacks may bring `place`:
/// `tar xzf tool.tar.gz && mv tool-1.0/tool /usr/local/bin`.
pub fn may_be_unpacked(command: &CommandEffects, place: &str) -> bool {
    command.used.as_ref().is_some_and(unpacks) && makes(command, place)
}

/// Whether no word of `command` names `place`, which its tool looks for in each project and does
/// without: `bundle config` reads a `.ruby-version` where there is one.
fn is_looked_for(command: &CommandEffects, place: &str) -> bool {
    let Needs::Project { directory, .. } = &command.needs else { return false };
    command.used.as_ref().filter(|used| used.action.looks == Looks::Project).is_some_and(|used| {
        let optional = |file: &&Manifest| file.presence != Presence::Required;
        let mut manifests = used.tool.manifests.iter().filter(optional);
        manifests
            .any(|file| under(directory, place).is_some_and(|own| name_matches(file.path, own)))
    })
}

/// Whether `command` may make something at `place`, below it, or a directory that holds it.
fn makes(command: &CommandEffects, place: &str) -> bool {
    let sets = [&command.writes, &command.fills];
    command.makes.iter().any(|path| under(place, path).is_some())
        || sets.into_iter().any(|set| set.overlap_path(place) != Overlap::Apart)
}
