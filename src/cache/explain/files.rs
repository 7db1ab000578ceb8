//! Which file that a step reads of the context differs.

use super::super::contents::Query;
use super::super::outcome::Cause;
use super::super::step::Step;
use super::Side;
use crate::context::{Entry, Kind, Selection, base_name};
use crate::report::Builder;
use std::collections::HashMap;

/// What was found already: many steps may read the same files.
#[derive(Default)]
pub(super) struct Seen {
    found: HashMap<(Query, Query), Option<(Cause, String)>>,
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
            let found = self.found.entry((old.clone(), new.clone()));
            let found = found.or_insert_with(|| first(before, after, old, new));
            if found.is_some() {
                return found.clone();
            }
        }
        None
    }
}

fn first(before: &Side<'_>, after: &Side<'_>, old: &Query, new: &Query) -> Option<(Cause, String)> {
    let (was, is) = (before.contents.select(old), after.contents.select(new));
    let (was, is) = (by_name(&was), by_name(&is));
    let known: HashMap<(&str, &str), &Entry> = was.iter().copied().collect();
    let mut found: Vec<(Cause, String)> = Vec::new();
    let mut count = 0;
    let mut note = |cause: Cause, what: &dyn Fn() -> String| {
        count += 1;
        if found.iter().all(|(other, _)| *other != cause) {
            found.push((cause, what()));
        }
    };
    for (name, entry) in &is {
        let path = &entry.path;
        match known.get(name) {
            None => {
                let ignored = before.contents.entry(path).is_some();
                let what = if ignored { "is no longer ignored" } else { "was added" };
                note(Cause::FileAdded, &|| format!("{path} {what}"));
            }
            Some(was) => {
                if let Some((cause, what)) = change(was, entry, after.contents.builder()) {
                    note(cause, &|| format!("{path} {what}"));
                }
            }
        }
    }
    let now: HashMap<(&str, &str), &Entry> = is.iter().copied().collect();
    for (name, entry) in &was {
        if !now.contains_key(name) {
            let path = &entry.path;
            let ignored = after.contents.entry(path).is_some();
            let what = if ignored { "is ignored now" } else { "is gone" };
            note(Cause::FileRemoved, &|| format!("{path} {what}"));
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

/// What is selected, by what it is called at the destination: the part that the source names,
/// where that is not a directory as a whole, and the path below it.
fn by_name<'c>(selection: &'c Selection<'c>) -> Vec<((&'c str, &'c str), &'c Entry)> {
    let items = selection.items.iter().map(|item| {
        let root = selection.root(item);
        let root = if item.relative.is_empty() { base_name(root) } else { "" };
        ((root, item.relative), item.entry)
    });
    items.collect()
}

fn change(was: &Entry, is: &Entry, builder: Builder) -> Option<(Cause, String)> {
    if was.kind != is.kind {
        let kind = match is.kind {
            Kind::File => "file",
            Kind::Directory => "directory",
            Kind::Symlink => "link",
        };
        return Some((Cause::FileType, format!("is a {kind} now")));
    }
    if was.kind == Kind::Symlink && was.target != is.target {
        return Some((Cause::LinkTarget, "points elsewhere".to_owned()));
    }
    if (&was.text, &was.sha256) != (&is.text, &is.sha256) {
        return Some((Cause::FileContent, "changed".to_owned()));
    }
    let counts =
        was.kind == Kind::File || (was.kind == Kind::Directory && builder != Builder::Buildkit);
    if counts && was.mode != is.mode {
        let mode =
            |mode: Option<u32>| mode.map_or("unknown".to_owned(), |mode| format!("{mode:o}"));
        let what = format!("has mode {} and had {}", mode(is.mode), mode(was.mode));
        return Some((Cause::FileMode, what));
    }
    None
}
