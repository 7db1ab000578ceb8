//! Which steps suffer from a copy that they do not need, or need only a part of.
//!
//! Read by the rules (what is wrong) and by the planner (what may move).

use super::region::under;
use super::{Action, Base, Command, Copy, Graph, Needs, Origin, Region, Run, listing};
use crate::context::{Answer, Kind as Entry};
use crate::ecosystem::{
    Finding, Kind, Presence, Project, Unlisted, is_in_environment, is_manifest_file,
};
use crate::issue::RefusalReason;
use std::collections::HashSet;

/// A COPY or ADD of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CopyAt {
    /// The stage.
    pub stage: usize,
    /// The step within it.
    pub step: usize,
}

/// A RUN that reruns for changes it does not need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suffering {
    /// The stage.
    pub stage: usize,
    /// The step within it.
    pub step: usize,
    /// How many commands, from the first on, could run without the source.
    pub commands: usize,
    /// Whether the next one would download the dependencies on the way.
    pub downloads: bool,
    /// What it mainly does: install, compile, or what needs nothing at all.
    pub kind: Kind,
    /// The tool it suffers with.
    pub tool: &'static str,
    /// The copies that make it rerun, in order; at most [`CAUSES`].
    pub causes: Vec<CopyAt>,
    /// Copies of which it needs everything: they are no cause.
    pub needed: Vec<CopyAt>,
}

/// Most causes that are kept of one step.
pub const CAUSES: usize = 20;

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
    /// Sentences that must hold.
    pub assumptions: Vec<String>,
    /// Why the files are not enough.
    pub refusal: Option<(RefusalReason, String)>,
    /// There is nothing to install.
    pub nothing: bool,
}

