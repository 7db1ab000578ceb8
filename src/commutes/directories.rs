//! Directories: who makes them, and whether they are there for a command, with the same owner.
//!
//! A COPY makes its destination and all above it, owned as its `--chown` says, and leaves a
//! directory that is there as it is. So whoever comes first decides whether a directory is there,
//! and whose it is.

use super::unlisted::{may_be_unpacked, named};
use super::writes::absent;
use super::{Before, Passed, home, shown_command, user_of_base_is_known};
use crate::context::{EntryKind, parent};
use crate::ecosystem::{
    is_manifest_directory, is_manifest_file, is_standard_directory, known_image,
};
use crate::graph::copy::looks_like_file;
use crate::graph::effect::is_root;
use crate::graph::path_set::under;
use crate::graph::{CommandEffects, Copy, Effect, Graph, Origin, PathSet, Run, Stage, StepAt};
use crate::limits;
use crate::sentences::{Assumption, BaseName, Reason};

/// The steps in front of a place of a stage, without those that sink.
#[derive(Clone, Copy)]
pub struct Ahead<'p, 'a> {
    /// The build.
    pub graph: &'p Graph<'a>,
    /// The place.
    pub at: StepAt,
    /// Whether a step sinks, and so is not in front.
    pub sinks: &'p dyn Fn(StepAt) -> bool,
    /// Paths that are there.
    pub there: &'p [String],
}

impl<'p, 'a> Ahead<'p, 'a> {
    /// What stands in front of `passed`.
    pub fn of(graph: &'p Graph<'a>, passed: Passed<'_, '_>, before: Before<'p>) -> Ahead<'p, 'a> {
        Ahead { graph, at: passed.at, sinks: before.sinks, there: before.there }
    }

    /// Whether the directory `place` is there behind the commands `first` of the step.
    fn has(self, place: &str, first: &[&CommandEffects]) -> bool {
        let within = |path: &str| under(place, path).is_some();
        let stage = &self.graph.stages[self.at.stage];
        let cwd = stage.steps.get(self.at.step).and_then(|step| step.cwd.as_ref());
        let known = is_standard_directory(place)
            || cwd.into_iter().chain(self.there).any(|path| within(path));
        let run = stage.steps.get(self.at.step).and_then(|step| step.run());
        let made_by = |command: &CommandEffects| {
            makes(command, &within)
                || run.is_some_and(|run| {
                    let own = run.commands.iter().position(|one| one.span == command.span);
                    own.is_some_and(|own| leaves(run, own, &within))
                })
        };
        known
            || first.iter().rev().take(limits::COPIES_LOOKED_AT).any(|command| made_by(command))
            || self
                .effects()
                .any(|effect| step_makes(effect, &within) && !brings_nothing(self.graph, effect))
    }

    /// Whether a step that is no copy has made the directory `place`, such as WORKDIR.
    pub fn has_made(self, place: &str) -> bool {
        let step = self.graph.stages[self.at.stage].steps.get(self.at.step);
        let workdir = step.and_then(|step| step.cwd.as_deref());
        let within = |path: &str| under(place, path).is_some();
        let makes = |effect: &Effect<'_>| match effect {
            Effect::Copy(_) => false,
            _ => step_makes(effect, &within),
        };
        workdir.is_some_and(within) || self.effects().any(makes)
    }

    /// Whether `place` is a home directory of the image: no command in front makes accounts.
    fn is_home_of_image(self, place: &str) -> bool {
        let makes_accounts =
            |command: &CommandEffects| command.writes.paths.iter().any(|p| p == "/home");
        under("/home", place).is_some()
            && !self.effects().any(|effect| match effect {
                Effect::Run(run) => run.commands.iter().any(makes_accounts),
                _ => false,
            })
    }

    fn effects(self) -> impl Iterator<Item = &'p Effect<'a>> {
        let earlier = move |stage: &'p Stage<'a>, end: usize| {
            let places = (0..end).rev().map(move |step| StepAt { stage: stage.index, step });
            places.filter(move |at| !(self.sinks)(*at)).map(move |at| &stage.steps[at.step].effect)
        };
        let bases = self.graph.ancestors(self.at.stage);
        let bases = bases.flat_map(move |base| earlier(base, base.steps.len()));
        let stage = &self.graph.stages[self.at.stage];
        earlier(stage, self.at.step).chain(bases).take(limits::COPIES_LOOKED_AT)
    }
}

