//! What a command wants of the files that were copied before: manifests, and what their text
//! asks for.
//!
//! The tables of `ecosystem` say what; in `project` it is looked up in the context.

mod project;

use super::copy::StepAt;
use super::path_set::under;
use super::selection::fits;
use super::{CommandEffects, Graph, Named, Needs, PathSet, Run};
use crate::context::{base_name, parent};
use crate::ecosystem::{
    ActionKind, Layer, Manifest, Otherwise, Presence, Stubs, Unlisted, Use, is_in_environment,
    is_manifest_file, listed, name_matches,
};
use crate::limits;
use crate::sentences::{Assumption, Reason};
use project::ProjectFiles;
use std::borrow::Cow;

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
    /// Whether the command only makes a link to it: what it names does not matter.
    pub only_linked: bool,
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
    /// Places that the command fills, as its manifests say.
    pub makes: Vec<String>,
    /// What begins so it looks for, and does something else where it is there.
    pub looks: Vec<String>,
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

    /// Whether the command looks for something at `path` that is not known to it: `patches` where
    /// `mv docker/patches patches` makes it, `patches/a.patch`, but nothing deeper than that.
    pub fn looks_for(&self, path: &str) -> bool {
        let is_known = || self.files.iter().any(|file| under(path, &file.place).is_some());
        let is_looked_for = |place: &String| {
            path.strip_prefix(&**place).is_some_and(|rest| rest.matches('/').count() < 2)
                || under(path, place).is_some_and(|below| !below.is_empty())
        };
        self.looks.iter().any(is_looked_for) && !is_known()
    }

    /// Whether `other` may change a manifest in a directory that is not known.
    pub fn scattered_changed_by(&self, other: &CommandEffects) -> bool {
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

    /// Whether a tool that looks for its project upwards finds it from `directory` as well, in which
    /// the manifest lies: `go build` in `cmd/a` works for the `go.mod` above.
    pub fn is_found_from(&self, used: &Use, directory: Option<&str>) -> bool {
        let mut required =
            self.files.iter().filter(|file| file.presence == Presence::Required).peekable();
        !used.tool.climbs.is_empty()
            && used.directory.is_none()
            && required.peek().is_some()
            && required.all(|file| Some(parent(&file.place).as_str()) == directory)
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
        run.demands[command].get_or_init(|| self.find_demands(&run.commands[command], at, None))
    }

    /// What `command` wants, in a step that stands at `at`; found out once where it is one of
    /// that step's own.
    pub fn demands(&self, command: &CommandEffects, at: StepAt) -> Cow<'_, Demands> {
        let step = self.stages.get(at.stage).and_then(|stage| stage.steps.get(at.step));
        let run = step.and_then(|step| step.run());
        let index = |run: &Run<'_>| run.commands.iter().position(|own| std::ptr::eq(own, command));
        match run.and_then(|run| Some((run, index(run)?))) {
            Some((run, index)) => Cow::Borrowed(self.wanted(run, index, at)),
            None => Cow::Owned(self.find_demands(command, at, None)),
        }
    }

    /// What `command` would want if the whole of a directory of the context were the one of its
    /// project.
    pub fn demands_of_context(&self, command: &CommandEffects, at: StepAt, whole: &str) -> Demands {
        self.find_demands(command, at, Some(whole))
    }

    fn find_demands(&self, command: &CommandEffects, at: StepAt, whole: Option<&str>) -> Demands {
        let mut demands = Demands::default();
        for used in command.used.iter().chain(&command.others) {
            let mut found = self.demands_of(command, used, at, whole);
            self.add_mentioned(command, &mut found, at);
            self.mind_submodules(&mut found, at);
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
            demands.makes.extend(found.makes);
            demands.looks.extend(found.looks);
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
    fn demands_of(
        &self,
        command: &CommandEffects,
        used: &Use,
        at: StepAt,
        whole: Option<&str>,
    ) -> Demands {
        let settings = command.settings.iter().map(|path| setting(path));
        let mut demands = Demands { files: settings.collect(), ..Demands::default() };
        match &command.needs {
            Needs::Project { directory, files } => {
                demands.files.extend(self.own_program(command, used, at));
                let above = files.is_empty().then(|| self.project_above(used, directory, at));
                let directory = above.flatten().unwrap_or_else(|| directory.clone());
                let project = ProjectFiles::new(self, at, &directory, whole);
                project.add_demands(command, used, files, &mut demands);
            }
            Needs::Paths(paths) => {
                demands.files.extend(paths.iter().map(|path| named(path, false)));
            }
            _ => {}
        }
        let own = command.settings.iter().map(|path| path.rsplit_once('/').unwrap_or(("", path)));
        let project = match &command.needs {
            Needs::Project { directory, .. } => Some(directory.as_str()),
            _ => None,
        };
        let of_project = |directory| used.tool.settings.iter().map(move |name| (directory, *name));
        for (directory, name) in own.chain(project.into_iter().flat_map(of_project)) {
            for above in self.settings_above(directory, name, at) {
                if !demands.files.iter().any(|file| file.place == above.place) {
                    demands.files.push(above);
                }
            }
        }
        demands
    }

    /// Settings of this name in the directories above `directory`, where they are looked for as
    /// well: `rust-toolchain.toml`, `nuget.config`, `.npmrc` of Yarn.
    fn settings_above<'s>(
        &'s self,
        directory: &'s str,
        name: &'s str,
        at: StepAt,
    ) -> impl Iterator<Item = Demand> + 's {
        let above = with_those_above(directory).skip(1).take(limits::LEVELS_ABOVE);
        let places = above.map(move |path| place(path, name));
        places.filter_map(move |place| match self.brings(at, &place) {
            true => Some(setting(&place)),
            false if self.may_be_left_out(at, &place) => Some(Demand {
                presence: Presence::Optional,
                unlisted: Unlisted::Beside,
                ..setting(&place)
            }),
            false => None,
        })
    }

    /// Whether a copy before `at` brings what git leaves out to `place`, where a checkout has it.
    fn may_be_left_out(&self, at: StepAt, place: &str) -> bool {
        let mut copies = self.copies_before(at).take(limits::COPIES_LOOKED_AT);
        self.context.is_complete()
            && copies.any(|(_, copy)| self.left_out_by_git(copy, place).is_some())
    }

    /// The program that a command names by its path, as a file that it wants of the copies: not
    /// `/root/.local/bin/uv`, which a step before has downloaded.
    fn own_program(&self, command: &CommandEffects, used: &Use, at: StepAt) -> Option<Demand> {
        let program = command.program.as_ref()?;
        if self.copies_before(at).all(|(_, copy)| copy.may_bring(program).is_no()) {
            return None;
        }
        let mut wanted = named(program, false);
        if is_in_environment(program) {
            (wanted.presence, wanted.unlisted) = (Presence::Optional, Unlisted::Assumed);
        } else if used.script.is_some() {
            // It may have been downloaded in the image.
            wanted.presence = Presence::Optional;
        }
        Some(wanted)
    }

    /// Whether a copy before `at` is known to bring a file of the context to `place`.
    fn brings(&self, at: StepAt, place: &str) -> bool {
        let source = self.context.is_complete().then(|| self.context_path(at, place)).flatten();
        source.is_some_and(|source| self.context.exists(&source).is_yes())
    }

    /// The directory above `directory` that holds the manifest which a tool looks for upward.
    fn project_above(&self, used: &Use, directory: &str, at: StepAt) -> Option<String> {
        let holds =
            |path: &&str| listed(used.tool.climbs, |name| self.brings(at, &place(path, name)));
        let mut above = with_those_above(directory).take(limits::LEVELS_ABOVE);
        above.find(holds).map(str::to_owned)
    }

    /// What stands in for the source of the project that `command` compiles, in a step at `at`.
    pub fn stubs(&self, command: &CommandEffects, at: StepAt, layer: &Layer) -> Option<Stubs> {
        let (used, directory) = (command.used.as_ref()?, command.cwd.as_deref()?);
        Some(ProjectFiles::new(self, at, directory, None).stubs(command, used, layer))
    }

    /// `install`, of [`install_of`], with what its tool writes at absolute paths.
    pub fn with_writes(&self, mut install: CommandEffects) -> CommandEffects {
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

/// Settings that a command obeys, where they are there.
fn setting(path: &str) -> Demand {
    Demand { presence: Presence::Optional, unlisted: Unlisted::Said, ..named(path, false) }
}

/// A directory, and those it lies in, nearest first.
fn with_those_above(directory: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(directory), |path| match path.rsplit_once('/')? {
        ("", "") => None,
        ("", _) => Some("/"),
        (above, _) => Some(above),
    })
}

