//! Steps that need nothing of the source, in front of those that work on it: what a build writes
//! is known, and it is taken to do the same whatever is installed beside it.

use super::shown_command;
use crate::context::{EntryKind, base_name, join};
use crate::ecosystem::{ActionKind, Index, SYSTEM, Use};
use crate::graph::demands::changes_inputs;
use crate::graph::path_set::under;
use crate::graph::{CommandEffects, Effect, Graph, Needs, Overlap, PathSet, StepAt};
use crate::issue::RefusalReason;
use crate::sentences::{Assumption, Reason};

/// Directories that are there in every image, or nearly so.
const THERE: &[&str] = &["/etc", "/opt", "/root", "/tmp", "/usr/bin", "/usr/local/bin", "/var/tmp"];

/// Where packages of the system write nothing.
/// <https://refspecs.linuxfoundation.org/FHS_3.0/fhs/ch04s09.html>
pub const LOCAL: &str = "/usr/local";

/// Whether `compiles` builds a project, and `installs` works for another package manager: they
/// may change places where neither touches what is the other's, which is assumed.
pub fn apart(compiles: &CommandEffects, installs: &CommandEffects) -> bool {
    let (Some(compiles), Some(installs)) = (&compiles.used, &installs.used) else { return false };
    compiles.kind == ActionKind::Compile
        && compiles.tool.apart
        && matches!(installs.kind, ActionKind::Install | ActionKind::Upkeep)
        && compiles.tool.name != installs.tool.name
}

/// Whether `command` installs packages of the system: `apt-get install -y git`.
pub fn installs_packages(command: &CommandEffects) -> bool {
    let is_packages = |used: &Use| used.kind == ActionKind::Named && used.tool.writes == SYSTEM;
    command.used.as_ref().is_some_and(is_packages)
}

/// Whether `command` takes what `other` has put in its way: packages that
/// `mvn install:install-file` adds, a go.mod that `go mod edit` changes, and what
/// `cp netrc ~/.netrc` sets up for it outside of the project.
pub fn provides(other: &CommandEffects, command: &CommandEffects) -> bool {
    if sets_up(other, command) {
        return true;
    }
    let (Some(other), Some(used)) = (&other.used, &command.used) else { return false };
    let of_tool = |path: &&str| {
        let name = path.trim_start_matches("./");
        used.tool.manifests.iter().any(|manifest| manifest.path == name)
    };
    let changes = other.kind == ActionKind::Everything && other.writes().iter().any(of_tool);
    other.tool.name == used.tool.name && (changes || other.action.index == Index::Adds)
}

/// Where tools look for certificates and settings, beside what is hidden in HOME.
const SET_UP: &[&str] =
    &["/etc", "/usr/lib/ssl", "/usr/local/cargo", "/usr/local/share", "/usr/share"];

/// Settings of the system that no download reads.
const CLOCK: &[&str] = &["/etc/localtime", "/etc/timezone"];

/// What every program may read of the system, and what only package managers do: the first decides
/// what a build does, the second does not.
const READ_BY_ALL: &[&str] = &[
    "/etc/ca-certificates",
    "/etc/ca-certificates.conf",
    "/etc/crypto-policies",
    "/etc/environment",
    "/etc/gai.conf",
    "/etc/host.conf",
    "/etc/hosts",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/ld.so.preload",
    "/etc/nsswitch.conf",
    "/etc/pki",
    "/etc/resolv.conf",
    "/etc/ssl/cert.pem",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/usr/lib/ssl",
    "/usr/local/share/ca-certificates",
    "/usr/share/ca-certificates",
];
const READ_BY_PACKAGE_MANAGERS: &[&str] = &[
    "/etc/apk",
    "/etc/apt",
    "/etc/dnf",
    "/etc/dpkg",
    "/etc/group",
    "/etc/gshadow",
    "/etc/pacman.conf",
    "/etc/pacman.d",
    "/etc/passwd",
    "/etc/shadow",
    "/etc/sudoers",
    "/etc/sudoers.d",
    "/etc/yum",
    "/etc/yum.conf",
    "/etc/yum.repos.d",
    "/etc/zypp",
    "/usr/share/keyrings",
];

