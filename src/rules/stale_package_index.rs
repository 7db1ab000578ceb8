//! # stale-package-index
//!
//! ## What it finds
//!
//! A RUN that does nothing but refresh the index of a package manager, and perhaps upgrade what is
//! there, with a RUN behind it that installs packages out of that index.
//!
//! ## Why it costs
//!
//! The index stays in the cache for as long as its own text stays the same. A package that is
//! added to the install months later is looked up in the index of then: it comes in an old
//! version, or is not found any more, and whoever sees that builds everything again without the
//! cache.
//!
//! ## What to do
//!
//! Refresh the index in the step that installs.
//!
//! ```dockerfile
//! FROM debian:13
//! RUN apt-get update
//! RUN apt-get install -y ffmpeg
//! CMD ["ffmpeg"]
//! ```
//!
//! becomes
//!
//! ```dockerfile
//! FROM debian:13
//! RUN apt-get update && apt-get install -y ffmpeg
//! CMD ["ffmpeg"]
//! ```
//!
//! Not reported: a step that installs something itself, and an index that no later step of the
//! stage uses.
//!
//! ```dockerfile
//! FROM debian:13
//! RUN apt-get update && apt-get install -y curl
//! RUN apt-get install -y ffmpeg
//! ```
//!
//! ## How safe the fix is
//!
//! It is only suggested: whenever the install runs again, its packages come from an index of
//! that day. The steps are joined where they run in the same environment and nothing between
//! them could tell the difference.
//!
//! ## How often it is right
//!
//! Of 14 findings read on public Dockerfiles, 14 were right. There were no more to read.

use crate::commutes::{Before, EffectPart, Passed, Sunk, commutes, links};
use crate::ecosystem::{ActionKind, Arguments, Index, Use};
use crate::graph::{CommandEffects, Graph, Run, Stage, Step, StepAt};
use crate::issue::{Issue, Related, Severity};
use crate::repair::{Operation, Repair};
use crate::rule::{Analysis, Finding, Remedy, Rule};
use crate::sentences::{Assumption, Reason};

/// The rule.
pub const RULE: Rule = Rule {
    id: "stale-package-index",
    title: "package index is refreshed in a step of its own",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let stages = analysis.graph.stages.iter();
    stages.flat_map(|stage| in_stage(analysis, stage)).collect()
}

