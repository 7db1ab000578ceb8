//! # manifest-copied-before-system-packages
//!
//! ## What it finds
//!
//! A RUN that installs packages of the system behind a copy of manifests, of which it needs
//! nothing.
//!
//! ## Why it costs
//!
//! The packages of the system are fetched again whenever a dependency of the project changes.
//! That is less often than the source does, so this only informs.
//!
//! ## What to do
//!
//! Copy the manifests behind the packages of the system.
//!
//! ```dockerfile
//! FROM python:3.13
//! WORKDIR /srv/app
//! COPY requirements.txt ./
//! RUN apt-get update && apt-get install -y libpq-dev
//! RUN pip install -r requirements.txt
//! COPY . .
//! ```
//!
//! becomes
//!
//! ```dockerfile
//! FROM python:3.13
//! WORKDIR /srv/app
//! RUN apt-get update && apt-get install -y libpq-dev
//! COPY requirements.txt ./
//! RUN pip install -r requirements.txt
//! COPY . .
//! ```
//!
//! Where one RUN installs both, it is named without a fix: whether to cut it in two is a matter of
//! how often either changes.
//!
//! Not reported: what stands behind a copy of source, which another rule finds, and a step that
//! may read the manifests.
//!
//! ```dockerfile
//! FROM python:3.13
//! WORKDIR /srv/app
//! COPY packages.txt ./
//! RUN apt-get update && xargs apt-get install -y < packages.txt
//! ```
//!
//! ## How safe the fix is
//!
//! It is suggested, and verified as any change of order: the step neither reads nor writes where
//! the manifests land.
//!
//! ## How often it is right
//!
//! Of 5 findings read on public Dockerfiles, 5 were right. There were no more to read.

use super::shown::first_line;
use crate::ecosystem::{ActionKind, SYSTEM};
use crate::graph::content::Content;
use crate::graph::{CommandEffects, Effect, Graph, Needs, Origin, Stage, StepAt};
use crate::issue::{Issue, Related, Severity};
use crate::limits;
use crate::repair::{Operation, Place, Repair};
use crate::rule::{Analysis, Finding, Remedy, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "manifest-copied-before-system-packages",
    title: "manifests are copied before packages of the system",
    severity: Severity::Info,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let graph = analysis.graph;
    let stages = graph.stages.iter().filter(|stage| !stage.triggered);
    let found = stages.filter_map(|stage| {
        let delayed = Delayed::of(stage);
        (!delayed.steps.is_empty()).then(|| delayed.finding(graph, stage))
    });
    found.collect()
}

/// What copies of manifests delay in a stage.
#[derive(Default)]
struct Delayed {
    /// The copies.
    copies: Vec<usize>,
    /// The steps that install packages of the system and nothing else, and the tool.
    steps: Vec<usize>,
    tool: &'static str,
    /// Whether the last of them goes on with what needs the manifests.
    goes_on: bool,
}

impl Delayed {
    /// Reads a stage down to the first step behind such copies that may need them, or that other
    /// rules are about.
    fn of(stage: &Stage<'_>) -> Delayed {
        let mut delayed = Delayed::default();
        for (at, step) in stage.steps.iter().enumerate() {
            match &step.effect {
                Effect::Copy(copy) if copy.content.is_volatile() => break,
                Effect::Copy(copy)
                    if copy.origin == Origin::Context && copy.content == Content::Manifests =>
                {
                    if !delayed.steps.is_empty() || delayed.copies.len() == limits::CAUSES {
                        break;
                    }
                    delayed.copies.push(at);
                }
                Effect::Run(run) => {
                    let is_other = |command: &CommandEffects| !is_independent(command);
                    let other = run.commands.iter().position(is_other);
                    let first = run.commands.iter().position(installs_system);
                    let behind = first.zip(other).is_none_or(|(first, other)| first < other);
                    if let Some(used) = first.and_then(|first| run.commands[first].used.as_ref())
                        && !delayed.copies.is_empty()
                        && behind
                    {
                        delayed.tool = used.tool.name;
                        delayed.steps.push(at);
                    }
                    if other.is_some() {
                        delayed.goes_on = delayed.steps.last() == Some(&at);
                        break;
                    }
                }
                _ => {}
            }
        }
        delayed
    }