/// Whether the directories that `commands` need are there without `copies`, which go below
/// them, and whether those that the commands make have the owner they had.
pub fn stay(
    ahead: Ahead<'_, '_>,
    commands: &[&CommandEffects],
    copies: &[&Copy],
) -> Result<Vec<Assumption>, Reason> {
    let graph = ahead.graph;
    let mut assumptions = Vec::new();
    let made_by_copy = |place: &str| copies.iter().any(|copy| is_made_by(graph, copy, place));
    for (index, command) in commands.iter().enumerate() {
        let shown = || shown_command(graph, command);
        let first = &commands[..index];
        let mut needed: Vec<&str> = command.parents.iter().map(String::as_str).collect();
        for place in &command.places {
            let Some(place) = place else {
                return Err(Reason::NeededDirectoryUnknown { command: shown() });
            };
            needed.push(place);
        }
        let missing = |place: &&str| made_by_copy(place) && !ahead.has(place, first);
        let cwd = command.cwd.as_deref();
        for place in needed.iter().copied().chain(cwd) {
            // Into a directory that is there, `COPY package.json /app` brings a file of its name; with
            // --link it knows of none.
            let mut files = copies.iter().filter(|copy| copy.is_linked || !ahead.has_made(place));
            if let Some(path) = files.find_map(|copy| file_above(graph, copy, place)) {
                return Err(Reason::NeedsNoFile { command: shown(), path });
            }
        }
        // What nothing else makes, and a step needs, a build has in its context: `tar xz -C models`.
        let is_unlisted = |place: &&str| {
            copies.iter().any(|copy| named(graph, copy, place).is_some())
                && !ahead.has(place, first)
                && !first.iter().any(|command| may_be_unpacked(command, place))
        };
        if let Some(place) = needed.into_iter().find(|place| missing(place) || is_unlisted(place)) {
            return Err(Reason::NeedsDirectory { command: shown(), path: place.to_owned() });
        }
        let user = graph.stages[ahead.at.stage].steps.get(ahead.at.step);
        let user = user.and_then(|step| step.user.as_deref());
        if let (true, Some(_), false, Some(home)) =
            (command.uses_system, user, is_root(user), at_home(command, user))
            && missing(&home.as_str())
        {
            if !ahead.is_home_of_image(&home) {
                return Err(Reason::NeedsDirectory { command: shown(), path: home });
            }
            let image = &graph.root(ahead.at.stage).image;
            if known_image(image).is_none_or(|known| known.home != home) {
                assumptions.push(Assumption::HomeInImage { image: image.into(), home });
            }
        }
        for made in command.makes.iter().chain(&command.may_make) {
            let mut above = Some(made.clone()).filter(|path| path.starts_with('/'));
            while let Some(path) = above.filter(|path| !is_standard_directory(path)) {
                if missing(&path.as_str()) {
                    let owned = |copy: &&Copy| {
                        is_made_by(graph, copy, &path) && copy.owner.iter().any(Option::is_some)
                    };
                    let other = user.is_some() && !is_root(user);
                    if other || copies.iter().any(owned) {
                        return Err(Reason::MakesDirectory { command: shown(), path });
                    }
                    if user.is_none() && !user_of_base_is_known(graph, ahead.at.stage) {
                        let image = BaseName::from(&graph.root(ahead.at.stage).image);
                        assumptions.push(Assumption::RunsAsRoot { image });
                    }
                }
                above = Some(parent(&path));
            }
        }
    }
    assumptions.dedup();
    Ok(assumptions)
}

/// HOME of a command that `user` runs.
fn at_home(command: &CommandEffects, user: Option<&str>) -> Option<String> {
    command.home.clone().or_else(|| home(user))
}

