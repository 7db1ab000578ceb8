//! The files of a project in a directory of the image, as the context shows them: which of the
//! manifests of a tool are there, and what their text asks for.

mod listed;

use super::{Demand, Demands, Scattered, listed_at, named, place};
use crate::context::{Answer, EntryKind, join};
use crate::digest::{Digest, Numbers};
use crate::ecosystem::{
    Finding, Layer, Manifest, Presence, Project, Stubs, Unlisted, Use, is_lock_file,
    is_manifest_file, name_matches, settings_instead_of,
};
use crate::graph::path_set::under;
use crate::graph::{CommandEffects, Graph, StepAt};
use crate::sentences::{Assumption, Quoted, Reason};
use std::cell::Cell;

/// Looks for files of a project from the step that works on it.
pub(super) struct ProjectFiles<'g, 'a> {
    graph: &'g Graph<'a>,
    at: StepAt,
    /// The directory of the project in the image.
    directory: &'g str,
    /// The directory of the context that counts as copied there, whatever the copies bring.
    whole: Option<&'g str>,
    /// Whether anything was read that comes out of another stage.
    staged: Cell<bool>,
    /// How many patterns the files were looked through for.
    listed: Cell<u32>,
}

impl<'g, 'a> ProjectFiles<'g, 'a> {
    pub fn new(
        graph: &'g Graph<'a>,
        at: StepAt,
        directory: &'g str,
        whole: Option<&'g str>,
    ) -> ProjectFiles<'g, 'a> {
        ProjectFiles { graph, at, directory, whole, staged: Cell::new(false), listed: Cell::new(0) }
    }

    /// Adds what `command` wants of the project: `files` where it names them, else the manifests
    /// of its tool; what it reads beside them; and what the text of all these asks for.
    pub fn add_demands(
        &self,
        command: &CommandEffects,
        used: &Use,
        files: &[String],
        to: &mut Demands,
    ) {
        let names = match files.is_empty() {
            true => self.add_manifests(used.tool.manifests, to),
            false => self.add_named(files, used, to),
        };
        self.add_left_out_by_git(command, used, &names, to);
        self.add_read(command, to);
        // Settings may hold what is secret.
        let is_read = |name: &&String| {
            let is_needed = |manifest: &&Manifest| {
                !matches!(manifest.presence, Presence::Optional | Presence::Lock)
                    && name_matches(manifest.path, name)
            };
            !files.is_empty() || used.tool.manifests.iter().any(|m| is_needed(&m))
        };
        let mut read = names.iter().filter(is_read);
        if let Some(name) = read.find(|name| self.written(command, name) == Some("")) {
            // No sentence says what it names.
            to.refusal.get_or_insert(Reason::Written { path: name.clone() });
        }
        match used.tool.inspect {
            None => to.assumptions.extend(used.tool.assumes.iter().copied().map(Assumption::told)),
            Some(inspect) => self.add_findings(inspect, (command, used), &names, to),
        }
    }

    fn place(&self, path: &str) -> String {
        place(self.directory, path)
    }

    /// The path of the context that is found at `path` of the project.
    fn origin(&self, path: &str) -> Option<String> {
        match self.whole {
            // What lies above the context is not in it.
            Some(whole) => Some(place(whole, path))
                .filter(|path| !path.starts_with("../") && !path.starts_with('/')),
            None => self.graph.context_path(self.at, &self.place(path)),
        }
    }

    /// Whether what is found at `path` of the project may come out of another stage or image.
    fn is_from_elsewhere(&self, path: &str) -> bool {
        self.whole.is_none() && self.graph.is_from_elsewhere(self.at, &self.place(path))
    }

    /// Whether `path` of the project is there; none where that is not known.
    fn exists(&self, path: &str) -> Option<bool> {
        let context = self.graph.context;
        if !context.is_known() {
            return None;
        }
        match self.origin(path) {
            Some(source) => match context.exists(&source) {
                Answer::Yes => Some(true),
                Answer::No if context.is_ignored(&source).is_yes() => Some(false),
                // A copy names what is made before the build.
                Answer::No | Answer::Maybe => None,
            },
            None if self.is_from_elsewhere(path) => None,
            None => context.is_complete().then_some(false),
        }
    }

