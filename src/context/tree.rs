//! A known file tree: entries in walk order, so that a directory and all below it are one range.
//!
//! Directories that are only implied by a file's path are entries as well. What `.dockerignore`
//! hides is still in here.

mod change;

use super::path;
use crate::bytes::{Bytes, alike};
use crate::limits;
use crate::sort::sort_by;
use crate::text::Cut;
use std::sync::Arc;

/// What an entry is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A regular file.
    #[default]
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
}

/// One path of a tree and what is known of it; what was not given is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The path below the root, cleaned, without a leading slash.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// Permission bits, with the setuid, setgid and sticky bits.
    pub mode: Option<u32>,
    /// Owner, as `uid:gid` or as given.
    pub owner: Option<String>,
    /// The text of a file.
    pub text: Option<String>,
    /// The SHA-256 of a file's content, where the text is not given.
    pub sha256: Option<String>,
    /// Where a link points.
    pub target: Option<String>,
}

impl Entry {
    /// An entry of which only the path is known; a trailing slash makes it a directory.
    pub fn at(path: &str) -> Entry {
        let kind = if path.ends_with('/') { EntryKind::Directory } else { EntryKind::File };
        Entry { path: path.to_string(), kind, ..Entry::default() }
    }

    /// A directory that lies at `path`.
    pub fn directory(path: String) -> Entry {
        Entry { path, kind: EntryKind::Directory, ..Entry::default() }
    }

    /// Whether something may lie below it on disk though the list says nothing of it: a list of
    /// paths names a link to a directory as it names a file.
    fn may_be_link(&self) -> bool {
        let bare = self.text.is_none() && self.sha256.is_none() && self.mode.is_none();
        self.kind == EntryKind::File && bare
    }
}

/// Entries in walk order.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    /// Shared, so that the contexts of builds of which little differs hold them once.
    entries: Vec<Arc<Entry>>,
    /// For each entry the index behind the last one below it.
    ends: Vec<u32>,
    /// Whether an entry was left out for the length of its path.
    cut: bool,
    /// How many entries are links.
    links: usize,
}

impl Tree {
    /// Sorts entries given in any order, cleans their paths, adds the directories they imply and
    /// drops the root and what leads out of it. Of two entries of one path the first counts.
    pub fn new(given: Vec<Entry>) -> Tree {
        let (mut given, mut cut) = (given, false);
        given.retain_mut(|entry| {
            let short = is_short(&entry.path);
            cut |= !short;
            short && clean(entry)
        });
        sort_by(&mut given, |a, b| path::walk_order(&a.path, &b.path));
        let mut entries: Vec<Arc<Entry>> = Vec::with_capacity(given.len() + given.len() / 4);
        for entry in given {
            let last = entries.last().map_or("", |last| &last.path);
            if last == entry.path {
                continue;
            }
            // Directories that the entry before lies in, or is, are there already.
            let shared = shared_directories(last, &entry.path);
            let ahead = entry.path.as_bytes().iter().enumerate().skip(shared + 1);
            for end in ahead.filter(|(_, byte)| **byte == b'/').map(|(at, _)| at) {
                let path = entry.path.cut(..end).to_string();
                entries.push(Arc::new(Entry::directory(path)));
            }
            entries.push(Arc::new(entry));
        }
        Tree { cut, ..Tree::with_ends(entries) }
    }

    fn with_ends(mut entries: Vec<Arc<Entry>>) -> Tree {
        let mut ends: Vec<u32> = (1..=entries.len() as u32).collect();
        let mut open: Vec<usize> = Vec::new();
        for at in 0..entries.len() {
            while let Some(&above) = open.last() {
                if path::below(&entries[above].path, &entries[at].path).is_some() {
                    // Something lies below it, whatever it was given as.
                    if entries[above].kind != EntryKind::Directory {
                        Arc::make_mut(&mut entries[above]).kind = EntryKind::Directory;
                    }
                    break;
                }
                ends[above] = at as u32;
                open.pop();
            }
            open.push(at);
        }
        for above in open {
            ends[above] = entries.len() as u32;
        }
        let links = entries.iter().filter(|entry| entry.kind == EntryKind::Symlink).count();
        Tree { entries, ends, cut: false, links }
    }

