//! A RUN that was cut in two: whether its parts do together what it did.

use super::{Maker, Matching, same_flags};
use crate::commutes::EffectPart;
use crate::commutes::commands::are_apart;
use crate::graph::demands::changes_inputs;
use crate::graph::{CommandEffects, Graph};
use crate::rewrite::cleaning::cleaning;
use crate::rewrite::split::{Tie, repeated, tie};
use crate::shell::Joiner;

/// Matches a RUN that was cut in two: its commands, in order, in the same state.
pub(super) fn match_cuts(matching: &mut Matching<'_, '_, '_, '_, '_>) {
    let Matching { graph, old, used, rewritten, new, places } = matching;
    for (i, whole) in old.iter().enumerate() {
        if used[i] || !matches!(whole.kind, EffectPart::Commands(_)) {
            continue;
        }
        let parts: Vec<usize> = (0..new.len())
            .filter(|&at| {
                places[at].is_none()
                    && matches!(new[at].kind, EffectPart::Commands(_))
                    && new[at].of.state == whole.of.state
                    && same_flags(graph, whole, rewritten, &new[at])
            })
            .collect();
        let pairs = parts.iter().enumerate();
        let pairs = pairs.flat_map(|(n, &first)| parts[n + 1..].iter().map(move |&s| (first, s)));
        for (first, second) in pairs {
            let (head, tail) = (&new[first], &new[second]);
            if is_cut(graph, whole, rewritten, head, tail)
                || is_pulled(graph, whole, rewritten, head, tail)
            {
                used[i] = true;
                places[first] = Some(i);
                places[second] = Some(i);
                break;
            }
        }
    }
}

/// Whether `head` and `tail` together run the commands of `whole`, in order. The tail repeats
/// what only sets shell state.
fn is_cut(
    graph: &Graph<'_>,
    whole: &Maker<'_, '_>,
    rewritten: &Graph<'_>,
    head: &Maker<'_, '_>,
    tail: &Maker<'_, '_>,
) -> bool {
    let read = |graph: &Graph<'_>, maker: &Maker<'_, '_>| -> Vec<(String, Joiner, bool)> {
        let Some(run) = maker.of.run() else { return Vec::new() };
        let text = |command: &CommandEffects| command.span.of(graph.dockerfile.source).to_owned();
        let commands = run.commands.iter().zip(&run.script.commands);
        commands.map(|(facts, c)| (text(facts), c.joiner, facts.changes_shell)).collect()
    };
    let Some(original) = whole.of.run() else { return false };
    let step = whole.of;
    let (whole, head, tail) = (read(graph, whole), read(rewritten, head), read(rewritten, tail));
    (1..whole.len().min(head.len() + 1)).any(|cut| {
        let Ok(set) = repeated(original, cut) else { return false };
        if set.len() == cut || matches!(tie(original, cut), Tie::Tied(_)) {
            return false;
        }
        // What it adds empties caches that the rest empties, too.
        let (head, added) = head.split_at(cut);
        let empties = |commands: Vec<String>| {
            added.iter().map(|(text, ..)| text).eq(&commands)
                && added.iter().all(|(_, joiner, _)| *joiner == Joiner::And)
        };
        let empties = added.is_empty() || cleaning(graph, step, original, cut).is_ok_and(empties);
        // Each is joined as what stood behind the one before it was.
        let mut joiner = Joiner::Start;
        let mut again = tail.iter();
        let repeats = set.iter().chain([&cut]).all(|&index| {
            let (text, _, sets) = &whole[index];
            let same = again.next() == Some(&(text.clone(), joiner, *sets));
            joiner = whole.get(index + 1).map_or(joiner, |next| next.1);
            same
        });
        empties && repeats && whole[..cut] == *head && again.eq(&whole[cut + 1..])
    })
}

/// Whether `head` and `tail` together run the commands of `whole`, all joined by `&&`, each part
/// in order, and those that changed places may.
fn is_pulled(
    graph: &Graph<'_>,
    whole: &Maker<'_, '_>,
    rewritten: &Graph<'_>,
    head: &Maker<'_, '_>,
    tail: &Maker<'_, '_>,
) -> bool {
    let (Some(all), Some(head), Some(tail)) = (chain(whole), chain(head), chain(tail)) else {
        return false;
    };
    let text = |graph: &Graph<'_>, command: &CommandEffects| {
        command.span.of(graph.dockerfile.source).to_owned()
    };
    let (mut goes, mut stays) = (head.iter().peekable(), tail.iter().peekable());
    let mut passed: Vec<&CommandEffects> = Vec::new();
    for command in all {
        let is = |other: &&CommandEffects| text(rewritten, other) == text(graph, command);
        if goes.next_if(is).is_some() {
            let demands = graph.demands(command, whole.at);
            let read = demands.places();
            let apart = passed.iter().all(|other| {
                !changes_inputs(other, command, &read)
                    && !demands.scattered_changed_by(other)
                    && are_apart(graph, other, command).is_ok()
            });
            if !apart {
                return false;
            }
        } else if stays.next_if(is).is_some() {
            passed.push(command);
        } else {
            return false;
        }
    }
    goes.next().is_none() && stays.next().is_none()
}

/// The commands of a RUN that `&&` joins.
fn chain<'m>(maker: &'m Maker<'_, '_>) -> Option<&'m [CommandEffects]> {
    let run = maker.of.run()?;
    run.is_chain().then_some(&run.commands)
}
