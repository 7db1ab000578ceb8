//! # cache-mount-defeated
//!
//! ## What it finds
//!
//! A RUN with a cache mount that keeps nothing: a command of it empties the mount, a flag tells the
//! tool to keep nothing, the tool keeps its files elsewhere, or what Debian's images bring for a
//! build without mounts empties it.
//!
//! ## Why it costs
//!
//! Everything is downloaded again at each run, as if there were no mount; and a build that shares
//! the mount loses what it had.
//!
//! ## What to do
//!
//! Leave out what empties it: nothing of a mount is in the image.
//!
//! ```dockerfile
//! FROM node:24
//! WORKDIR /app
//! COPY package.json package-lock.json ./
//! RUN --mount=type=cache,target=/root/.npm npm ci && npm cache clean --force
//! COPY . .
//! ```
//!
//! becomes
//!
//! ```dockerfile
//! FROM node:24
//! WORKDIR /app
//! COPY package.json package-lock.json ./
//! RUN --mount=type=cache,target=/root/.npm npm ci
//! COPY . .
//! ```
//!
//! `--no-cache-dir` of [pip](https://pip.pypa.io/en/stable/topics/caching/) and `--no-cache` of
//! [uv](https://docs.astral.sh/uv/concepts/cache/) go as well. Images of Debian and Ubuntu have
//! `/etc/apt/apt.conf.d/docker-clean`, which deletes each package behind its install: take it away
//! in a step before, [as Docker's reference does](https://docs.docker.com/reference/dockerfile/#run---mounttypecache).
//!
//! ```dockerfile
//! FROM debian:13
//! RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
//!     --mount=type=cache,target=/var/lib/apt,sharing=locked \
//!     apt-get update && apt-get install -y ffmpeg
//! ```
//!
//! is reported.
//!
//! Not reported: a clean-up of what no mount holds, and a mount at the place in force.
//!
//! ```dockerfile
//! FROM debian:13
//! ENV PIP_CACHE_DIR=/cache
//! RUN rm -f /etc/apt/apt.conf.d/docker-clean
//! RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
//!     --mount=type=cache,target=/var/lib/apt,sharing=locked \
//!     apt-get update && apt-get install -y python3-pip && rm -rf /tmp/*
//! RUN --mount=type=cache,target=/cache pip install flask
//! ```
//!
//! ## How safe the fix is
//!
//! What is mounted is no part of the image, so that emptying it changes nothing there. The fix is
//! suggested, and offered where the commands are a plain chain.
//!
//! ## How often it is right
//!
//! Of 10 findings read on public Dockerfiles, 10 were right. There were no more to read.

use super::shown;
use crate::ecosystem::{cleans_behind_install, known_image, moves_cache};
use crate::graph::{CommandEffects, Graph, Run, Stage, Step, StepAt};
use crate::issue::{Issue, Severity};
use crate::limits;
use crate::repair::{Operation, Repair};
use crate::rule::{Analysis, Finding, Remedy, Rule};
use crate::sentences::Assumption;

/// The rule.
pub const RULE: Rule = Rule {
    id: "cache-mount-defeated",
    title: "cache mount keeps nothing",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let graph = analysis.graph;
    let (mut found, mut looked) = (Vec::new(), 0);
    if graph.options.ephemeral {
        return found;
    }
    for stage in &graph.stages {
        for (step, of) in stage.steps.iter().enumerate() {
            let Some(run) = of.run().filter(|run| run.has_cache()) else { continue };
            // Each looks at what stands before.
            if found.len() >= limits::REPAIRS_OF_A_RULE || looked >= limits::STEPS_THAT_DIFFER {
                return found;
            }
            looked += 1;
            let at = StepAt { stage: stage.index, step };
            found.extend(emptied(graph, at, run).or_else(|| {
                let message = run.commands.iter().find_map(|command| {
                    switched_off(graph, run, command)
                        .or_else(|| elsewhere(graph, run, command))
                        .or_else(|| cleaned_by_image(graph, (stage, step), run, command))
                })?;
                Some(finding(graph, at, message, Remedy::Advice))
            }));
        }
    }
    found
}

