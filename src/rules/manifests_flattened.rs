//! # manifests-flattened
//!
//! ## What it finds
//!
//! A COPY whose pattern stands for manifests of one name in several directories: `*/package.json`.
//!
//! ## Why it costs
//!
//! COPY keeps no directory that a pattern stands for: each file overwrites the one before, and
//! the install finds one manifest of all. It installs too little, or fails, and the next step
//! downloads the rest at every edit.
//!
//! ## What to do
//!
//! Name each directory, or keep them with
//! [`--parents`](https://docs.docker.com/reference/dockerfile/#copy---parents).
//!
//! ```dockerfile
//! FROM node:24
//! WORKDIR /app
//! COPY package.json package-lock.json ./
//! COPY packages/*/package.json ./packages/
//! RUN npm ci
//! ```
//!
//! is reported.
//!
//! Not reported: with `--parents`, a pattern of names that differ, and one that only one directory
//! fits.
//!
//! ```dockerfile
//! # syntax=docker/dockerfile:1.20
//! FROM node:24
//! WORKDIR /app
//! COPY package.json package-lock.json ./
//! COPY --parents packages/*/package.json ./
//! RUN npm ci
//! ```
//!
//! and
//!
//! ```dockerfile
//! FROM mcr.microsoft.com/dotnet/sdk:9.0
//! WORKDIR /src
//! COPY */*.csproj ./
//! RUN for file in *.csproj; do mkdir -p "${file%.*}" && mv "$file" "${file%.*}/"; done
//! RUN dotnet restore app
//! ```
//!
//! ## How safe the fix is
//!
//! There is none: which directories belong to the project, a pattern does not say.
//!
//! ## How often it is right
//!
//! No finding was there to read on 1,761 public Dockerfiles.

use crate::context::{base_name, parent};
use crate::ecosystem::is_manifest;
use crate::graph::{Copy, Graph, Origin, StepAt};
use crate::issue::{Issue, Severity};
use crate::rule::{Analysis, Finding, Remedy, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "manifests-flattened",
    title: "copied manifests lose their directories",
    severity: Severity::Error,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let graph = analysis.graph;
    let mut found = Vec::new();
    for stage in &graph.stages {
        for &step in &stage.copies {
            let at = StepAt { stage: stage.index, step };
            let instruction = &graph.dockerfile.instructions[stage.steps[step].instruction];
            let flattened = flattened(graph, graph.copy_at(at));
            if let Some(pattern) = flattened.filter(|_| instruction.flag("parents").is_none()) {
                found.push(finding(graph, at, pattern));
            }
        }
    }
    found
}

/// The pattern that stands for manifests of one name in several directories.
fn flattened<'g>(graph: &Graph<'_>, copy: &'g Copy) -> Option<&'g str> {
    let mut sources = copy.sources.iter().filter(|_| copy.origin == Origin::Context);
    let (text, _) = sources.find(|(text, source)| {
        let name = base_name(text);
        let fits = graph.context.is_known();
        source.is_wildcard()
            && parent(text).contains(['*', '?', '['])
            && !name.contains(['*', '?', '['])
            && is_manifest(name)
            && (!fits || graph.context.select(source).files().take(2).count() > 1)
    })?;
    Some(text)
}

fn finding(graph: &Graph<'_>, at: StepAt, pattern: &str) -> Finding {
    let issue = Issue {
        message: format!("`{pattern}` copies files of one name over each other"),
        why:
            "COPY keeps no directory that a pattern stands for: the install finds one manifest of \
              all."
                .into(),
        help: "Copy each directory's manifest to its directory, or keep the directories with \
               `COPY --parents`."
            .into(),
        ..RULE.issue(graph.span(at))
    };
    Finding { issue, remedy: Remedy::Advice }
}

#[cfg(test)]
mod tests {
    use crate::{Options, analyze};

    fn is_found(copy: &str, files: Option<&[&str]>) -> bool {
        let files = files.map(|files| files.iter().map(|path| (path.to_string(), None)).collect());
        let text = format!("FROM node:24\nWORKDIR /app\n{copy}\nRUN npm ci\n");
        let report = analyze(&text, &Options { files, ..Options::default() });
        report.issues.iter().any(|issue| issue.rule == super::RULE.id)
    }

    #[test]
    fn patterns_of_directories() {
        for copy in [
            "COPY */package.json ./",
            "COPY packages/*/package.json packages/",
            "COPY package.json apps/*/package.json ./",
            "ADD services/?/pom.xml ./",
            "COPY **/package.json ./",
        ] {
            assert!(is_found(copy, None), "{copy}");
        }
        let two = ["a/package.json", "b/package.json"];
        assert!(is_found("COPY */package.json ./", Some(&two)));
    }

    #[test]
    fn patterns_that_lose_nothing() {
        for copy in [
            "COPY package*.json ./",
            "COPY */*.csproj ./",
            "COPY packages/a/package.json packages/a/",
            "COPY --parents */package.json ./",
            "COPY src/*/index.js ./",
            "COPY --from=a /*/package.json ./",
        ] {
            assert!(!is_found(copy, None), "{copy}");
        }
        assert!(!is_found("COPY */package.json ./", Some(&["a/package.json", "b/c"])));
    }
}
