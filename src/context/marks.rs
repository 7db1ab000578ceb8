//! Which patterns of a list may match a path at all: found by what the path begins or ends with,
//! so that a path costs the same beside ten patterns and beside ten thousand.
//!
//! Whether one of them does match, the pattern itself says.

use super::glob::{Glob, Mark};
use super::path::base_name;
use crate::sort::sort;

/// Patterns by their [`Mark`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    ends: Trie,
    starts: Trie,
    name_starts: Trie,
    /// Patterns without a mark, which may match every path; in order.
    unmarked: Vec<u32>,
}

impl Marks {
    /// Adds the pattern of this number; numbers rise.
    pub fn add(&mut self, number: u32, glob: &Glob) {
        match glob.mark() {
            Mark::End(text) => self.ends.add(text.bytes().rev(), number),
            Mark::Start(text) => self.starts.add(text.bytes(), number),
            Mark::NameStart(text) => self.name_starts.add(text.bytes(), number),
            Mark::None => self.unmarked.push(number),
        }
    }

    /// The patterns that may match `path`, beside those of [`Marks::unmarked`]; in order.
    pub fn marked(&self, path: &str) -> Vec<u32> {
        let mut found = Vec::new();
        self.ends.find(path.bytes().rev(), &mut found);
        self.starts.find(path.bytes(), &mut found);
        if !self.name_starts.nodes.is_empty() {
            self.name_starts.find(base_name(path).bytes(), &mut found);
        }
        sort(&mut found);
        found
    }

    /// The patterns without a mark, in order.
    pub fn unmarked(&self) -> &[u32] {
        &self.unmarked
    }
}

/// Texts with a number each, found as beginnings of longer ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Trie {
    /// The nodes; the first is the root, which stands for no byte.
    nodes: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Node {
    byte: u8,
    /// The first node for a longer text, and the next one for a text of the same length; 0 for
    /// none.
    child: u32,
    sibling: u32,
    /// The numbers of the texts that end here.
    numbers: Vec<u32>,
}

impl Trie {
    fn add(&mut self, text: impl Iterator<Item = u8>, number: u32) {
        if self.nodes.is_empty() {
            self.nodes.push(Node { byte: 0, child: 0, sibling: 0, numbers: Vec::new() });
        }
        let mut at = 0;
        for byte in text {
            at = self.child(at, byte).unwrap_or_else(|| {
                let sibling = self.nodes[at].child;
                self.nodes[at].child = self.nodes.len() as u32;
                self.nodes.push(Node { byte, child: 0, sibling, numbers: Vec::new() });
                self.nodes.len() - 1
            });
        }
        self.nodes[at].numbers.push(number);
    }

    fn child(&self, at: usize, byte: u8) -> Option<usize> {
        let mut next = self.nodes[at].child as usize;
        while next > 0 && self.nodes[next].byte != byte {
            next = self.nodes[next].sibling as usize;
        }
        (next > 0).then_some(next)
    }

    /// Adds the numbers of all texts that `text` begins with.
    fn find(&self, text: impl Iterator<Item = u8>, found: &mut Vec<u32>) {
        if self.nodes.is_empty() {
            return;
        }
        let mut at = 0;
        found.extend_from_slice(&self.nodes[at].numbers);
        for byte in text {
            let Some(next) = self.child(at, byte) else { return };
            found.extend_from_slice(&self.nodes[next].numbers);
            at = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATTERNS: &[&str] =
        &["node_modules", "**/*.pyc", "docs/**", "**/compose*", "*test*", "**/node_modules", "**x"];

    fn marked(path: &str) -> Vec<u32> {
        let mut marks = Marks::default();
        for (number, pattern) in PATTERNS.iter().enumerate() {
            marks.add(number as u32, &Glob::ignore(pattern).expect("a good pattern"));
        }
        assert_eq!(marks.unmarked(), [4]);
        marks.marked(path)
    }

    #[test]
    fn patterns_are_found_by_their_marks() {
        assert_eq!(marked("web/node_modules"), [0, 5]);
        assert_eq!(marked("a/b.pyc"), [1]);
        assert_eq!(marked("docs/a"), [2]);
        assert_eq!(marked("a/compose.yaml"), [3]);
        assert_eq!(marked("compose/a"), [] as [u32; 0]);
        assert_eq!(marked("b.py"), [] as [u32; 0]);
        assert_eq!(marked("docs/x"), [2, 6]);
    }

    #[test]
    fn what_a_pattern_matches_has_its_mark() {
        let paths = ["x", "a/x", "docs", "docs/a/b.pyc", "compose", "d/compose.yml", "latest/a"];
        for path in paths {
            let marked = marked(path);
            for (number, pattern) in PATTERNS.iter().enumerate() {
                let matches = Glob::ignore(pattern).expect("a good pattern").matches(path);
                assert!(!matches || number == 4 || marked.contains(&(number as u32)), "{path}");
            }
        }
    }
}
