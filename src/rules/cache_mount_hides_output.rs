//! # cache-mount-hides-output
//!
//! ## What it finds
//!
//! A copy from a stage, or the command that the image starts with, that wants a file out of a
//! directory where a RUN of the stage has mounted a cache.
//!
//! ## Why it costs
//!
//! What is written into a mount is in no layer: the copy fails, or takes an old file that a layer
//! had there before.
//!
//! ## What to do
//!
//! Copy the file out of the mount in the same RUN.
//!
//! ```dockerfile
//! FROM rust:1.90 AS build
//! WORKDIR /src
//! COPY . .
//! RUN --mount=type=cache,target=/src/target cargo build --release
//! FROM debian:13
//! COPY --from=build /src/target/release/app /usr/local/bin/
//! ```
//!
//! is reported.
//!
//! Not reported: what the same RUN has copied out, and what another step puts there.
//!
//! ```dockerfile
//! FROM rust:1.90 AS build
//! WORKDIR /src
//! COPY . .
//! RUN --mount=type=cache,target=/src/target cargo build --release && cp target/release/app /app
//! FROM debian:13
//! COPY --from=build /app /usr/local/bin/
//! ```
//!
//! ## How safe the fix is
//!
//! There is none: which file is wanted, and where it may stand, its author knows.
//!
//! ## How often it is right
//!
//! No finding was there to read on 1,761 public Dockerfiles.

use crate::context::clean;
use crate::graph::path_set::under;
use crate::graph::{Graph, Origin, Overlap, Run, StepAt};
use crate::issue::{Issue, Related, Severity};
use crate::limits;
use crate::rule::{Analysis, Finding, Remedy, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "cache-mount-hides-output",
    title: "file is wanted out of a cache mount",
    severity: Severity::Error,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let graph = analysis.graph;
    let has_cache = |step: &crate::graph::Step<'_>| step.run().is_some_and(Run::has_cache);
    if !graph.stages.iter().any(|stage| stage.steps.iter().any(has_cache)) {
        return Vec::new();
    }
    let (mut found, mut looked) = (Vec::new(), 0);
    for stage in &graph.stages {
        for (step, of) in stage.steps.iter().enumerate() {
            let Some(copy) = of.copy().filter(|copy| !copy.unresolved) else { continue };
            let Origin::Stage(from) = copy.origin else { continue };
            looked += 1;
            if looked > limits::COPIES_LOOKED_AT {
                return found;
            }
            let wanted = copy.sources.iter().find_map(|(text, source)| {
                let path = clean(&format!("/{}", source.literal()?));
                Some((hiding(graph, from, &path)?, text))
            });
            if let Some(((at, target), path)) = wanted {
                found.push(finding(graph, (at, target), StepAt { stage: stage.index, step }, path));
            }
        }
    }
    found
}

/// The RUN that is the only one of a stage to write at `path`, into a cache mounted there.
fn hiding<'g>(graph: &'g Graph<'_>, stage: usize, path: &str) -> Option<(StepAt, &'g str)> {
    let mut hiding = None;
    for stage in graph.with_ancestors(stage) {
        for (step, of) in stage.steps.iter().enumerate() {
            if let Some(copy) = of.copy()
                && copy.landing.overlap_path(path) != Overlap::Apart
                && copy.origin != Origin::Context
            {
                return None;
            }
            let Some(run) = of.run() else { continue };
            match run.mount_of(path) {
                Some(target) => hiding = Some((StepAt { stage: stage.index, step }, target)),
                // It may write there.
                None if run
                    .commands
                    .iter()
                    .any(|command| command.writes.overlap_path(path) != Overlap::Apart) =>
                {
                    return None;
                }
                None => {}
            }
        }
    }
    hiding.filter(|(_, target)| under(target, path).is_some())
}

fn finding(graph: &Graph<'_>, (run, target): (StepAt, &str), at: StepAt, path: &str) -> Finding {
    let line = graph.line(graph.stages[at.stage].steps[at.step].instruction);
    let issue = Issue {
        message: format!("line {line} copies {path}, which lies in the cache mounted at {target}"),
        why: "What is written into a mount is in no layer: the copy does not find it.".into(),
        help: "Copy the file out of the mount in the same RUN, and take it from there.".into(),
        related: vec![Related {
            span: graph.span(at),
            message: "This copy wants a file of the mount.".into(),
        }],
        ..RULE.issue(graph.span(run))
    };
    Finding { issue, remedy: Remedy::Advice }
}

#[cfg(test)]
mod tests {
    use crate::{Options, analyze};

    fn is_found(steps: &str, copy: &str) -> bool {
        let text = format!(
            "FROM rust:1 AS build\nWORKDIR /src\nCOPY . .\n{steps}\nFROM scratch\nCOPY --from=build {copy}\n"
        );
        let report = analyze(&text, &Options::default());
        report.issues.iter().any(|issue| issue.rule == super::RULE.id)
    }

    const BUILD: &str = "RUN --mount=type=cache,target=/src/target cargo build --release";

    #[test]
    fn what_a_mount_holds() {
        assert!(is_found(BUILD, "/src/target/release/app /app"));
        assert!(is_found(BUILD, "/src/target/ /app"));
        let relative = "RUN --mount=type=cache,target=target cargo build --release";
        assert!(is_found(relative, "/src/target/release/app /app"));
    }

    #[test]
    fn what_a_layer_holds() {
        let out = format!("{BUILD} && cp target/release/app /app");
        assert!(!is_found(&out, "/app /app"));
        assert!(!is_found(BUILD, "/src/Cargo.toml /app"));
        assert!(!is_found(BUILD, "/src /app"));
        assert!(!is_found("RUN cargo build --release", "/src/target/release/app /app"));
        let twice = format!("{BUILD}\nRUN cargo build --release");
        assert!(!is_found(&twice, "/src/target/release/app /app"));
        let copied = format!("{BUILD}\nCOPY --from=alpine /bin /src/target/release/");
        assert!(!is_found(&copied, "/src/target/release/app /app"));
        let bind = "RUN --mount=type=bind,target=/src/target cargo build --release";
        assert!(!is_found(bind, "/src/target/release/app /app"));
    }
}