    /// The same, where without a list what no copy can bring is not there.
    fn may_exist(&self, path: &str) -> Option<bool> {
        let brought = || self.graph.copies_bringing(self.at, &self.place(path)).next().is_some();
        if self.graph.context.is_known() || brought() { self.exists(path) } else { Some(false) }
    }

    /// Whether a program of the project may be run as it is, where that is known.
    fn is_executable(&self, path: &str) -> Option<bool> {
        let executables = self.graph.options.executables.as_ref()?;
        let source = self.origin(path)?;
        Some(executables.contains(&source))
    }

    /// The text of `path` of the project, where it is known.
    fn text(&self, path: &str) -> Option<&str> {
        let source = match self.origin(path) {
            Some(source) => source,
            None => {
                let source = self.graph.staged_path(self.at, &self.place(path))?;
                self.staged.set(self.graph.context.text(&source).is_some());
                source
            }
        };
        self.graph.context.text(&source)
    }

    /// What a step before `command` writes to `path` of the project; "" where that is not known.
    fn written(&self, command: &CommandEffects, path: &str) -> Option<&str> {
        self.graph.written_text(self.at, command.span, &self.place(path))
    }

    /// Adds the manifests of a tool that are there, or may be; gives their names.
    fn add_manifests(&self, manifests: &'static [Manifest], to: &mut Demands) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let replaced = manifests.iter().any(|manifest| {
            manifest.presence == Presence::Instead && self.exists(manifest.path) == Some(true)
        });
        let locks = |manifest: &Manifest| {
            manifest.presence == Presence::Lock && is_lock_file(manifest.path)
        };
        let is_locked = manifests
            .iter()
            .any(|manifest| locks(manifest) && self.exists(manifest.path) != Some(false));
        let mut is_there = false;
        for manifest in manifests {
            if is_locked && manifest.presence == Presence::Substitute {
                continue;
            }
            let is_pattern = manifest.path.contains('*');
            let listed = is_pattern.then(|| self.list(manifest.path)).flatten();
            let found = match &listed {
                Some(listed) => listed.clone(),
                None if is_pattern => self.known(manifest.path),
                None => Vec::new(),
            };
            if listed.is_none() && !found.is_empty() {
                to.assumptions.push(Assumption::NoOthersInContext {
                    found: Quoted::all(found.clone()),
                    pattern: manifest.path,
                });
            }
            is_there |= !found.is_empty();
            for path in &found {
                names.push(path.clone());
                to.files.push(named(&self.place(path), false));
            }
            if !found.is_empty() {
                continue;
            }
            let missing = listed.is_some() || self.exists(manifest.path) == Some(false);
            let required = manifest.presence == Presence::Required && !replaced;
            if missing && listed.is_none() && required {
                let path = manifest.path.to_owned();
                to.refusal.get_or_insert(Reason::NotCopied { path });
            }
            // What locks the versions, and settings, may come later.
            let is_read = || {
                let other = settings_instead_of(manifest.path);
                other.is_none_or(|other| self.exists(other) != Some(true))
            };
            let may_come =
                locks(manifest) && !is_locked || manifest.unlisted == Unlisted::Beside && is_read();
            if missing && !may_come {
                let looks = manifest.presence == Presence::Optional && !is_pattern;
                to.looks.extend(looks.then(|| self.place(manifest.path)));
                continue;
            }
            if !missing {
                is_there = true;
                names.push(manifest.path.to_owned());
            }
            to.files.push(listed_at(self.place(manifest.path), manifest));
        }
        // None of them is there, though each may be missing.
        let first = manifests.first().filter(|first| matches!(first.unlisted, Unlisted::As(_)));
        if let Some(first) = first.filter(|_| !is_there) {
            to.refusal.get_or_insert(Reason::NotCopied { path: first.path.to_owned() });
        }
        names
    }

    /// Adds the settings that the context lacks as it is in git, and that a checkout may have: by a
    /// pattern that may match nothing.
    fn add_left_out_by_git(
        &self,
        command: &CommandEffects,
        used: &Use,
        names: &[String],
        to: &mut Demands,
    ) {
        let root =
            names.iter().find_map(|name| Some(self.origin(name)?.strip_suffix(name)?.to_owned()));
        let Some(root) = root else { return };
        let is_file = |path: &&str| !path.contains('*') && !path.ends_with('/');
        // What leads to other modules is of no use without them: `go.work`, `go.work.sum`.
        let leads = |path: &&str| {
            let mut instead = used.tool.manifests.iter();
            instead.any(|m| m.presence == Presence::Instead && path.starts_with(m.path))
        };
        let manifests = used.tool.manifests.iter();
        let has = |manifest: &&Manifest| names.iter().any(|name| name == manifest.path);
        let is_lock = |m: &&Manifest| m.presence == Presence::Lock && is_lock_file(m.path);
        let is_locked = manifests.clone().filter(is_lock).any(|lock| has(&lock));
        // Without a lock file of its own, bun takes over the one of npm.
        let optional = manifests.filter(|manifest| match manifest.presence {
            Presence::Substitute => !is_locked,
            presence => presence == Presence::Optional,
        });
        let settings =
            optional.map(|manifest| manifest.path).chain(used.tool.settings.iter().copied());
        let variables = command.named.iter().filter(|named| !named.is_argument);
        let variables = variables.map(|named| &*named.path).filter(|path| stands_alone(path));
        let variables = variables.filter_map(|path| under(self.directory, path));
        let settings = settings.filter(is_file).filter(|path| !leads(path));
        for path in settings.chain(variables) {
            let place = self.place(path);
            let is_known = to.files.iter().any(|file| file.place == place);
            if !is_known && self.graph.is_ignored_by_git(&format!("{root}{path}")) {
                let (presence, unlisted) = (Presence::Optional, Unlisted::Beside);
                to.files.push(Demand { presence, unlisted, ..named(&place, false) });
            }
        }
    }

    /// Adds the files that the command names in place of manifests; gives their names.
    fn add_named(&self, files: &[String], used: &Use, to: &mut Demands) -> Vec<String> {
        // The readers see paths as the command names them.
        let below = |file: &str| under(self.directory, file).unwrap_or(file).to_owned();
        let mut names = Vec::with_capacity(files.len());
        for (file, written) in files.iter().zip(&used.files) {
            let absolute = written.starts_with('/');
            match self.fitting(&below(file), written) {
                Some(found) => {
                    let places = found.iter().map(|name| place(self.directory, name));
                    to.files.extend(places.map(|place| named(&place, absolute)));
                    names.extend(found);
                }
                None => {
                    to.files.push(named(file, absolute));
                    names.push(below(file));
                }
            }
        }
        names
    }

    /// The files in `directory` that the shell puts in the place of a pattern, where they are known:
    /// `dotnet restore src/*.csproj`.
    fn fitting(&self, directory: &str, written: &str) -> Option<Vec<String>> {
        let (above, name) = written.rsplit_once('/').unwrap_or(("", written));
        if !name.contains('*') || above.contains('*') || directory.starts_with('/') {
            return None;
        }
        self.list(&join(directory, name))
    }

    /// Adds the other paths that the command reads and the context brings.
    fn add_read(&self, command: &CommandEffects, to: &mut Demands) {
        let context = self.graph.context;
        for path in &command.reads.paths {
            let known = to.files.iter().any(|file| file.place == *path);
            let origin = || self.graph.context_path(self.at, path);
            let Some(source) = (!known).then(origin).flatten() else { continue };
            let is_there = match context.exists(&source) {
                Answer::Yes => true,
                Answer::No => false,
                // A word may be no path at all.
                Answer::Maybe => is_manifest_file(path),
            };
            if is_there {
                let entry = context.entry(&source);
                let is_directory = entry.is_some_and(|entry| entry.kind == EntryKind::Directory);
                let presence = match context.is_known() {
                    true => Presence::Required,
                    false => Presence::Optional,
                };
                to.files.push(Demand { is_directory, presence, ..named(path, false) });
            }
        }
        let variables = command.named.iter().filter(|named| !named.is_argument);
        for path in variables.map(|named| &named.path).filter(|path| stands_alone(path)) {
            let known = to.files.iter().any(|file| file.place == *path);
            let origin = || self.graph.context_path(self.at, path);
            let source = (!known && self.whole.is_none()).then(origin).flatten();
            let entry = source.and_then(|source| context.entry(&source));
            if entry.is_some_and(|entry| entry.kind == EntryKind::File) {
                to.files.push(named(path, false));
            }
        }
    }

    /// What is said of the project of `command`, whose manifests have these names.
    fn project<T>(
        &self,
        (command, used): (&CommandEffects, &Use),
        names: &[String],
        say: &dyn Fn(&Project<'_>) -> T,
    ) -> T {
        let (graph, at) = (self.graph, self.at);
        say(&Project {
            manifests: names,
            flags: &used.flags,
            words: used.action.words,
            is_nested: self.origin("../-").is_some(),
            has_neighbours: graph.has_neighbours(at, self.directory),
            names: &|pattern| graph.names_below(at, self.directory, pattern),
            works_on_members: &|| graph.speaks_of_members(at.stage) && !self.is_from_elsewhere("-"),
            text: &|path| {
                let written = self.written(command, path).filter(|text| !text.is_empty());
                written.or_else(|| self.text(path))
            },
            exists: &|path| self.may_exist(path),
            is_executable: &|path| self.is_executable(path),
            list: &|pattern| self.list(pattern),
            known: &|pattern| self.known(pattern),
        })
    }

    /// What stands in for the source while the dependencies are compiled; a refusal where
    /// anything of it comes out of another stage.
    pub fn stubs(&self, command: &CommandEffects, used: &Use, layer: &Layer) -> Stubs {
        let mut stubs = self.project((command, used), &[], &layer.inspect);
        if self.staged.get() {
            stubs.refusal.get_or_insert_with(|| "the manifests come out of another stage".into());
        }
        stubs
    }

    /// Adds what the text of the manifests `names` asks for.
    fn add_findings(
        &self,
        inspect: fn(&Project<'_>) -> Vec<Finding>,
        (command, used): (&CommandEffects, &Use),
        names: &[String],
        to: &mut Demands,
    ) {
        let mut sources: Vec<(String, String)> = Vec::new();
        let mut known = Numbers::default();
        let number = |place: &str| Digest::of(place).end();
        for file in &to.files {
            known.set(number(&file.place), 0);
        }
        for finding in self.project((command, used), names, &inspect) {
            match finding {
                Finding::Also(ref path) | Finding::Linked(ref path) => {
                    let place = self.place(path);
                    if known.set(number(&place), 0).is_none() {
                        let is_directory = path.ends_with('/');
                        let only_linked = matches!(finding, Finding::Linked(_));
                        let demand = named(&place, false);
                        to.files.push(Demand { is_directory, only_linked, ..demand });
                    }
                }
                Finding::Argument(argument) => to.arguments.push(argument),
                Finding::Instead(word, other) => to.instead = Some((word, other)),
                Finding::Source { package, path } => {
                    // One directory may be named in two ways.
                    let found = (self.place(&package), path.clone());
                    if sources.contains(&found) {
                        continue;
                    }
                    sources.push(found);
                    // As the command sees it.
                    let package = match &used.directory {
                        Some(directory) => place(directory, &package),
                        None => package,
                    };
                    to.sources.push((package, path));
                }
                Finding::Scattered(otherwise) => {
                    let scattered = Scattered { names: used.tool.scattered, otherwise };
                    to.scattered.get_or_insert(scattered);
                }
                Finding::Refuse(kind, text) => {
                    to.refusal.get_or_insert(Reason::Told { kind, text });
                }
                Finding::Assume(sentence) => to.assumptions.push(Assumption::told(sentence)),
                Finding::Makes(path) => to.makes.push(self.place(&path)),
                Finding::Looks(path) => to.looks.push(self.place(&path)),
                Finding::Nothing(_) => to.nothing = true,
            }
        }
        if self.staged.get() {
            to.assumptions.push(Assumption::ManifestsOfContext);
        }
    }
}

/// Whether a file that a variable names needs no other: `NODE_EXTRA_CA_CERTS=/app/ca.pem`, but not a
/// script, which may read more.
fn stands_alone(path: &str) -> bool {
    const ENDINGS: [&str; 6] = ["cer", "crt", "env", "pem", "yaml", "yml"];
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| ENDINGS.contains(&ending))
}