/// What a build may find changed in the system by a cheap command that goes in front of it, such as
/// `sed -i .. /etc/php.ini`: `None` where every program reads that, else whether it may matter.
fn changes_settings(command: &CommandEffects) -> Option<bool> {
    let within = |path: &str, roots: &[&str]| roots.iter().any(|root| under(root, path).is_some());
    let is_made = |path: &str| command.makes.iter().any(|made| made == path);
    // Which file of /etc a table leaves open.
    let written = command.writes.paths.iter().map(|path| &**path);
    let mut written = written.filter(|path| !SET_UP.contains(path) && !is_made(path));
    if command.sets.is_some() {
        return Some(false);
    }
    if written.clone().any(|path| within(path, READ_BY_ALL)) {
        return None;
    }
    Some(written.any(|path| {
        within(path, SET_UP) && !within(path, READ_BY_PACKAGE_MANAGERS) && !CLOCK.contains(&path)
    }))
}

/// Whether `other` brings something to where tools look for settings, credentials and certificates.
fn sets_up(other: &CommandEffects, command: &CommandEffects) -> bool {
    // An install of packages fills these as well, and is no business of the project's tools.
    if other.used.as_ref().is_some_and(|used| used.kind != ActionKind::Upkeep) {
        return false;
    }
    let project = match &command.needs {
        Needs::Project { directory, .. } => Some(directory),
        _ => command.cwd.as_ref(),
    };
    let is_own = |path: &str| project.is_some_and(|project| under(project, path).is_some());
    let home = command.home.as_deref().unwrap_or("/root");
    let is_hidden = |path: &str| {
        under(home, path).is_some_and(|below| below.is_empty() || below.starts_with('.'))
    };
    let sets =
        |path: &str| is_hidden(path) || SET_UP.iter().any(|root| under(root, path).is_some());
    let written = [&other.writes, &other.fills].into_iter().flat_map(|set| &set.paths);
    let mut outside = written.map(|path| &**path).filter(|path| !is_own(path));
    outside.any(|path| sets(path) && !CLOCK.contains(&path))
}

/// Whether `install`, a command of the step `at`, runs scripts of the project that may read its source:
/// it works on the project as a build does.
pub fn runs_scripts(graph: &Graph<'_>, at: StepAt, install: &CommandEffects) -> bool {
    let installs = |used: &Use| used.kind == ActionKind::Install && used.tool.inspect.is_some();
    let is_script = |refusal: &Reason| refusal.kind() == RefusalReason::LifecycleScript;
    install.used.as_ref().is_some_and(installs)
        && graph.demands(install, at).refusal.as_ref().is_some_and(is_script)
}

/// A command beside a build, as sentences show it. Of one tool, in another directory, they say which:
/// beside `npm run build` of `/app/web` that is "`npm ci` in `/app/api`".
fn shown_install(graph: &Graph<'_>, build: &CommandEffects, command: &CommandEffects) -> String {
    let shown = shown_command(graph, command);
    let (Needs::Project { directory, .. }, Some(used)) = (&command.needs, &build.used) else {
        return shown;
    };
    match command.used.as_ref().is_some_and(|other| other.tool.name == used.tool.name) {
        true => format!("{shown}` in `{directory}"),
        false => shown,
    }
}

/// Whether a copy in front of `at` brings the directory `place`, so that no build has made it: that it
/// is there without that copy is asked where the copy sinks.
fn is_copied(graph: &Graph<'_>, at: StepAt, place: &str) -> bool {
    graph.steps_before(at).any(|step| match &step.effect {
        Effect::Copy(copy) => {
            let source = copy.source_of(place, graph.context);
            let entry = source.and_then(|source| graph.context.entry(&source));
            entry.is_some_and(|entry| entry.kind == EntryKind::Directory)
                || copy.destination.iter().any(|to| under(place, to.path()).is_some())
        }
        _ => false,
    })
}

