//! What the rules about the order of steps share: places and sentences.

use super::shown::first_line;
use crate::graph::needs::Invalidated;
use crate::graph::{Graph, StepAt};
use crate::issue::Related;
use crate::rule::Analysis;
use crate::text::Span;

/// The step that is invalidated needlessly.
pub fn span(graph: &Graph<'_>, rerun: &Invalidated) -> Span {
    graph.span(StepAt { stage: rerun.stage, step: rerun.step })
}

/// The copies that make it rerun.
pub fn causes(graph: &Graph<'_>, rerun: &Invalidated) -> Vec<Related> {
    let related = rerun.causes.iter().map(|cause| {
        let span = graph.span(*cause);
        let inherited = match cause.stage == rerun.stage {
            true => "",
            false => ", in a stage that this one is built on",
        };
        Related { span, message: format!("This copy comes first{inherited}.") }
    });
    related.collect()
}

/// The causing instruction as it is quoted in sentences: its first line.
pub fn quoted(analysis: &Analysis<'_, '_>, rerun: &Invalidated) -> String {
    let Some(cause) = rerun.causes.first() else { return String::new() };
    let step = &analysis.graph.stages[cause.stage].steps[cause.step];
    let instruction = &analysis.graph.dockerfile.instructions[step.instruction];
    first_line(instruction.span.of(analysis.graph.dockerfile.source))
}

/// The line of the causing instruction, from 1.
pub fn line(analysis: &Analysis<'_, '_>, rerun: &Invalidated) -> u32 {
    let Some(cause) = rerun.causes.first() else { return 0 };
    analysis.graph.line(analysis.graph.stages[cause.stage].steps[cause.step].instruction)
}