fn finding(graph: &Graph<'_>, at: StepAt, message: String, remedy: Remedy) -> Finding {
    let issue = Issue {
        message,
        why: "Everything is downloaded again at each run, as if there were no mount.".into(),
        help: "Let the mount keep what the tool keeps: leave out what empties it or switches it \
               off, and mount it where the tool looks."
            .into(),
        ..RULE.issue(graph.span(at))
    };
    Finding { issue, remedy }
}

/// Commands that empty a mount.
fn emptied(graph: &Graph<'_>, at: StepAt, run: &Run<'_>) -> Option<Finding> {
    let all = 0..run.commands.len();
    let emptying: Vec<usize> = all.filter(|&at| run.commands[at].empties(run).is_some()).collect();
    let first = &run.commands[*emptying.first()?];
    let target = first.empties(run)?;
    let message =
        format!("`{}` empties the cache that is mounted at {target}", shown::command(graph, first));
    let targets: Vec<&str> = run.cache_targets().collect();
    // What takes other files away as well has to stay.
    let only = emptying.iter().all(|&at| run.commands[at].only_empties(&targets));
    let remedy = match only && run.is_chain() && emptying.len() < run.commands.len() {
        true => Remedy::Repair(Repair {
            title: "Leave in the mount what it keeps",
            operations: vec![Operation::TakeOut { step: at, commands: emptying }],
            frees: vec![at],
            assumptions: vec![Assumption::MountStaysFull { target: target.to_owned() }],
            is_suggestion: true,
        }),
        false => Remedy::Advice,
    };
    Some(finding(graph, at, message, remedy))
}

/// A flag or variable with which the tool keeps nothing in its mount.
fn switched_off(graph: &Graph<'_>, run: &Run<'_>, command: &CommandEffects) -> Option<String> {
    let text = command.span.of(graph.dockerfile.source);
    command.keeps.iter().find_map(|keeps| {
        let target = run.mount_of(keeps.place.as_deref()?)?;
        let off = keeps.off.or_else(|| keeps.kept.switched_off(text, &|_| None))?;
        let off = off.trim_end_matches('=');
        Some(format!("`{off}` keeps nothing in the cache that is mounted at {target}"))
    })
}

/// A mount of the name of what the tool keeps, where it keeps it elsewhere.
fn elsewhere(graph: &Graph<'_>, run: &Run<'_>, command: &CommandEffects) -> Option<String> {
    if moves_cache(command.span.of(graph.dockerfile.source)) {
        return None;
    }
    let tool = command.used.as_ref()?.tool.name;
    command.keeps.iter().filter(|keeps| keeps.kept.mount_does).find_map(|keeps| {
        let place = keeps.place.as_deref().filter(|place| run.mount_of(place).is_none())?;
        let is_named = |target: &&str| target.rsplit('/').next() == Some(keeps.kept.name());
        let target = run.cache_targets().find(is_named)?;
        let is_known = command.as_root || command.home.is_some() || !place.starts_with("/root");
        is_known.then(|| {
            format!("{tool} keeps its files in {place}, and the cache is mounted at {target}")
        })
    })
}

/// What an image brings that empties the mount behind each install.
fn cleaned_by_image(
    graph: &Graph<'_>,
    (stage, step): (&Stage<'_>, usize),
    run: &Run<'_>,
    command: &CommandEffects,
) -> Option<String> {
    let used = command.used.as_ref()?;
    let (place, cleaner, mentions) = cleans_behind_install(used.tool.name)?;
    let target = run.mount_of(place)?;
    let image = &graph.root(stage.index).image;
    known_image(image)?;
    let mentioned = |step: &Step<'_>| {
        let text = graph.dockerfile.instructions[step.instruction].span;
        mentions.iter().any(|mention| text.of(graph.dockerfile.source).contains(mention))
    };
    let handled = stage.steps[..=step].iter().any(mentioned)
        || graph.ancestors(stage.index).any(|above| above.steps.iter().any(mentioned));
    // A script may have taken it away.
    let is_opaque = |command: &CommandEffects| command.writes.everything && command.used.is_none();
    let is_scripted = |steps: &[Step<'_>]| {
        let mut commands = steps.iter().filter_map(Step::run).flat_map(|run| &run.commands);
        commands.any(is_opaque)
    };
    let scripted = is_scripted(&stage.steps[..step])
        || graph.ancestors(stage.index).any(|above| is_scripted(&above.steps));
    (!handled && !scripted)
        .then(|| format!("{cleaner} of {image} empties the cache that is mounted at {target}"))
}

