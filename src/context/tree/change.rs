//! A tree of which single entries change, in place: what the next build sees is most of what
//! the last one saw.
//!
//! Only what holds nothing is put or taken here. Which directories come and go with it is known
//! to who changes it.

use super::super::path;
use super::{Entry, EntryKind, Tree};
use std::sync::Arc;

impl Tree {
    /// How many entries are links.
    pub fn links(&self) -> usize {
        self.links
    }

    /// Puts `entry` in the place of the one at `at`, which has its path and holds nothing.
    pub fn replace(&mut self, at: usize, entry: Arc<Entry>) {
        self.links += usize::from(is_link(&entry));
        self.links -= usize::from(is_link(&self.entries[at]));
        self.entries[at] = entry;
    }

    /// Adds `entry`, which holds nothing and lies in a directory that is there. Gives its index.
    pub fn insert(&mut self, entry: Arc<Entry>) -> usize {
        let at = self.entries.partition_point(|other| {
            path::walk_order(&other.path, &entry.path) == std::cmp::Ordering::Less
        });
        for (before, end) in self.ends[..at].iter_mut().enumerate() {
            // What ended where it begins may hold it, or stand beside it.
            let holds = *end as usize > at
                || (*end as usize == at
                    && path::below(&self.entries[before].path, &entry.path).is_some());
            *end += u32::from(holds);
        }
        self.ends[at..].iter_mut().for_each(|end| *end += 1);
        self.ends.insert(at, at as u32 + 1);
        self.links += usize::from(is_link(&entry));
        self.entries.insert(at, entry);
        at
    }

    /// Takes out the entry at `at`, which holds nothing.
    pub fn remove(&mut self, at: usize) {
        let entry = self.entries.remove(at);
        self.links -= usize::from(is_link(&entry));
        self.ends.remove(at);
        self.ends[at..].iter_mut().for_each(|end| *end -= 1);
        for end in &mut self.ends[..at] {
            *end -= u32::from(*end as usize > at);
        }
    }
}

fn is_link(entry: &Entry) -> bool {
    entry.kind == EntryKind::Symlink
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[&str]) -> Tree {
        Tree::new(paths.iter().map(|path| Entry::at(path)).collect())
    }

    #[track_caller]
    fn is_as_new(tree: &Tree, paths: &[&str]) {
        let new = self::tree(paths);
        assert_eq!((&tree.entries, &tree.ends), (&new.entries, &new.ends));
    }

    #[test]
    fn entries_come_and_go_in_their_places() {
        let mut tree = tree(&["a/x/1", "a/y", "a-b", "b"]);
        tree.insert(Arc::new(Entry::at("a/x/2")));
        is_as_new(&tree, &["a/x/1", "a/x/2", "a/y", "a-b", "b"]);
        tree.insert(Arc::new(Entry::at("a/z")));
        tree.insert(Arc::new(Entry::at("c")));
        tree.insert(Arc::new(Entry::directory("0".into())));
        tree.insert(Arc::new(Entry::at("0/1")));
        let all = ["0/1", "a/x/1", "a/x/2", "a/y", "a/z", "a-b", "b", "c"];
        is_as_new(&tree, &all);
        for path in ["0/1", "a/x/2", "b"] {
            tree.remove(tree.find(path).unwrap());
        }
        tree.remove(tree.find("0").unwrap());
        is_as_new(&tree, &["a/x/1", "a/y", "a/z", "a-b", "c"]);
    }

    #[test]
    fn links_are_counted() {
        let link = || Arc::new(Entry { kind: EntryKind::Symlink, ..Entry::at("b") });
        let mut tree = tree(&["a", "b"]);
        tree.replace(1, link());
        assert_eq!(tree.links(), 1);
        tree.replace(1, link());
        assert_eq!(tree.links(), 1);
        tree.remove(1);
        assert_eq!(tree.links(), 0);
        tree.insert(link());
        assert_eq!(tree.links(), 1);
    }
}
