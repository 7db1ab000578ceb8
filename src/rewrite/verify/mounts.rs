//! A RUN with more mounts than before: whether they only keep what a tool of it keeps, which no
//! image holds and no other step needs; and commands that emptied a mount, which are gone.

use super::configuration::content;
use super::permissions::{commands_of, taken_out};
use super::{Maker, Matching, flags_of, same_flags};
use crate::commutes::EffectPart;
use crate::graph::Graph;
use crate::limits;

/// Matches a RUN that says the same in the same state, but for such mounts and commands.
pub(super) fn match_mounts(matching: &mut Matching<'_, '_, '_, '_, '_>) {
    let Matching { graph, old, used, rewritten, new, places } = matching;
    let open = used.iter().filter(|used| !**used).count();
    if open == 0 || open > limits::STEPS_THAT_DIFFER {
        return;
    }
    for (at, edited) in new.iter().enumerate() {
        if places[at].is_some() || !matches!(edited.kind, EffectPart::Commands(_)) {
            continue;
        }
        let found = (0..old.len()).find(|&i| {
            !used[i]
                && old[i].of.state == edited.of.state
                && (has_more_mounts(graph, &old[i], rewritten, edited)
                    || empties_no_mount(graph, &old[i], rewritten, edited))
        });
        if let Some(i) = found {
            used[i] = true;
            places[at] = Some(i);
        }
    }
}

fn has_more_mounts(
    graph: &Graph<'_>,
    a: &Maker<'_, '_>,
    rewritten: &Graph<'_>,
    b: &Maker<'_, '_>,
) -> bool {
    let said = content(&graph.dockerfile.instructions[a.instruction]);
    let says = content(&rewritten.dockerfile.instructions[b.instruction]);
    if said.keyword != says.keyword || said.rest != says.rest || said.bodies != says.bodies {
        return false;
    }
    let (old, new) =
        (flags_of(graph, a.instruction, |_| true), flags_of(rewritten, b.instruction, |_| true));
    let (Some(run), Some(edited)) = (a.of.run(), b.of.run()) else { return false };
    let added = &edited.mounts[run.mounts.len().min(edited.mounts.len())..];
    new.starts_with(&old)
        && new.len() == old.len() + added.len()
        && !added.is_empty()
        && added.iter().all(|mount| {
            let target = mount.target.as_deref().filter(|_| mount.cache);
            target.is_some_and(|target| rewritten.may_mount(b.at, target))
        })
}

/// Whether only commands are gone that emptied a mount.
fn empties_no_mount(
    graph: &Graph<'_>,
    a: &Maker<'_, '_>,
    rewritten: &Graph<'_>,
    b: &Maker<'_, '_>,
) -> bool {
    let Some(run) = a.of.run().filter(|_| same_flags(graph, a, rewritten, b)) else { return false };
    let (Some(all), Some(left)) = (commands_of(graph, a), commands_of(rewritten, b)) else {
        return false;
    };
    taken_out(&all, left).is_some_and(|gone| {
        !gone.is_empty() && gone.into_iter().all(|at| run.commands[at].empties(run).is_some())
    })
}