/// Whether `copy` makes the directory `place`, where it is missing.
fn is_made_by(graph: &Graph<'_>, copy: &Copy, place: &str) -> bool {
    let at_or_above = |path: &str| under(place, path).is_some();
    copy.landing.paths.iter().any(|path| at_or_above(path))
        || copy.destination.as_ref().is_some_and(|to| at_or_above(to.path()))
        || (!copy.may_bring(place).is_no() && !absent(graph, copy, place))
}

/// The path at or above `place` at which a copy brings a file or a link: no directory can be made
/// there first. Where no list of files says so, the name of a manifest does: of
/// `WORKDIR /app/setup.py` behind `COPY . /app` the build fails.
pub fn file_above(graph: &Graph<'_>, copy: &Copy, place: &str) -> Option<String> {
    let destination = copy.destination.as_ref().filter(|_| copy.origin == Origin::Context)?;
    let mut path = place.to_owned();
    while under(destination.path(), &path).is_some() {
        let source = copy.source_of(&path, graph.context);
        let is_file = source.is_some_and(|source| match graph.context.entry(&source) {
            Some(entry) => entry.kind != EntryKind::Directory,
            None => !graph.context.is_known() && is_file_of_a_tool(&source),
        });
        if is_file {
            return Some(path);
        }
        if path == destination.path() || path == "/" || path.is_empty() {
            break;
        }
        path = parent(&path);
    }
    None
}

/// Why two copies may not change places though they bring no file to one place: a directory that
/// both make would have another owner, or a file would take the place of a directory.
pub fn shared(ahead: Ahead<'_, '_>, one: &Copy, other: &Copy) -> Option<Reason> {
    for (file, directory) in [(one, other), (other, one)] {
        let to = file.destination.as_ref()?;
        let path = to.path();
        if !to.is_directory().is_yes()
            && brings_a_file(ahead.graph, file)
            && is_made_by(ahead.graph, directory, path)
            && !directory.destination.as_ref().is_some_and(|other| {
                other.path() == path
                    && !other.is_directory().is_yes()
                    && brings_a_file(ahead.graph, directory)
            })
            && !ahead.has(path, &[])
        {
            return Some(Reason::FileOrDirectory { path: path.to_owned() });
        }
    }
    if one.owner == other.owner {
        return None;
    }
    let path = common(&directory_of(one)?, &directory_of(other)?);
    // A layer of its own brings its directories with their owner, also where they are there.
    for (linked, other) in [(one, other), (other, one)].into_iter().filter(|two| two.0.is_linked) {
        let mut below = directory_of(linked)?;
        while below != path && !below.is_empty() && below != "/" {
            if is_made_by(ahead.graph, other, &below) {
                return Some(Reason::OwnerOfDirectory { path: below });
            }
            below = parent(&below);
        }
    }
    // Two layers of their own (`--link`) bring the directory as well, and the last one counts.
    let both = one.is_linked && other.is_linked;
    let there = path.is_empty() || path == "." || path == "/" || !both && ahead.has(&path, &[]);
    (!there).then_some(Reason::OwnerOfDirectory { path })
}

/// Whether a copy makes a file of a directory that the files of `landing` lie in, or a directory
/// of one of these files: what stands behind it cannot stand in front.
pub fn is_in_the_way(graph: &Graph<'_>, copy: &Copy, landing: &PathSet) -> bool {
    let Some(to) = &copy.destination else { return false };
    // `COPY src /app/pom.xml/` makes a directory of the name.
    let makes_directory = |path: &str| {
        let brings = |own: &str| under(path, own).is_some_and(|rest| !rest.is_empty());
        let is_at = to.is_directory().is_yes() && to.path() == path;
        let mut landing = copy.landing.paths.iter();
        looks_like_file(path) && (is_at || brings(to.path()) || landing.any(|own| brings(own)))
    };
    let is_file = brings_a_file(graph, copy);
    landing.paths.iter().any(|path| {
        makes_directory(path)
            || !to.is_directory().is_yes()
                && match under(to.path(), path) {
                    Some("") => !is_file,
                    Some(_) => is_file,
                    None => false,
                }
    })
}

/// Whether a path has the name of a manifest that is a file: `setup.py`, and not `.mvn`.
fn is_file_of_a_tool(path: &str) -> bool {
    is_manifest_file(path) && !is_manifest_directory(path)
}

