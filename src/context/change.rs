//! A context of which single paths change, so that the next build need not read all of it again.
//!
//! The ignore file stays the same here: who changes it reads the context again.

use super::path;
use super::tree::Entry;
use super::{Context, EntryKind};
use std::sync::Arc;

impl Context {
    /// Puts `entry` at its `path`, or takes away what stands there. What is put or taken holds
    /// nothing, and the directory it lies in is there; see [`Context::look_again`] for that.
    pub fn put(&mut self, path: &str, entry: Option<Arc<Entry>>) {
        let is_seen = !self.is_ignored(path).is_yes();
        let Some(tree) = &mut self.tree else { return };
        let visible = self.visible.get_mut();
        match (tree.find(path), entry) {
            (Some(at), Some(entry)) => tree.replace(at, entry),
            (None, Some(entry)) => {
                let at = tree.insert(entry);
                if let Some(visible) = visible {
                    visible.insert(at, is_seen);
                }
            }
            (Some(at), None) => {
                tree.remove(at);
                if let Some(visible) = visible {
                    visible.remove(at);
                }
            }
            (None, None) => {}
        }
    }

    /// Looks again whether the build sees the directory `path`, of which something became seen or
    /// is no longer: an ignored one is sent while it holds an exception.
    pub fn look_again(&mut self, path: &str) {
        let Some(at) = self.tree().find(path) else { return };
        let is_seen = !self.is_ignored(path).is_yes() || self.children(at).any(|at| self.sees(at));
        if let Some(visible) = self.visible.get_mut() {
            visible[at] = is_seen;
        }
    }

    /// Whether anything lies in the directory `path`.
    pub fn holds_something(&self, path: &str) -> bool {
        let tree = self.tree();
        tree.find(path).is_some_and(|at| tree.end(at) > at + 1)
    }

    /// Whether any path is a link.
    pub fn has_links(&self) -> bool {
        self.tree().links() > 0
    }

    /// The entry of a path that the build sees.
    pub fn seen(&self, path: &str) -> Option<&Entry> {
        let at = self.tree().find(path)?;
        self.sees(at).then(|| self.tree().entry(at))
    }

    fn sees(&self, at: usize) -> bool {
        self.visible().is_some_and(|visible| visible[at])
    }

    /// The entries directly in the one at `at`.
    fn children(&self, at: usize) -> impl Iterator<Item = usize> {
        let tree = self.tree();
        let mut next = at + 1;
        std::iter::from_fn(move || {
            let child = next;
            (child < tree.end(at)).then(|| {
                next = tree.end(child);
                child
            })
        })
    }

    /// Whether `path` is one that stands in a list as it is and in directories that are: what is
    /// put there puts nothing else in its place. `None` for what is there.
    pub fn directories_to_make<'p>(&self, path: &'p str) -> Option<Vec<&'p str>> {
        let is_directory = |path: &str| {
            let entry = self.entry(path);
            entry.map(|entry| entry.kind == EntryKind::Directory)
        };
        let mut missing = Vec::new();
        for above in path::prefixes(path).filter(|above| above.len() < path.len()) {
            match is_directory(above) {
                Some(true) => {}
                Some(false) => return None,
                None => missing.push(above),
            }
        }
        (is_directory(path) != Some(true)).then_some(missing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::ContextInput;
    use super::*;

    fn context(paths: &[&str], ignored: &str) -> Context {
        let files = paths.iter().map(|path| (*path, None));
        Context::new(ContextInput {
            dockerignore: Some(ignored.into()),
            ..ContextInput::listed(files)
        })
    }

    #[test]
    fn what_is_put_is_seen_unless_it_is_ignored() {
        let mut context = context(&["a/b"], "*.md\ndocs\n!docs/keep");
        let seen = |context: &Context, path: &str| context.seen(path).is_some();
        assert!(seen(&context, "a/b"));
        for path in ["a/c", "a.md"] {
            context.put(path, Some(Arc::new(Entry::at(path))));
        }
        assert!(seen(&context, "a/c") && !seen(&context, "a.md"));
        context.put("docs", Some(Arc::new(Entry::directory("docs".into()))));
        context.put("docs/a", Some(Arc::new(Entry::at("docs/a"))));
        context.look_again("docs");
        assert!(!seen(&context, "docs") && context.holds_something("docs"));
        context.put("docs/keep", Some(Arc::new(Entry::at("docs/keep"))));
        context.look_again("docs");
        assert!(seen(&context, "docs") && seen(&context, "docs/keep"));
        context.put("docs/keep", None);
        context.look_again("docs");
        assert!(!seen(&context, "docs"));
    }

    #[test]
    fn directories_are_missing_or_in_the_way() {
        let context = context(&["a/b", "c"], "");
        assert_eq!(context.directories_to_make("a/x/y/z"), Some(vec!["a/x", "a/x/y"]));
        assert_eq!(context.directories_to_make("a/b"), Some(vec![]));
        assert_eq!(context.directories_to_make("a"), None);
        assert_eq!(context.directories_to_make("c/d"), None);
    }
}
