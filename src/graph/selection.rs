//! Stages that keep only files of some names of those they copy: what they hold stays the same
//! while these files do, whatever else is edited.
//!
//! Read from the commands that take the others away, `find ... ! -name ... -delete` and its
//! kin; anything else is no selection.

use super::content::{self, Content};
use super::path_set::under;
use super::{CommandEffects, Copy, Effect, Run, Stage};
use crate::context::{clean, join};
use crate::ecosystem::name_matches;
use crate::limits;
use crate::shell;

/// What a stage keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The directories that are searched; outside of them everything stays.
    pub directories: Vec<String>,
    /// The names that are kept, as `find` takes them: `*` matches in a name, and `*/x/*` is all
    /// that lies in a directory `x`.
    pub names: Vec<String>,
    /// Whether directories without any of them go as well.
    pub prunes: bool,
}

impl Selection {
    /// What `stage` keeps, where its last step that makes files takes the others away, and all
    /// that it copies from the context and that changes often lies where it looks.
    pub(super) fn of(stage: &Stage<'_>) -> Option<Selection> {
        let makes = |effect: &Effect<'_>| matches!(effect, Effect::Copy(_) | Effect::Run(_));
        let last = stage.steps.iter().rev().find(|step| makes(&step.effect))?;
        let selection = read(last.run()?)?;
        if selection.names.len() > limits::SELECTED || stage.copies.len() > limits::SELECTED {
            return None;
        }
        let mut copies = stage.steps.iter().filter_map(|step| step.copy());
        let fits = |copy: &Copy| !copy.content.is_volatile() || selection.searches_all_of(copy);
        copies.all(fits).then_some(selection)
    }

    /// Whether all that `copy` brings lies where it looks.
    pub fn searches_all_of(&self, copy: &Copy) -> bool {
        copy.landing.paths.iter().all(|path| self.searches(path))
    }

    fn searches(&self, path: &str) -> bool {
        self.directories.iter().any(|directory| under(directory, path).is_some())
    }

    /// Whether a file at `path` stays.
    pub fn keeps(&self, path: &str) -> bool {
        !self.searches(path) || self.names.iter().any(|name| fits(name, path))
    }

    /// What kind of files it keeps.
    pub(super) fn content(&self) -> Content {
        match self.names.iter().map(|name| content::of_file(name)).max() {
            Some(Content::Source) | None => Content::Artifacts,
            Some(Content::Artifacts) => Content::Manifests,
            Some(kind) => kind,
        }
    }
}

/// Whether a path has a name that `find` was given.
pub fn fits(name: &str, path: &str) -> bool {
    match name.strip_prefix('*').and_then(|name| name.strip_suffix('*')) {
        Some(directory) if directory.contains('/') => path.contains(directory),
        _ => name_matches(name, path.rsplit('/').next().unwrap_or(path)),
    }
}

/// What the commands of a step keep, where all they do is to take the rest away.
fn read(run: &Run<'_>) -> Option<Selection> {
    let mut selection: Option<Selection> = None;
    let mut commands = run.script.commands.iter().zip(&run.commands).peekable();
    while let Some((command, facts)) = commands.next() {
        let words: Option<Vec<_>> = command.words.iter().map(shell::Word::literal).collect();
        let words = words?;
        let words: Vec<&str> = words.iter().map(|word| word.as_ref()).collect();
        match words.as_slice() {
            ["true" | ":"] => continue,
            ["find", rest @ ..] => {
                let piped = commands.next_if(|(next, _)| {
                    let removes = |word: &shell::Word<'_>| word.is("rm");
                    next.joiner == shell::Joiner::Pipe && next.words.iter().any(removes)
                });
                let found = find(rest, piped.is_some(), facts)?;
                match &mut selection {
                    // What it takes away beside, such as empty directories, changes nothing.
                    Some(known) if found.names.is_empty() => known.prunes |= found.prunes,
                    Some(known) if known.names == found.names => {
                        known.directories.extend(found.directories);
                    }
                    Some(_) => return None,
                    None => selection = Some(found),
                }
            }
            _ => return None,
        }
    }
    selection.filter(|selection| !selection.names.is_empty())
}

/// What `find` with these words leaves.
fn find(words: &[&str], mut removes: bool, facts: &CommandEffects) -> Option<Selection> {
    // `rm` may leave directories.
    let mut selection = Selection { prunes: !removes, ..Selection::default() };
    let (mut negated, mut group) = (false, false);
    let mut words = words.iter();
    while let Some(&word) = words.next() {
        match word {
            "!" | "-not" => negated = true,
            "(" if negated => group = true,
            ")" if group => (negated, group) = (false, false),
            "-o" | "-or" if group => {}
            "-name" | "-iname" | "-path" | "-wholename" if negated => {
                selection.names.push((*words.next()?).to_owned());
                negated = group;
            }
            "-type" | "-mindepth" | "-maxdepth" => {
                let value = *words.next()?;
                selection.prunes &= word == "-type" && (value == "d") != negated;
                negated = group;
            }
            "-depth" | "-empty" | "-print" | "-print0" | "-a" | "-and" if !group => {}
            "-delete" => removes = true,
            "-exec" => {
                let program = *words.next()?;
                selection.prunes &= program == "rmdir";
                removes = matches!(program, "rm" | "rmdir");
                words.find(|word| matches!(**word, ";" | "+"))?;
            }
            path if selection.names.is_empty() && !path.starts_with(['-', '(', ')']) => {
                let place = clean(&join(facts.cwd.as_deref()?, path));
                selection.directories.push(if place == "." { String::new() } else { place });
            }
            _ => return None,
        }
    }
    removes.then_some(selection)
}
