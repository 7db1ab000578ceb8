//! What a command reads, against what a copy brings that is to go below it.

use super::asked::copes_without;
use super::unlisted::needed;
use super::writes::{absent, elsewhere, not_there};
use super::{Passed, shown_command};
use crate::ecosystem::is_in_environment;
use crate::graph::{CommandEffects, Copy, Graph, Origin, Overlap};
use crate::sentences::{Assumption, Reason};

/// A path that the command reads, against what the copy brings.
pub(super) fn read(
    graph: &Graph<'_>,
    copy: &Copy,
    (passed, command): (Passed<'_, '_>, &CommandEffects),
    path: &str,
) -> Result<Option<Assumption>, Reason> {
    let stage = &graph.stages[passed.at.stage];
    match copy.landing.overlap_path(path) {
        Overlap::Apart => unlisted_stays(graph, copy, (passed, command), path).map(|()| None),
        Overlap::Unknown => elsewhere(graph, stage, copy, command, path).map(Some),
        Overlap::Inside(path) if absent(graph, copy, &path) => {
            unlisted_stays(graph, copy, (passed, command), &path).map(|()| None)
        }
        Overlap::Inside(path)
            if copy.origin == Origin::Context
                && !copy.landing_is_exact
                && is_in_environment(&path) =>
        {
            let source = copy.source_of(&path, graph.context);
            Ok(Some(not_there(source.as_deref().unwrap_or(&path))))
        }
        Overlap::Inside(path) | Overlap::Shared(path) => {
            Err(Reason::Reads { command: shown_command(graph, command), path })
        }
    }
}

/// Refuses where what the command names at `place` can only come with the copy.
fn unlisted_stays(
    graph: &Graph<'_>,
    copy: &Copy,
    (passed, command): (Passed<'_, '_>, &CommandEffects),
    place: &str,
) -> Result<(), Reason> {
    if copes_without(passed, command, place) {
        return Ok(());
    }
    match needed(graph, copy, (passed.at, command), place) {
        None => Ok(()),
        Some(path) => Err(Reason::ReadsUnlisted { command: shown_command(graph, command), path }),
    }
}
