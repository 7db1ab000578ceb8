//! What the rules that suggest cache mounts share: the flags, and the repair.

use crate::ecosystem::moves_cache;
use crate::graph::kept::KeptAt;
use crate::graph::{CommandEffects, Graph, StepAt};
use crate::repair::{Operation, Repair};
use crate::sentences::{Assumption, BaseName};

/// A mount to add, and what has to hold.
#[derive(PartialEq)]
pub struct Wanted {
    flag: String,
    assumptions: Vec<Assumption>,
}

/// The mounts for what `command` of the RUN at `at` keeps and `is_wanted`, where each place is one
/// that `may_mount`.
pub fn mounts(
    graph: &Graph<'_>,
    at: StepAt,
    command: &CommandEffects,
    may_mount: &mut dyn FnMut(&str) -> bool,
    is_wanted: impl Fn(&KeptAt) -> bool,
) -> Option<Vec<Wanted>> {
    let stage = &graph.stages[at.stage];
    let step = &stage.steps[at.step];
    let run = step.run()?;
    if moves_cache(command.span.of(graph.dockerfile.source)) {
        return None;
    }
    // Who runs it must be able to write there.
    let mut user = step.user.as_deref().unwrap_or("root").split(':');
    let (name, group) = (user.next().unwrap_or_default(), user.next());
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let owner = match (name, group) {
        ("root" | "0", None | Some("root" | "0")) => String::new(),
        (name, None) if is_number(name) => format!(",uid={name}"),
        (name, Some(group)) if is_number(name) && is_number(group) => {
            format!(",uid={name},gid={group}")
        }
        _ => return None,
    };
    let mut found = Vec::new();
    for keeps in command.keeps.iter().filter(|keeps| is_wanted(keeps)) {
        let place = keeps.place.as_deref()?;
        if run.mount_of(place).is_some() {
            continue;
        }
        if !may_mount(place) || place.contains([',', '"', ' ']) {
            return None;
        }
        let mut assumptions = vec![Assumption::NothingElseNeeds { place: place.to_owned() }];
        if step.user.is_none() && !command.as_root {
            let image = BaseName::from(&graph.root(at.stage).image);
            assumptions.push(Assumption::RunsAsRoot { image });
        }
        found.push(Wanted {
            flag: format!("--mount=type=cache,target={place}{owner}"),
            assumptions,
        });
    }
    (!found.is_empty()).then_some(found)
}

/// Adds the mounts to the RUN at `at`.
pub fn repair(at: StepAt, wanted: Vec<Wanted>) -> Repair {
    let mut repair = Repair {
        title: "Keep the caches of the tool in mounts",
        frees: vec![at],
        is_suggestion: true,
        ..Repair::default()
    };
    for Wanted { flag, assumptions } in wanted {
        repair.operations.push(Operation::AddFlag { step: at, text: flag });
        repair.assumptions.extend(assumptions);
    }
    repair
}