impl Graph<'_> {
    /// The steps that suffer, in the order of the file.
    pub fn suffering(&self) -> Vec<Suffering> {
        let mut found = Vec::new();
        let mut ends: Vec<Walk> = Vec::with_capacity(self.stages.len());
        for stage in &self.stages {
            let mut walk = match stage.base {
                Base::Stage(base) => ends[base].clone(),
                _ => Walk::default(),
            };
            for (at, step) in stage.steps.iter().enumerate() {
                match &step.action {
                    Action::Copy(copy) => {
                        if let Origin::Stage(from) = copy.origin
                            && let Some(end) = ends.get(from)
                        {
                            walk.downloaded.extend(&end.downloaded);
                        }
                        if copy.content.is_volatile() && walk.causes.len() < CAUSES {
                            walk.causes.push(CopyAt { stage: stage.index, step: at });
                        }
                    }
                    Action::Run(run) => {
                        let here = CopyAt { stage: stage.index, step: at };
                        found.extend(self.run_suffers(here, run, &walk));
                        walk.downloaded.extend(run.commands.iter().filter_map(downloads));
                    }
                    _ => {}
                }
            }
            ends.push(walk);
        }
        found
    }

    /// How many commands of `run` could go first, and what they do.
    fn run_suffers(&self, here: CopyAt, run: &Run<'_>, walk: &Walk) -> Option<Suffering> {
        if walk.causes.is_empty() {
            return None;
        }
        let mut found: Option<(usize, Kind, &'static str)> = None;
        let mut installed: HashSet<&'static str> = HashSet::new();
        let mut downloads = false;
        for (at, command) in run.commands.iter().enumerate() {
            let Some(used) = &command.used else {
                if command.changes_shell && !(command.sources && self.touches_cause(command, walk))
                {
                    continue;
                }
                break;
            };
            let rank = |kind: Kind| kind == Kind::Install || kind == Kind::Compile;
            match used.kind {
                Kind::Upkeep if self.touches_cause(command, walk) => break,
                Kind::Upkeep => {
                    if let Some((commands, ..)) = &mut found {
                        *commands = at + 1;
                    }
                    continue;
                }
                Kind::Named if self.touches_cause(command, walk) => break,
                Kind::Named | Kind::Install => {}
                Kind::Compile => {
                    let held = run.mounts.iter().any(|mount| mount.cache);
                    let name = used.tool.name;
                    if held
                        || walk.downloaded.contains(name)
                        || installed.contains(name)
                        || self.has_nothing_to_download(here, command)
                    {
                        break;
                    }
                }
                Kind::Everything => break,
            }
            let kind = match &found {
                Some((_, kind, tool)) if rank(*kind) => (*kind, *tool),
                _ => (used.kind, used.tool.name),
            };
            if used.kind == Kind::Compile {
                // It stays where it is; only a download of its own could go first.
                found = Some((found.map_or(at, |(commands, ..)| commands), kind.0, kind.1));
                downloads = true;
                break;
            }
            if used.kind == Kind::Install {
                installed.insert(used.tool.name);
            }
            found = Some((at + 1, kind.0, kind.1));
        }
        let (commands, kind, tool) = found?;
        // An index refreshed in a step of its own would be stale for what uses it.
        let first = &run.commands[..commands];
        let only_refreshes = first.iter().any(Command::refreshes)
            && first.iter().all(|command| command.refreshes() || command.changes_shell);
        if only_refreshes && commands < run.commands.len() {
            return None;
        }
        let CopyAt { stage, step } = here;
        let (needed, causes) = self.needed_whole(here, run, commands, downloads, walk);
        if causes.is_empty() {
            return None;
        }
        Some(Suffering { stage, step, commands, downloads, kind, tool, causes, needed })
    }

    /// The copies before that the first `commands` of `run` need everything of, and the others.
    fn needed_whole(
        &self,
        here: CopyAt,
        run: &Run<'_>,
        commands: usize,
        downloads: bool,
        walk: &Walk,
    ) -> (Vec<CopyAt>, Vec<CopyAt>) {
        let origin = |place: &str| self.context_path(here, place);
        let next = run.commands.get(commands).filter(|_| downloads).and_then(install_of);
        let wanted: Vec<Demand> = run.commands[..commands]
            .iter()
            .chain(&next)
            .flat_map(|command| self.demands(command, &origin).files)
            .collect();
        let wants = |place: &str| {
            wanted.iter().any(|file| match file.is_directory {
                true => under(&file.place, place).is_some(),
                false => file.place == place,
            })
        };
        walk.causes.iter().partition(|cause| {
            let landing = &self.copy_at(**cause).landing;
            !landing.everything
                && !landing.paths.is_empty()
                && landing.paths.iter().all(|place| wants(place))
        })
    }

    /// Whether the copied files prove that a compile step has no dependencies to download: a
    /// manifest is missing, or they are in the context.
    fn has_nothing_to_download(&self, here: CopyAt, command: &Command) -> bool {
        if !self.context.is_complete() {
            return false;
        }
        let Some(install) = install_of(command) else { return false };
        let demands = self.demands(&install, &|place| self.context_path(here, place));
        let missing = RefusalReason::UnknownManifests;
        demands.nothing || demands.refusal.is_some_and(|(why, _)| why == missing)
    }

    /// Whether a command that needs nothing of the context by itself reads a path that a
    /// volatile copy brings.
    fn touches_cause(&self, command: &Command, walk: &Walk) -> bool {
        walk.causes.iter().any(|cause| {
            let copy = self.copy_at(*cause);
            command.reads.paths.iter().any(|path| !copy.may_bring(path).is_no())
                || command.reads.everything
        })
    }

    /// The copy at a place.
    pub fn copy_at(&self, at: CopyAt) -> &Copy {
        match &self.stages[at.stage].steps[at.step].action {
            Action::Copy(copy) => copy,
            _ => unreachable!("a cause is a copy"),
        }
    }

    /// What `command` wants, given where the files of the context land (`origin` finds the
    /// path of the context for a place of the image).
    pub fn demands(&self, command: &Command, origin: &dyn Fn(&str) -> Option<String>) -> Demands {
        let mut demands = Demands::default();
        let Some(used) = &command.used else { return demands };
        let tool = used.tool;
        let (directory, files) = match &command.needs {
            Needs::Project { directory, files } => (directory.clone(), files.clone()),
            Needs::Paths(paths) => {
                demands.files = paths.iter().map(|path| named(path, false)).collect();
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
                None => self.context.is_complete().then_some(false),
            }
        };
        let text = |path: &str| -> Option<&str> {
            let source = origin(&place(&directory, path))?;
            self.context.text(&source)
        };
        if let Some(program) = &command.program {
            let mut wanted = named(program, false);
            if is_in_environment(program) {
                (wanted.presence, wanted.unlisted) = (Presence::Optional, Unlisted::Assumed);
            }
            demands.files.push(wanted);
        }
        let list = |pattern: &str| -> Option<Vec<String>> {
            let place = |path: &str| place(&directory, path);
            listing::list(self.context, &|path| origin(&place(path)), pattern)
        };
        let mut names: Vec<String> = Vec::new();
        if files.is_empty() {
            for manifest in tool.manifests {
                let listed = manifest.path.contains('*').then(|| list(manifest.path)).flatten();
                if let Some(listed) = &listed {
                    for path in listed {
                        names.push(path.clone());
                        demands.files.push(named(&place(&directory, path), false));
                    }
                    if !listed.is_empty() {
                        continue;
                    }
                }
                let missing = listed.is_some() || exists(manifest.path) == Some(false);
                if missing && listed.is_none() && manifest.presence == Presence::Required {
                    demands.refusal.get_or_insert_with(|| {
                        let message =
                            format!("`{}` is not among the files that are copied", manifest.path);
                        (RefusalReason::UnknownManifests, message)
                    });
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
                demands.files.push(Demand { is_directory, ..named(path, false) });
            }
        }
        let Some(inspect) = tool.inspect else {
            demands.assumptions.extend(tool.assumes.iter().map(|&sentence| sentence.to_owned()));
            return demands;
        };
        let project = Project {
            manifests: &names,
            flags: &used.flags,
            text: &text,
            exists: &exists,
            list: &list,
        };
        let findings = inspect(&project);
        for finding in findings {
            match finding {
                Finding::Also(path) => {
                    let place = place(&directory, &path);
                    if demands.files.iter().all(|file| file.place != place) {
                        let is_directory = path.ends_with('/');
                        demands.files.push(Demand { is_directory, ..named(&place, false) });
                    }
                }
                Finding::Refuse(reason, message) => {
                    demands.refusal.get_or_insert((reason, message));
                }
                Finding::Assume(sentence) => demands.assumptions.push(sentence),
                Finding::Nothing(_) => demands.nothing = true,
            }
        }
        demands
    }
}

/// What is known on the way through a stage.
#[derive(Clone, Debug, Default)]
struct Walk {
    causes: Vec<CopyAt>,
    /// Tools whose dependencies were downloaded.
    downloaded: HashSet<&'static str>,
}

fn downloads(command: &Command) -> Option<&'static str> {
    let used = command.used.as_ref()?;
    matches!(used.kind, Kind::Install | Kind::Compile).then_some(used.tool.name)
}

