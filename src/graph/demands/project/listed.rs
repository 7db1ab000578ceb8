//! The files of a project that fit a pattern, as the copies in front of its step bring them.

use super::ProjectFiles;
use crate::context::{Entry, EntryKind, Source, parent};
use crate::ecosystem::name_matches;
use crate::graph::path_set::under;
use crate::graph::{Origin, listing};
use crate::limits;
use crate::text::Cut;

impl ProjectFiles<'_, '_> {
    /// All files of the project that fit `pattern`, where they are all known.
    pub(super) fn list(&self, pattern: &str) -> Option<Vec<String>> {
        let rest = pattern.trim_start_matches("../");
        let above = pattern.cut(..pattern.len() - rest.len());
        if self.is_from_elsewhere(pattern) || self.may_be_extended(above, rest) {
            return None;
        }
        let origin = |path: &str| self.origin(&format!("{above}{path}"));
        self.may_look(rest)?;
        let found = listing::list(self.graph.context, &origin, &self.renamed(above), rest)?;
        Some(found.into_iter().map(|path| format!("{above}{path}")).collect())
    }

    /// Whether a copy out of another stage or image, or an archive, may bring a file that fits
    /// `pattern` below the directory `above`: `COPY --from=libs /l packages/db` a member of
    /// `packages/*/package.json`.
    fn may_be_extended(&self, above: &str, pattern: &str) -> bool {
        let root = self.place(above);
        let leads = |to: &str| {
            let Some(below) = under(&root, to) else { return false };
            let mut names = pattern.split('/');
            let mut own = below.split('/').filter(|name| !name.is_empty());
            own.all(|own| names.next().is_some_and(|name| name_matches(name, own)))
        };
        let copies = self.graph.copies_before(self.at).take(limits::COPIES_LOOKED_AT);
        let others = copies.filter(|(_, copy)| {
            let is_other = copy.origin != Origin::Context && self.graph.selected(copy).is_none();
            // `COPY src/* ./libs/a/` brings what is in the directories that it fits.
            is_other || copy.unpacks || !copy.flattened.is_empty()
        });
        let mut places = others.filter_map(|(_, copy)| copy.destination.as_ref());
        self.whole.is_none() && pattern.contains('/') && places.any(|to| leads(to.path()))
    }

    /// The directories and files of the context that copies bring below the directory `above` of the
    /// project, with what each is called there: `src` is `libs` behind `COPY src ./libs`, and
    /// `docker/prod.exs` is `config/prod.exs` behind `COPY docker/prod.exs ./config/`.
    fn renamed(&self, above: &str) -> Vec<(String, String)> {
        let root = self.place(above);
        let copies = self.graph.copies_before(self.at).take(limits::COPIES_LOOKED_AT);
        let copies =
            copies.filter(|(_, copy)| self.whole.is_none() && copy.origin == Origin::Context);
        let mut renamed: Vec<(String, String)> = Vec::new();
        for (_, copy) in copies {
            let to = copy.destination.as_ref().and_then(|to| under(&root, to.path()));
            let Some(to) = to.filter(|to| !to.is_empty()) else { continue };
            for from in copy.sources.iter().flat_map(|(_, source)| self.moved(source)) {
                let is_same = from == to || from.ends_with(&format!("/{to}"));
                if !from.is_empty() && !is_same && renamed.len() < limits::COPIES_LOOKED_AT {
                    renamed.push((from, to.to_owned()));
                }
            }
        }
        renamed
    }

    /// What of the context a copy of `source` calls by another name: a directory; a file, or the
    /// one it lies in.
    fn moved(&self, source: &Source) -> Vec<String> {
        let Some(path) = source.literal().filter(|_| !source.keeps_parents()) else {
            return vec![source.base().to_owned()];
        };
        let is_file = |entry: &Entry| entry.kind != EntryKind::Directory;
        match self.graph.context.entry(path).is_some_and(is_file) {
            true => vec![path.to_owned(), parent(path)],
            false => vec![path.to_owned()],
        }
    }

    /// Those files that fit `pattern` which are known.
    pub(super) fn known(&self, pattern: &str) -> Vec<String> {
        let origin = |path: &str| self.origin(path);
        let found = self.may_look(pattern);
        let renamed = self.renamed("");
        let found =
            found.and_then(|()| listing::known(self.graph.context, &origin, &renamed, pattern));
        found.unwrap_or_default()
    }

    /// Counts the patterns for which every file is looked at; none where there were too many.
    fn may_look(&self, pattern: &str) -> Option<()> {
        self.listed.set(self.listed.get() + u32::from(pattern.contains('*')));
        (self.listed.get() <= limits::PATTERNS_LISTED).then_some(())
    }
}
