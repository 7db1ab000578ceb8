//! # cache-mount-unlocked
//!
//! ## What it finds
//!
//! A cache mount of a package manager that needs its directories for itself, without
//! `sharing=locked`.
//!
//! ## Why it costs
//!
//! Two builds that share the mount, or two stages of one build, run at the same time: one finds
//! the lock of the other and fails, and all that it did is done again.
//!
//! ## What to do
//!
//! Let one wait for the other.
//!
//! ```dockerfile
//! FROM debian:13
//! RUN --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y ffmpeg
//! ```
//!
//! becomes
//!
//! ```dockerfile
//! FROM debian:13
//! RUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y ffmpeg
//! ```
//!
//! Not reported: a mount that says how it is shared, and one of a tool that many builds may use
//! at once.
//!
//! ```dockerfile
//! FROM node:24
//! WORKDIR /app
//! COPY package.json package-lock.json ./
//! RUN --mount=type=cache,target=/root/.npm npm ci
//! COPY . .
//! ```
//!
//! ## How safe the fix is
//!
//! The image stays the same: what is mounted is no part of it. The fix is suggested, since builds
//! that ran at once wait for each other then.
//!
//! ## How often it is right
//!
//! Of 4 findings read on public Dockerfiles, 4 were right. There were no more to read.

use crate::context::clean;
use crate::graph::path_set::under;
use crate::graph::{Run, StepAt};
use crate::issue::{Issue, Severity};
use crate::repair::{Operation, Repair};
use crate::rule::{Analysis, Finding, Remedy, Rule};
use crate::sentences::Assumption;
use crate::syntax::Instruction;
use crate::syntax::mount::{MountKind, mount};

/// The rule.
pub const RULE: Rule = Rule {
    id: "cache-mount-unlocked",
    title: "package manager shares its cache mount with other builds",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let mut found = Vec::new();
    // Builds that share no mount do not meet there.
    if analysis.graph.options.ephemeral {
        return found;
    }
    for stage in &analysis.graph.stages {
        for (at, step) in stage.steps.iter().enumerate() {
            let Some(run) = step.run() else { continue };
            let instruction = &analysis.graph.dockerfile.instructions[step.instruction];
            let flags = unlocked(instruction, run);
            if let Some(tool) = exclusive(run).next().filter(|_| !flags.is_empty()) {
                let here = StepAt { stage: stage.index, step: at };
                found.push(finding(instruction, here, tool.0, flags));
            }
        }
    }
    found
}

/// The tools of `run` that need their caches for themselves, with the directories of these.
fn exclusive<'r>(
    run: &'r Run<'_>,
) -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> + 'r {
    let used = run.commands.iter().filter_map(|command| command.used.as_ref());
    let tools = used.map(|used| used.tool).filter(|tool| tool.exclusive);
    tools.map(|tool| (tool.name, tool.caches.iter().map(|cache| cache.path)))
}

/// The flags that mount a cache of such a tool, and do not say how it is shared: their numbers
/// with their text as it should be.
fn unlocked(instruction: &Instruction<'_>, run: &Run<'_>) -> Vec<(usize, String)> {
    let flags = instruction.flags.iter().enumerate().filter(|(_, flag)| flag.name == "mount");
    let found = flags.filter_map(|(at, flag)| {
        let mount = mount(flag)?;
        let target = clean(&mount.target.as_ref()?.text);
        let holds = |cache: &str| {
            under(&target, cache).is_some() || under(cache, &target).is_some_and(|_| target != "/")
        };
        let wanted = mount.kind == MountKind::Cache
            && mount.sharing.is_none()
            && exclusive(run).any(|(_, mut caches)| caches.any(holds));
        // A value in quotes ends with one.
        let value = flag.value.as_ref().filter(|value| !value.text.ends_with('"'))?;
        wanted.then(|| (at, format!("--mount={},sharing=locked", value.text)))
    });
    found.collect()
}

fn finding(
    instruction: &Instruction<'_>,
    here: StepAt,
    tool: &str,
    flags: Vec<(usize, String)>,
) -> Finding {
    let edits =
        flags.into_iter().map(|(flag, text)| Operation::EditFlag { step: here, flag, text });
    let issue = Issue {
        message: format!("{tool} needs its cache mount for itself, and other builds may use it"),
        why: "Where two builds run at once, one finds the lock of the other and fails.".into(),
        help: "Add `sharing=locked` to the mount: one build waits for the other.".into(),
        ..RULE.issue(instruction.span)
    };
    let repair = Repair {
        title: "Let one build wait for the other",
        operations: edits.collect(),
        frees: vec![here],
        assumptions: vec![Assumption::BuildsWait],
        is_suggestion: true,
    };
    Finding { issue, remedy: Remedy::Repair(repair) }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rules::{Cases, alone};
    use crate::{Options, analyze};

    fn cases() -> Cases {
        Cases { rule: RULE.id, head: "FROM debian:13\nRUN ", options: alone(&[RULE.id]) }
    }

    #[track_caller]
    fn catches(run: &str, repaired: &str) {
        cases().catches(run, repaired);
    }

    #[track_caller]
    fn catches_not(run: &str) {
        cases().catches_not(run);
    }

    const INSTALL: &str = "apt-get update && apt-get install -y ffmpeg";

    #[test]
    fn a_mount_that_two_builds_share() {
        for target in ["/var/cache/apt", "/var/cache/apt/archives", "/var/lib/apt", "/var/lib/apt/"]
        {
            let mount = format!("--mount=type=cache,target={target}");
            catches(&format!("{mount} {INSTALL}"), &format!("{mount},sharing=locked {INSTALL}"));
        }
        let [one, other] = ["apt", "/var/lib/apt"].map(|at| format!("--mount=type=cache,id={at}"));
        catches(
            &format!("{one},dst=/var/cache/apt {other},dst=/var/lib/apt {INSTALL}"),
            &format!(
                "{one},dst=/var/cache/apt,sharing=locked {other},dst=/var/lib/apt,sharing=locked \
                 {INSTALL}"
            ),
        );
    }

    #[test]
    fn mounts_that_are_right() {
        for mount in [
            "--mount=type=cache,target=/var/cache/apt,sharing=locked",
            "--mount=type=cache,target=/var/cache/apt,sharing=private",
            "--mount=type=cache,target=/var/cache/aptitude",
            "--mount=type=cache,target=/root/.cache/pip",
            "--mount=type=tmpfs,target=/var/cache/apt",
            "--mount=type=bind,target=/var/cache/apt",
        ] {
            catches_not(&format!("{mount} {INSTALL}"));
        }
        catches_not("--mount=type=cache,target=/var/cache/apt make");
        catches_not(INSTALL);
        let ephemeral = Options { ephemeral: true, ..alone(&[RULE.id]) };
        let shared =
            format!("FROM debian:13\nRUN --mount=type=cache,target=/var/lib/apt {INSTALL}\n");
        assert!(analyze(&shared, &ephemeral).issues.is_empty());
    }
}
