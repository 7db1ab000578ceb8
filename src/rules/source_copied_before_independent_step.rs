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
//! scripts or settings that rarely change, or of a small program of the image that a stage makes of
//! one file.
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
//!
//! ## How often it is right
//!
//! Of 63 findings read on public Dockerfiles, 63 were right. There were no more to read.

use super::order;
use crate::ecosystem::ActionKind;
use crate::graph::content::Content;
use crate::graph::copy::looks_like_file;
use crate::graph::{Copy, Graph, Origin, StepAt};
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
    let invalidated = invalidated.filter(|(_, rerun)| {
        let is_small = |cause: &StepAt| is_of_one_file(analysis.graph, *cause);
        rerun.kind == ActionKind::Named && !rerun.causes.iter().all(is_small)
    });
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

/// Whether a copy brings what another stage makes of a single file: `ADD flush.c /src/`, `RUN gcc`.
/// It changes as rarely as a script would.
fn is_of_one_file(graph: &Graph<'_>, cause: StepAt) -> bool {
    let Origin::Stage(from) = graph.copy_at(cause).origin else { return false };
    let stage = &graph.stages[from];
    let copies = stage.copies.iter().filter_map(|&step| stage.steps[step].copy());
    let mut brought = copies.filter(|copy| copy.content != Content::Nothing);
    let follows = stage.base.stage().is_some_and(|base| graph.stages[base].follows_source);
    let is_file = |copy: &Copy| {
        copy.origin == Origin::Context
            && copy.sources.len() == 1
            && copy.sources.iter().all(|(text, _)| looks_like_file(text))
    };
    !follows && brought.next().is_some_and(is_file) && brought.next().is_none()
}

#[cfg(test)]
mod tests {
    use crate::{Options, analyze};

    /// How often it is found where a stage brings these to another, above packages of the system.
    fn found(stage: &str) -> usize {
        let text = format!(
            "FROM gcc:15 AS tool\n{stage}\nRUN make\nFROM debian:13\n\
             COPY --from=tool /out/flush /usr/local/sbin/flush\n\
             RUN apt-get update && apt-get install -y ffmpeg\n"
        );
        let issues = analyze(&text, &Options::default()).issues;
        issues.iter().filter(|issue| issue.rule == super::RULE.id).count()
    }

    #[test]
    fn a_program_of_one_file_changes_rarely() {
        assert_eq!(found("ADD flush.c /src/"), 0);
        for of_more in ["COPY src /src/", "COPY a.c b.c /src/", "COPY a.c /src/\nCOPY b.c /src/"] {
            assert_eq!(found(of_more), 1, "{of_more}");
        }
    }
}
