//! # whole-context-bind-mount
//!
//! ## What it finds
//!
//! A RUN that mounts the whole build context and downloads the dependencies of a project, without
//! a cache mount.
//!
//! ## Why it costs
//!
//! What is mounted belongs to the cache key of the step: every edit of any file of the context
//! runs it again, and with it the download.
//!
//! ## What to do
//!
//! Keep the downloads in a cache mount, or download in a RUN of its own that mounts the manifests
//! alone.
//!
//! ```dockerfile
//! FROM golang:1.25
//! WORKDIR /src
//! RUN --mount=type=bind,target=. go build -o /usr/local/bin/app ./cmd/app
//! ```
//!
//! is reported.
//!
//! Not reported: with the downloads in a cache, or with the manifests alone.
//!
//! ```dockerfile
//! FROM golang:1.25
//! WORKDIR /src
//! RUN --mount=type=bind,target=. --mount=type=cache,target=/go/pkg/mod go build -o /usr/local/bin/app ./cmd/app
//! ```
//!
//! and
//!
//! ```dockerfile
//! FROM golang:1.25
//! WORKDIR /src
//! RUN --mount=type=bind,source=go.mod,target=go.mod --mount=type=bind,source=go.sum,target=go.sum go mod download
//! RUN --mount=type=bind,target=. go build -o /usr/local/bin/app ./cmd/app
//! ```
//!
//! ## How safe the fix is
//!
//! There is none: whether the image needs what was downloaded, only its author knows.
//!
//! ## How often it is right
//!
//! No finding was there to read on 1,761 public Dockerfiles.

use crate::graph::StepAt;
use crate::issue::{Issue, Severity};
use crate::rule::{Analysis, Finding, Remedy, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "whole-context-bind-mount",
    title: "step that downloads mounts the whole build context",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let found = analysis.graph.mounting_all().into_iter();
    found.map(|(at, tool)| finding(analysis, at, tool)).collect()
}

fn finding(analysis: &Analysis<'_, '_>, at: StepAt, tool: &str) -> Finding {
    let issue = Issue {
        message: format!("{tool} downloads in a step that mounts the whole build context"),
        why: "What is mounted belongs to the cache key of the step: every edit of any file \
              downloads the dependencies again."
            .into(),
        help: match analysis.graph.options.ephemeral {
            false => {
                "Add a cache mount for the downloads, or download before it in a RUN that mounts \
                 the manifests alone."
            }
            true => "Download before it in a RUN that mounts the manifests alone.",
        }
        .into(),
        ..RULE.issue(analysis.graph.span(at))
    };
    Finding { issue, remedy: Remedy::Advice }
}

#[cfg(test)]
mod tests {
    use crate::rules::alone;
    use crate::{Options, analyze};

    fn is_found(steps: &str) -> bool {
        let report =
            analyze(&format!("FROM node:24\nWORKDIR /app\n{steps}\n"), &Options::default());
        report.issues.iter().any(|issue| issue.rule == super::RULE.id)
    }

    #[test]
    fn downloads_that_each_edit_repeats() {
        for steps in [
            "RUN --mount=type=bind,target=. npm ci",
            "RUN --mount=target=/app,rw npm ci && npm run build",
            "RUN --mount=type=bind,source=.,target=/app,readwrite npm ci",
            "RUN --mount=type=bind,src=/,dst=/app pip install -r requirements.txt",
            "RUN --mount=type=bind,target=. cargo build --target-dir /target",
        ] {
            assert!(is_found(steps), "{steps}");
        }
    }

    #[test]
    fn a_mount_that_no_build_keeps() {
        let text = "FROM node:24\nWORKDIR /app\n\
                    RUN --mount=target=. --mount=type=cache,target=/root/.npm npm ci\n";
        let report = analyze(text, &Options { ephemeral: true, ..alone(&[super::RULE.id]) });
        let help = "Download before it in a RUN that mounts the manifests alone.";
        assert_eq!(report.issues[0].help, help);
        assert!(analyze(text, &alone(&[super::RULE.id])).issues.is_empty());
    }

    #[test]
    fn what_an_edit_does_not_repeat() {
        for steps in [
            "RUN --mount=type=bind,source=package.json,target=package.json npm ci",
            "RUN --mount=type=bind,from=sources,target=. npm ci",
            "RUN --mount=type=cache,target=/app npm ci",
            "RUN --mount=type=bind,target=. --mount=type=cache,target=/root/.npm npm ci",
            "RUN --mount=type=bind,target=. npm run build",
            "RUN --mount=type=bind,target=. apt-get update",
        ] {
            assert!(!is_found(steps), "{steps}");
        }
    }
}
