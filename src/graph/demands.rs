//! What a command wants of the files that were copied before: manifests, and what their text
//! asks for.
//!
//! The tables of `ecosystem` say what; here it is looked up in the context.

use super::copy::StepAt;
use super::selection::fits;
use super::{Command, Graph, Needs, PathSet, Run, listing};
use crate::context::{Answer, Kind as Entry};
use crate::ecosystem::{
    Finding, Manifest, Otherwise, Presence, Project, Unlisted, Use, is_in_environment,
    is_manifest_file, name_matches,
};
use crate::sentences::{Assumption, Quoted, Reason};
use crate::text::Cut;
use std::borrow::Cow;
use std::cell::Cell;

/// A file that a command wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// Its place in the image.
    pub place: String,
    /// Whether the command fails without it.
    pub presence: Presence,
    /// How to name it when the files of the context are not known.
    pub unlisted: Unlisted,
    /// Whether the command names it by an absolute path.
    pub named_absolute: bool,
    /// Whether it is a directory.
    pub is_directory: bool,
}

/// What a command wants, and what has to be known before it may go first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demands {
    /// The files.
    pub files: Vec<Demand>,
    /// Sources that have to be there, but may be empty: the directory of the package, and the
    /// path below it.
    pub sources: Vec<(String, String)>,
    /// What the command that fetches takes as well.
    pub arguments: Vec<String>,
    /// What is written in place of a word of it.
    pub instead: Option<(&'static str, &'static str)>,
    /// Manifests in directories that are not known.
    pub scattered: Option<Scattered>,
    /// What must hold.
    pub assumptions: Vec<Assumption>,
    /// Why the files are not enough.
    pub refusal: Option<Reason>,
    /// There is nothing to install.
    pub nothing: bool,
}

/// Manifests that are told by their names alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scattered {
    /// The names, as in [`Tool::scattered`](crate::ecosystem::Tool::scattered).
    pub names: &'static str,
    /// What holds where names are of no use.
    pub otherwise: Otherwise,
}

impl Demands {
    /// Where the files are found in the image.
    pub fn places(&self) -> Vec<String> {
        self.files.iter().map(|file| file.place.clone()).collect()
    }

    /// Whether `other` may change a manifest in a directory that is not known.
    pub fn scattered_changed_by(&self, other: &Command) -> bool {
        let Some(scattered) = &self.scattered else { return false };
        let kept = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or(path);
            // Without an ending it may be a directory.
            !name.contains('.') || scattered.names.split(' ').any(|name| fits(name, path))
        };
        other.writes.everything
            || !other.fills.paths.is_empty()
            || other.writes.paths.iter().any(|path| kept(path))
    }

    /// The command that fetches, with what it takes here beside its own words.
    pub fn with_arguments(&self, first: &str) -> String {
        let line = match self.instead {
            Some((word, other)) => first.replace(word, other),
            None => first.to_owned(),
        };
        self.arguments.iter().fold(line, |line, argument| line + " " + argument)
    }
}

