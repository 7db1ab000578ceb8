//! A RUN with more mounts than before: whether they only keep what a tool of it keeps, which no
//! image holds and no other step needs; and commands that emptied a mount, which are gone.

use super::configuration::content;
use super::permissions::{commands_of, taken_out};
use super::{Maker, Matching, flags_of, same_flags};
use crate::commutes::EffectPart;
use crate::graph::run::Mount;
use crate::graph::{Graph, Run};
use crate::limits;
use crate::text::Cut;

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
    let (old, new) =
        (flags_of(graph, a.instruction, |_| true), flags_of(rewritten, b.instruction, |_| true));
    let (Some(run), Some(edited)) = (a.of.run(), b.of.run()) else { return false };
    let added = &edited.mounts[run.mounts.len().min(edited.mounts.len())..];
    let said = content(&graph.dockerfile.instructions[a.instruction]);
    let says = content(&rewritten.dockerfile.instructions[b.instruction]);
    let same = said.keyword == says.keyword && said.rest == says.rest && said.bodies == says.bodies;
    (same || keeps_more(graph, (a, run), rewritten, b, added))
        && new.starts_with(&old)
        && new.len() == old.len() + added.len()
        && !added.is_empty()
        && added.iter().all(|mount| {
            let target = mount.target.as_deref().filter(|_| mount.cache);
            target.is_some_and(|target| rewritten.may_mount(b.at, target, &[]))
        })
}

/// Whether only words are gone with which commands kept nothing where `added` is mounted, and
/// commands that would empty it.
fn keeps_more(
    graph: &Graph<'_>,
    (a, run): (&Maker<'_, '_>, &Run<'_>),
    rewritten: &Graph<'_>,
    b: &Maker<'_, '_>,
    added: &[Mount],
) -> bool {
    let (Some(_), Some(left)) = (commands_of(graph, a), commands_of(rewritten, b)) else {
        return false;
    };
    let places: Vec<&str> = added.iter().filter_map(|mount| mount.target.as_deref()).collect();
    let mut left = left.into_iter().peekable();
    for command in &run.commands {
        let source = graph.dockerfile.source;
        let (mut text, mut at) = (String::new(), command.span.start as usize);
        for words in places.iter().map(|place| command.words_that_keep_nothing(source, place)) {
            for word in words.into_iter().flatten() {
                if (word.start as usize) < at {
                    continue;
                }
                text.push_str(source.cut(at..word.start as usize));
                at = word.end as usize;
            }
        }
        text.push_str(source.cut(at..command.span.end as usize));
        if left.next_if_eq(&text.as_str()).is_none() && !command.only_empties(&places) {
            return false;
        }
    }
    left.peek().is_none()
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
    let targets: Vec<&str> = run.cache_targets().collect();
    taken_out(&all, left).is_some_and(|gone| {
        !gone.is_empty() && gone.into_iter().all(|at| run.commands[at].only_empties(&targets))
    })
}