#[cfg(test)]
mod tests {
    use super::RULE;

    use crate::rules::{Cases, alone};
    use crate::{Options, analyze};

    fn cases() -> Cases {
        Cases {
            rule: RULE.id,
            head: "FROM node:24\nRUN rm /etc/apt/apt.conf.d/docker-clean\nRUN ",
            options: alone(&[RULE.id]),
        }
    }

    #[track_caller]
    fn catches(run: &str, repaired: &str) {
        cases().catches(run, repaired);
    }

    #[track_caller]
    fn catches_not(run: &str) {
        cases().catches_not(run);
    }

    const NPM: &str = "--mount=type=cache,target=/root/.npm";
    const APT: &str = "--mount=type=cache,target=/var/cache/apt,sharing=locked \
                       --mount=type=cache,target=/var/lib/apt,sharing=locked";

    #[test]
    fn what_empties_a_mount() {
        for clean in
            ["npm cache clean --force", "rm -rf /root/.npm", "rm -rf ~/.npm", "rm -rf /root/.npm/*"]
        {
            catches(&format!("{NPM} npm ci && {clean}"), &format!("{NPM} npm ci"));
        }
        for clean in ["apt-get clean", "rm -rf /var/lib/apt/lists/*"] {
            let install = format!("{APT} apt-get update && apt-get install -y a");
            catches(&format!("{install} && {clean}"), &install);
        }
        for stays in ["; rm -rf /root/.npm", " && rm -rf /root/.npm /tmp/*", " && rm -rf ~"] {
            let run = format!("{NPM} npm ci{stays}");
            catches(&run, &run);
        }
    }

    #[test]
    fn what_keeps_nothing_in_a_mount() {
        for run in [
            "--mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir flask",
            "--mount=type=cache,target=/root/.cache PIP_NO_CACHE_DIR=1 pip install flask",
            "--mount=type=cache,target=/home/node/.npm npm ci",
            "--mount=type=cache,target=/tmp/pip pip install flask",
        ] {
            catches(run, run);
        }
    }

    #[test]
    fn mounts_that_keep_something() {
        catches_not(&format!("{NPM} npm ci && rm -rf /tmp/x /var/log/*"));
        catches_not(&format!("{NPM} npm ci && rm -rf /root/.npmrc"));
        catches_not(&format!("{NPM} npm ci && apt-get clean"));
        let lists = "--mount=type=cache,target=/var/lib/apt,sharing=locked";
        catches_not(&format!("{lists} apt-get update && apt-get install -y a && apt-get clean"));
        catches_not("npm ci && npm cache clean --force");
        catches_not("--mount=type=cache,target=/root/.cache pip install flask");
        catches_not("--mount=type=cache,target=/tmp/pip pip install --cache-dir /tmp/pip flask");
        catches_not("--mount=type=cache,target=/home/node/.npm HOME=/home/node npm ci");
        catches_not(&format!("{APT} apt-get update && apt-get install -y ffmpeg"));
    }

    #[test]
    fn what_an_image_brings() {
        let own = |text: String| {
            let report = analyze(&text, &alone(&[RULE.id]));
            report.issues.iter().filter(|issue| issue.rule == RULE.id).count()
        };
        let run = format!("RUN {APT} apt-get update && apt-get install -y ffmpeg\n");
        assert_eq!(own(format!("FROM debian:13\n{run}")), 1);
        let ephemeral = Options { ephemeral: true, ..alone(&[RULE.id]) };
        assert!(analyze(&format!("FROM debian:13\n{run}"), &ephemeral).issues.is_empty());
        assert_eq!(own(format!("FROM me/base\n{run}")), 0);
        let keep = "RUN echo 'Keep-Downloaded-Packages' > /etc/apt/apt.conf.d/keep-cache\n";
        assert_eq!(own(format!("FROM debian:13\n{keep}{run}")), 0);
        assert_eq!(own(format!("FROM debian:13 AS a\n{keep}FROM a\n{run}")), 0);
    }
}
