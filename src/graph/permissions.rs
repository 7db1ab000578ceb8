//! Owners and modes of files that a copy has brought: which commands change them, and which
//! flags of the copy would do instead.
//!
//! The verification asks the same as the rule.

use super::path_set::{Overlap, under};
use super::{Copy, Effect, Graph, Origin, StepAt};
use crate::context::{EntryKind, base_name, join, parent};
use crate::ecosystem::{
    ActionKind, Permissions, SYSTEM, has_standard_directories, is_program_directory,
    is_standard_directory, sets_special_bits,
};
use crate::graph::copy::looks_like_file;
use crate::limits;
use crate::report::Builder;
use crate::sentences::{Assumption, BaseName};
use crate::syntax::image::Image;

/// A flag that does on a copy what a command does behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagOfCopy {
    /// The copy.
    pub copy: StepAt,
    /// The whole flag: `--chmod=755`.
    pub flag: String,
    /// What has to hold for the same to come out.
    pub assumptions: Vec<Assumption>,
}

/// What stands in front of a command.
enum Before<'g> {
    /// A copy.
    Copy(StepAt, &'g Copy),
    /// A command of a RUN.
    Command(&'g super::CommandEffects),
    /// What leaves files as they are.
    Nothing,
    /// What may keep a change of files out of the image, or is not understood.
    Unknown,
}

impl Graph<'_> {
    /// What stands before the command of this number in the RUN at `at`, the nearest first, in its
    /// stage.
    fn before(&self, at: StepAt, command: usize) -> impl Iterator<Item = Before<'_>> {
        let steps = &self.stages[at.stage].steps;
        let own = steps[at.step].run().map_or(&[][..], |run| &run.commands[..command]);
        let earlier = (0..at.step).rev().flat_map(move |step| {
            let commands = match &steps[step].effect {
                Effect::Run(run) => &run.commands[..],
                _ => &[],
            };
            let other = match &steps[step].effect {
                Effect::Run(_) => None,
                Effect::Copy(copy) => Some(Before::Copy(StepAt { step, ..at }, copy)),
                Effect::Volume(_) | Effect::Invalid => Some(Before::Unknown),
                _ => Some(Before::Nothing),
            };
            commands.iter().rev().map(Before::Command).chain(other)
        });
        own.iter().rev().map(Before::Command).chain(earlier).take(limits::STEPS_BACK)
    }

    /// The copy, of the same stage, some of whose files get another owner or mode by the command
    /// of this number in the RUN at `at`.
    pub fn changed_by(&self, at: StepAt, command: usize) -> Option<StepAt> {
        let sets = self.command(at, command)?.sets.as_ref()?;
        sets.paths.iter().find_map(|path| self.brought(at, command, sets, path))
    }

    fn command(&self, at: StepAt, command: usize) -> Option<&super::CommandEffects> {
        self.stages[at.stage].steps[at.step].run()?.commands.get(command)
    }

    /// The copy that brought files at `path`.
    fn brought(
        &self,
        at: StepAt,
        command: usize,
        sets: &Permissions,
        path: &str,
    ) -> Option<StepAt> {
        let (mut is_certain, mut is_made) = (true, false);
        for before in self.before(at, command) {
            match before {
                Before::Copy(from, copy) => {
                    let roots = &copy.landing.paths;
                    let is_file =
                        roots.iter().any(|root| root == path) && lands_as_file(copy, path);
                    // Of a directory that steps have filled as well, a copy is but a part.
                    let holds = sets.recursive
                        && roots.iter().any(|root| under(path, root).is_some())
                        && (is_certain || fills(copy, path));
                    let below = || roots.iter().any(|root| under(root, path).is_some());
                    let known = self.context.is_known() && copy.origin == Origin::Context;
                    let named = || match copy.source_of(path, self.context) {
                        Some(source) if known => self.context.exists(&source).is_yes(),
                        _ => !known && is_certain && !roots.iter().any(|root| root == path),
                    };
                    // Of a directory that is part of what is copied, the copy cannot set it.
                    let is_part = || !sets.recursive && !is_made && below() && named();
                    if is_file || holds || is_part() {
                        return Some(from);
                    }
                }
                // The account may come with packages that are installed behind the copy, and so may
                // files of the directory.
                Before::Command(command)
                    if (sets.recursive || !sets.is_mode) && is_of_system(command) =>
                {
                    return None;
                }
                Before::Command(command) => {
                    // What a step was told to write it may have made: `mkdir -p data`.
                    is_made |= command.sets.is_none()
                        && command.writes.paths.iter().any(|written| written == path);
                    is_certain &= command.writes.overlap_path(path) == Overlap::Apart
                        && command.fills.overlap_path(path) == Overlap::Apart;
                }
                Before::Nothing => {}
                Before::Unknown => is_certain = false,
            }
        }
        None
    }

    /// The flags that make the command of this number in the RUN at `at` needless, one for each copy
    /// whose files it changes; `None` where no flags do.
    pub fn flags_instead(&self, at: StepAt, command: usize) -> Option<Vec<FlagOfCopy>> {
        let changes = self.command(at, command)?;
        let sets = changes.sets.as_ref()?;
        // Another build may pass another value: `chown $UID:$GID`.
        let is_plain = !sets.recursive && !changes.span.of(self.dockerfile.source).contains('$');
        let flag = sets.flag.as_ref().filter(|_| is_plain)?;
        let mut found: Vec<FlagOfCopy> = Vec::new();
        for path in &sets.paths {
            let copy = self.file_of(at, command, (path, sets))?;
            if found.iter().all(|other| other.copy != copy) {
                let assumptions = self.takes(copy, sets)?;
                found.push(FlagOfCopy { copy, flag: flag.clone(), assumptions });
            }
        }
        (!found.is_empty()).then_some(found)
    }

    /// The copy that brought the file at `path`, where nothing has looked at it since.
    fn file_of(
        &self,
        at: StepAt,
        command: usize,
        (path, sets): (&str, &Permissions),
    ) -> Option<StepAt> {
        let in_programs =
            path.rsplit_once('/').is_some_and(|(above, _)| is_program_directory(above));
        for before in self.before(at, command) {
            match before {
                Before::Copy(from, copy) if !copy.may_bring(path).is_no() => {
                    return copy.landing.paths.iter().any(|root| root == path).then_some(from);
                }
                // Owner and mode are set one by one, but for what a change of owner clears.
                Before::Command(command)
                    if command.sets.as_ref().is_some_and(|other| {
                        other.is_mode != sets.is_mode && (sets.is_mode || !other.is_special)
                    }) => {}
                Before::Command(command) => {
                    let touches = |path: &str| {
                        command.reads.overlap_path(path) != Overlap::Apart
                            || command.writes.overlap_path(path) != Overlap::Apart
                    };
                    let runs =
                        command.used.as_ref().is_none_or(|used| used.kind != ActionKind::Upkeep);
                    // Whose number a name is, the system's accounts say.
                    let names =
                        !sets.is_mode && command.writes.overlap_path("/etc") != Overlap::Apart;
                    if touches(path) || names || in_programs && runs && !command.only_sets() {
                        return None;
                    }
                }
                Before::Copy(..) | Before::Nothing => {}
                Before::Unknown => return None,
            }
        }
        None
    }

    /// What has to hold for the flag to make of all files of the copy what the command makes of
    /// them.
    fn takes(&self, at: StepAt, sets: &Permissions) -> Option<Vec<Assumption>> {
        let stage = &self.stages[at.stage];
        let step = &stage.steps[at.step];
        let copy = step.copy()?;
        let instruction = &self.dockerfile.instructions[step.instruction];
        let is_mode = sets.is_mode;
        let reads_modes =
            !is_mode || self.options.builder != Builder::Classic && frontend_reads_modes(self);
        let is_plain = copy.origin == Origin::Context
            && !copy.unresolved
            && !copy.unpacks
            && !copy.other_sources
            && copy.owner[usize::from(is_mode)].is_none()
            && (is_mode || !copy.owner[1].as_deref().is_some_and(sets_special_bits))
            && instruction.heredocs.is_empty()
            && instruction.flag("parents").is_none()
            // A layer of its own knows no accounts, and is none with a mode.
            && instruction.flag("link").is_none()
            && !stage.is_windows;
        if !is_plain || !reads_modes {
            return None;
        }
        // A copy makes the directories that are missing as it makes its files.
        let value = sets.flag.as_deref()?.split_once('=')?.1;
        let makes_others =
            value != "755" && !value.split(':').all(|name| matches!(name, "root" | "0"));
        let mut assumptions = Vec::new();
        for (_, source) in &copy.sources {
            let file = source.literal()?;
            let is_known = match self.context.entry(file) {
                Some(entry) if entry.kind == EntryKind::File => true,
                None if looks_like_file(file) => false,
                _ => return None,
            };
            let destination = copy.destination.as_ref()?;
            let place = match destination.is_directory().is_yes() {
                true => join(destination.path(), base_name(file)),
                false => destination.path().to_owned(),
            };
            if !sets.paths.contains(&place) || !lands_as_file(copy, &place) {
                return None;
            }
            let path = file.to_owned();
            if makes_others {
                assumptions.extend(self.has_directory(at, &parent(&place))?);
            }
            match (sets.adds, is_known) {
                (true, _) => assumptions.push(Assumption::HasUsualMode { path }),
                (false, false) => assumptions.push(Assumption::IsFile { path }),
                (false, true) => {}
            }
        }
        Some(assumptions)
    }

    /// What has to hold for a directory to be there in front of the step at `at`; `None` where it may
    /// well not be.
    fn has_directory(&self, at: StepAt, place: &str) -> Option<Option<Assumption>> {
        let within = |path: &str| under(place, path).is_some();
        // The working directory is there, also where it is not known.
        let cwd = self.stages[at.stage].steps[at.step].cwd.as_deref().unwrap_or("");
        if matches!(place, "" | "." | "/") || within(cwd) {
            return Some(None);
        }
        let image = &self.root(at.stage).image;
        if is_standard_directory(place) && image != "scratch" {
            let (base, home) = (BaseName::from(image), place.to_owned());
            let assumed = Assumption::HomeInImage { image: base, home };
            return Some((!has_standard_directories(image)).then_some(assumed));
        }
        let stages = self.with_ancestors(at.stage).flat_map(|stage| {
            let end = if stage.index == at.stage { at.step } else { stage.steps.len() };
            stage.steps[..end].iter().rev()
        });
        for step in stages.take(limits::STEPS_BACK) {
            match &step.effect {
                Effect::Workdir(Some(path)) if within(path) => return Some(None),
                Effect::Copy(copy) if copy.landing.paths.iter().any(|path| within(path)) => {
                    return Some(None);
                }
                Effect::Run(run) => {
                    for command in run.commands.iter().rev() {
                        let makes = !command.is_conditional
                            && command.makes.iter().any(|path| within(path));
                        // It may have been taken away.
                        let mut writes = command.writes.paths.iter();
                        if makes || writes.any(|path| under(path, place).is_some()) {
                            return makes.then_some(None);
                        }
                    }
                }
                _ => {}
            }
        }
        None
    }
}

