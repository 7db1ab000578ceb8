//! What an install would read of its project if the whole of it were there, and no copy before
//! the install brings: `.npmrc` behind `COPY package.json ./`.
//!
//! Only files that the context has by name count. Whether that is a fault, the rules say.

use super::demands::{Demand, listed_at};
use super::path_set::under;
use super::{CommandEffects, Graph, Needs, Origin, Run, StepAt};
use crate::context::{base_name, below, join, parent};
use crate::ecosystem::local::{Lacking, is_missed, needed_members};
use crate::ecosystem::{
    ActionKind, Manifest, Presence, SELECTING, Use, WORKSPACE_WORDS, is_lock_file, is_program,
    listed, needs_every_member, reads_no_lock, settings_instead_of,
};

/// An install with files of its project that it does not get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The install.
    pub at: StepAt,
    /// Its tool.
    pub tool: &'static str,
    /// The files, in the order of the tool's own list; one at least.
    pub files: Vec<LeftOutFile>,
    /// Whether it is a build, which fetches on the way.
    pub builds: bool,
}

/// A file, or a directory, that an install does not get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOutFile {
    /// Where the install would look for it.
    pub place: String,
    /// Its path in the context.
    pub source: String,
    /// Whether it is a directory.
    pub is_directory: bool,
    /// Whether it says which versions are installed.
    pub is_lock: bool,
    /// The copy of the same stage that brings it there, behind the install.
    pub later: Option<StepAt>,
}

