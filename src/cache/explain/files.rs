//! Which file that a step reads of the context differs.

use super::super::contents::{Contents, Query};
use super::super::outcome::Cause;
use super::super::step::Step;
use super::Builds;
use crate::context::{Entry, EntryKind, Selection, Source, base_name, below, walk_order};
use crate::digest::{Digest, Numbers};
use crate::limits;
use crate::report::Builder;
use std::cmp::Ordering;
use std::rc::Rc;

/// What was found already: many steps may read the same files.
#[derive(Default)]
pub(super) struct Seen {
    /// For two queries where in `found` their difference is.
    places: Numbers,
    found: Vec<Option<Difference>>,
    /// The files of the difference that was asked for last, [`limits::FILES_BLAMED`] at most.
    pub named: Rc<Vec<String>>,
}

/// The first file that differs, as cause and half a sentence, and the paths of all.
type Difference = (Cause, String, Rc<Vec<String>>);

impl Seen {
    /// The first file that differs, as cause and half a sentence.
    pub fn differ(
        &mut self,
        builds: &Builds<'_>,
        old: &Step,
        new: &Step,
    ) -> Option<(Cause, String)> {
        let pairs = old.queries.iter().zip(&new.queries);
        for (old, new) in pairs {
            if builds.before.contents.number(old) == builds.after.contents.number(new) {
                continue;
            }
            let key = Digest::of("pair").number(old.digest()).number(new.digest()).end();
            let place = self.places.keep(key, self.found.len() as u64) as usize;
            if place == self.found.len() {
                self.found.push(first(builds, old, new));
            }
            if let Some(Some((cause, what, paths))) = self.found.get(place) {
                self.named = paths.clone();
                return Some((*cause, what.clone()));
            }
        }
        None
    }
}

fn first(builds: &Builds<'_>, old: &Query, new: &Query) -> Option<Difference> {
    let (before, after) = (builds.before.contents, builds.after.contents);
    let among = builds.changed.filter(|_| old.digest() == new.digest());
    let few = among.and_then(|changed| {
        let source = new.source();
        Some((of_changed(before, &source, changed)?, of_changed(after, &source, changed)?))
    });
    if let Some((was, is)) = few {
        return difference(builds, was, is);
    }
    let (was, is) = (before.select(old), after.select(new));
    difference(builds, by_name(&was), by_name(&is))
}

fn difference(
    builds: &Builds<'_>,
    was: Vec<(&str, &Entry)>,
    is: Vec<(&str, &Entry)>,
) -> Option<Difference> {
    let (before, after) = (builds.before.contents, builds.after.contents);
    let mut found: Vec<(Cause, String)> = Vec::new();
    let (mut count, mut paths) = (0, Vec::new());
    let mut note = |cause: Cause, entry: &Entry, what: &dyn Fn() -> String| {
        count += 1;
        if entry.kind != EntryKind::Directory && paths.len() < limits::FILES_BLAMED {
            paths.push(entry.path.clone());
        }
        if found.iter().all(|(other, _)| *other != cause) {
            found.push((cause, what()));
        }
    };
    let added = |entry: &Entry| {
        let ignored = before.entry(&entry.path).is_some();
        let what = if ignored { "is no longer ignored" } else { "was added" };
        format!("{} {what}", entry.path)
    };
    let removed = |entry: &Entry| {
        let ignored = after.entry(&entry.path).is_some();
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
                if let Some((cause, what)) = change(old, new, after.builder()) {
                    note(cause, new, &|| format!("{} {what}", new.path));
                }
            }
            (Some((_, old)), None) => note(Cause::FileRemoved, old, &|| removed(old)),
            (None, Some((_, new))) => note(Cause::FileAdded, new, &|| added(new)),
            (None, None) => break,
        }
    }
    let (cause, what) = found.into_iter().min_by_key(|(cause, _)| *cause)?;
    let more = match count {
        0 | 1 => String::new(),
        2 => " (and one more path)".to_owned(),
        _ => format!(" (and {} more paths)", count - 1),
    };
    Some((cause, format!("{what}{more}"), Rc::new(paths)))
}

/// Of the paths `changed` those that `source` selects, named as [`by_name`] names them; none where
/// that can only be said with the paths that did not change: links are followed anywhere, and a
/// pattern may meet files of the same name in several directories.
fn of_changed<'c>(
    contents: &'c Contents,
    source: &Source,
    changed: &'c [String],
) -> Option<Vec<(&'c str, &'c Entry)>> {
    let context = contents.context();
    if source.is_malformed() || source.holds_directories_back() {
        return None;
    }
    let base = source.base();
    let literal = source.literal().is_some() || source.is_everything();
    let led = match context.entry(base) {
        Some(entry) => entry.kind == EntryKind::Symlink,
        None => !base.is_empty() && context.has_links(),
    };
    if led || (!literal && (!source.is_of_one_directory() || context.has_links())) {
        return None;
    }
    let mut selected = Vec::new();
    for path in changed.iter().filter(|path| !source.covers(path).is_no()) {
        let Some(entry) = context.seen(path) else { continue };
        let name = match literal {
            true => below(base, path).filter(|name| !name.is_empty()).unwrap_or(base_name(path)),
            false if entry.kind != EntryKind::File => return None,
            false => base_name(path),
        };
        selected.push((name, entry));
    }
    Some(selected)
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
