//! Whose what a copy brings or makes is, where another one comes first now.
//!
//! `COPY --chown=node src /app/src` makes /app for node. Where the manifests come to /app first,
//! by a copy without `--chown`, /app is root's, and an install as node fails.

use super::Maker;
use crate::commutes::{EffectPart, directories};
use crate::context::{base_name, parent};
use crate::ecosystem::artifacts::installed_beside;
use crate::ecosystem::is_standard_directory;
use crate::graph::demands::Demands;
use crate::graph::effect::is_root;
use crate::graph::path_set::under;
use crate::graph::{CommandEffects, Copy, Graph, Needs};
use crate::sentences::Mismatch;
use std::borrow::Cow;

/// Whether it matters who makes what: not where all that is made is made alike.
pub fn differ(old: &[Maker<'_, '_>]) -> bool {
    old.iter().any(|maker| owner(maker) != [None, None])
}

/// Whether each directory that an added copy makes is made with the owner and mode that it has in
/// the original.
pub fn kept(
    old: &[Maker<'_, '_>],
    new: &[Maker<'_, '_>],
    places: &[Option<usize>],
) -> Result<(), Mismatch> {
    for (at, maker) in new.iter().enumerate().filter(|(at, _)| places[*at].is_none()) {
        let EffectPart::Copy(copy) = maker.kind else { continue };
        let mut directory = directories::directory_of(copy);
        while let Some(path) = directory.filter(|path| is_made(path)) {
            // What stands before the added copy stood before in the original as well, or is
            // compared with what it passed.
            if !new[..at].iter().any(|earlier| makes(earlier, &path))
                && let Some(first) = old.iter().find(|maker| makes(maker, &path))
                && owner(first) != owner(maker)
            {
                return Err(Mismatch::OwnerOfDirectory { path });
            }
            directory = Some(parent(&path));
        }
    }
    Ok(())
}

