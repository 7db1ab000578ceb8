//! Files that the settings and scripts among a command's inputs name: they are inputs as well.

use super::copy::StepAt;
use super::demands::{Demand, Demands, named, place};
use super::path_set::under;
use super::{CommandEffects, Graph, Needs};
use crate::context::{EntryKind, base_name, join};
use crate::ecosystem::{is_in_environment, is_settings, may_mention, mentioned, settings_in};
use crate::limits;
use crate::sentences::{Assumption, Reason};

/// Whether `program`, which a command names by its path, is a script of the project whose text says what
/// it starts, and nothing that was installed.
fn is_of_project(program: &str) -> bool {
    !is_in_environment(program) && !program.ends_with(".phar")
}

/// Whether it is a wrapper, which its tool brings with all it needs where nobody has changed it.
fn is_wrapper(command: &CommandEffects, program: &str) -> bool {
    let name = base_name(program);
    let mut uses = command.used.iter().chain(&command.others);
    uses.any(|used| used.tool.manifests.iter().any(|manifest| manifest.path == name))
}

impl Graph<'_> {
    /// Adds what the files of `demands` name, of a command that stands at `at`.
    pub(super) fn add_mentioned(
        &self,
        command: &CommandEffects,
        demands: &mut Demands,
        at: StepAt,
    ) {
        let directory = match &command.needs {
            Needs::Project { directory, .. } => Some(directory),
            _ => command.cwd.as_ref(),
        };
        let Some(directory) = directory else { return };
        let inside = demands.files.iter().filter(|file| file.is_directory).flat_map(|file| {
            settings_in(base_name(&file.place)).map(|name| join(&file.place, name))
        });
        let read = demands.files.iter().filter(|file| !file.only_linked);
        let mut files: Vec<String> = read.map(|file| file.place.clone()).collect();
        files.extend(inside);
        // Settings that a copy brings elsewhere: `COPY pip.conf /etc/`.
        let copies = self.copies_before(at).take(limits::COPIES_LOOKED_AT);
        let paths = copies.flat_map(|(_, copy)| &copy.landing.paths);
        let elsewhere = |path: &str| is_settings(path) && under(directory, path).is_none();
        files.extend(paths.filter(|path| elsewhere(path)).map(|path| path.to_string()));
        // `./sbt` may be two lines that start `sbt-dist/bin/sbt`.
        let started = command.program.as_ref().filter(|program| is_of_project(program));
        let mut next = 0;
        while let Some(file) = files.get(next).cloned() {
            next += 1;
            let is_started = started == Some(&file);
            if next > limits::MENTIONED_FILES || !(is_started || may_mention(&file)) {
                continue;
            }
            let Some(source) = self.context_path(at, &file) else { continue };
            let Some(text) = self.context.text(&source) else {
                let is_there = self.context.is_known() && self.context.exists(&source).is_yes();
                if is_there && may_mention(&file) || is_started && !is_wrapper(command, &file) {
                    let sentence = format!("`{source}` reads no other file of the project.");
                    demands.assumptions.push(Assumption::told(sentence));
                }
                continue;
            };
            // Paths are those below the project, as the install names them.
            let name = under(directory, &file).unwrap_or(&file);
            let found = mentioned(name, text);
            if found.others {
                let sentence =
                    format!("`{source}` reads no file of the project but those it names.");
                demands.assumptions.push(Assumption::told(sentence));
            }
            for path in found.paths {
                let place = place(directory, &path);
                let known = demands.files.iter().any(|file| {
                    file.place == place
                        || (file.is_directory && under(&file.place, &place).is_some())
                });
                let entry = self.context_path(at, &place);
                let entry = entry.and_then(|source| self.context.entry(&source));
                let Some(entry) = entry.filter(|_| !known) else { continue };
                // `find-links = wheels`; what holds the project is no input of it.
                let is_directory = entry.kind == EntryKind::Directory;
                if is_started && !is_directory {
                    // What that reads in turn is not asked.
                    let command = file.clone();
                    demands.refusal.get_or_insert(Reason::Reads { command, path: place });
                    continue;
                }
                if is_directory && (!is_settings(&file) || under(&place, directory).is_some()) {
                    continue;
                }
                // A copy of what packages by name read is no copy of manifests.
                let is_project = matches!(command.needs, Needs::Project { .. });
                if !is_project && (is_directory || under(directory, &file).is_none()) {
                    let settings = file.clone();
                    demands.refusal.get_or_insert(Reason::Reads { command: settings, path: place });
                    continue;
                }
                files.push(place.clone());
                demands.files.push(Demand { is_directory, ..named(&place, false) });
            }
        }
    }
}