    /// Whether an entry was left out because its path is longer than a real one.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// The entry at an index.
    pub fn entry(&self, at: usize) -> &Entry {
        &self.entries[at]
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// The index of a cleaned path; the root is no entry.
    pub fn find(&self, path: &str) -> Option<usize> {
        self.entries.binary_search_by(|entry| path::walk_order(&entry.path, path)).ok()
    }

    /// The index behind the last entry below the one at `at`.
    pub fn end(&self, at: usize) -> usize {
        self.ends[at] as usize
    }

    /// Where a cleaned path leads when every link on the way, and the last one, is followed. A
    /// link cannot lead out of the tree.
    pub fn resolve(&self, path: &str) -> Resolved {
        if let Some(at) = self.find(path)
            && self.entries[at].kind != EntryKind::Symlink
        {
            return Resolved::At(at);
        }
        if path.len() > limits::PATH_BYTES {
            return Resolved::Nowhere;
        }
        let mut followed = 0;
        let mut reached = String::new();
        let mut at = None;
        let mut ahead: Vec<&str> = path.parts(b'/').rev().collect();
        while let Some(component) = ahead.pop() {
            match component {
                "" | "." => continue,
                ".." => {
                    reached.truncate(reached.last_place_of(b'/').unwrap_or(0));
                    at = self.find(&reached);
                    continue;
                }
                _ => {}
            }
            if at.is_some_and(|at: usize| self.entries[at].may_be_link()) {
                return Resolved::Unknown;
            }
            let next = path::join(&reached, component);
            let Some(found) = self.find(&next) else { return Resolved::Nowhere };
            let entry = &self.entries[found];
            if entry.kind != EntryKind::Symlink {
                (reached, at) = (next, Some(found));
                continue;
            }
            let Some(target) = &entry.target else { return Resolved::Unknown };
            followed += 1;
            if followed > limits::LINKS_FOLLOWED || target.len() > limits::PATH_BYTES {
                return Resolved::Nowhere;
            }
            if target.starts_with('/') {
                (reached, at) = (String::new(), None);
            }
            ahead.extend(target.parts(b'/').rev());
        }
        at.map_or(Resolved::Root, Resolved::At)
    }
}

/// Where a path leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resolved {
    /// To the root of the tree.
    Root,
    /// To the entry at this index, which is no link.
    At(usize),
    /// To nothing that is in the list.
    Nowhere,
    /// Through a link whose target is not known.
    Unknown,
}

/// The length of the longest directory of `path` that is `before` or holds it.
fn shared_directories(before: &str, path: &str) -> usize {
    let (before, path) = (before.as_bytes(), path.as_bytes());
    let same = alike(before, path);
    let ends = before.get(same).is_none_or(|&byte| byte == b'/');
    if ends && path.get(same) == Some(&b'/') {
        return same;
    }
    path[..same].iter().rposition(|&byte| byte == b'/').unwrap_or(0)
}

/// Whether a path is no longer and no deeper than a real one. Each directory above a path takes
/// an entry of its own.
fn is_short(path: &str) -> bool {
    // A path of so few bytes is not too deep either.
    path.len() <= limits::PATH_DEPTH
        || (path.len() <= limits::PATH_BYTES
            && path.bytes().filter(|byte| *byte == b'/').count() <= limits::PATH_DEPTH)
}

