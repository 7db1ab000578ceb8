//! # install-without-cache-mount
//!
//! ## What it finds
//!
//! An install without a cache mount for what the tool downloads.
//!
//! ## Why it costs
//!
//! A change of one dependency downloads all of them again. The layer keeps the archives as well,
//! where nobody takes them away.
//!
//! In real builds of small projects, which `docs/evidence.md` lists, another dependency took npm
//! 10.3 s and 6.0 s with the mount, pip 13.2 s and 12.3 s, apt 7.2 s and 5.0 s; the images differed
//! in the caches alone.
//!
//! ## What to do
//!
//! [Mount a cache](https://docs.docker.com/build/cache/optimize/#use-cache-mounts) where the tool
//! keeps its downloads: of [npm](https://docs.npmjs.com/cli/v11/using-npm/config#cache) in
//! `~/.npm`, of [pip](https://pip.pypa.io/en/stable/topics/caching/) in `~/.cache/pip`, of
//! [uv](https://docs.astral.sh/uv/reference/storage/) in `~/.cache/uv`, unless a variable moves it.
//!
//! ```dockerfile
//! FROM node:24
//! WORKDIR /app
//! COPY package.json package-lock.json ./
//! RUN npm ci
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
//! Where a builder keeps no mounts between builds, as on hosted CI, that changes nothing: what
//! counts there are layers, and with the option `ephemeral` nothing is reported. hadolint advises the opposite for builds without mounts: to delete
//! the archives (DL3009), and to keep none (DL3042). Both are right; with a mount, neither is
//! needed.
//!
//! Flags and commands that contradict the mount go in the same fix: `--no-cache-dir`,
//! `npm cache clean --force`, `rm -rf` of what is mounted.
//!
//! ```dockerfile
//! FROM python:3.13
//! RUN pip install --no-cache-dir flask
//! ```
//!
//! becomes
//!
//! ```dockerfile
//! FROM python:3.13
//! RUN --mount=type=cache,target=/root/.cache/pip pip install flask
//! ```
//!
//! Not reported: a mount that is there, also one that keeps nothing, and modules that a layer keeps
//! for later steps.
//!
//! ```dockerfile
//! FROM golang:1.25
//! WORKDIR /src
//! COPY go.mod go.sum ./
//! RUN go mod download
//! RUN --mount=type=cache,target=/root/.cache pip install flask
//! ```
//!
//! ## How safe the fix is
//!
//! It is suggested: a mount changes what the builder keeps. There is a fix where the user and the
//! variables say where the downloads lie, nothing switches them off or takes them away, and no
//! other step, stage or copy needs them; for package managers of the system, which need more than
//! a mount, `help` says what.
//!
//! ## How often it is right
//!
//! Of 100 findings read on public Dockerfiles, 100 were right.

use super::mounting::{mounts, repair};
use crate::ecosystem::{ActionKind, moves_cache};
use crate::graph::kept::KeptAt;
use crate::graph::{CommandEffects, Graph, Run, StepAt};
use crate::issue::{Issue, Severity};
use crate::limits;
use crate::repair::{Operation, Repair};
use crate::report::Builder;
use crate::rule::{Analysis, Finding, Remedy, Rule};

/// The rule.
pub const RULE: Rule = Rule {
    id: "install-without-cache-mount",
    title: "install keeps no downloads for the next one",
    severity: Severity::Info,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let graph = analysis.graph;
    let mut found = Vec::new();
    if graph.options.builder == Builder::Classic || graph.options.ephemeral {
        return found;
    }
    for stage in graph.stages.iter().filter(|stage| !stage.is_windows) {
        for (step, of) in stage.steps.iter().enumerate() {
            let Some(run) = of.run() else { continue };
            let at = StepAt { stage: stage.index, step };
            let tries = found.len() < limits::REPAIRS_OF_A_RULE;
            found.extend(finding(graph, (at, tries), run));
        }
    }
    found
}

/// Whether it holds downloads, which no later command uses from there.
fn is_archive(keeps: &KeptAt) -> bool {
    !keeps.kept.compiled && !keeps.kept.used_later
}