impl Copy {
    /// Whether the directories that it makes may be others than WORKDIR makes as root: BuildKit
    /// gives them the owner and the mode of the flags.
    /// <https://github.com/tonistiigi/fsutil/blob/master/copy/copy.go>
    pub fn sets_directories(&self) -> bool {
        self.owner[0].is_some()
            || self.owner[1].as_ref().is_some_and(|mode| mode.trim_start_matches('0') != "755")
    }
}

/// Whether a command installs packages of the system.
fn is_of_system(command: &super::CommandEffects) -> bool {
    command.used.as_ref().is_some_and(|used| used.tool.writes == SYSTEM)
}

/// Whether a copy brings more to a directory than some files.
fn fills(copy: &Copy, directory: &str) -> bool {
    copy.destination.as_ref().is_some_and(|to| to.path() == directory)
        && copy.sources.iter().any(|(text, _)| !looks_like_file(text))
}

/// Whether what lands at `place` is a file by how the copy is written.
fn lands_as_file(copy: &Copy, place: &str) -> bool {
    let is_directory = copy.destination.as_ref().is_none_or(|to| to.is_directory().is_yes());
    let mut names = copy.sources.iter().filter_map(|(_, source)| source.literal()).map(base_name);
    is_directory && copy.destination.as_ref().is_some_and(|to| to.path() != place)
        || !is_directory && (looks_like_file(place) || names.any(|name| name == base_name(place)))
}

/// Whether the frontend that reads the file knows `--chmod`, as it does since 1.2.
///
/// <https://docs.docker.com/reference/dockerfile/#copy---chown---chmod>
fn frontend_reads_modes(graph: &Graph<'_>) -> bool {
    graph.dockerfile.frontend().is_none_or(|directive| {
        let image = Image::parse(&directive.value.text);
        let tag = image.tag.as_deref().unwrap_or("latest");
        image.name == "docker/dockerfile"
            && !tag.ends_with("experimental")
            && !matches!(tag.split('.').nth(1), Some("0" | "1"))
    })
}
