//! What a command finds in a directory without naming it: the files that a pattern stands for
//! (`echo src/*.py > list`), and those that it lists (`ls > list`).

use super::reader::Reader;
use super::{CommandEffects, Named, Needs, Reads, join};
use crate::ecosystem::{ActionKind, Looks};
use crate::sentences::Opaque;
use crate::shell::{self, Joiner, Part, Word};

impl Reader<'_> {
    /// Notes what `command` finds around it. What a cheap one only shows matters to nobody: it
    /// has to go into a file, as `is_kept` says, or into the next command.
    pub(super) fn look_around(
        &mut self,
        command: &shell::Command<'_>,
        is_kept: bool,
        facts: &mut CommandEffects,
    ) {
        let printed = std::mem::take(&mut self.listed);
        let mut shown: Vec<Option<String>> = Vec::new();
        if command.joiner == Joiner::Pipe {
            printed.iter().for_each(|directory| read(facts, directory.as_deref()));
            shown = printed;
        }
        let Some(used) = &facts.used else { return };
        let named = [&used.paths, &used.files, &used.outputs];
        let is_named = |word: &str| named.iter().any(|list| list.iter().any(|path| path == word));
        let patterns = command.words.iter().skip(1).filter(|word| is_pattern(word));
        let patterns = patterns.map(|word| self.argument(word).text);
        let patterns: Vec<String> = patterns.filter(|word| !is_named(word)).collect();
        if used.kind != ActionKind::Upkeep {
            let places = patterns.iter().filter_map(|text| self.pattern(text));
            let places: Vec<Named> = places.collect();
            facts.named.extend(places);
            return;
        }
        if used.action.looks == Looks::Listing && used.paths.is_empty() {
            shown.push(self.cwd.clone());
        }
        let directories = patterns.iter().map(|text| directory(text));
        shown.extend(directories.map(|directory| self.place(directory, true)));
        if is_kept {
            shown.iter().for_each(|directory| read(facts, directory.as_deref()));
        }
        self.listed = shown;
    }

    /// A word as written in which nothing but `$(pwd)` is not known.
    pub(super) fn in_place(&self, written: &str) -> Option<String> {
        let cwd = self.cwd.as_deref()?;
        let text = written.replace("$(pwd)", cwd).replace("`pwd`", cwd);
        let text = text.trim_matches(['"', '\'']);
        (text.len() != written.len() && !text.contains(['$', '`', '"', '\'', '\\', '*']))
            .then(|| text.to_owned())
    }

    /// A pattern of file names, as something that is read where a file fits.
    pub(super) fn pattern(&self, text: &str) -> Option<Named> {
        let name = text.rsplit('/').next()?;
        let directory = self.place(directory(text), true)?;
        Some(Named { path: join(&directory, name), reads: Reads::Fitting, is_argument: false })
    }
}

/// Notes that a command reads what lies in a directory; `None` is one that is not known.
fn read(facts: &mut CommandEffects, directory: Option<&str>) {
    match directory {
        Some(directory) => facts.reads.add(directory.to_owned()),
        None => facts.needs = Needs::Everything(Opaque::UnknownDirectory),
    }
}

/// The directory that a pattern looks into.
fn directory(pattern: &str) -> &str {
    let plain = pattern.split(['*', '?', '[']).next().unwrap_or("");
    plain.rsplit_once('/').map_or("", |(directory, _)| match directory {
        "" => "/",
        directory => directory,
    })
}

fn is_pattern(word: &Word<'_>) -> bool {
    word.parts.iter().any(|part| matches!(part, Part::Glob(_)))
}
