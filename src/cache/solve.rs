//! Which steps of a build come from the cache that another build left.
//!
//! A step's key is its definition and what goes into it: its base by the key that made it,
//! known files by their bytes. Files of a stage that runs again are not known: there the key
//! only says what the bytes must be compared with.
//!
//! <https://github.com/moby/buildkit/blob/master/solver/edge.go>

use super::outcome::Outcome;
use super::step::{Definition, FileSystem, Input, Step};
use crate::digest::{Digest, Numbers};

/// What a build leaves in the cache.
pub(super) struct Cache {
    /// What each key made.
    results: Numbers,
    /// By the keys without the files of other stages: the first step that has each.
    near: Numbers,
    /// For each step the numbers of its inputs.
    inputs: Vec<Vec<u64>>,
    /// For each step what it leaves.
    pub states: Vec<u64>,
    /// For each link what it puts on its base.
    layers: Vec<u64>,
}

/// How well a file system is known to be one that the cache holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// The very same.
    Same,
    /// The same if files of another stage are the same bytes.
    Perhaps,
    /// Another one.
    New,
}

/// What becomes of the steps of a build.
pub(super) struct Solution {
    pub outcomes: Vec<Outcome>,
    /// For each step the number of what it leaves, and whether the cache holds it.
    pub states: Vec<(u64, Known)>,
}

/// The cache that a build of `definition` leaves.
pub(super) fn fill(definition: &Definition) -> Cache {
    let mut cache = Cache {
        results: Numbers::default(),
        near: Numbers::default(),
        inputs: Vec::with_capacity(definition.steps.len()),
        states: Vec::with_capacity(definition.steps.len()),
        layers: Vec::with_capacity(definition.steps.len()),
    };
    for (at, step) in definition.steps.iter().enumerate() {
        let base = number(step.base, |at| cache.states[at]);
        let mut inputs = Vec::new();
        number_inputs(&mut inputs, step, base, |at| cache.states[at]);
        let layer = key(step, &inputs);
        let layer = cache.results.keep(layer, layer);
        if let Some(other) = others(step, &inputs) {
            cache.results.keep(other, layer);
        }
        let state = put(step, base, layer);
        cache.results.keep(state, state);
        if has_files(step) {
            cache.near.keep(near(step, &inputs), at as u64);
        }
        cache.inputs.push(inputs);
        cache.layers.push(layer);
        cache.states.push(state);
    }
    cache
}

/// What becomes of `definition` with `cache`.
pub(super) fn solve(definition: &Definition, cache: &Cache) -> Solution {
    let mut solution = Solution {
        outcomes: Vec::with_capacity(definition.steps.len()),
        states: Vec::with_capacity(definition.steps.len()),
    };
    let mut inputs = Vec::new();
    for step in &definition.steps {
        let known = |state| match state {
            FileSystem::After(at) => solution.states[at].1,
            _ => Known::Same,
        };
        let base = number(step.base, |at| solution.states[at].0);
        number_inputs(&mut inputs, step, base, |at| solution.states[at].0);
        let (layer, layer_known) = find(step, &inputs, known, cache);
        let state = put(step, base, layer);
        let on = known(step.base);
        let kept = cache.results.get(state).is_some();
        let (outcome, state_known) = match (layer_known, kept) {
            (Known::New, _) => (Outcome::Rerun, Known::New),
            (Known::Same, true) if on == Known::Perhaps && step.link => {
                (Outcome::Depends, Known::Perhaps)
            }
            (Known::Same, true) => (Outcome::Cached, Known::Same),
            (Known::Perhaps, true) => (Outcome::Depends, Known::Perhaps),
            (Known::Perhaps, false) => (Outcome::Depends, Known::New),
            (Known::Same, false) => (Outcome::Relinked, Known::New),
        };
        solution.outcomes.push(outcome);
        solution.states.push((state, state_known));
    }
    solution
}

/// What the cache holds for a step, links put on nothing yet.
fn find(
    step: &Step,
    inputs: &[u64],
    known: impl Fn(FileSystem) -> Known,
    cache: &Cache,
) -> (u64, Known) {
    let all = step.inputs.iter().map(|input| match *input {
        Input::Base => known(step.base),
        Input::Files { of, .. } => known(of),
        Input::Content(_) | Input::Remote { .. } => Known::Same,
    });
    let perhaps = all.clone().any(|known| known != Known::Same);
    let own = key(step, inputs);
    let mut keys = [own].into_iter().chain(others(step, inputs));
    if let Some(layer) = keys.find_map(|key| cache.results.get(key)) {
        // The key is that of known bytes, or of bytes that may turn out to be those.
        return (layer, if perhaps { Known::Perhaps } else { Known::Same });
    }
    if has_files(step)
        && let Some(candidate) = cache.near.index(near(step, inputs))
    {
        let theirs = &cache.inputs[candidate];
        let mut pairs = step.inputs.iter().zip(inputs.iter().zip(theirs));
        // Whatever files they are of: the bytes may be the same.
        let fits = pairs
            .all(|(input, (ours, theirs))| ours == theirs || matches!(input, Input::Files { .. }));
        if fits && theirs.len() == inputs.len() {
            return (cache.layers[candidate], Known::Perhaps);
        }
    }
    (own, Known::New)
}

/// The number of a file system.
fn number(state: FileSystem, after: impl Fn(usize) -> u64) -> u64 {
    match state {
        FileSystem::Scratch => 0,
        FileSystem::Image(number) => number,
        FileSystem::After(at) => after(at),
    }
}

/// The numbers of a step's inputs, in place of what `inputs` holds.
fn number_inputs(inputs: &mut Vec<u64>, step: &Step, base: u64, after: impl Fn(usize) -> u64) {
    inputs.clear();
    inputs.extend(step.inputs.iter().map(|input| match *input {
        Input::Base => base,
        Input::Content(number) => number,
        Input::Remote { address, .. } => address,
        Input::Files { of, selected, .. } => {
            Digest::of("files").number(number(of, &after)).number(selected).end()
        }
    }));
}

fn has_files(step: &Step) -> bool {
    step.inputs.iter().any(|input| matches!(input, Input::Files { .. }))
}

fn key(step: &Step, inputs: &[u64]) -> u64 {
    Digest::of("step").number(step.definition).numbers(inputs).end()
}

/// The key by the checksum of a download.
fn others(step: &Step, inputs: &[u64]) -> Option<u64> {
    let mut checked = Vec::new();
    for (at, input) in step.inputs.iter().enumerate() {
        if let Input::Remote { checksum: Some(checksum), .. } = *input {
            if checked.is_empty() {
                checked = inputs.to_vec();
            }
            checked[at] = checksum;
        }
    }
    (!checked.is_empty()).then(|| key(step, &checked))
}

/// The key without the files of other stages and images, which stand for any.
fn near(step: &Step, inputs: &[u64]) -> u64 {
    let start = Digest::of("near").number(step.definition);
    let parts = step.inputs.iter().zip(inputs);
    let all = parts.fold(start, |all, (input, &number)| match *input {
        Input::Files { .. } => all.flag(true),
        _ => all.flag(false).number(number),
    });
    all.end()
}

/// What a step leaves: its files put on the base, where it is a link.
fn put(step: &Step, base: u64, layer: u64) -> u64 {
    match step.base {
        _ if !step.link => layer,
        // There is nothing to put them on.
        FileSystem::Scratch => layer,
        _ => Digest::of("link").number(base).number(layer).end(),
    }
}