/// Whether a command downloads, and no mount keeps it.
fn keeps_nothing(graph: &Graph<'_>, run: &Run<'_>, command: &CommandEffects) -> bool {
    let Some(used) = &command.used else { return false };
    matches!(used.kind, ActionKind::Install | ActionKind::Named)
        && !command.refreshes()
        && !moves_cache(command.span.of(graph.dockerfile.source))
        // What it is told to write is meant for the image: `pip download -d`.
        && used.outputs.is_empty()
        && command.keeps.iter().filter(|keeps| is_archive(keeps)).any(|keeps| {
            let named = |target: &str| target.rsplit('/').next() == Some(keeps.kept.name());
            match (keeps.kept.mount_does, keeps.place.as_deref()) {
                // A tmpfs there throws away what is kept on purpose.
                (_, Some(place)) if run.is_mounted(place) => false,
                (true, Some(_)) => !run.cache_targets().any(named),
                (true, None) => false,
                (false, _) => !run.has_cache(),
            }
        })
}

fn finding(graph: &Graph<'_>, (at, tries): (StepAt, bool), run: &Run<'_>) -> Option<Finding> {
    let mut tools: Vec<&str> = Vec::new();
    let installs = run.commands.iter().filter(|command| keeps_nothing(graph, run, command));
    let installs: Vec<&CommandEffects> = installs.collect();
    for tool in installs.iter().filter_map(|command| command.used.as_ref()) {
        if !tools.contains(&tool.tool.name) {
            tools.push(tool.tool.name);
        }
    }
    let first = installs.first()?.keeps.iter().find(|keeps| is_archive(keeps))?;
    let (keep, own) = if tools.len() == 1 { ("keeps", "its") } else { ("keep", "their") };
    let mut help = match first.kept.mount_does {
        true => "Mount a cache where it keeps its downloads.".to_owned(),
        false => first.kept.help.to_owned(),
    };
    if let Some(off) = first.off.filter(|_| first.kept.mount_does) {
        let off = off.trim_end_matches('=');
        help = format!("Mount a cache where it keeps its downloads, and do not set `{off}`.");
    }
    let issue = Issue {
        message: format!("{} {keep} no downloads for {own} next run", tools.join(" and ")),
        why: "A change of one dependency downloads all of them again.".into(),
        help,
        ..RULE.issue(graph.span(at))
    };
    let repair = tries.then(|| mounted(graph, at, run, &installs)).flatten();
    Some(Finding { issue, remedy: repair.map_or(Remedy::Advice, Remedy::Repair) })
}

