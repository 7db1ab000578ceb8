//! Which step of the first build stood where a step of the second stands.
//!
//! By the names of stages, and by the text and order of steps. For sentences only: what is
//! cached does not depend on it.

use super::super::step::{Definition, Step};
use crate::digest::{Digest, Numbers};
use crate::syntax::Keyword;

/// For each step of `after` its counterpart in `before`.
pub(super) fn pair(before: &Definition, after: &Definition) -> Vec<Option<usize>> {
    let mut pairs = vec![None; after.steps.len()];
    let [old, new] = [before, after].map(by_stage);
    for (stage, counterpart) in stages(before, after).into_iter().enumerate() {
        let Some(counterpart) = counterpart else { continue };
        steps(before, after, &old[counterpart], &new[stage], &mut pairs);
    }
    pairs
}

fn by_stage(definition: &Definition) -> Vec<Vec<usize>> {
    let mut stages = vec![Vec::new(); definition.stages.len()];
    for (at, step) in definition.steps.iter().enumerate() {
        stages[step.stage].push(at);
    }
    stages
}

/// For each stage of `after` its counterpart: that of the same name, and without a name that
/// of the same place from the end.
fn stages(before: &Definition, after: &Definition) -> Vec<Option<usize>> {
    let (by_name, names) = (places(before), places(after));
    let (old, new) = (before.stages.len(), after.stages.len());
    let counterpart = |(at, name): (usize, &Option<String>)| match name {
        Some(name) => by_name.index(Digest::of(name).end()).or_else(|| {
            // Renamed, where its old name is gone.
            let old = before.stages.get(at)?.as_ref();
            old.is_none_or(|old| names.get(Digest::of(old).end()).is_none()).then_some(at)
        }),
        None => (old + at).checked_sub(new).filter(|&at| before.stages[at].is_none()),
    };
    after.stages.iter().enumerate().map(counterpart).collect()
}

/// For the number of each stage's name its index.
fn places(definition: &Definition) -> Numbers {
    let mut places = Numbers::default();
    for (at, name) in definition.stages.iter().enumerate() {
        if let Some(name) = name {
            places.set(Digest::of(name).end(), at as u64);
        }
    }
    places
}

/// The same steps at the start and at the end; between them by keyword, in order.
fn steps(
    before: &Definition,
    after: &Definition,
    mut old: &[usize],
    mut new: &[usize],
    pairs: &mut [Option<usize>],
) {
    let same = |old: usize, new: usize| {
        let (old, new) = (&before.steps[old], &after.steps[new]);
        (old.keyword, &old.text) == (new.keyword, &new.text)
    };
    while let (Some((&first, old_rest)), Some((&place, new_rest))) =
        (old.split_first(), new.split_first())
        && same(first, place)
    {
        pairs[place] = Some(first);
        (old, new) = (old_rest, new_rest);
    }
    while let (Some((&last, old_rest)), Some((&place, new_rest))) =
        (old.split_last(), new.split_last())
        && same(last, place)
    {
        pairs[place] = Some(last);
        (old, new) = (old_rest, new_rest);
    }
    // ADD and COPY may stand for each other.
    let kind = |step: &Step| match step.keyword {
        Keyword::Add => Keyword::Copy,
        keyword => keyword,
    };
    // Of each keyword the next that is left.
    let mut left = [0; Keyword::ALL.len()];
    for &place in new {
        let wanted = kind(&after.steps[place]);
        let next = &mut left[wanted as usize];
        while old.get(*next).is_some_and(|&at| kind(&before.steps[at]) != wanted) {
            *next += 1;
        }
        pairs[place] = old.get(*next).copied();
        *next += 1;
    }
}