impl Graph<'_> {
    /// The installs that do not get a file of their project, in the order of the file.
    pub fn left_out(&self) -> Vec<LeftOut> {
        if !self.context.is_known() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for stage in self.stages.iter().filter(|stage| stage.needed && !stage.triggered) {
            for (step, run) in
                stage.steps.iter().enumerate().filter_map(|(i, s)| Some((i, s.run()?)))
            {
                let at = StepAt { stage: stage.index, step };
                for (index, command) in run.commands.iter().enumerate() {
                    let Some(used) = command.used.as_ref().filter(|_| is_whole(command)) else {
                        continue;
                    };
                    let files = match used.kind {
                        ActionKind::Install => self.left_out_of(at, run, index, used),
                        ActionKind::Compile => self.lock_left_out(at, run, index, used),
                        _ => Vec::new(),
                    };
                    if !files.is_empty() {
                        let builds = used.kind == ActionKind::Compile;
                        found.push(LeftOut { at, tool: used.tool.name, files, builds });
                    }
                }
            }
        }
        found
    }

    fn left_out_of(&self, at: StepAt, run: &Run<'_>, index: usize, used: &Use) -> Vec<LeftOutFile> {
        let command = &run.commands[index];
        let Needs::Project { directory, files } = &command.needs else { return Vec::new() };
        let Some(whole) = self.directory_of_context(at, run, index, used) else {
            return Vec::new();
        };
        let words = command.span.of(self.dockerfile.source);
        let without_lock = words.split_whitespace().any(reads_no_lock);
        let own = used.tool.manifests;
        let only_locks = own.first().is_some_and(|manifest| is_program(manifest.path));
        let of_context = self.demands_of_context(command, at, &whole).files;
        let (mut packages, mut found) = (Packages::default(), Vec::new());
        for file in of_context {
            let Some(below) = under(directory, &file.place) else { continue };
            let source = join(&whole, below);
            if !self.context.exists(&source).is_yes() {
                continue;
            }
            let is_brought = self.is_brought(at, run, index, &file);
            let is_own = own.iter().any(|manifest| manifest.path == base_name(below));
            if files.is_empty() && is_own && !needs_every_member(base_name(below)) {
                packages.manifests.push((source.clone(), is_brought, below.contains('/')));
            }
            if !is_brought && !file.only_linked {
                let is_required = |manifest: &&Manifest| manifest.presence == Presence::Required;
                let mut required = own.iter().filter(is_required);
                let is_required = required.any(|m| m.path.trim_end_matches('/') == below);
                found.push((file, source, is_required));
            }
        }
        // A manifest that the command names and no copy brings is not of this context.
        if found.iter().any(|(file, ..)| files.contains(&file.place)) {
            return Vec::new();
        }
        packages.judge(words, |path| self.context.text(path));
        let lacks = !packages.selects && packages.lacks_a_member();
        let every = lacks.then(|| self.every_member(at, index, used, &whole)).flatten();
        found.retain(|(file, source, is_required)| {
            let name = base_name(source);
            let is_certain = if is_lock_file(name) { !without_lock } else { !only_locks };
            let lacking = Lacking {
                tool: used.tool.name,
                words,
                path: source,
                has_members: packages.has_members(),
                is_needed: packages.installs(source),
                exists: &|path| self.context.exists(path).is_yes(),
                text: &|path| self.context.text(path),
            };
            is_certain
                && settings_instead_of(name)
                    .is_none_or(|other| !self.context.exists(&join(&whole, other)).is_yes())
                && (packages.installs(source)
                    || every.as_ref().zip(packages.member(source)).is_some_and(
                        |(every, member)| {
                            let is_later = || self.brought_later(at, &file.place, source).is_some();
                            every.needs(&member, is_later)
                        },
                    ))
                && (*is_required || is_missed(&lacking))
        });
        let found = found.into_iter().map(|(file, source, _)| LeftOutFile {
            later: self.brought_later(at, &file.place, &source),
            is_lock: is_lock_file(base_name(&source)),
            is_directory: file.is_directory,
            place: file.place,
            source,
        });
        found.collect()
    }

    /// The lock file that a build, which fetches on the way, does not get, though its manifest was
    /// copied and a later copy brings the lock file to it: it compiles the dependencies beside an
    /// empty source, in other versions than the build behind it takes.
    fn lock_left_out(
        &self,
        at: StepAt,
        run: &Run<'_>,
        index: usize,
        used: &Use,
    ) -> Vec<LeftOutFile> {
        let command = &run.commands[index];
        let project = command.builds.as_ref().and_then(|builds| builds.paths.first());
        let words = command.span.of(self.dockerfile.source);
        let (Some(project), Some(manifest)) = (project, used.tool.manifests.first()) else {
            return Vec::new();
        };
        let source = self.context_path(at, &join(project, manifest.path));
        let known = source.filter(|source| {
            self.context.exists(source).is_yes() && base_name(source) == manifest.path
        });
        let Some(source) = known.filter(|_| !words.split_whitespace().any(reads_no_lock)) else {
            return Vec::new();
        };
        let locks = used.tool.manifests.iter().filter(|own| own.presence == Presence::Lock);
        let missing = locks.filter_map(|lock| {
            let source = join(&parent(&source), lock.path);
            let file = listed_at(join(project, lock.path), lock);
            let lacks =
                self.context.exists(&source).is_yes() && !self.is_brought(at, run, index, &file);
            let later = self.brought_later(at, &file.place, &source).filter(|_| lacks)?;
            let (later, place) = (Some(later), file.place);
            Some(LeftOutFile { place, source, is_directory: false, is_lock: true, later })
        });
        missing.collect()
    }

    /// The directory of the context that the project of an install was copied from, going by the
    /// manifest that it finds.
    fn directory_of_context(
        &self,
        at: StepAt,
        run: &Run<'_>,
        index: usize,
        used: &Use,
    ) -> Option<String> {
        let Needs::Project { directory, .. } = &run.commands[index].needs else { return None };
        let found = self.wanted(run, index, at).files.iter().find_map(|file| {
            let below = under(directory, &file.place).filter(|_| !file.is_directory)?;
            let source = self.context_path(at, &file.place)?;
            self.context.exists(&source).is_yes().then_some((below, source))
        });
        let (below, source) = found?;
        // A lock file without its manifest is no project; nor is what has another name there.
        let own = |path: &str| used.tool.manifests.iter().any(|manifest| manifest.path == path);
        if used.files.is_empty() && (!own(below) || is_lock_file(below)) {
            return None;
        }
        let whole = source.strip_suffix(below)?;
        (whole.is_empty() || whole.ends_with('/')).then(|| whole.trim_end_matches('/').to_owned())
    }

    /// Whether something before a command may bring `file`: a copy, a mount, an earlier command.
    fn is_brought(&self, at: StepAt, run: &Run<'_>, index: usize, file: &Demand) -> bool {
        let place = &file.place;
        let mounted = run.mounts.iter().any(|mount| {
            let covers =
                |target: &String| under(target, place).is_some() || under(place, target).is_some();
            mount.target.as_ref().is_none_or(covers)
        });
        // Another step may make it, by a program that nobody knows.
        let makes = |command: &CommandEffects| {
            command.writes.everything
                || command.writes.paths.iter().any(|path| under(place, path).is_some())
                || command.fills.paths.iter().any(|path| under(path, place).is_some())
        };
        mounted
            || self.copies_bringing(at, place).next().is_some()
            || run.commands[..index].iter().any(makes)
            || self.with_ancestors(at.stage).any(|stage| {
                let own = stage.index == at.stage;
                let before = if own { &stage.steps[..at.step] } else { &stage.steps[..] };
                before.iter().filter_map(|step| step.run()).flat_map(|run| &run.commands).any(makes)
            })
    }

    /// The copy of the same stage behind `at` that brings `source` to `place`.
    fn brought_later(&self, at: StepAt, place: &str, source: &str) -> Option<StepAt> {
        let stage = &self.stages[at.stage];
        let behind = stage.copies.iter().filter(|&&step| step > at.step);
        let mut behind = behind.map(|&step| StepAt { stage: stage.index, step });
        behind.find(|&later| {
            let copy = self.copy_at(later);
            copy.origin == Origin::Context
                && copy.source_of(place, self.context).as_deref() == Some(source)
        })
    }
}

