//! Measured times of the steps of a graph, found by stage and number.

use crate::graph::{Action, Graph};
use crate::timings::Timings;

/// The measured seconds of every step, by stage; `None` where `timings` has none.
pub fn measured(graph: &Graph<'_>, timings: &Timings) -> Vec<Vec<Option<f64>>> {
    let alone = graph.stages.len() == 1;
    let stages = graph.stages.iter().map(|stage| {
        let name = match &stage.name {
            Some(name) => name.clone(),
            None if alone => String::new(),
            None => format!("stage-{}", stage.index),
        };
        // FROM is the first.
        let mut number = 1;
        let steps = stage.steps.iter().map(|step| {
            let counts =
                matches!(step.action, Action::Copy(_) | Action::Run(_) | Action::Workdir(_));
            number += u32::from(counts);
            let keyword = &graph.dockerfile.instructions[step.instruction].name.text;
            if counts { timings.seconds(&name, number, keyword) } else { None }
        });
        steps.collect()
    });
    stages.collect()
}