/// Whether `other` changes what `command` reads of its project: one of `places`, or a manifest
/// that may be made by it.
pub fn changes_inputs(other: &CommandEffects, command: &CommandEffects, places: &[String]) -> bool {
    if other.is_unseen_by(command) && places.iter().all(|place| is_manifest_file(place)) {
        return false;
    }
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
pub fn install_of(command: &CommandEffects) -> Option<CommandEffects> {
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
    let mut install = CommandEffects {
        needs: Needs::Project { directory, files },
        reads,
        writes: PathSet::none(),
        ..command.clone()
    };
    // `go mod download` is not told what `go build main.go` is.
    if let (ActionKind::Compile, Some(first)) = (used.kind, &used.first) {
        let told = |named: &Named| !named.is_argument || first.contains(base_name(&named.path));
        install.named.retain(told);
    }
    Some(install)
}

/// What the tables list, at `place`.
pub(super) fn listed_at(place: String, manifest: &Manifest) -> Demand {
    Demand {
        place,
        presence: manifest.presence,
        unlisted: manifest.unlisted,
        named_absolute: false,
        is_directory: manifest.path.ends_with('/'),
        only_linked: false,
    }
}

pub(super) fn named(path: &str, named_absolute: bool) -> Demand {
    Demand {
        place: path.trim_end_matches('/').to_owned(),
        presence: Presence::Required,
        unlisted: Unlisted::Covered,
        named_absolute,
        is_directory: path.ends_with('/'),
        only_linked: false,
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