/// Cleans the path of an entry; false for the root and what leads out of it.
fn clean(entry: &mut Entry) -> bool {
    if path::is_plain(&entry.path) {
        return true;
    }
    let cleaned = path::clean(entry.path.trim_start_matches('/'));
    let inside = cleaned != "." && cleaned != ".." && !cleaned.starts_with("../");
    entry.path = cleaned;
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[&str]) -> Tree {
        Tree::new(paths.iter().map(|path| Entry::at(path)).collect())
    }

    fn paths(tree: &Tree) -> Vec<&str> {
        tree.entries.iter().map(|entry| entry.path.as_str()).collect()
    }

    #[test]
    fn directories_are_implied_once() {
        let tree = tree(&["b", "./a/x/1", "a-b", "a/x/2", "/a/y"]);
        assert_eq!(paths(&tree), ["a", "a/x", "a/x/1", "a/x/2", "a/y", "a-b", "b"]);
        assert_eq!(tree.entry(0).kind, EntryKind::Directory);
        assert_eq!(tree.entry(5).kind, EntryKind::File);
    }

    #[test]
    fn a_directory_is_a_range() {
        let tree = tree(&["a/x/1", "a/y", "a-b", "ab/c"]);
        let range = |path: &str| tree.find(path).map(|at| at + 1..tree.end(at));
        assert_eq!(range("a"), Some(1..4));
        assert_eq!(range("a/x"), Some(2..3));
        assert_eq!(range("a-b"), Some(5..5));
        assert_eq!(range("c"), None);
    }

    fn link(path: &str, target: Option<&str>) -> Entry {
        let target = target.map(str::to_string);
        Entry { kind: EntryKind::Symlink, target, ..Entry::at(path) }
    }

    #[test]
    fn links_are_followed_inside_the_tree() {
        let entries = vec![
            Entry { mode: Some(0o644), ..Entry::at("d/f") },
            link("to-file", Some("d/f")),
            link("to-dir", Some("./d/")),
            link("d/up", Some("../../../to-dir")),
            link("absolute", Some("/d")),
            link("loop", Some("loop")),
            link("gone", Some("nothing")),
            link("blind", None),
            link("root", Some("..")),
        ];
        let tree = Tree::new(entries);
        let at = |path: &str| tree.find(path).map(Resolved::At).expect("an entry");
        for path in ["d/f", "to-file", "to-dir/f", "d/up/f", "absolute/f", "root/d/f"] {
            assert_eq!(tree.resolve(path), at("d/f"), "{path}");
        }
        assert_eq!(tree.resolve("d/up/up"), at("d"));
        for path in ["loop", "gone", "d/f/x", "x", "to-dir/x"] {
            assert_eq!(tree.resolve(path), Resolved::Nowhere, "{path}");
        }
        assert_eq!(tree.resolve("blind/x"), Resolved::Unknown);
        assert_eq!((tree.resolve(""), tree.resolve("root")), (Resolved::Root, Resolved::Root));
    }

    #[test]
    fn a_bare_file_may_be_a_link() {
        let tree = tree(&["a", "b/c"]);
        assert_eq!(tree.resolve("a/x"), Resolved::Unknown);
        assert_eq!(tree.resolve("b/x"), Resolved::Nowhere);
    }

    #[test]
    fn paths_longer_than_any_are_left_out() {
        let deep = "a/".repeat(300);
        let long = "a".repeat(5_000);
        assert!(tree(&[&deep]).is_cut() && tree(&[&long]).is_cut());
        assert!(!tree(&[&"a/".repeat(200), &"a".repeat(255)]).is_cut());
    }

    #[test]
    fn doubles_and_outsiders_go() {
        let tree = tree(&["a", "./a", "../x", ".", "/", "..b"]);
        assert_eq!(paths(&tree), ["..b", "a"]);
    }

    #[test]
    fn what_holds_something_is_a_directory() {
        let tree = tree(&["a", "a/b", "c/"]);
        assert_eq!(tree.entry(0).kind, EntryKind::Directory);
        assert_eq!(tree.entry(2).kind, EntryKind::Directory);
    }
}
