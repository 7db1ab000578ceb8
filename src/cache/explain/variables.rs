//! Which variable of two environments differs, and who set it.

use super::super::outcome::Cause;
use super::super::step::{Assignment, Definition};
use crate::digest::{Digest, Numbers};

/// The first variable that differs, as cause and half a sentence.
pub(super) fn differ(
    (before, old): (&Definition, Option<u32>),
    (after, new): (&Definition, Option<u32>),
) -> (Cause, String) {
    let (old, new) = (list(before, old), list(after, new));
    let (by_name, names) = (places(&old), places(&new));
    for now in &new {
        match by_name.index(number(now)).map(|at| old[at]) {
            Some(was) if was.value == now.value => {}
            Some(was) => {
                let (value, old) = (short(&now.value), short(&was.value));
                return (cause(now), format!("{} is {value} and was {old}", kind(now)));
            }
            None => return (cause(now), format!("{} is set now", kind(now))),
        }
    }
    match old.iter().find(|was| names.get(number(was)).is_none()) {
        Some(was) => (cause(was), format!("{} is no longer set", kind(was))),
        None if old.iter().map(|a| &a.name).eq(new.iter().map(|a| &a.name)) => {
            // Only classic notices these without an ARG.
            (Cause::BuildArg, "a proxy is passed to one of the builds only".to_owned())
        }
        None => {
            let argument = new.iter().chain(&old).any(|assignment| assignment.argument);
            let cause = if argument { Cause::BuildArg } else { Cause::Env };
            (cause, "the order of ENV and ARG changed".to_owned())
        }
    }
}

/// The variables that are set, in the order in which they were last set.
fn list(definition: &Definition, last: Option<u32>) -> Vec<&Assignment> {
    let mut list: Vec<&Assignment> = Vec::new();
    let mut seen = Numbers::default();
    let mut next = last;
    while let Some(assignment) = next.and_then(|at| definition.assignments.get(at as usize)) {
        if seen.set(number(assignment), 0).is_none() {
            list.push(assignment);
        }
        next = assignment.before;
    }
    list.reverse();
    list
}

/// For the number of each name its place.
fn places(list: &[&Assignment]) -> Numbers {
    let mut places = Numbers::default();
    for (at, assignment) in list.iter().enumerate() {
        places.set(number(assignment), at as u64);
    }
    places
}

fn number(assignment: &Assignment) -> u64 {
    Digest::of(&assignment.name).end()
}

fn cause(assignment: &Assignment) -> Cause {
    if assignment.argument { Cause::BuildArg } else { Cause::Env }
}

fn kind(assignment: &Assignment) -> String {
    let name = &assignment.name;
    if assignment.argument { format!("build argument {name}") } else { format!("variable {name}") }
}

fn short(value: &str) -> String {
    let text: String = value.chars().take(40).collect();
    let dots = if text.len() < value.len() { "..." } else { "" };
    format!("`{text}{dots}`")
}
