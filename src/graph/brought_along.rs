//! Directories of the context that copies bring along with others, and that no instruction names.

use super::{Copy, Effect, Graph, Origin, StepAt};
use crate::context::{Entry, EntryKind, Landing, base_name, below, within};
use crate::syntax::Instruction;
use crate::syntax::mount::{self, MountKind};

/// A copy that brings a directory of the context along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// The copy.
    pub copy: StepAt,
    /// Where the directory lies in the image.
    pub place: String,
}

impl Brought {
    /// Whether a text names the directory, or a path in it.
    pub(super) fn is_named_in(&self, text: &str) -> bool {
        let apart = |c: char| c.is_whitespace() || "\"'=:,;()&|`<>".contains(c);
        let name = base_name(&self.place);
        text.split(apart).any(|word| {
            let meets = below(&self.place, word).or(below(word, &self.place)).is_some();
            (!word.starts_with('/') || meets) && word.split('/').any(|part| part == name)
        })
    }
}

impl Graph<'_> {
    /// Whether `.dockerignore` and the whole build are known well enough to say what the build can
    /// do without.
    pub(super) fn may_do_without(&self) -> bool {
        self.context.ignoring().is_some()
            && self.context.is_known()
            && !self.has_errors
            && self
                .stages
                .iter()
                .all(|stage| stage.triggers.is_empty() && !stage.triggered && !stage.is_windows)
    }

    /// The copies that bring the directory `path` along, in which `file` lies; `None` where an
    /// instruction names it, where it may be mounted, or where it lands is not known.
    pub(super) fn brought_along(&self, path: &str, file: &str) -> Option<Vec<Brought>> {
        let mut found = Vec::new();
        for stage in &self.stages {
            for (step, of) in stage.steps.iter().enumerate() {
                let instruction = &self.dockerfile.instructions[of.instruction];
                match &of.effect {
                    Effect::Copy(copy) if copy.origin == Origin::Context => {
                        let copied = StepAt { stage: stage.index, step };
                        let places = places(copy, path, file)?;
                        found.extend(places.map(|place| Brought { copy: copied, place }));
                    }
                    Effect::Run(_) if may_mount(instruction, path) => return None,
                    _ => {}
                }
            }
        }
        Some(found)
    }

    /// The first file that the build sees in the directory which is the first of `entries`, or that
    /// entry itself where it is a file.
    pub(super) fn first_file<'c>(&self, entries: &[&'c Entry]) -> Option<&'c Entry> {
        let (directory, rest) = entries.split_first()?;
        let inside = rest.iter().take_while(|entry| below(&directory.path, &entry.path).is_some());
        let inside = std::iter::once(directory).chain(inside);
        let mut files = inside.filter(|entry| entry.kind != EntryKind::Directory);
        files.find(|entry| self.context.exists(&entry.path).is_yes()).copied()
    }
}

/// Where `copy` puts the directory `path`, going by where `file` in it lands.
fn places(copy: &Copy, path: &str, file: &str) -> Option<impl Iterator<Item = String>> {
    let name = base_name(path);
    let rest = below(path, file)?;
    let mut found = Vec::new();
    if copy.unresolved {
        return None;
    }
    for (text, source) in &copy.sources {
        if below(path, source.base()).is_some() || text.split('/').any(|part| part == name) {
            return None;
        }
        if source.covers(file).is_no() {
            continue;
        }
        let destination = copy.destination.as_ref()?;
        let Some(Landing::At(landed)) = source.landing(file, destination) else { return None };
        let place = landed.strip_suffix(rest)?.trim_end_matches('/');
        // A pattern that meets the directory itself puts what it holds beside the rest.
        if base_name(place) != name || !place.starts_with('/') {
            return None;
        }
        found.push(place.to_owned());
    }
    Some(found.into_iter())
}

/// Whether a RUN may mount the directory `path` of the context.
fn may_mount(instruction: &Instruction<'_>, path: &str) -> bool {
    let mut binds = mount::mounts(instruction)
        .filter(|mount| mount.kind == MountKind::Bind && mount.from.is_none());
    binds.any(|bind| {
        let source = bind.source.map_or_else(Default::default, |word| word.text);
        let shown = within(&source);
        source.contains('$') || below(&shown, path).is_some() || below(path, &shown).is_some()
    })
}
