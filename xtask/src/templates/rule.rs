//! # {id}
//!
//! ## What it finds
//!
//! {One sentence: the steps that are wrong.}
//!
//! ## Why it costs
//!
//! {What runs again, or grows, and when.}
//!
//! ## What to do
//!
//! {One sentence in the imperative.}
//!
//! ```dockerfile
//! FROM debian:13
//! RUN {the case}
//! ```
//!
//! becomes
//!
//! ```dockerfile
//! FROM debian:13
//! RUN {the case, repaired}
//! ```
//!
//! Not reported: {the near miss, and why it is fine}.
//!
//! ```dockerfile
//! FROM debian:13
//! RUN {the near miss}
//! ```
//!
//! ## How safe the fix is
//!
//! {What has to hold for the image to stay the same.}
//!
//! ## How often it is right
//!
//! Of {100} findings read on public Dockerfiles, {97} were right.

use crate::graph::{Graph, Run, Step};
use crate::issue::{Issue, Severity};
use crate::rule::{Analysis, Finding, Remedy, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "{id}",
    title: "{title}",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let graph = analysis.graph;
    let steps = graph.stages.iter().filter(|stage| stage.needed).flat_map(|stage| &stage.steps);
    let wrong = steps.filter(|step| step.run().is_some_and(is_wrong));
    wrong.map(|step| finding(graph, step)).collect()
}

/// Whether the step is the defect. Facts about tools come from `ecosystem`: no rule names one.
fn is_wrong(run: &Run<'_>) -> bool {
    run.commands.iter().any(|command| command.used.is_none() && command.is_conditional)
}

fn finding(graph: &Graph<'_>, step: &Step<'_>) -> Finding {
    let issue = Issue {
        message: "{what is wrong here, with the line}".into(),
        why: "{Why that costs.}".into(),
        help: "{What to do.}".into(),
        ..RULE.issue(graph.dockerfile.instructions[step.instruction].span)
    };
    // `Remedy::Repair` takes operations of `repair.rs`; see `stale_package_index.rs`.
    Finding { issue, remedy: Remedy::Advice }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, analyze};

    fn found(steps: &str) -> usize {
        let report = analyze(&format!("FROM debian:13\n{steps}\n"), &Options::default());
        report.issues.iter().filter(|issue| issue.rule == RULE.id).count()
    }

    #[test]
    fn the_case_and_its_near_miss() {
        assert_eq!(found("RUN {the case}"), 1);
        assert_eq!(found("RUN {the near miss}"), 0);
    }
}
