//! Commands that set owners and modes and are not there any more: whether flags of the copies do
//! the same.

use super::{Does, Matching, same_flags};
use crate::commutes::EffectPart;
use crate::graph::Graph;
use crate::graph::permissions::FlagOfCopy;
use crate::limits;

/// Matches a RUN that has lost such commands, or is gone, where copies have the flags instead.
pub(super) fn match_permissions(matching: &mut Matching<'_, '_, '_, '_, '_>) {
    let Matching { graph, old, used, rewritten, new, places } = matching;
    let open = used.iter().filter(|used| !**used).count();
    if open == 0 || open > limits::STEPS_THAT_DIFFER {
        return;
    }
    let mut wanted: Vec<FlagOfCopy> = Vec::new();
    let mut lost: Vec<(usize, Option<usize>)> = Vec::new();
    for (at, run) in old.iter().enumerate().filter(|(at, _)| !used[*at]) {
        let EffectPart::Commands(commands) = run.kind else { continue };
        let texts: Vec<&str> =
            commands.iter().map(|c| c.span.of(graph.dockerfile.source)).collect();
        let rest = (0..new.len()).find_map(|at| {
            let maker = &new[at];
            let same = places[at].is_none()
                && maker.of.state == run.of.state
                && same_flags(graph, run, rewritten, maker);
            Some((at, taken_out(&texts, commands_of(rewritten, maker).filter(|_| same)?)?))
        });
        let (place, gone) = match rest {
            Some((place, gone)) => (Some(place), gone),
            None => (None, (0..texts.len()).collect()),
        };
        let is_chain = run.of.run().is_some_and(|run| run.is_chain());
        let flags: Option<Vec<Vec<FlagOfCopy>>> =
            gone.into_iter().map(|command| graph.flags_instead(run.at, command)).collect();
        if let Some(flags) = flags.filter(|_| is_chain) {
            wanted.extend(flags.into_iter().flatten());
            lost.push((at, place));
        }
    }
    let mut copies: Vec<(usize, usize)> = Vec::new();
    for (at, copy) in old.iter().enumerate().filter(|(at, _)| !used[*at]) {
        let mut does = copy.does.clone();
        let Does::Copy { flags, .. } = &mut does else { continue };
        for flag in wanted.iter().filter(|flag| flag.copy == copy.at) {
            flags.push(&flag.flag);
        }
        match (0..new.len()).find(|&other| places[other].is_none() && new[other].does == does) {
            Some(other) => copies.push((at, other)),
            None => return,
        }
    }
    let brought = |flag: &FlagOfCopy| copies.iter().any(|(at, _)| old[*at].at == flag.copy);
    if !wanted.iter().all(brought) {
        return;
    }
    for (at, place) in lost.into_iter().chain(copies.into_iter().map(|(at, to)| (at, Some(to)))) {
        used[at] = true;
        if let Some(place) = place {
            places[place] = Some(at);
        }
    }
}

/// The commands of a RUN, where they are a plain chain.
pub(super) fn commands_of<'g>(
    graph: &'g Graph<'_>,
    maker: &super::Maker<'_, '_>,
) -> Option<Vec<&'g str>> {
    let run = maker.of.run().filter(|run| run.is_chain())?;
    Some(run.commands.iter().map(|command| command.span.of(graph.dockerfile.source)).collect())
}

/// The numbers of the commands that `left` lacks.
pub(super) fn taken_out(all: &[&str], left: Vec<&str>) -> Option<Vec<usize>> {
    let mut left = left.into_iter().peekable();
    let gone = (0..all.len()).filter(|&at| left.next_if_eq(&all[at]).is_none()).collect();
    left.peek().is_none().then_some(gone)
}