/// Whether a command runs in any case, and is the only one in its place.
fn is_whole(command: &CommandEffects) -> bool {
    !command.is_conditional && command.others.is_empty()
}

/// The packages of a workspace, of which an install may have but some.
#[derive(Default)]
struct Packages {
    /// Their manifests: the path in the context, whether the install has it, and whether it is
    /// that of a member.
    manifests: Vec<(String, bool, bool)>,
    /// Which of them are to be installed.
    installed: Vec<bool>,
    /// Whether the install names those that it is for.
    selects: bool,
}

impl Packages {
    fn has_members(&self) -> bool {
        self.manifests.iter().any(|(_, is_brought, is_member)| *is_brought && *is_member)
    }

    /// Whether a member is not to be installed.
    fn lacks_a_member(&self) -> bool {
        self.manifests.iter().zip(&self.installed).any(|(member, installed)| member.2 && !installed)
    }

    /// Finds out which are to be installed: those that the install has, and what these need. Who
    /// names members means no others.
    fn judge<'t>(&mut self, words: &str, text: impl Fn(&str) -> Option<&'t str>) {
        let is_named = |word: &str| {
            [WORKSPACE_WORDS, SELECTING].iter().any(|words| listed(words, |name| name == word))
        };
        let has = self.manifests.iter().map(|(path, has, _)| (path, *has));
        self.selects = words.split([' ', '=']).any(is_named);
        self.installed = match self.selects || has.clone().all(|(_, has)| has) {
            true => has.map(|(_, has)| has).collect(),
            false => needed_members(&has.map(|(path, has)| (text(path), has)).collect::<Vec<_>>()),
        };
    }

    /// Whether the package that a file of the context belongs to is to be installed.
    fn installs(&self, path: &str) -> bool {
        self.of(path).is_none_or(|(_, is_installed)| is_installed)
    }

    /// The directory of the member that a file of the context belongs to.
    fn member(&self, path: &str) -> Option<String> {
        self.of(path).map(|(manifest, _)| parent(manifest))
    }

    fn of(&self, path: &str) -> Option<(&str, bool)> {
        let all = self.manifests.iter().zip(&self.installed);
        let holds = |(manifest, ..): &(String, bool, bool)| {
            manifest == path || below(&parent(manifest), path).is_some()
        };
        let own = all.filter(|(member, _)| member.2 && holds(member));
        let found = own.max_by_key(|(member, _)| member.0.len());
        found.map(|(member, is_installed)| (&*member.0, *is_installed))
    }
}