impl Graph<'_> {
    /// What a command of `run` wants, which stands at `at`; found out once.
    pub fn wanted<'r>(&self, run: &'r Run<'_>, command: usize, at: StepAt) -> &'r Demands {
        run.demands[command].get_or_init(|| self.find_demands(&run.commands[command], at))
    }

    /// What `command` wants, in a step that stands at `at`; found out once where it is one of
    /// that step's own.
    pub fn demands(&self, command: &Command, at: StepAt) -> Cow<'_, Demands> {
        let step = self.stages.get(at.stage).and_then(|stage| stage.steps.get(at.step));
        let run = step.and_then(|step| step.run());
        let index = |run: &Run<'_>| run.commands.iter().position(|own| std::ptr::eq(own, command));
        match run.and_then(|run| Some((run, index(run)?))) {
            Some((run, index)) => Cow::Borrowed(self.wanted(run, index, at)),
            None => Cow::Owned(self.find_demands(command, at)),
        }
    }

    fn find_demands(&self, command: &Command, at: StepAt) -> Demands {
        let mut demands = Demands::default();
        for used in command.used.iter().chain(&command.others) {
            let mut found = self.demands_of(command, used, at);
            self.add_mentioned(command, &mut found, at);
            for file in found.files {
                if demands.files.iter().all(|other| other.place != file.place) {
                    demands.files.push(file);
                }
            }
            for sentence in found.assumptions {
                if !demands.assumptions.contains(&sentence) {
                    demands.assumptions.push(sentence);
                }
            }
            demands.sources.extend(found.sources);
            demands.arguments.extend(found.arguments);
            demands.instead = demands.instead.or(found.instead);
            demands.refusal = demands.refusal.or(found.refusal);
            // Two tools read files of different names.
            match (&demands.scattered, found.scattered) {
                (Some(one), Some(other)) if one.names != other.names => {
                    demands.refusal.get_or_insert(Reason::TwoScattered);
                }
                (None, other) => demands.scattered = other,
                _ => {}
            }
            demands.nothing |= found.nothing;
        }
        if command.is_conditional {
            for file in &mut demands.files {
                if file.presence == Presence::Required {
                    file.presence = Presence::Optional;
                    if matches!(file.unlisted, Unlisted::As(name) if !name.contains('*')) {
                        file.unlisted = Unlisted::Covered;
                    }
                }
            }
        }
        demands
    }

    /// What `command` wants for one of its uses.
    fn demands_of(&self, command: &Command, used: &Use, at: StepAt) -> Demands {
        let origin = |place: &str| self.context_path(at, place);
        // Whether anything was read that comes out of another stage.
        let staged = Cell::new(false);
        let mut demands = Demands::default();
        let tool = used.tool;
        let settings = command.settings.iter().map(|path| Demand {
            presence: Presence::Optional,
            unlisted: Unlisted::Said,
            ..named(path, false)
        });
        demands.files = settings.collect();
        let (directory, files) = match &command.needs {
            Needs::Project { directory, files } => (directory.clone(), files.clone()),
            Needs::Paths(paths) => {
                demands.files.extend(paths.iter().map(|path| named(path, false)));
                return demands;
            }
            _ => return demands,
        };
        let exists = |path: &str| -> Option<bool> {
            if !self.context.is_known() {
                return None;
            }
            match origin(&place(&directory, path)) {
                Some(source) => match self.context.exists(&source) {
                    Answer::Yes => Some(true),
                    Answer::No => Some(false),
                    Answer::Maybe => None,
                },
                None if self.is_from_elsewhere(at, &place(&directory, path)) => None,
                None => self.context.is_complete().then_some(false),
            }
        };
        let text = |path: &str| -> Option<&str> {
            let place = place(&directory, path);
            let source = match origin(&place) {
                Some(source) => source,
                None => {
                    let source = self.staged_path(at, &place)?;
                    staged.set(self.context.text(&source).is_some());
                    source
                }
            };
            self.context.text(&source)
        };
        if let Some(program) = &command.program {
            let mut wanted = named(program, false);
            if is_in_environment(program) {
                (wanted.presence, wanted.unlisted) = (Presence::Optional, Unlisted::Assumed);
            } else if used.script.is_some() {
                // It may have been downloaded in the image.
                wanted.presence = Presence::Optional;
            }
            demands.files.push(wanted);
        }
        let list = |pattern: &str| -> Option<Vec<String>> {
            let rest = pattern.trim_start_matches("../");
            let above = pattern.cut(..pattern.len() - rest.len());
            let root = place(&directory, above);
            let place = |path: &str| place(&root, path);
            if self.is_from_elsewhere(at, &place(rest)) {
                return None;
            }
            let found = listing::list(self.context, &|path| origin(&place(path)), rest)?;
            Some(found.into_iter().map(|path| format!("{above}{path}")).collect())
        };
        let known = |pattern: &str| -> Vec<String> {
            let place = |path: &str| place(&directory, path);
            let origin = |path: &str| origin(&place(path));
            listing::known(self.context, &origin, pattern).unwrap_or_default()
        };
        let instead = |manifest: &Manifest| {
            manifest.presence == Presence::Instead && exists(manifest.path) == Some(true)
        };
        let replaced = tool.manifests.iter().any(instead);
        let mut names: Vec<String> = Vec::new();
        if files.is_empty() {
            let is_locked = tool.manifests.iter().any(|manifest| {
                manifest.presence == Presence::Lock && exists(manifest.path) != Some(false)
            });
            for manifest in tool.manifests {
                if is_locked && manifest.presence == Presence::Substitute {
                    continue;
                }
                let is_pattern = manifest.path.contains('*');
                let listed = is_pattern.then(|| list(manifest.path)).flatten();
                let found = match &listed {
                    Some(listed) => listed.clone(),
                    None if is_pattern => known(manifest.path),
                    None => Vec::new(),
                };
                if listed.is_none() && !found.is_empty() {
                    demands.assumptions.push(Assumption::NoOthersInContext {
                        found: Quoted::all(found.clone()),
                        pattern: manifest.path,
                    });
                }
                for path in &found {
                    names.push(path.clone());
                    demands.files.push(named(&place(&directory, path), false));
                }
                if !found.is_empty() {
                    continue;
                }
                let missing = listed.is_some() || exists(manifest.path) == Some(false);
                let required = manifest.presence == Presence::Required && !replaced;
                if missing && listed.is_none() && required {
                    let path = manifest.path.to_owned();
                    demands.refusal.get_or_insert(Reason::NotCopied { path });
                }
                if missing {
                    continue;
                }
                names.push(manifest.path.to_owned());
                demands.files.push(Demand {
                    place: place(&directory, manifest.path),
                    presence: manifest.presence,
                    unlisted: manifest.unlisted,
                    named_absolute: false,
                    is_directory: manifest.path.ends_with('/'),
                });
            }
        } else {
            for (file, written) in files.iter().zip(&used.files) {
                // The readers see paths as the command names them.
                names.push(relative(&directory, file));
                demands.files.push(named(file, written.starts_with('/')));
            }
        }
        for path in &command.reads.paths {
            let known = demands.files.iter().any(|file| file.place == *path);
            let Some(source) = origin(path).filter(|_| !known) else { continue };
            let is_there = match self.context.exists(&source) {
                Answer::Yes => true,
                Answer::No => false,
                // A word may be no path at all.
                Answer::Maybe => is_manifest_file(path),
            };
            if is_there {
                let entry = self.context.entry(&source);
                let is_directory = entry.is_some_and(|entry| entry.kind == Entry::Directory);
                let presence = match self.context.is_known() {
                    true => Presence::Required,
                    false => Presence::Optional,
                };
                demands.files.push(Demand { is_directory, presence, ..named(path, false) });
            }
        }
        let Some(inspect) = tool.inspect else {
            demands.assumptions.extend(tool.assumes.iter().copied().map(Assumption::told));
            return demands;
        };
        // Without a list, what no copy can bring is not there.
        let exists = |path: &str| {
            let place = place(&directory, path);
            let brought = || self.copies_bringing(at, &place).next().is_some();
            if self.context.is_known() || brought() { exists(path) } else { Some(false) }
        };
        let project = Project {
            manifests: &names,
            flags: &used.flags,
            is_nested: origin(&place(&directory, "../-")).is_some(),
            has_neighbours: self.has_neighbours(at, &directory),
            names: &|pattern| self.names_below(at, &directory, pattern),
            works_on_members: &|| {
                self.speaks_of_members(at.stage)
                    && !self.is_from_elsewhere(at, &place(&directory, "-"))
            },
            text: &text,
            exists: &exists,
            list: &list,
            known: &known,
        };
        let findings = inspect(&project);
        let mut sources: Vec<(String, String)> = Vec::new();
        for finding in findings {
            match finding {
                Finding::Also(path) => {
                    let place = place(&directory, &path);
                    if demands.files.iter().all(|file| file.place != place) {
                        let is_directory = path.ends_with('/');
                        demands.files.push(Demand { is_directory, ..named(&place, false) });
                    }
                }
                Finding::Argument(argument) => demands.arguments.push(argument),
                Finding::Instead(word, other) => demands.instead = Some((word, other)),
                Finding::Source { package, path } => {
                    // One directory may be named in two ways.
                    let found = (place(&directory, &package), path.clone());
                    if sources.contains(&found) {
                        continue;
                    }
                    sources.push(found);
                    // As the command sees it.
                    let package = match &used.directory {
                        Some(directory) => place(directory, &package),
                        None => package,
                    };
                    demands.sources.push((package, path));
                }
                Finding::Scattered(otherwise) => {
                    let scattered = Scattered { names: tool.scattered, otherwise };
                    demands.scattered.get_or_insert(scattered);
                }
                Finding::Refuse(reason, message) => {
                    demands.refusal.get_or_insert(Reason::Told { kind: reason, text: message });
                }
                Finding::Assume(sentence) => demands.assumptions.push(Assumption::told(sentence)),
                Finding::Nothing(_) => demands.nothing = true,
            }
        }
        if staged.get() {
            demands.assumptions.push(Assumption::ManifestsOfContext);
        }
        demands
    }

    /// `install`, of [`install_of`], with what its tool writes at absolute paths.
    pub fn with_writes(&self, mut install: Command) -> Command {
        let Some(used) = &install.used else { return install };
        let Needs::Project { directory, files } = &install.needs else { return install };
        for path in used.tool.writes {
            match path.strip_prefix("./") {
                Some("") => install.fills.add(directory.clone()),
                Some(name) => {
                    install.writes.add(place(directory, name));
                    for file in files {
                        install.writes.add(place(file, &format!("../{name}")));
                    }
                }
                None if path.starts_with('/') => install.writes.add(*path),
                None => {}
            }
        }
        install
    }
}

