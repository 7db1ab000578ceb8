//! A known file tree: entries in walk order, so that a directory and all below it are one range.
//!
//! Directories that are only implied by a file's path are entries as well. What `.dockerignore`
//! hides is still in here.

use std::ops::Range;

use super::path;

/// What an entry is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
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
    pub kind: Kind,
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
        let kind = if path.ends_with('/') { Kind::Directory } else { Kind::File };
        Entry { path: path.to_string(), kind, ..Entry::default() }
    }
}

/// Entries in walk order.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    entries: Vec<Entry>,
    /// For each entry the index behind the last one below it.
    ends: Vec<u32>,
}

impl Tree {
    /// Sorts entries given in any order, cleans their paths, adds the directories they imply and
    /// drops the root and what leads out of it. Of two entries of one path the first counts.
    pub fn new(given: Vec<Entry>) -> Tree {
        let mut given: Vec<Entry> = given.into_iter().filter_map(cleaned).collect();
        given.sort_by(|a, b| path::walk_order(&a.path, &b.path));
        let mut entries: Vec<Entry> = Vec::with_capacity(given.len() + given.len() / 4);
        for entry in given {
            let last = entries.last().map_or("", |last| &last.path);
            if last == entry.path {
                continue;
            }
            let implied: Vec<String> = path::prefixes(&entry.path)
                .filter(|prefix| prefix.len() < entry.path.len())
                .filter(|prefix| path::below(prefix, last).is_none())
                .map(str::to_string)
                .collect();
            for path in implied {
                entries.push(Entry { path, kind: Kind::Directory, ..Entry::default() });
            }
            entries.push(entry);
        }
        Tree::with_ends(entries)
    }

    fn with_ends(mut entries: Vec<Entry>) -> Tree {
        let mut ends: Vec<u32> = (1..=entries.len() as u32).collect();
        let mut open: Vec<usize> = Vec::new();
        for at in 0..entries.len() {
            while let Some(&above) = open.last() {
                if path::below(&entries[above].path, &entries[at].path).is_some() {
                    // Something lies below it, whatever it was given as.
                    entries[above].kind = Kind::Directory;
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
        Tree { entries, ends }
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

    /// The entries below a directory, itself excluded; the root is the empty path. `None` where
    /// there is no such entry.
    pub fn below(&self, path: &str) -> Option<Range<usize>> {
        if path.is_empty() {
            return Some(0..self.len());
        }
        let at = self.find(path)?;
        Some(at + 1..self.end(at))
    }
}

fn cleaned(mut entry: Entry) -> Option<Entry> {
    let path = path::clean(entry.path.trim_start_matches('/'));
    if path == "." || path == ".." || path.starts_with("../") {
        return None;
    }
    entry.path = path;
    Some(entry)
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
        assert_eq!(tree.entry(0).kind, Kind::Directory);
        assert_eq!(tree.entry(5).kind, Kind::File);
    }

    #[test]
    fn a_directory_is_a_range() {
        let tree = tree(&["a/x/1", "a/y", "a-b", "ab/c"]);
        assert_eq!(tree.below("a"), Some(1..4));
        assert_eq!(tree.below("a/x"), Some(2..3));
        assert_eq!(tree.below("a-b"), Some(5..5));
        assert_eq!(tree.below(""), Some(0..tree.len()));
        assert_eq!(tree.below("c"), None);
    }

    #[test]
    fn doubles_and_outsiders_go() {
        let tree = tree(&["a", "./a", "../x", ".", "/", "..b"]);
        assert_eq!(paths(&tree), ["..b", "a"]);
    }

    #[test]
    fn what_holds_something_is_a_directory() {
        let tree = tree(&["a", "a/b", "c/"]);
        assert_eq!(tree.entry(0).kind, Kind::Directory);
        assert_eq!(tree.entry(2).kind, Kind::Directory);
    }
}
