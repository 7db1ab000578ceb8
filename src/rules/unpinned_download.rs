//! # unpinned-download
//!
//! ## What it finds
//!
//! `git clone` of a branch, an address with `latest` or `main` in it, or ADD of a repository
//! without a tag: what comes is another thing tomorrow.
//!
//! ## Why it costs
//!
//! A RUN stays in the cache as long as its text: what it downloaded once stays for ever, until a
//! build without the cache brings something else, and other caches behind it are lost. ADD asks
//! the server at each build, and all behind it runs again at each commit there.
//!
//! ## What to do
//!
//! Name a tag or a commit, and a [checksum](https://docs.docker.com/reference/dockerfile/#add---checksum)
//! where it is a file.
//!
//! ```dockerfile
//! FROM debian:13
//! RUN git clone --depth 1 https://github.com/example/tool.git /opt/tool
//! ```
//!
//! is reported.
//!
//! Not reported: a tag, a commit, a version, or a checksum; a repository of which a later step
//! chooses the commit, and one whose newest commit an ADD above asks a service for.
//!
//! ```dockerfile
//! FROM debian:13
//! RUN git clone --depth 1 --branch v1.4.0 https://github.com/example/tool.git /opt/tool
//! RUN git clone https://github.com/example/lib.git /opt/lib && git -C /opt/lib checkout 3f2a1bc
//! ADD https://github.com/example/more.git#v2.0.1 /opt/more
//! RUN curl -fsSL https://github.com/example/cli/releases/download/v3.1.0/cli -o /usr/local/bin/cli
//! ```
//!
//! ## How safe the fix is
//!
//! There is none: which version is wanted, only its author knows.
//!
//! ## How often it is right
//!
//! Of 49 findings read on public Dockerfiles, 49 were right. There were no more to read.

use crate::ecosystem::moving::{
    asks_for_newest, checks_downloads, chooses_commit, is_repository, moving_download,
    moving_source,
};
use crate::graph::{Graph, Step, StepAt};
use crate::issue::{Issue, Severity};
use crate::limits;
use crate::rule::{Analysis, Finding, Remedy, Rule};
use crate::shell::{self, Joiner};
use crate::syntax::{Arguments, Instruction, Keyword};
use crate::text::Span;

/// The rule.
pub const RULE: Rule = Rule {
    id: "unpinned-download",
    title: "download names no version",
    severity: Severity::Info,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let graph = analysis.graph;
    let mut found = Vec::new();
    for stage in &graph.stages {
        let text = |step: usize| {
            let instruction = stage.steps[step].instruction;
            graph.dockerfile.instructions[instruction].span.of(graph.dockerfile.source)
        };
        // `RUN git clone ADDRESS` with a `RUN git checkout COMMIT` behind it.
        let is_pinned_later =
            |step: usize| stage.steps[step].run().is_some() && chooses_commit(text(step));
        let last = (0..stage.steps.len()).rev().find(|&step| is_pinned_later(step));
        for (step, of) in stage.steps.iter().enumerate() {
            let instruction = &graph.dockerfile.instructions[of.instruction];
            let Some(address) = in_run(graph, of).or_else(|| in_add(instruction)) else { continue };
            let mut before = (0..step).rev().take(limits::STEPS_BACK).map(text);
            if last.is_some_and(|last| last > step && is_repository(text(step)))
                || before.any(|text| asks_for_newest(text, address))
            {
                continue;
            }
            found.push(finding(graph.span(StepAt { stage: stage.index, step }), address));
        }
    }
    found
}

fn in_run<'g>(graph: &'g Graph<'_>, step: &'g Step<'_>) -> Option<&'g str> {
    let run = step.run()?;
    let instruction = &graph.dockerfile.instructions[step.instruction];
    if checks_downloads(instruction.span.of(graph.dockerfile.source)) {
        return None;
    }
    // Behind `||` stands what is done where the tag is not there.
    let commands = run.script.commands.iter().filter(|command| command.joiner != Joiner::Or);
    commands.into_iter().find_map(|command: &shell::Command<'_>| {
        let words: Vec<&str> =
            command.invocation().words.iter().map(|word| word.raw.as_ref()).collect();
        moving_download(&words)
    })
}

fn in_add<'i>(instruction: &'i Instruction<'_>) -> Option<&'i str> {
    let Arguments::Copy { sources, .. } = &instruction.arguments else { return None };
    let is_add =
        instruction.keyword == Some(Keyword::Add) && instruction.flag("checksum").is_none();
    let mut sources = sources.iter().map(|word| word.text.as_ref()).filter(|_| is_add);
    sources.find(|text| moving_source(text))
}

fn finding(span: Span, address: &str) -> Finding {
    let issue = Issue {
        message: format!("{address} is another thing tomorrow"),
        why: "The cache keeps what was downloaded once for as long as the text of the step stays, \
              and a build without it brings something else."
            .into(),
        help: "Name a tag, a commit or a version, and a checksum where it is a file.".into(),
        ..RULE.issue(span)
    };
    Finding { issue, remedy: Remedy::Advice }
}

#[cfg(test)]
mod tests {
    use crate::{Options, analyze};

    fn is_found(step: &str) -> bool {
        let report = analyze(&format!("FROM debian:13\n{step}\n"), &Options::default());
        report.issues.iter().any(|issue| issue.rule == super::RULE.id)
    }

    #[test]
    fn what_moves() {
        for step in [
            "RUN git clone https://a.b/c.git",
            "RUN cd /opt && git clone -b develop https://a.b/c.git && make",
            "RUN [\"git\", \"clone\", \"https://a.b/c.git\"]",
            "RUN <<EOF\ngit clone https://a.b/c.git\nEOF",
            "RUN curl -L https://a.b/releases/latest/download/c -o /c",
            "ADD https://a.b/c.git /c",
            "ADD https://raw.a.b/c/master/d.sh /d.sh",
            "RUN git clone https://a.b/c.git\nRUN cd c && git pull && make",
            "RUN git checkout v1.0\nRUN git clone https://a.b/c.git",
            "RUN curl -L https://a.b/latest/c -o /c\nRUN git checkout v1.0",
            "ADD https://api.a.b/repos/o/d/git/refs/heads/main /v\nRUN git clone https://a.b/o/c.git",
        ] {
            assert!(is_found(step), "{step}");
        }
    }

    #[test]
    fn what_is_pinned() {
        for step in [
            "RUN git clone -b v1.0 https://a.b/c.git",
            "RUN git clone https://a.b/c.git && cd c && git checkout 1a2b3c",
            "RUN curl -L https://a.b/v1.0/c -o /c",
            "RUN curl -L https://a.b/latest/c -o /c && echo '1a /c' | sha256sum -c",
            "ADD --checksum=sha256:0000 https://a.b/master/c /c",
            "ADD https://a.b/c.git#v1.0 /c",
            "COPY master/ /c",
            "RUN apt-get update",
            "RUN git clone https://a.b/c.git\nWORKDIR c\nRUN git checkout $COMMIT",
            "RUN git clone -b v$VERSION https://a.b/c.git || git clone https://a.b/c.git",
            "ADD https://api.a.b/repos/o/c/git/refs/heads/main /v\nRUN git clone https://a.b/o/c.git",
        ] {
            assert!(!is_found(step), "{step}");
        }
    }
}