/// Whether what a command reads and writes of its project belongs to whom it did: a lock file that
/// a first copy brings as root's, and a later one as node's, npm as node cannot write between.
pub fn of_inputs(
    (graph, was): (&Graph<'_>, &Maker<'_, '_>),
    (rewritten, is): (&Graph<'_>, &Maker<'_, '_>),
    command: &CommandEffects,
    wanted: &Demands,
) -> Result<(), Mismatch> {
    let user = is.of.user.as_deref().filter(|user| !is_root(Some(user)));
    for file in &wanted.files {
        let of = |graph: &Graph<'_>, at| {
            let mut copies = graph.copies_bringing(at, &file.place);
            copies.next().map(|(_, copy)| given(copy).map(|name| name.map(str::to_owned)))
        };
        let (Some(before), Some(after)) = (of(graph, was.at), of(rewritten, is.at)) else {
            continue;
        };
        let writes = || command.changes(std::iter::once(file.place.as_str()));
        if before[1] != after[1] || (before[0] != after[0] && user.is_some() && writes()) {
            return Err(Mismatch::OwnerOfFile { path: file.place.clone() });
        }
        if user.is_some()
            && given_to_directory(graph, was, &file.place)
                != given_to_directory(rewritten, is, &file.place)
        {
            return Err(Mismatch::OwnerOfFile { path: parent(&file.place) });
        }
    }
    Ok(())
}

/// Whether the directories that a command writes into as another user than root belong to whom they
/// did: `COPY --chown=node . /app` gives /app/src to node though a copy before it has made it.
pub fn of_outputs(
    (graph, was): (&Graph<'_>, &Maker<'_, '_>),
    (rewritten, is): (&Graph<'_>, &Maker<'_, '_>),
    command: &CommandEffects,
) -> Result<(), Mismatch> {
    if is.of.user.is_none() || is_root(is.of.user.as_deref()) {
        return Ok(());
    }
    let differs = |path: &&Cow<'_, str>| {
        let directory = parent(path);
        let gives = |(_, copy): (_, &Copy)| gives_to(copy, &directory);
        graph.copies_bringing(was.at, &directory).any(gives)
            && given_to_directory(graph, was, path) != given_to_directory(rewritten, is, path)
    };
    match command.writes.paths.iter().find(differs) {
        Some(path) => Err(Mismatch::OwnerOfFile { path: parent(path) }),
        None => Ok(()),
    }
}

/// Whether the last of these steps can do without the mode that the directory of its project has
/// in the context: where a copy brings it as root's, and node works there, others may write there
/// (0777, as Windows gives it). A copy that is added makes it 0755.
pub fn of_directory(
    steps: &[Maker<'_, '_>],
    command: &CommandEffects,
    is_made_anew: &dyn Fn(&str) -> bool,
) -> Result<(), Mismatch> {
    let Some((last, before)) = steps.split_last() else { return Ok(()) };
    let user = last.of.user.as_deref().filter(|user| !is_root(Some(user)));
    let (Some(user), Needs::Project { directory, files }) = (user, &command.needs) else {
        return Ok(());
    };
    // `dotnet restore Api/Api.csproj` writes to `Api/obj`.
    let tool = command.used.as_ref().map_or("", |used| used.tool.name);
    let writes_beside =
        |file: &&String| installed_beside(base_name(file), tool, "").next().is_some();
    let beside = files.iter().filter(writes_beside).map(|file| parent(file));
    for directory in std::iter::once(directory.clone()).chain(beside) {
        if is_made_anew(&directory) {
            keeps_mode(before, &directory, user)?;
        }
    }
    Ok(())
}

/// Whether it is not by the mode of `directory` in the context that `user` may write there.
fn keeps_mode(before: &[Maker<'_, '_>], directory: &str, user: &str) -> Result<(), Mismatch> {
    let is_set = |maker: &Maker<'_, '_>| match maker.kind {
        EffectPart::Commands(commands) => {
            let covers = |path: &String| under(path, directory).is_some();
            let sets = |command: &CommandEffects| {
                command.sets.as_ref().is_some_and(|set| set.paths.iter().any(covers))
            };
            commands.iter().any(|command| command.writes.everything || sets(command))
        }
        _ => false,
    };
    let is_made = |maker: &Maker<'_, '_>| match maker.kind {
        // What it is told to make is made 0755.
        EffectPart::Copy(copy) => {
            copy.destination.as_ref().is_some_and(|to| under(directory, to.path()).is_some())
        }
        _ => makes(maker, directory),
    };
    let brings = |maker: &Maker<'_, '_>| match maker.kind {
        EffectPart::Copy(copy) => !is_made(maker) && !copy.may_bring(directory).is_no(),
        _ => false,
    };
    let account = |name: &str| name.split(':').next().map(str::to_owned);
    let is_others = |maker: &Maker<'_, '_>| match maker.kind {
        // A number may stand for the user or not.
        EffectPart::Copy(copy) => given(copy)[0].and_then(account) != account(user),
        _ => false,
    };
    // The last step that gives it a mode decides: a copy does also where the directory is there.
    let mut rest = before.iter().rev();
    match rest.find(|maker| is_set(maker) || brings(maker)).is_some_and(is_others) {
        true => {
            Err(Mismatch::ModeOfDirectory { path: directory.to_owned(), user: user.to_owned() })
        }
        false => Ok(()),
    }
}

/// Owner and mode of the directory of a file, as copies leave it: of the last one that brings it
/// among others, such as `COPY . .` a directory of the context, which gives it both though it is
/// there; otherwise of the first, which makes it.
fn given_to_directory(graph: &Graph<'_>, maker: &Maker<'_, '_>, file: &str) -> [Option<String>; 2] {
    let directory = parent(file);
    let mut found = [None, None];
    for (_, copy) in graph.copies_bringing(maker.at, &directory) {
        found = given(copy).map(|name| name.map(str::to_owned));
        if gives_to(copy, &directory) {
            break;
        }
    }
    found
}

/// Whether a copy brings a directory as a part of what it copies, and gives it an owner and a mode
/// also where it is there.
fn gives_to(copy: &Copy, directory: &str) -> bool {
    let to = copy.destination.as_ref().map(|to| to.path());
    to.is_some_and(|to| to != directory && under(to, directory).is_some())
}

/// Whether a RUN that is added, such as a download, can do without the mode that its directory gets
/// from a copy in front of the step that it is added for.
pub fn of_added(
    old: &[Maker<'_, '_>],
    new: &[Maker<'_, '_>],
    at: usize,
    places: &[Option<usize>],
) -> Result<(), Mismatch> {
    let EffectPart::Commands(commands) = new[at].kind else { return Ok(()) };
    let is_run = |later: &usize| matches!(new[*later].kind, EffectPart::Commands(_));
    let mut runs = (at + 1..new.len()).filter(is_run);
    let Some(first) = runs.find_map(|later| places[later]) else { return Ok(()) };
    let earlier = || new[..at].iter().zip(places).filter(|(_, was)| was.is_none());
    let is_made = |path: &str| earlier().any(|(maker, _)| makes(maker, path));
    let mut of = commands.iter();
    of.try_for_each(|command| of_directory(&old[..=first], command, &is_made))
}

/// Whether a directory may have to be made: every image has the standard ones.
fn is_made(path: &str) -> bool {
    !path.is_empty() && path != "." && path != "/" && !is_standard_directory(path)
}

/// Whether a step makes the directory `path` where it is missing.
pub fn makes(maker: &Maker<'_, '_>, path: &str) -> bool {
    let within = |made: &str| under(path, made).is_some();
    match maker.kind {
        EffectPart::Copy(copy) => {
            copy.landing.paths.iter().any(|place| within(place))
                || copy.destination.as_ref().is_some_and(|to| within(to.path()))
        }
        EffectPart::Directory(place) => place.is_some_and(within),
        EffectPart::Commands(commands) => {
            let made = commands.iter().flat_map(|command| &command.makes);
            made.into_iter().any(|place| within(place))
        }
        _ => false,
    }
}

/// Owner and mode that a step gives to what it makes; `None` is root's, as usual.
fn owner<'m>(maker: &'m Maker<'_, '_>) -> [Option<&'m str>; 2] {
    match maker.kind {
        EffectPart::Copy(copy) => given(copy),
        _ => [maker.of.user.as_deref().filter(|user| !is_root(Some(user))), None],
    }
}

/// Owner and mode that a copy gives to what it brings.
fn given(copy: &Copy) -> [Option<&str>; 2] {
    let [owner, mode] = &copy.owner;
    [owner.as_deref().filter(|user| !is_root(Some(user))), mode.as_deref()]
}
