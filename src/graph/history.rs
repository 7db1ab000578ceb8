//! The history of the repository in the context: which copies bring it along, and whether the
//! build may read it.

use super::{CommandEffects, Graph, Run, StepAt};
use crate::context::{base_name, join, parent};
use crate::ecosystem::artifacts::{
    HISTORIES, ReadsHistory, lacks_history_programs, names_plugins, reads_history,
    speaks_of_history,
};
use crate::ecosystem::{ActionKind, listed, name_matches};

impl Graph<'_> {
    /// The directory that holds the history of the repository, and the copies that bring it along
    /// though nothing in the build can be seen to read it.
    pub fn unread_history(&self) -> Option<(&'static str, Vec<StepAt>)> {
        let is_there = |(directory, file): &&(&str, &str)| {
            self.context.exists(&join(directory, file)).is_yes()
        };
        // Few contexts have one, and the rest reads the whole file.
        let &(directory, file) = HISTORIES.iter().find(is_there)?;
        // Submodules are known by `.gitmodules`.
        if !self.may_do_without()
            || !self.context.exists(".gitmodules").is_no()
            || speaks_of_history(&self.without_comments())
        {
            return None;
        }
        let brought = self.brought_along(directory, &join(directory, file))?;
        let runs = self.stages.iter().flat_map(|stage| {
            stage.steps.iter().filter_map(move |step| Some((stage.index, step.run()?)))
        });
        let mut copies: Vec<StepAt> = brought.into_iter().map(|brought| brought.copy).collect();
        copies.dedup();
        let reads = |(stage, run): (usize, &Run<'_>)| {
            let lacks_programs = lacks_history_programs(&self.root(stage).image);
            run.commands.iter().any(|command| self.may_read_history(command, lacks_programs))
        };
        (!copies.is_empty() && !runs.into_iter().any(reads)).then_some((directory, copies))
    }

    /// The instructions, without what only people read.
    fn without_comments(&self) -> String {
        let source = self.dockerfile.source;
        let lines = source.lines().filter(|line| !line.trim_start().starts_with('#'));
        lines.flat_map(|line| [line, "\n"]).collect()
    }

    /// Whether a command may take something from the history of the repository.
    fn may_read_history(&self, command: &CommandEffects, lacks_programs: bool) -> bool {
        if command.only_sets() && !command.sources {
            return false;
        }
        let Some(used) = &command.used else { return true };
        let name = used.tool.name;
        match used.kind {
            ActionKind::Named | ActionKind::Upkeep => return false,
            ActionKind::Install | ActionKind::Compile | ActionKind::Everything => {}
        }
        match reads_history(name) {
            ReadsHistory::But(option) => {
                !lacks_programs && !self.dockerfile.source.contains(option)
            }
            ReadsHistory::Itself => true,
            ReadsHistory::Unless(files) => {
                let speaks = |path: &str| {
                    let is_one = listed(files, |name| name_matches(name, base_name(path)));
                    // A program may ask for it by other words.
                    let is_program = path.ends_with(".rs");
                    is_one && (is_program || self.context.text(path).is_none_or(speaks_of_history))
                };
                !self.context.is_complete()
                    || self.context.entries().any(|entry| speaks(&entry.path))
            }
            ReadsHistory::ByManifests => {
                // A script of the project may call a program that reads it.
                used.kind == ActionKind::Everything && !lacks_programs
                    || !self.manifests_are_silent()
            }
            ReadsHistory::Unknown => used.kind != ActionKind::Install,
        }
    }

    /// Whether the text of every manifest at the top of the context is known, and none speaks of
    /// the history.
    fn manifests_are_silent(&self) -> bool {
        let mut known = 0;
        let silent = self.context.entries().all(|entry| {
            if !names_plugins(&entry.path) {
                return true;
            }
            known += usize::from(parent(&entry.path).is_empty());
            self.context.text(&entry.path).is_some_and(|text| !speaks_of_history(text))
        });
        silent && known > 0
    }
}