/// Whether `other` changes what `command` reads of its project: one of `places`, or a manifest
/// that may be made by it.
pub fn changes_inputs(other: &Command, command: &Command, places: &[String]) -> bool {
    if other.changes(places.iter().map(String::as_str)) {
        return true;
    }
    let Needs::Project { directory, .. } = &command.needs else { return false };
    let uses = command.used.iter().chain(&command.others);
    uses.flat_map(|used| used.tool.manifests).any(|manifest| {
        let manifest = place(directory, manifest.path);
        let (folder, name) = manifest.rsplit_once('/').unwrap_or(("", &manifest));
        other.writes.paths.iter().any(|path| {
            let written = path.rsplit_once('/').unwrap_or(("", path));
            (written.0 == folder && name_matches(name, written.1))
                || super::path_set::under(path, &manifest).is_some()
        })
    })
}

/// The install that a command of the same project would be.
pub fn install_of(command: &Command) -> Option<Command> {
    let used = command.used.as_ref()?;
    let cwd = command.cwd.as_ref()?;
    let directory = match &used.directory {
        None => cwd.clone(),
        Some(directory) => place(cwd, directory),
    };
    let files = used.files.iter().map(|file| place(cwd, file)).collect();
    let mut reads = PathSet::none();
    used.paths.iter().for_each(|path| reads.add(place(cwd, path)));
    command.program.iter().for_each(|program| reads.add(program.clone()));
    Some(Command {
        needs: Needs::Project { directory, files },
        reads,
        writes: PathSet::none(),
        ..command.clone()
    })
}

pub(super) fn named(path: &str, named_absolute: bool) -> Demand {
    Demand {
        place: path.trim_end_matches('/').to_owned(),
        presence: Presence::Required,
        unlisted: Unlisted::Covered,
        named_absolute,
        is_directory: path.ends_with('/'),
    }
}

/// `path` below the project in `directory`, or absolute.
pub(super) fn place(directory: &str, path: &str) -> String {
    let path = path.trim_end_matches('/');
    if path.starts_with('/') {
        return path.to_owned();
    }
    let joined = crate::context::clean(&crate::context::join(directory, path));
    if joined == "." { String::new() } else { joined }
}

/// `file` as seen from `directory`; absolute where it lies elsewhere.
fn relative(directory: &str, file: &str) -> String {
    match super::path_set::under(directory, file) {
        Some(rest) => rest.to_owned(),
        None => file.to_owned(),
    }
}
