//! Where a copy lands, and whether it may bring a path.

use super::{Copy, Origin, is_file_pattern, looks_like_file};
use crate::context::{Answer, Context, EntryKind, Selected, Source, base_name, join};
use crate::digest::{Digest, Numbers};
use crate::ecosystem::name_matches;
use crate::graph::path_set::{PathSet, first_components, under};
use crate::limits;

impl Copy {
    /// Whether `place` may be a path that this copy brings, or a directory that it fills.
    pub fn may_bring(&self, place: &str) -> Answer {
        match self.landing.paths.iter().any(|path| under(place, path).is_some()) {
            true => Answer::Yes,
            false
                if (!self.landing_is_exact || self.brings_files_alone)
                    && self.has_other_names(place) =>
            {
                Answer::No
            }
            false => self.landing.holds(place),
        }
    }

    /// Whether it brings files alone, none of which has the name that `place` has below its
    /// destination.
    fn has_other_names(&self, place: &str) -> bool {
        let Some(destination) = &self.destination else { return false };
        let first = under(destination.path(), place).unwrap_or("").split('/').next();
        let Some(first) = first.filter(|first| !first.is_empty()) else { return false };
        let other = |(text, _): &(String, Source)| {
            let name = base_name(text);
            is_file_pattern(name) && !name_matches(name, first)
        };
        !self.unresolved
            && !self.unpacks
            && !self.other_sources
            && !self.sources.is_empty()
            && self.sources.iter().all(other)
    }

    pub(super) fn land(&mut self, context: &Context) {
        let Some(destination) = &mut self.destination else {
            self.landing = PathSet::all();
            return;
        };
        if self.unresolved || self.unpacks || self.other_sources || self.origin != Origin::Context {
            // A single file, or the content of a directory.
            self.landing_is_exact = false;
            let file = match self.sources.as_slice() {
                [(_, source)] if !self.unresolved && !self.unpacks => source
                    .literal()
                    .filter(|path| looks_like_file(path) || destination.is_directory().is_no()),
                _ => None,
            };
            match (file, destination.is_directory()) {
                (Some(file), Answer::Yes) => {
                    self.landing.add(join(destination.path(), base_name(file)));
                }
                _ => self.landing.add(destination.path().to_owned()),
            }
            return;
        }
        let mut known = Numbers::default();
        let mut lands = |landing: &mut PathSet, place: String| {
            if known.set(Digest::of(&place).end(), 0).is_none() {
                landing.paths.push(place.into());
            }
        };
        for (_, source) in &self.sources {
            let selection = context.select(source);
            let is_file = |item: &Selected<'_>| item.entry.kind == EntryKind::File;
            self.brings_files_alone &= selection.items.iter().all(is_file);
            if source.is_wildcard() && !source.keeps_parents() {
                let roots = selection.items.iter().filter(|item| item.relative.is_empty());
                let directories = roots.filter(|item| item.entry.kind == EntryKind::Directory);
                let paths = directories.map(|item| item.entry.path.clone());
                self.flattened.extend(paths.take(limits::ENTRIES_OF_A_LANDING));
            }
            let may_match_none = self.sources.len() > 1 && source.is_wildcard();
            let built = selection.items.is_empty() && !may_match_none;
            self.is_unlisted |= built && selection.complete;
            if selection.complete
                && !built
                && selection.items.len() <= limits::ENTRIES_OF_A_LANDING * 10
            {
                let mut places = Vec::new();
                let mut landings = selection.landings(destination).into_iter().peekable();
                while let Some((entry, place)) = landings.next() {
                    // A directory whose files are all ignored is sent by itself.
                    let holds = landings
                        .peek()
                        .is_some_and(|(next, _)| under(&entry.path, &next.path).is_some());
                    if entry.kind == EntryKind::Directory && holds {
                        continue;
                    }
                    let Some(place) = place else {
                        // The name of a file, or a directory that is there already.
                        places.push(destination.path().to_owned());
                        continue;
                    };
                    places.push(place);
                }
                if places.len() > limits::ENTRIES_OF_A_LANDING {
                    places = first_components(&places, destination.path());
                }
                places.into_iter().for_each(|place| lands(&mut self.landing, place));
                continue;
            }
            self.landing_is_exact = false;
            match source.literal().filter(|path| looks_like_file(path)) {
                Some(file) if destination.is_directory().is_yes() => {
                    lands(&mut self.landing, join(destination.path(), base_name(file)));
                }
                _ => lands(&mut self.landing, destination.path().to_owned()),
            }
        }
    }
}