/// Whether all that a copy brings is one file, as far as names tell.
fn brings_a_file(graph: &Graph<'_>, copy: &Copy) -> bool {
    let [(text, source)] = copy.sources.as_slice() else { return false };
    let Some(path) = source.literal() else { return false };
    match graph.context.entry(path) {
        Some(entry) => entry.kind != EntryKind::Directory,
        None => looks_like_file(text),
    }
}

/// The directory that a copy brings its files to.
pub fn directory_of(copy: &Copy) -> Option<String> {
    let to = copy.destination.as_ref()?;
    let names_file =
        !to.is_directory().is_yes() && copy.sources.iter().all(|(text, _)| looks_like_file(text));
    Some(if names_file { parent(to.path()) } else { to.path().to_owned() })
}

/// The lowest directory that holds both.
fn common(one: &str, other: &str) -> String {
    let mut path = one.to_owned();
    while under(&path, other).is_none() && !path.is_empty() && path != "/" {
        path = parent(&path);
    }
    path
}

/// Whether a step is a copy by patterns that fit none of the files there are: it makes no directory.
fn brings_nothing(graph: &Graph<'_>, effect: &Effect<'_>) -> bool {
    let Effect::Copy(copy) = effect else { return false };
    let fits = |path: &str| copy.sources.iter().any(|(_, source)| !source.covers(path).is_no());
    graph.context.is_complete()
        && copy.origin == Origin::Context
        && copy.sources.iter().all(|(_, source)| source.is_wildcard())
        && !graph.context.entries().any(|entry| fits(&entry.path))
}

/// Whether a step makes a path for which `within` holds.
fn step_makes(effect: &Effect<'_>, within: &dyn Fn(&str) -> bool) -> bool {
    match effect {
        Effect::Workdir(place) => place.iter().any(|path| within(path)),
        Effect::Copy(copy) => copy.landing.paths.iter().any(|path| within(path)),
        Effect::Run(run) => (0..run.commands.len())
            .any(|index| makes(&run.commands[index], within) || leaves(run, index, within)),
        _ => false,
    }
}

/// Whether a command is told to make such a path: `mkdir -p /app/src`.
fn makes(command: &CommandEffects, within: &dyn Fn(&str) -> bool) -> bool {
    command.makes.iter().any(|path| within(path))
}

/// Whether a command leaves a file at such a path, or ends the step where it cannot: of
/// `cp a.conf /app/conf/; true` nobody asks whether there is an `/app/conf`.
fn leaves(run: &Run<'_>, index: usize, within: &dyn Fn(&str) -> bool) -> bool {
    let command = &run.commands[index];
    // `ln -s /app /srv/app` asks for no /app.
    let is_target = |path: &str| command.links.iter().any(|link| link.target == path);
    command.takes_away().is_none()
        && command.writes.paths.iter().any(|path| within(path) && !is_target(path))
        && run.is_sure_of(index)
}

/// Whether `copy` may go below a WORKDIR that makes `place` as `user`; `made` is a directory
/// that is there before either. `Some(true)` where that rests on the base image's user, `None`
/// where it may not.
pub fn workdir(
    copy: &Copy,
    place: Option<&str>,
    user: Option<&str>,
    made: Option<&str>,
) -> Option<bool> {
    let place = place?;
    let to = copy.destination.as_ref()?.path();
    let is_there = |path: &str| {
        made.is_some_and(|made| {
            under(path, made).is_some() && (made.starts_with('/') || made == path)
        })
    };
    let shared = common(place, to);
    let needed = match under(place, to).is_some() || under(to, place).is_some() {
        true => place,
        // They lie in one directory, which whoever comes first makes.
        false if is_standard_directory(&shared) || shared.is_empty() => return Some(false),
        false => &shared,
    };
    match (!is_there(needed), copy.sets_directories(), user) {
        (false, ..) => Some(false),
        (true, true, _) => None,
        (true, false, None) => Some(true),
        (true, false, Some(_)) if is_root(user) => Some(false),
        (true, false, Some(_)) => None,
    }
}
