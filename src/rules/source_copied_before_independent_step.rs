//! # source-copied-before-independent-step
//!
//! ## What it finds
//!
//! A RUN that needs nothing of the build context (system packages, downloads, packages that
//! the command itself names) behind a COPY or ADD of source files, or behind a copy of what
//! another stage built of them.
//!
//! ## Why it costs
//!
//! The step's result is the same whatever the source says, but every edit of the source
//! makes it run again.
//!
//! ## What to do
//!
//! Copy the source after such steps.
//!
//! ```dockerfile
//! FROM debian:13
//! COPY . /srv/app
//! RUN apt-get update && apt-get install -y ffmpeg
//! CMD ["/srv/app/run.sh"]
//! ```
//!
//! becomes
//!
//! ```dockerfile
//! FROM debian:13
//! RUN apt-get update && apt-get install -y ffmpeg
//! COPY . /srv/app
//! CMD ["/srv/app/run.sh"]
//! ```
//!
//! Not reported: a step that only makes directories, users or permissions, and a copy of
//! scripts or settings that rarely change.
//!
//! ```dockerfile
//! FROM debian:13
//! COPY docker-entrypoint.sh /usr/local/bin/
//! RUN apt-get update && apt-get install -y ffmpeg
//! ```
//!
//! ## How safe the fix is
//!
//! The copy only moves where the step neither reads nor writes where the copy lands. A copy
//! onto `/`, a system directory or HOME stays where it is.

use super::order;
use crate::ecosystem::ActionKind;
use crate::issue::{Issue, Severity};
use crate::rule::{Analysis, Finding, Remedy, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "source-copied-before-independent-step",
    title: "source is copied before a step that does not need it",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let invalidated = analysis.invalidated.iter().enumerate();
    let invalidated = invalidated.filter(|(_, rerun)| rerun.kind == ActionKind::Named);
    let findings = invalidated.map(|(index, rerun)| {
        let (cause, line) = (order::quoted(analysis, rerun), order::line(analysis, rerun));
        let tool = rerun.tool;
        let issue = Issue {
            message: format!(
                "{tool} needs nothing of the source, but runs after `{cause}` (line {line})"
            ),
            why: format!(
                "Every change to a file that `{cause}` copies makes this step run again, with the \
                 same result."
            ),
            help: "Copy the source after the steps that do not need it.".into(),
            related: order::causes(analysis.graph, rerun),
            ..RULE.issue(order::span(analysis.graph, rerun))
        };
        Finding { issue, remedy: Remedy::Order(index) }
    });
    findings.collect()
}
