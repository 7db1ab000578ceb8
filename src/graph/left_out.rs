//! What an install would read of its project if the whole of it were there, and no copy before
//! the install brings: `.npmrc` behind `COPY package.json ./`.
//!
//! Only files that the context has by name count. Whether that is a fault, the rules say.

use super::demands::Demand;
use super::path_set::under;
use super::{CommandEffects, Graph, Needs, Origin, Run, StepAt};
use crate::context::{base_name, join};
use crate::ecosystem::{
    ActionKind, Use, WORKSPACE_WORDS, is_lock_file, is_program, listed, reads_no_lock,
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
                    let Some(used) = command.used.as_ref().filter(|used| is_whole(used, command))
                    else {
                        continue;
                    };
                    let files = self.left_out_of(at, run, index, used);
                    if !files.is_empty() {
                        found.push(LeftOut { at, tool: used.tool.name, files });
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
        let in_context = of_context.into_iter().filter_map(|file| {
            let source = join(&whole, under(directory, &file.place)?);
            self.context.exists(&source).is_yes().then_some((file, source))
        });
        // Yarn reads no `.npmrc` since it has settings of its own:
        // <https://yarnpkg.com/migration/guide#update-your-configuration-to-the-new-settings>
        let of_yarn = self.context.exists(&join(&whole, ".yarnrc.yml")).is_yes();
        let is_member = |file: &Demand| {
            let below = under(directory, &file.place).unwrap_or_default();
            let is_manifest = own.iter().any(|manifest| manifest.path == base_name(below));
            files.is_empty() && is_manifest && below.contains('/')
        };
        let (mut members, mut found) = (0, Vec::new());
        for (file, source) in in_context {
            let name = base_name(&source);
            let is_lock = is_lock_file(name);
            let is_certain = if is_lock { !without_lock } else { !only_locks };
            if self.is_brought(at, run, index, &file) {
                members += usize::from(is_member(&file));
            } else if is_certain && !(of_yarn && name == ".npmrc") {
                found.push((file, source, is_lock));
            }
        }
        // Who names members, or copies few of them, means these few.
        let named =
            words.split([' ', '=']).any(|word| listed(WORKSPACE_WORDS, |name| name == word));
        let left = found.iter().filter(|(file, ..)| is_member(file)).count();
        found.retain(|(file, ..)| (left < members && !named) || !is_member(file));
        let found = found.into_iter().map(|(file, source, is_lock)| LeftOutFile {
            later: self.brought_later(at, &file.place, &source),
            is_lock,
            is_directory: file.is_directory,
            place: file.place,
            source,
        });
        found.collect()
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

/// Whether a command is an install that runs in any case, and the only one in its place.
fn is_whole(used: &Use, command: &CommandEffects) -> bool {
    used.kind == ActionKind::Install && !command.is_conditional && command.others.is_empty()
}