/// Each refresh of a stage with the install that uses it. Looks at every step once.
fn in_stage(analysis: &Analysis<'_, '_>, stage: &Stage<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    // The last step that refreshed an index and nothing else, with the tool.
    let mut refreshed: Option<(usize, &'static str)> = None;
    for (at, step) in stage.steps.iter().enumerate() {
        let Some(run) = step.run() else { continue };
        if let Some(tool) = refreshes_alone(run) {
            refreshed = Some((at, tool));
        } else if let Some((first, tool)) = refreshed
            && installs_first(run, tool)
        {
            refreshed = None;
            found.push(finding(analysis, stage, (first, at), tool));
        }
    }
    found
}

/// The tool whose index is all that `run` refreshes, and keeps in its layer, beside what it upgrades
/// by it.
fn refreshes_alone(run: &Run<'_>) -> Option<&'static str> {
    // `if ...; then apt-get update && apt-get install -y tini; fi` is one command that does both.
    if run.script.commands.iter().any(|command| command.is_opaque()) {
        return None;
    }
    let mut tool = None;
    for command in run.commands.iter().filter(|command| !command.only_sets()) {
        let used = command.used.as_ref()?;
        let own = used.tool.name;
        let upgrades = tool.is_some() && upgrades_all(used);
        if !(command.refreshes() || upgrades) || tool.is_some_and(|tool| tool != own) {
            return None;
        }
        tool = Some(own);
    }
    tool.filter(|_| !run.has_cache())
}

/// Whether a command names no package, and takes newer ones for those that are there:
/// `apt-get upgrade`.
fn upgrades_all(used: &Use) -> bool {
    let action = used.action;
    used.kind == ActionKind::Named
        && action.index == Index::Usual
        && action.arguments == Arguments::Ignored
}

/// Whether `run` installs with `tool` from the index that is there.
fn installs_first(run: &Run<'_>, tool: &str) -> bool {
    let own = |command: &&CommandEffects| {
        command
            .used
            .as_ref()
            .is_some_and(|used| used.tool.name == tool && used.kind == ActionKind::Named)
    };
    let first = run.commands.iter().find(own).and_then(|command| command.used.as_ref());
    first.is_some_and(|used| used.action.index == Index::Usual)
}

fn finding(
    analysis: &Analysis<'_, '_>,
    stage: &Stage<'_>,
    (first, at): (usize, usize),
    tool: &str,
) -> Finding {
    let graph = analysis.graph;
    let [refresh, install] = [first, at].map(|step| &stage.steps[step]);
    let span = |step: &Step<'_>| graph.dockerfile.instructions[step.instruction].span;
    let line = graph.line(install.instruction);
    let issue = Issue {
        message: format!(
            "{tool} refreshes its index in a step of its own, and installs on line {line}"
        ),
        why: "The index stays in the cache while the install changes: a package that is added \
              later comes from the index of today, or is not found any more."
            .into(),
        help: "Refresh the index in the step that installs.".into(),
        related: vec![Related { span: span(install), message: "This step uses the index.".into() }],
        ..RULE.issue(span(refresh))
    };
    let here = |step| StepAt { stage: stage.index, step };
    let remedy = match (may_join(graph, refresh, install), held(graph, stage, (first, at))) {
        (true, None) => Remedy::Repair(Repair {
            title: "Refresh the index in the step that installs",
            operations: vec![Operation::Merge { step: here(first), into: here(at) }],
            frees: vec![here(first)],
            assumptions: vec![Assumption::IndexMayBeNewer],
            is_suggestion: true,
        }),
        (true, Some(reason)) => Remedy::Refused(reason),
        (false, _) => Remedy::Refused(Reason::NotOneLine),
    };
    Finding { issue, remedy }
}

/// Why the step `first` may not go behind those between it and the step `at`: one of them may use
/// the index, too.
fn held(graph: &Graph<'_>, stage: &Stage<'_>, (first, at): (usize, usize)) -> Option<Reason> {
    let links = links::of(graph, stage.index);
    let of = |step: usize| {
        let at = StepAt { stage: stage.index, step };
        (at, &stage.steps[step], EffectPart::of(&stage.steps[step].effect))
    };
    let (sunk_at, step, effect) = of(first);
    let sunk = Sunk { at: sunk_at, step, effect };
    (first + 1..at).find_map(|between| {
        let (at, step, effect) = of(between);
        let passed = Passed { at, step, effect };
        commutes(graph, sunk, passed, Before::nothing(&links)).assumptions().err()
    })
}

/// Whether the commands of both steps may stand in one line, joined by `&&`: plain shell lines
/// without flags, which run in the same environment.
fn may_join(graph: &Graph<'_>, first: &Step<'_>, second: &Step<'_>) -> bool {
    let is_line = |step: &Step<'_>| {
        let instruction = &graph.dockerfile.instructions[step.instruction];
        let plain = instruction.heredocs.is_empty() && instruction.flags.is_empty();
        plain && !instruction.is_json() && step.run().is_some_and(Run::is_chain)
    };
    is_line(first) && is_line(second) && first.state == second.state
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rules::{Cases, alone};
    use crate::{Options, analyze};

    fn cases() -> Cases {
        Cases { rule: RULE.id, head: "FROM debian:13\n", options: alone(&[RULE.id]) }
    }

    #[track_caller]
    fn catches(steps: &str, repaired: &str) {
        cases().catches(steps, repaired);
    }

    #[track_caller]
    fn catches_not(steps: &str) {
        cases().catches_not(steps);
    }

    #[test]
    fn what_stands_between_may_use_the_index() {
        let reason = |between: &str| {
            let text = format!("FROM alpine\nRUN apk update\n{between}\nRUN apk add icu-dev\n");
            let report = analyze(&text, &Options::default());
            let own = report.issues.into_iter().find(|issue| issue.rule == RULE.id);
            own.and_then(|issue| issue.refusal).map(|refusal| refusal.message)
        };
        let sentence =
            "`apk update` and `docker-php-ext-install calendar` may touch the same files.";
        assert_eq!(reason("RUN docker-php-ext-install calendar"), Some(sentence.into()));
        assert_eq!(reason("LABEL a=b"), None);
    }

    #[test]
    fn an_index_in_a_step_of_its_own() {
        catches(
            "RUN apt-get update\nRUN apt-get install -y ffmpeg",
            "RUN apt-get update && apt-get install -y ffmpeg",
        );
        catches("RUN apk update\nRUN apk add ffmpeg", "RUN apk update && apk add ffmpeg");
        catches_not("RUN apt-get update && apt-get install -y ffmpeg");
        catches_not("RUN apt-get update\nRUN apk add ffmpeg");
        catches_not("RUN apt-get update");
        catches_not("RUN apt-get update\nRUN apt-get update && apt-get install -y ffmpeg");
        let both = "RUN if [ -n \"$EXTRA\" ]; then apt-get update && apt-get install -y tini; fi";
        catches_not(&format!("{both}\nRUN apt-get install -y ffmpeg"));
    }

    #[test]
    fn an_index_and_an_upgrade() {
        catches(
            "RUN apt update && apt upgrade -y\nRUN apt install -y git",
            "RUN apt update && apt upgrade -y && apt install -y git",
        );
        catches(
            "RUN apk update && apk upgrade\nRUN apk add git",
            "RUN apk update && apk upgrade && apk add git",
        );
        catches_not("RUN apt upgrade -y\nRUN apt install -y git");
        catches_not("RUN apt update && apt upgrade -y && apt clean\nRUN apt install -y git");
        catches_not("RUN apt update && apt upgrade -y && apt install -y a\nRUN apt install -y git");
        catches_not("RUN apt update && apt upgrade -y\nRUN apt update && apt install -y git");
    }

    #[test]
    fn what_stands_between() {
        catches(
            "RUN apt-get update\nENV A=1\nRUN apt-get install -y ffmpeg",
            "RUN apt-get update\nENV A=1\nRUN apt-get install -y ffmpeg",
        );
        catches(
            "# the index\nRUN apt-get update\nEXPOSE 80\nRUN apt-get install -y ffmpeg",
            "EXPOSE 80\n# the index\nRUN apt-get update && apt-get install -y ffmpeg",
        );
        catches(
            "RUN apt-get update\nRUN ./configure\nRUN apt-get install -y ffmpeg",
            "RUN apt-get update\nRUN ./configure\nRUN apt-get install -y ffmpeg",
        );
    }

    #[test]
    fn long_lines_are_broken() {
        let packages = "build-essential ca-certificates libssl-dev libffi-dev python3-dev git curl";
        catches(
            &format!("RUN apt-get update\nRUN apt-get install -y {packages}"),
            &format!("RUN apt-get update \\\n    && apt-get install -y {packages}"),
        );
    }

    #[test]
    fn steps_that_cannot_be_joined() {
        for second in [
            "RUN [\"apt-get\", \"install\", \"-y\", \"ffmpeg\"]",
            "RUN --network=host apt-get install -y ffmpeg",
            "RUN <<EOF\napt-get install -y ffmpeg\nEOF",
        ] {
            let steps = format!("RUN apt-get update\n{second}");
            catches(&steps, &steps);
        }
    }
}