    fn finding(&self, graph: &Graph<'_>, stage: &Stage<'_>) -> Finding {
        let at = |step: usize| StepAt { stage: stage.index, step };
        let first = graph.span(at(self.copies[0]));
        let (cause, line) = (
            first_line(first.of(graph.dockerfile.source)),
            graph.line(stage.steps[self.copies[0]].instruction),
        );
        let related = self.copies.iter().map(|&copy| Related {
            span: graph.span(at(copy)),
            message: "This copy comes first.".into(),
        });
        let issue = Issue {
            message: format!(
                "{} needs nothing of the manifests, but runs after `{cause}` (line {line})",
                self.tool
            ),
            why: "Whenever a dependency of the project changes, the packages of the system are \
                  fetched again."
                .into(),
            help: "Install the packages of the system first, in a step of their own.".into(),
            related: related.collect(),
            ..RULE.issue(graph.span(at(self.steps[0])))
        };
        // What goes on with the manifests keeps them in front of it.
        let whole = self.steps.len() - usize::from(self.goes_on);
        let Some(&last) = self.steps[..whole].last() else {
            return Finding { issue, remedy: Remedy::Advice };
        };
        let sink = |&copy: &usize| Operation::Sink {
            step: at(copy),
            from: 0,
            to: Place::Behind(at(last)),
            destination: None,
        };
        let repair = Repair {
            title: "Copy the manifests behind the packages of the system",
            operations: self.copies.iter().map(sink).collect(),
            frees: self.steps[..whole].iter().map(|&step| at(step)).collect(),
            assumptions: Vec::new(),
            is_suggestion: true,
        };
        Finding { issue, remedy: Remedy::Repair(repair) }
    }
}

/// Whether a command installs packages of the system that it names.
fn installs_system(command: &CommandEffects) -> bool {
    let used = command.used.as_ref().filter(|used| used.kind == ActionKind::Named);
    command.needs == Needs::Nothing
        && !command.refreshes()
        && used.is_some_and(|used| used.tool.writes == SYSTEM)
}

/// Whether a command needs nothing that is copied.
fn is_independent(command: &CommandEffects) -> bool {
    let is_plain = |kind| matches!(kind, ActionKind::Named | ActionKind::Upkeep);
    let used = command.used.as_ref().is_some_and(|used| is_plain(used.kind));
    command.needs == Needs::Nothing && !command.reads.everything && (used || command.only_sets())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rules::{Cases, alone};

    fn cases() -> Cases {
        Cases { rule: RULE.id, head: "FROM debian:13\nWORKDIR /app\n", options: alone(&[RULE.id]) }
    }

    #[test]
    fn manifests_go_behind_the_packages() {
        cases().catches(
            "COPY package.json package-lock.json ./\nRUN apt-get update && apt-get install -y g++\n\
             RUN npm ci\nCOPY . .",
            "RUN apt-get update && apt-get install -y g++\n\
             COPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .",
        );
    }

    #[test]
    fn what_may_need_them_is_left_alone() {
        for steps in [
            "RUN apt-get install -y g++\nCOPY package.json ./\nRUN npm install",
            "COPY package.json ./\nRUN npm install && apt-get install -y g++",
            "COPY package.json ./\nRUN npm install\nRUN apt-get install -y g++",
            "COPY . .\nCOPY package.json ./\nRUN apt-get install -y g++",
            "COPY settings.conf ./\nRUN apt-get install -y g++",
            "COPY package.json ./\nRUN apt-get update",
            "COPY package.json ./\nRUN ./configure && apt-get install -y g++",
        ] {
            cases().catches_not(steps);
        }
    }
}
