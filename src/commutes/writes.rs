//! What a command writes, against what a copy brings that is to go below it.

use super::shown_command;
use super::used_checkouts::{
    self, filled_as_told, is_made_anew, left_in_used_checkouts, made_beside,
};
use crate::context::base_name;
use crate::ecosystem::{ActionKind, SYSTEM, Use};
use crate::graph::content::is_foreign;
use crate::graph::path_set::under;
use crate::graph::{CommandEffects, Copy, Graph, Origin, Overlap, Stage, StepAt};
use crate::sentences::{Assumption, BaseName, Quoted, Reason};

/// A path that the command writes, against what the copy brings.
pub(super) fn written(
    graph: &Graph<'_>,
    stage: &Stage<'_>,
    copy: &Copy,
    command: &CommandEffects,
    path: &str,
) -> Result<Option<Assumption>, Reason> {
    let is_anew = is_made_anew(graph, command, path);
    written_over(graph, stage, copy, command, (path, is_anew))
}

/// The same; `is_anew` says whether the command replaces what lies there.
fn written_over(
    graph: &Graph<'_>,
    stage: &Stage<'_>,
    copy: &Copy,
    command: &CommandEffects,
    (path, is_anew): (&str, bool),
) -> Result<Option<Assumption>, Reason> {
    if removes(command, path) && brings_all(graph, copy, path) {
        return removed(graph, copy, command, path).map(Some);
    }
    let left = || {
        let left = left_in_used_checkouts(graph, copy, command, (path, is_anew));
        // What is only given an owner or a mode, or more lines, the context has to bring: to leave it
        // out is no way.
        let is_read = || command.reads.paths.iter().any(|read| *read == *path);
        let replaces = is_anew || !is_read() && command.sets.is_none();
        Ok(match left {
            Some(path) if used_checkouts::names(graph, &path) => {
                return Err(Reason::WouldOverwrite {
                    path,
                    command: shown_command(graph, command),
                });
            }
            Some(path) if replaces => Some(not_there(&path)),
            Some(path) => Some(Assumption::NotInContext { paths: Quoted::none([path]) }),
            None => None,
        })
    };
    match copy.landing.overlap_path(path) {
        Overlap::Apart => left(),
        Overlap::Unknown => elsewhere(graph, stage, copy, command, path).map(Some),
        Overlap::Inside(inside) if absent(graph, copy, &inside) => left(),
        Overlap::Inside(inside) if !copy.landing_is_exact => {
            let source = copy.source_of(&inside, graph.context);
            match source.as_deref() {
                Some(source) if graph.context.is_ignored(source).is_yes() => return Ok(None),
                Some(path) if graph.context.exists(path).is_yes() => {
                    let command = shown_command(graph, command);
                    return Err(Reason::WouldOverwrite { path: path.to_owned(), command });
                }
                _ => {}
            }
            Ok(Some(match &copy.origin {
                Origin::Context => not_there(source.as_deref().unwrap_or(&inside)),
                _ => Assumption::CopyLacks {
                    destination: copy.written_destination.clone(),
                    path: inside,
                },
            }))
        }
        Overlap::Inside(inside) | Overlap::Shared(inside) => {
            let is_told = fills_where_it_goes(copy, command, path);
            let command = shown_command(graph, command);
            let source = copy.source_of(path, graph.context);
            let known = source.as_deref().filter(|source| graph.context.exists(source).is_yes());
            match known {
                Some(path) => Err(Reason::WouldOverwrite { path: path.to_owned(), command }),
                // `pip install -t $LAMBDA_TASK_ROOT`, where the source goes as well
                None if is_told => {
                    let directory = path.to_owned();
                    Ok(Some(Assumption::FillsOtherNames { command, directory }))
                }
                // `pip install -t lib` names no file that it writes.
                None if under(path, &inside).is_some_and(|below| !below.is_empty()) => {
                    let directory = path.to_owned();
                    Err(Reason::WritesBelow { command, directory, path: inside })
                }
                None => Err(Reason::Writes { command, path: inside }),
            }
        }
    }
}

/// Whether an install is told to put its packages, which have directories of their own names, into the
/// directory that a copy goes to.
fn fills_where_it_goes(copy: &Copy, command: &CommandEffects, path: &str) -> bool {
    let is_pip = command.used.as_ref().is_some_and(|used| used.tool.name == "pip");
    let is_told = command.installs.iter().any(|told| told == path);
    is_pip && is_told && copy.destination.as_ref().is_some_and(|to| to.path() == path)
}

