//! Two RUNs that were joined: whether the one does together what they did, at a place where the
//! first may run as well.

use super::order::may_change_places;
use super::{Maker, Matching, same_flags};
use crate::commutes::{EffectPart, links};
use crate::graph::{CommandEffects, Graph};
use crate::shell::Joiner;

/// Matches a RUN that does what two of the original did, in order, in the same state. It counts
/// as the second of them, which the first has moved down to.
pub(super) fn match_merges(matching: &mut Matching<'_, '_, '_, '_, '_>) {
    let Matching { graph, old, used, rewritten, new, places } = matching;
    if used.iter().all(|used| *used) {
        return;
    }
    let stage = old.last().map(|maker| maker.at.stage);
    let links = stage.map(|stage| links::of(graph, stage)).unwrap_or_default();
    for (at, joined) in new.iter().enumerate() {
        let open = |i: &usize| !used[*i] && matches!(old[*i].kind, EffectPart::Commands(_));
        if places[at].is_some() || !matches!(joined.kind, EffectPart::Commands(_)) {
            continue;
        }
        let lost: Vec<usize> = (0..old.len()).filter(open).collect();
        let pairs = lost.iter().enumerate();
        let mut pairs =
            pairs.flat_map(|(n, &first)| lost[n + 1..].iter().map(move |&s| (first, s)));
        let found = pairs.find(|&(first, second)| {
            let both = [&old[first], &old[second]];
            both.iter().all(|part| {
                part.of.state == joined.of.state && same_flags(graph, part, rewritten, joined)
            }) && runs_both(graph, both, rewritten, joined)
                && old[first + 1..second].iter().all(|between| {
                    may_change_places(graph, &links, (both[0], both[0]), between, None).is_ok()
                })
        });
        if let Some((first, second)) = found {
            used[first] = true;
            used[second] = true;
            places[at] = Some(second);
        }
    }
}

/// Whether `joined` runs the commands of both, the second's where all of the first's went well.
fn runs_both(
    graph: &Graph<'_>,
    both: [&Maker<'_, '_>; 2],
    rewritten: &Graph<'_>,
    joined: &Maker<'_, '_>,
) -> bool {
    let read = |graph: &Graph<'_>, maker: &Maker<'_, '_>| -> Vec<(String, Joiner)> {
        let Some(run) = maker.of.run().filter(|run| run.is_chain()) else { return Vec::new() };
        let text = |command: &CommandEffects| command.span.of(graph.dockerfile.source).to_owned();
        let commands = run.commands.iter().zip(&run.script.commands);
        commands.map(|(facts, command)| (text(facts), command.joiner)).collect()
    };
    let [first, mut second] = both.map(|maker| read(graph, maker));
    if first.is_empty() || second.is_empty() {
        return false;
    }
    second[0].1 = Joiner::And;
    read(rewritten, joined) == [first, second].concat()
}
