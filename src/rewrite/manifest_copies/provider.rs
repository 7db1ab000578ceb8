//! Who brings a manifest to where an install looks for it, and whether anything changes it on the way.

use super::names;
use crate::ecosystem::{ActionKind, Arguments, SYSTEM, Use};
use crate::graph::effect::is_root;
use crate::graph::path_set::under;
use crate::graph::{Copy, Graph, Origin, Run, Step, StepAt};
use crate::limits;
use crate::sentences::Reason;

/// Who brings a file that a step needs.
pub(super) enum Provider {
    /// No copy that is known.
    Nobody,
    /// A copy that stays before the step.
    Stays,
    /// A copy that sinks, from this path of the context.
    Moves(StepAt, String),
}

/// Whether a step makes `place` anew, before `at` and behind the copy that may bring it.
pub fn is_made(graph: &Graph<'_>, at: StepAt, place: &str) -> bool {
    let mut copies = graph.copies_before(at).take_while(|(copy_at, _)| copy_at.stage == at.stage);
    let from =
        copies.find(|(_, copy)| !copy.may_bring(place).is_no()).map_or(0, |(from, _)| from.step);
    let steps =
        graph.stages[at.stage].steps[from..at.step].iter().rev().take(limits::COPIES_LOOKED_AT);
    let mut commands = steps.filter_map(Step::run).flat_map(|run| &run.commands);
    commands.any(|command| !command.is_conditional && command.makes(place))
}

/// Whether a command before `at` makes a directory at `place`, over which no copy of a file goes:
/// `mkdir -p requirements.txt`.
pub fn is_made_a_directory(graph: &Graph<'_>, at: StepAt, place: &str) -> bool {
    let runs = graph.steps_before(at).filter_map(Step::run);
    runs.flat_map(|run| &run.commands).any(|command| command.makes.iter().any(|made| made == place))
}

/// Whether a step changes `place` or takes it away, before `at` and behind the copy at `from` that
/// brings it: also an install that may write its lock file, which a later copy of it brings back as it
/// was before the next install.
pub fn is_changed(graph: &Graph<'_>, from: StepAt, at: StepAt, place: &str) -> bool {
    let stages = graph.with_ancestors(at.stage);
    let between = stages.take_while(|stage| stage.index >= from.stage).flat_map(|stage| {
        let first = if stage.index == from.stage { from.step } else { 0 };
        let last = if stage.index == at.stage { at.step } else { stage.steps.len() };
        stage.steps[first.min(last)..last].iter().rev()
    });
    let runs = between.take(limits::COPIES_LOOKED_AT).filter_map(Step::run);
    runs.flat_map(|run| &run.commands).any(|command| {
        let used = command.used.as_ref();
        command.changes([place].into_iter())
            || used.is_some_and(|used| used.rewrites(place) || changes_manifest(used))
    })
}

/// Whether a command is there to change a manifest or its lock file: `npm install left-pad`.
fn changes_manifest(used: &Use) -> bool {
    used.kind == ActionKind::Compile && used.action.arguments == Arguments::ProjectPackages
}

/// Whether a path lies in a directory of the system: `/usr/local/bundle/config`.
fn is_of_system(place: &str) -> bool {
    SYSTEM.iter().any(|root| under(root, place).is_some())
}

/// Finds who brings `place` for the step at `at`, the latest copy first.
pub(super) fn provider(
    graph: &Graph<'_>,
    at: StepAt,
    place: &str,
    moving: &[StepAt],
) -> Result<Provider, Reason> {
    // A stage that keeps files by their names holds no other.
    let drops = |copy: &Copy| {
        let from = graph.selected(copy).zip(graph.staged(copy, place));
        from.is_some_and(|(selection, (_, from))| !selection.keeps(&from))
    };
    let brings = |copy: &Copy| !copy.may_bring(place).is_no() && !drops(copy);
    let bringing = || graph.copies_before(at).filter(|(_, copy)| brings(copy));
    if !bringing().any(|(copy_at, _)| moving.contains(&copy_at)) {
        // Whoever brings it, it stays where it is.
        let stays = bringing().next().is_some();
        return Ok(if stays { Provider::Stays } else { Provider::Nobody });
    }
    let mut found: Option<(StepAt, String)> = None;
    for (copy_at, copy) in bringing() {
        let moves = moving.contains(&copy_at);
        if copy.origin != Origin::Context {
            match (&found, copy.landing.paths.iter().any(|path| path == place)) {
                (Some(_), _) => continue,
                (None, true) if !moves => return Ok(Provider::Stays),
                _ => {
                    return Err(Reason::FromElsewhere { path: place.to_owned() });
                }
            }
        }
        let is_rooted = |path: &str| path.starts_with('/');
        let is_same_kind =
            copy.destination.as_ref().is_some_and(|to| is_rooted(to.path()) == is_rooted(place));
        match (&found, copy.source_of(place, graph.context)) {
            (None, Some(source)) if moves => found = Some((copy_at, source)),
            // A directory that is not known may be the root, or not.
            (None, Some(_)) if !is_same_kind => {
                return Err(Reason::OriginUnknown { path: place.to_owned() });
            }
            (None, Some(_)) => return Ok(Provider::Stays),
            // That the directory is none of the system's is assumed of what goes there.
            (None, None) if !is_same_kind && is_of_system(place) => continue,
            (None, None) if moves && !graph.context.is_complete() => {
                return Err(Reason::OriginUnknown { path: place.to_owned() });
            }
            (Some((by, first)), Some(source))
                if !moves
                    && *first == source
                    && is_same_kind
                    && does_as_well(graph, at, place, [copy, graph.copy_at(*by)])
                    && !is_changed(graph, copy_at, at, place) =>
            {
                return Ok(Provider::Stays);
            }
            (Some((by, first)), Some(source))
                if *first != source
                    && !graph.context.exists(first).is_yes()
                    && !names(graph, *by, first) =>
            {
                let (path, first) = (place.to_owned(), first.clone());
                return Err(Reason::TwoOrigins { path, first, second: source });
            }
            _ => {}
        }
    }
    Ok(match found {
        Some((at, source)) => Provider::Moves(at, source),
        None => Provider::Nobody,
    })
}

/// Whether the step at `at` does the same with the file at `place` as the first copy brings it: where
/// the last one gives it to node (`COPY --chown=node . .`), npm may write it as node.
fn does_as_well(graph: &Graph<'_>, at: StepAt, place: &str, [first, last]: [&Copy; 2]) -> bool {
    let step = &graph.stages[at.stage].steps[at.step];
    let user = step.user.as_deref();
    let changes =
        |run: &Run<'_>| run.commands.iter().any(|command| command.changes(std::iter::once(place)));
    let [of_first, of_last] = [&first.owner, &last.owner];
    let is_spared = || user.is_none() || is_root(user) || !step.run().is_some_and(changes);
    of_first[1] == of_last[1] && (of_first[0] == of_last[0] || is_spared())
}