/// What an install fills because it is told to, against what the copy brings.
pub(super) fn told(
    graph: &Graph<'_>,
    (stage, at): (&Stage<'_>, StepAt),
    copy: &Copy,
    command: &CommandEffects,
) -> Result<Vec<Assumption>, Reason> {
    let places = filled_as_told(graph, copy, (at, command)).into_iter();
    let found = places.map(|path| written_over(graph, stage, copy, command, (&path, true)));
    found.filter_map(Result::transpose).collect()
}

/// What an install makes beside the manifests at `provided`, other than that of the project itself,
/// against what the copy brings.
pub(super) fn made_by_members(
    graph: &Graph<'_>,
    stage: &Stage<'_>,
    copy: &Copy,
    command: &CommandEffects,
    provided: &[String],
) -> Result<Vec<Assumption>, Reason> {
    let mut assumptions: Vec<Assumption> = Vec::new();
    for path in made_beside(graph, copy, command, provided) {
        if command.writes.paths.iter().any(|written| **written == *path) {
            continue;
        }
        let Some(assumed) = written(graph, stage, copy, command, &path)? else { continue };
        // One sentence does for several members.
        let all = Assumption::NoSuchDirectoryBelow { name: base_name(&path).to_owned() };
        let is_alike = |other: &Assumption| *other == all || all.covers(other);
        match assumptions.last_mut().filter(|last| is_alike(last)) {
            Some(last) if all.covers(&assumed) => *last = all,
            _ => assumptions.push(assumed),
        }
    }
    Ok(assumptions)
}

/// What `command` removes of what `copy` may bring: of packages that are installed, such as
/// `node_modules`, the context has none where all is well.
fn removed(
    graph: &Graph<'_>,
    copy: &Copy,
    command: &CommandEffects,
    path: &str,
) -> Result<Assumption, Reason> {
    let root = copy.destination.as_ref().map_or("", |to| to.path());
    match under(root, path) {
        Some(source) if is_foreign(source) && !graph.context.exists(source).is_yes() => {
            let of_context = graph.unlisted(copy, path);
            Ok(not_there(of_context.as_deref().unwrap_or(source)))
        }
        _ => Err(Reason::Removes { command: shown_command(graph, command) }),
    }
}

/// Whether `copy` brings whatever the context has at `path` of the image: a list may leave out
/// what is there in a build all the same (`.env`), where nothing ignores it.
fn brings_all(graph: &Graph<'_>, copy: &Copy, path: &str) -> bool {
    let root = copy.destination.as_ref().map_or("", |to| to.path());
    let everything = copy.sources.iter().find(|(_, source)| source.is_everything());
    let is_of_all = everything.is_some()
        && under(root, path).is_some_and(|rest| !graph.context.is_ignored(rest).is_yes());
    is_of_all || graph.unlisted(copy, path).is_some()
}

/// Whether the command removes what it finds at `path`, and no earlier command of its step made:
/// `echo ... > .npmrc && npm ci && rm .npmrc`.
fn removes(command: &CommandEffects, path: &str) -> bool {
    let is_own = command.reads_made.paths.iter().any(|made| made == path);
    !is_own && command.takes_away().is_some()
}

pub(super) fn not_there(path: &str) -> Assumption {
    Assumption::NotInContextOrIgnored { path: path.to_owned() }
}

/// Whether the files of the context are known, and `copy` brings none to `place` or below. Its
/// own destination, and what lies above, it makes itself.
pub(super) fn absent(graph: &Graph<'_>, copy: &Copy, place: &str) -> bool {
    let plain = !copy.unresolved && !copy.unpacks && !copy.other_sources;
    plain
        && copy.destination.as_ref().is_some_and(|to| under(place, to.path()).is_none())
        && copy.origin == Origin::Context
        && graph.context.is_complete()
        && copy
            .source_of(place, graph.context)
            .is_none_or(|source| graph.context.exists(&source).is_no())
}

/// What has to hold of `path`, which `command` touches, where the working directory that `copy` goes
/// to is not known. A path that the command is told may well be of what is copied: with an image
/// whose directory is /home/conan, `COPY src app` brings what `chmod -R 777 /home/conan/app` names.
pub(super) fn elsewhere(
    graph: &Graph<'_>,
    stage: &Stage<'_>,
    copy: &Copy,
    command: &CommandEffects,
    path: &str,
) -> Result<Assumption, Reason> {
    const APART: [&str; 5] = ["/dev", "/proc", "/sys", "/tmp", "/var/tmp"];
    let is_told = |used: &Use| used.kind == ActionKind::Upkeep && used.tool.writes.is_empty();
    let mut apart = SYSTEM.iter().chain(&APART);
    let may_be_copied = command.used.as_ref().is_some_and(is_told)
        && path.starts_with('/')
        && !path.contains("/.")
        && !command.makes.iter().any(|made| made == path)
        && !apart.any(|root| under(root, path).is_some());
    match may_be_copied {
        true => Err(Reason::LandingUnknown { destination: copy.written_destination.clone() }),
        false => Ok(lands_apart(graph, stage)),
    }
}

pub(super) fn lands_apart(graph: &Graph<'_>, stage: &Stage<'_>) -> Assumption {
    Assumption::LandsApart { image: BaseName::from(&graph.root(stage.index).image) }
}
