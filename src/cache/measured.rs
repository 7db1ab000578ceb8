//! Measured times of the steps of a graph, found by stage and number.
//!
//! The numbers are those of BuildKit's log: FROM is one where it names an image, and WORKDIR
//! is none where it names the root.
//!
//! `Dockerfile2LLB` and `prefixCommand` in
//! <https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/convert.go>

use crate::graph::{Base, Effect, Graph};
use crate::timings::Timings;

/// The measured seconds of every step, by stage; `None` where `timings` has none.
pub fn measured(graph: &Graph<'_>, timings: &Timings) -> Vec<Vec<Option<f64>>> {
    let stages = graph.stages.iter().map(|stage| {
        let name = match &stage.name {
            Some(name) => name.clone(),
            None => format!("stage-{}", stage.index),
        };
        // The only stage has no name, unless another image is copied from.
        let alone = if graph.stages.len() == 1 { "" } else { name.as_str() };
        let mut number = u32::from(stage.base == Base::Image);
        let steps = stage.steps.iter().map(|step| {
            let counts = match &step.effect {
                Effect::Copy(_) | Effect::Run(_) => true,
                Effect::Workdir(place) => place.as_deref() != Some("/"),
                _ => false,
            };
            number += u32::from(counts);
            let keyword = &graph.dockerfile.instructions[step.instruction].name.text;
            let time = |name: &str| timings.seconds(name, number, keyword).filter(|_| counts);
            time(alone).or_else(|| time(&name))
        });
        steps.collect()
    });
    stages.collect()
}
