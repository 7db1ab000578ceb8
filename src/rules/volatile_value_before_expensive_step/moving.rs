//! Copies out of images that are named without a version, above packages of the system.

use super::RULE;
use crate::context::base_name;
use crate::ecosystem::SYSTEM;
use crate::ecosystem::moving::is_moving_image;
use crate::graph::{Graph, Origin, Stage, StepAt};
use crate::issue::{Issue, Related};
use crate::repair::{Operation, Place, Repair};
use crate::rule::{Finding, Remedy};

/// What the first copy of a stage out of an image that moves makes run again needlessly: packages
/// of the system, which nothing that is copied is part of.
pub(super) fn finding(graph: &Graph<'_>, stage: &Stage<'_>) -> Option<Finding> {
    let instruction = |at: usize| &graph.dockerfile.instructions[stage.steps[at].instruction];
    let (step, copy) = stage.copies.iter().find_map(|&at| {
        let copy = stage.steps[at].copy().filter(|copy| copy.origin == Origin::Image)?;
        is_moving_image(instruction(at).flag_value("from")?).then_some((at, copy))
    })?;
    let image = instruction(step).flag_value("from").unwrap_or_default();
    let names: Vec<String> =
        copy.sources.iter().map(|(text, _)| base_name(text).to_owned()).collect();
    // `COPY --from=tonistiigi/xx / /` brings programs of any name.
    if names.iter().any(|name| name.is_empty() || name.contains('*')) {
        return None;
    }
    let mut reruns = Vec::new();
    for at in step + 1..stage.steps.len() {
        let Some(run) = stage.steps[at].run() else { continue };
        if !run.ignores(instruction(at).span.of(graph.dockerfile.source), &names) {
            break;
        }
        if run.downloading().any(|(_, used)| used.tool.writes == SYSTEM) {
            reruns.push(at);
        }
    }
    let (&first, &last) = (reruns.first()?, reruns.last()?);
    let at = |step: usize| StepAt { stage: stage.index, step };
    let tool = stage.steps[first].run()?.downloading().next()?.1.tool.name;
    let issue = Issue {
        message: format!("{tool} runs again with each version of `{image}`, and does not use it"),
        why: "What is copied belongs to the cache key of each step behind it, and the image names \
              no version."
            .into(),
        help: "Copy it behind the packages, or name a version.".into(),
        related: vec![Related {
            span: graph.span(at(first)),
            message: "This step does not use it.".into(),
        }],
        ..RULE.issue(graph.span(at(step)))
    };
    let repair = Repair {
        title: "Copy from an image that moves behind the packages of the system",
        operations: vec![Operation::Sink {
            step: at(step),
            from: 0,
            to: Place::Behind(at(last)),
            destination: None,
        }],
        frees: reruns.iter().map(|&step| at(step)).collect(),
        assumptions: Vec::new(),
        is_suggestion: false,
    };
    Some(Finding { issue, remedy: Remedy::Repair(repair) })
}