/// Mounts for what the installs of a RUN keep, without what contradicts them.
fn mounted(
    graph: &Graph<'_>,
    at: StepAt,
    run: &Run<'_>,
    installs: &[&CommandEffects],
) -> Option<Repair> {
    let helps = |keeps: &KeptAt| is_archive(keeps) && keeps.kept.mount_does;
    let keeps = installs.iter().flat_map(|command| &command.keeps).filter(|keeps| helps(keeps));
    let mut places: Vec<&str> = Vec::new();
    for place in keeps.filter_map(|keeps| keeps.place.as_deref()) {
        if !places.contains(&place) {
            places.push(place);
        }
        if places.len() > limits::ADDED_LINES {
            return None;
        }
    }
    let empties =
        |&number: &usize| places.iter().any(|place| run.commands[number].empties_mount_at(place));
    let gone: Vec<usize> = (0..run.commands.len()).filter(empties).collect();
    if !gone.iter().all(|&at| run.is_chain() && run.commands[at].only_empties(&places)) {
        return None;
    }
    let (mut wanted, mut words) = (Vec::new(), Vec::new());
    // Asked once a place: a RUN may have thousands of installs, and asking looks at the build.
    let mut asked: Vec<(String, bool)> = Vec::new();
    let mut may_mount = |place: &str| {
        let known = asked.iter().find(|(other, _)| other == place).map(|(_, may)| *may);
        known.unwrap_or_else(|| {
            let may = graph.may_mount(at, place, &gone);
            asked.push((place.to_owned(), may));
            may
        })
    };
    for command in installs {
        let place = |keeps: &&KeptAt| helps(keeps) && keeps.off.is_none();
        for keeps in command.keeps.iter().filter(place) {
            let source = graph.dockerfile.source;
            words.extend(command.words_that_keep_nothing(source, keeps.place.as_deref()?)?);
        }
        let of_command =
            mounts(graph, at, command, &mut may_mount, |keeps| helps(keeps) && keeps.off.is_none());
        for mount in of_command.into_iter().flatten() {
            if !wanted.contains(&mount) {
                wanted.push(mount);
            }
        }
    }
    if wanted.is_empty() || !words.is_empty() && !run.is_chain() {
        return None;
    }
    let mut repair = repair(at, wanted);
    if !words.is_empty() {
        repair.operations.push(Operation::TakeOutWords { step: at, words });
    }
    if !gone.is_empty() {
        repair.operations.push(Operation::TakeOut { step: at, commands: gone });
    }
    Some(repair)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rules::alone;
    use crate::{Builder, Options, analyze};

    /// How many issues the rule reports, and the last step with its fixes.
    fn found(steps: &str, builder: Builder) -> (usize, String) {
        let options = Options { builder, ..alone(&[RULE.id]) };
        let report = analyze(&format!("FROM node:24\n{steps}\n"), &options);
        let own = report.issues.iter().filter(|issue| issue.rule == RULE.id).count();
        (
            own,
            report
                .rewritten
                .strip_prefix("FROM node:24\n")
                .unwrap_or_default()
                .trim_end()
                .to_owned(),
        )
    }

    #[track_caller]
    fn catches(steps: &str, repaired: &str) {
        assert_eq!(found(steps, Builder::Buildkit), (1, repaired.to_owned()), "{steps}");
    }

    #[track_caller]
    fn advises(steps: &str) {
        catches(steps, steps);
    }

    #[track_caller]
    fn catches_not(steps: &str) {
        assert_eq!(found(steps, Builder::Buildkit), (0, steps.to_owned()), "{steps}");
    }

    #[test]
    fn downloads_are_kept_where_they_lie() {
        let npm = "RUN --mount=type=cache,target=/root/.npm npm install -g serve";
        catches("RUN npm install -g serve", npm);
        catches(
            "RUN pip install flask",
            "RUN --mount=type=cache,target=/root/.cache/pip pip install flask",
        );
        catches(
            "ENV npm_config_cache=/n\nRUN npm install -g serve",
            "ENV npm_config_cache=/n\nRUN --mount=type=cache,target=/n npm install -g serve",
        );
        catches(
            "USER 1000:1000\nENV HOME=/h\nRUN npm install -g serve",
            "USER 1000:1000\nENV HOME=/h\n\
             RUN --mount=type=cache,target=/h/.npm,uid=1000,gid=1000 npm install -g serve",
        );
    }

    #[test]
    fn what_a_mount_alone_does_not_help() {
        advises("ENV PIP_NO_CACHE_DIR=1\nRUN pip install flask");
        advises("RUN npm install -g serve; rm -rf /root/.npm");
        advises("RUN npm install -g serve && rm -rf /root/.npm /x");
        advises("RUN pip install 'a --no-cache-dir b'");
        advises("RUN apt-get update && apt-get install -y ffmpeg");
        advises("RUN yarn global add serve");
        advises("USER node\nRUN npm install -g serve");
        advises("RUN npm install -g serve\nRUN cp -r /root/.npm /keep");
    }

    #[test]
    fn what_contradicts_a_mount_goes() {
        const PIP: &str = "RUN --mount=type=cache,target=/root/.cache/pip";
        const NPM: &str = "RUN --mount=type=cache,target=/root/.npm";
        catches("RUN pip install --no-cache-dir a", &format!("{PIP} pip install a"));
        catches("RUN pip install a --no-cache-dir", &format!("{PIP} pip install a"));
        catches(
            "RUN pip install --no-cache-dir a && pip install 'b>1'",
            &format!("{PIP} pip install a && pip install 'b>1'"),
        );
        catches(
            "RUN pip install \\\n    --no-cache-dir \\\n    a",
            &format!("{PIP} pip install \\\n    a"),
        );
        catches(
            "RUN npm install -g a && npm cache clean --force",
            &format!("{NPM} npm install -g a"),
        );
        catches("RUN npm install -g a && rm -rf /root/.npm", &format!("{NPM} npm install -g a"));
    }

    #[test]
    fn tools_of_one_step_are_mounted_together() {
        catches(
            "RUN npm install -g a && pip install b",
            "RUN --mount=type=cache,target=/root/.npm \\\n    \
             --mount=type=cache,target=/root/.cache/pip \\\n    npm install -g a && pip install b",
        );
    }

    #[test]
    fn what_is_kept() {
        catches_not("RUN --mount=type=cache,target=/root/.npm npm install -g serve");
        catches_not("RUN --mount=type=cache,target=/root npm install -g serve");
        catches_not("RUN --mount=type=cache,target=/c pip install --cache-dir /c flask");
        catches_not("RUN pip download -d /wheels flask");
        catches_not("RUN apt-get update");
        catches_not("RUN npm run build");
        assert_eq!(found("RUN npm install -g serve", Builder::Classic).0, 0);
        let ephemeral = Options { ephemeral: true, ..alone(&[RULE.id]) };
        assert!(analyze("FROM node:24\nRUN npm install -g serve\n", &ephemeral).issues.is_empty());
    }
}
