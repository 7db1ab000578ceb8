//! # source-copied-before-install
//!
//! ## What it finds
//!
//! A RUN that installs a project's dependencies, behind a COPY or ADD of files that the
//! install does not need. A step that compiles counts as well where nothing before it in its
//! stage downloaded the dependencies, since it downloads them on the way, and so does a copy
//! in a stage that this one is built on. Triggers (ONBUILD) count as steps of what is built on
//! the image.
//!
//! ## Why it costs
//!
//! The builder reuses a RUN from its cache only if everything before it is unchanged. Every
//! edit of any copied file changes the COPY, so every edit installs all dependencies again.
//!
//! ## What to do
//!
//! Copy what the install reads first (manifests and lock files), install, and copy the rest
//! afterwards.
//!
//! ```dockerfile
//! FROM python:3.13
//! WORKDIR /app
//! COPY . .
//! RUN pip install -r requirements.txt
//! CMD ["python", "app.py"]
//! ```
//!
//! becomes
//!
//! ```dockerfile
//! FROM python:3.13
//! WORKDIR /app
//! COPY requirements.txt ./
//! RUN pip install -r requirements.txt
//! COPY . .
//! CMD ["python", "app.py"]
//! ```
//!
//! A step that installs and builds is cut in two, and a compile step gets a download step
//! before the source:
//!
//! ```dockerfile
//! FROM golang:1.25 AS build
//! WORKDIR /src
//! COPY . .
//! RUN go build -o /bin/app ./cmd/app
//! FROM scratch
//! COPY --from=build /bin/app /app
//! ```
//!
//! becomes
//!
//! ```dockerfile
//! FROM golang:1.25 AS build
//! WORKDIR /src
//! COPY go.mod go.sum* ./
//! RUN go mod download
//! COPY . .
//! RUN go build -o /bin/app ./cmd/app
//! FROM scratch
//! COPY --from=build /bin/app /app
//! ```
//!
//! Where it is not known which directories have manifests, or very many do, a stage of its own
//! keeps the files of these names and takes all others away. What is copied from it is the same
//! while they are, so the install stays in the cache. `COPY --parents` does that in one line;
//! it is used where `# syntax=` names a version that knows it.
//!
//! ```dockerfile
//! FROM golang:1.25
//! WORKDIR /src
//! COPY go.work ./
//! COPY . .
//! RUN go mod download
//! RUN go build -o /bin/app ./cmd/app
//! ```
//!
//! becomes
//!
//! ```dockerfile
//! FROM golang:1.25 AS manifests
//! WORKDIR /manifests
//! COPY . .
//! RUN find . \
//!     ! -type l \
//!     ! -name go.mod \
//!     ! -name go.sum \
//!     ! -name go.work \
//!     ! -name go.work.sum \
//!     -delete 2>/dev/null || true
//!
//! FROM golang:1.25
//! WORKDIR /src
//! COPY go.work ./
//! COPY --from=manifests /manifests/ ./
//! RUN go mod download
//! COPY . .
//! RUN go build -o /bin/app ./cmd/app
//! ```
//!
//! Not reported: a copy of nothing but manifests and lock files, of scripts and settings that
//! rarely change, or out of a stage that searches for manifests by name.
//!
//! ```dockerfile
//! FROM node:24
//! WORKDIR /app
//! COPY package.json package-lock.json ./
//! RUN npm ci
//! COPY . .
//! ```
//!
//! ## How safe the fix is
//!
//! It is safe where the files of the context and the text of the manifests were given and
//! rule out that the install reads anything else. Otherwise it lists what it assumes. A fix that
//! has `# syntax=` name another frontend, for `COPY --parents`, is only suggested.
//!
//! ## How often it is right
//!
//! Of 100 findings read on public Dockerfiles, 96 were right. Not worth it were installs behind a
//! file that only makes another stage run first, whose content stays the same, and installs of
//! packages that another stage has built of the source.

use super::order;
use crate::context::{below, clean, join};
use crate::ecosystem::{ActionKind, is_manifest_file};
use crate::graph::{Graph, Origin, StepAt};
use crate::issue::{Issue, Severity};
use crate::rule::{Analysis, Finding, Remedy, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "source-copied-before-install",
    title: "source is copied before the dependencies are installed",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let invalidated = analysis.invalidated.iter().enumerate();
    let invalidated =
        invalidated.filter(|(_, s)| matches!(s.kind, ActionKind::Install | ActionKind::Compile));
    let graph = analysis.graph;
    let invalidated =
        invalidated.filter(|(_, s)| !s.causes.iter().all(|&at| brings_manifests(graph, at)));
    let findings = invalidated.map(|(index, rerun)| {
        let (cause, line) = (order::quoted(analysis, rerun), order::line(analysis, rerun));
        let does = match rerun.kind {
            ActionKind::Compile => "downloads the dependencies while it builds",
            _ => "installs the dependencies",
        };
        let tool = rerun.tool;
        let issue = Issue {
            message: format!("{tool} {does} after `{cause}` (line {line})"),
            why: format!(
                "Every change to a file that `{cause}` copies makes this step run again, and the \
                 dependencies are fetched anew."
            ),
            help: "Copy the manifests and lock files first, install, and copy the rest afterwards."
                .into(),
            related: order::causes(analysis.graph, rerun),
            ..RULE.issue(order::span(analysis.graph, rerun))
        };
        Finding { issue, remedy: Remedy::Order(index) }
    });
    findings.collect()
}

/// Whether a copy takes a directory of a stage that gets manifests alone, found by their names:
/// `RUN cd /tmp/context && find . -name package.json -exec cp --parents {} /app ;`.
fn brings_manifests(graph: &Graph<'_>, at: StepAt) -> bool {
    let copy = graph.copy_at(at);
    let Origin::Stage(from) = copy.origin else { return false };
    let steps = &graph.stages[from].steps;
    let is_taken = |place: &str| {
        let mut sources = copy.sources.iter().map(|(text, _)| clean(&join("/", text)));
        sources.any(|source| source == place || below(&source, place).is_some())
    };
    let mut copies = steps.iter().filter_map(|step| step.copy());
    !copies.any(|copy| copy.landing.paths.iter().any(|place| is_taken(place)))
        && steps
            .iter()
            .filter(|step| step.run().is_some())
            .any(|step| finds_manifests(&graph.dockerfile.instructions[step.instruction].rest.text))
}

/// Whether all names that are searched for are those of manifests, and there are some.
fn finds_manifests(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', '=']).collect();
    let is_test = |word: &str| matches!(word, "-name" | "-iname" | "--include");
    let mut names = words.windows(2).filter(|pair| is_test(pair[0])).peekable();
    names.peek().is_some() && names.all(|pair| is_manifest_file(pair[1].trim_matches(['"', '\''])))
}