/// Whether a manifest of what is built names the project of `command`, as a script may:
/// `cp lock.json ../api/package-lock.json`.
fn names_project(
    graph: &Graph<'_>,
    (at, build): (StepAt, &CommandEffects),
    command: &CommandEffects,
) -> bool {
    let (Some(set), Some(used)) = (&build.builds, &build.used) else { return false };
    let (Some(project), Needs::Project { directory, .. }) = (set.paths.first(), &command.needs)
    else {
        return false;
    };
    let texts = used.tool.manifests.iter().filter_map(|manifest| {
        let source = graph.context_path(at, &join(project, manifest.path))?;
        graph.context.text(&source)
    });
    let above = format!("../{}", base_name(directory));
    texts.into_iter().any(|text| text.contains(&above))
}

/// Whether `command` of the step `at`, which reads the files at `inputs`, may go before `build`, which
/// works on a project: what that assumes.
pub fn before_build(
    graph: &Graph<'_>,
    build: &CommandEffects,
    (at, command): (StepAt, &CommandEffects),
    inputs: &[String],
) -> Option<Vec<Assumption>> {
    let set = build.builds.as_ref()?;
    if provides(build, command) {
        return None;
    }
    let shown = || (shown_command(graph, build), shown_install(graph, build, command));
    if apart(build, command) {
        let (build, command) = shown();
        return Some(vec![Assumption::BuildsApart { build, command }]);
    }
    let there = |place: &Option<String>| {
        place.as_deref().is_some_and(|place| THERE.contains(&place) || is_copied(graph, at, place))
    };
    if command.only_sets() && !command.sources && command.places.iter().all(there) {
        return Some(Vec::new());
    }
    let used = command.used.as_ref()?;
    let within = |path: &str, roots: &[&str]| roots.iter().any(|root| under(root, path).is_some());
    let installs = matches!(command.needs, Needs::Project { .. });
    let packages = installs_packages(command);
    let mut written = set.clone();
    written.paths.retain(|path| !packages || under(LOCAL, path).is_none());
    // Two projects, or one and packages that a command names, may both fill the cache of downloads of one
    // tool, which holds what it is asked for.
    let project = set.paths.first().map_or("", |project| project);
    let is_other = match &command.needs {
        Needs::Project { directory, .. } => {
            under(project, directory).or(under(directory, project)).is_none()
        }
        _ => false,
    };
    let shares = is_other || used.kind == ActionKind::Named && command.needs == Needs::Nothing;
    let caches = || build.caches.iter().filter(|cache| shares && command.caches.contains(cache));
    written.paths.retain(|path| !caches().any(|cache| *cache == **path));
    let apart = |other: &PathSet| other.overlap(&written) == Overlap::Apart;
    // What it works on was not made by the build.
    let known = |path: &str| {
        within(path, SYSTEM) || within(path, &["/tmp"]) || inputs.iter().any(|input| input == path)
    };
    // What it is told to write it may well change.
    let told = PathSet { everything: false, paths: set.paths[1..].to_vec() };
    let tool = CommandEffects { writes: told, ..build.clone() };
    let independent = match used.kind {
        ActionKind::Named | ActionKind::Upkeep => command.needs == Needs::Nothing,
        _ => installs && command.others.is_empty() && !changes_inputs(&tool, command, inputs),
    };
    if is_other && names_project(graph, (at, build), command) {
        return None;
    }
    let passes = independent
        && command.reads.paths.iter().all(|path| known(path))
        && command.places.iter().all(there)
        && [&command.writes, &command.fills].into_iter().all(apart)
        && !(command.uses_system && written.paths.iter().any(|path| within(path, SYSTEM)));
    if !passes {
        return None;
    }
    let mut assumptions = Vec::new();
    let changes_settings = used.kind == ActionKind::Upkeep && changes_settings(command)?;
    if used.kind != ActionKind::Upkeep && !command.refreshes() || changes_settings {
        let (build, command) = shown();
        assumptions.push(match used.kind {
            ActionKind::Compile => Assumption::BuildsTheSameWithDownloads { build, command },
            _ => Assumption::BuildsTheSameWithPackages { build, command },
        });
    }
    if installs {
        let (build, command) = shown();
        assumptions.push(Assumption::BuildLeavesFiles { build, command });
    }
    Some(assumptions)
}