impl Graph<'_> {
    /// `install`, of [`install_of`], with what its tool writes at absolute paths.
    pub fn with_writes(&self, mut install: Command) -> Command {
        let Some(used) = &install.used else { return install };
        let Needs::Project { directory, files } = &install.needs else { return install };
        for path in used.tool.writes {
            match path.strip_prefix("./") {
                Some("") => install.fills.add(directory.as_str()),
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

/// The install that a command of the same project would be.
pub fn install_of(command: &Command) -> Option<Command> {
    let used = command.used.as_ref()?;
    let cwd = command.cwd.as_ref()?;
    let directory = match &used.directory {
        None => cwd.clone(),
        Some(directory) => place(cwd, directory),
    };
    let files = used.files.iter().map(|file| place(cwd, file)).collect();
    let mut reads = Region::none();
    used.paths.iter().for_each(|path| reads.add(place(cwd, path)));
    Some(Command {
        needs: Needs::Project { directory, files },
        reads,
        writes: Region::none(),
        ..command.clone()
    })
}

fn named(path: &str, named_absolute: bool) -> Demand {
    Demand {
        place: path.trim_end_matches('/').to_owned(),
        presence: Presence::Required,
        unlisted: Unlisted::Covered,
        named_absolute,
        is_directory: path.ends_with('/'),
    }
}

/// `path` below the project in `directory`, or absolute.
fn place(directory: &str, path: &str) -> String {
    let path = path.trim_end_matches('/');
    if path.starts_with('/') {
        return path.to_owned();
    }
    let joined = crate::context::clean(&crate::context::join(directory, path));
    if joined == "." { String::new() } else { joined }
}

/// `file` as seen from `directory`; absolute where it lies elsewhere.
fn relative(directory: &str, file: &str) -> String {
    match super::region::under(directory, file) {
        Some(rest) => rest.to_owned(),
        None => file.to_owned(),
    }
}
