//! Which file that a step reads of the context differs.

use super::super::contents::Query;
use super::super::outcome::Cause;
use super::super::step::Step;
use super::Side;
use crate::context::{Entry, EntryKind, Selection, base_name, walk_order};
use crate::digest::{Digest, Numbers};
use crate::report::Builder;
use std::cmp::Ordering;

/// What was found already: many steps may read the same files.
#[derive(Default)]
pub(super) struct Seen {
    /// For two queries where in `found` their difference is.
    places: Numbers,
    found: Vec<Option<(Cause, String)>>,
}

impl Seen {
    /// The first file that differs, as cause and half a sentence.
    pub fn differ(
        &mut self,
        before: &Side<'_>,
        after: &Side<'_>,
        old: &Step,
        new: &Step,
    ) -> Option<(Cause, String)> {
        let pairs = old.queries.iter().zip(&new.queries);
        for (old, new) in pairs {
            if before.contents.number(old) == after.contents.number(new) {
                continue;
            }
            let key = Digest::of("pair").number(old.digest()).number(new.digest()).end();
            let place = self.places.keep(key, self.found.len() as u64) as usize;
            if place == self.found.len() {
                self.found.push(first(before, after, old, new));
            }
            if let Some(Some(found)) = self.found.get(place) {
                return Some(found.clone());
            }
        }
        None
    }
}

fn first(before: &Side<'_>, after: &Side<'_>, old: &Query, new: &Query) -> Option<(Cause, String)> {
    let (was, is) = (before.contents.select(old), after.contents.select(new));
    let (was, is) = (by_name(&was), by_name(&is));
    let mut found: Vec<(Cause, String)> = Vec::new();
    let mut count = 0;
    let mut note = |cause: Cause, what: &dyn Fn() -> String| {
        count += 1;
        if found.iter().all(|(other, _)| *other != cause) {
            found.push((cause, what()));
        }
    };
    let added = |entry: &Entry| {
        let ignored = before.contents.entry(&entry.path).is_some();
        let what = if ignored { "is no longer ignored" } else { "was added" };
        format!("{} {what}", entry.path)
    };
    let removed = |entry: &Entry| {
        let ignored = after.contents.entry(&entry.path).is_some();
        let what = if ignored { "is ignored now" } else { "is gone" };
        format!("{} {what}", entry.path)
    };
    let (mut was, mut is) = (was.into_iter().peekable(), is.into_iter().peekable());
    loop {
        let order = match (was.peek(), is.peek()) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((was, _)), Some((is, _))) => walk_order(was, is),
        };
        let old = was.next_if(|_| order != Ordering::Greater);
        let new = is.next_if(|_| order != Ordering::Less);
        match (old, new) {
            (Some((_, old)), Some((_, new))) => {
                if let Some((cause, what)) = change(old, new, after.contents.builder()) {
                    note(cause, &|| format!("{} {what}", new.path));
                }
            }
            (Some((_, old)), None) => note(Cause::FileRemoved, &|| removed(old)),
            (None, Some((_, new))) => note(Cause::FileAdded, &|| added(new)),
            (None, None) => break,
        }
    }
    let (cause, what) = found.into_iter().min_by_key(|(cause, _)| *cause)?;
    let more = match count {
        0 | 1 => String::new(),
        2 => " (and one more path)".to_owned(),
        _ => format!(" (and {} more paths)", count - 1),
    };
    Some((cause, format!("{what}{more}")))
}

/// What is selected, by what it is called at the destination: the path below the source, or
/// the last part of a file that the source itself names. In the order of the names, but for
/// links that a wildcard meets.
fn by_name<'c>(selection: &'c Selection<'c>) -> Vec<(&'c str, &'c Entry)> {
    let items = selection.items.iter().map(|item| match item.relative {
        "" => (base_name(selection.root(item)), item.entry),
        relative => (relative, item.entry),
    });
    items.collect()
}

fn change(was: &Entry, is: &Entry, builder: Builder) -> Option<(Cause, String)> {
    if was.kind != is.kind {
        let kind = match is.kind {
            EntryKind::File => "file",
            EntryKind::Directory => "directory",
            EntryKind::Symlink => "link",
        };
        return Some((Cause::FileType, format!("is a {kind} now")));
    }
    if was.kind == EntryKind::Symlink && was.target != is.target {
        return Some((Cause::LinkTarget, "points elsewhere".to_owned()));
    }
    if (&was.text, &was.sha256) != (&is.text, &is.sha256) {
        return Some((Cause::FileContent, "changed".to_owned()));
    }
    let counts = was.kind == EntryKind::File
        || (was.kind == EntryKind::Directory && builder != Builder::Buildkit);
    if counts && was.mode != is.mode {
        let mode =
            |mode: Option<u32>| mode.map_or("unknown".to_owned(), |mode| format!("{mode:o}"));
        let what = format!("has mode {} and had {}", mode(is.mode), mode(was.mode));
        return Some((Cause::FileMode, what));
    }
    None
}
