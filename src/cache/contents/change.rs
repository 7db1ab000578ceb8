//! The context of a build that follows another: what changed is put in, and what queries select
//! of the rest is known already.

use super::{Contents, Query, child};
use crate::bytes::Bytes;
use crate::context::{Entry, EntryKind, within};
use crate::digest::{Digest, Numbers};
use std::sync::Arc;

impl Contents {
    /// Puts `entry` at `path`, or takes away what stands there, as [`Context::put`] does it.
    ///
    /// [`Context::put`]: crate::context::Context::put
    pub fn put(&mut self, path: &str, entry: Option<Arc<Entry>>) {
        self.numbers.take();
        if self.trees.get().is_none() {
            self.context.put(path, entry);
            self.look_above(path);
            return;
        }
        let was = self.seen(path);
        self.context.put(path, entry);
        let entry = self.context.seen(path);
        // A directory that comes or goes is empty.
        let holds = entry.is_some_and(|entry| entry.kind == EntryKind::Directory).then_some(0);
        self.set_sum(path, holds);
        let is = self.seen(path);
        self.climb(path, was, is);
    }

    /// Takes over what is known of `queries` from `before`, where none of the paths that
    /// `changed` may be among what they select.
    pub fn keep(&mut self, before: &Contents, queries: &[&Query], changed: &[String]) {
        let known = before.numbers.borrow();
        let mut kept = Numbers::default();
        // What a link stands for may lie anywhere.
        let linked = before.context.has_links() || self.context.has_links();
        for query in queries.iter().filter(|_| !linked) {
            let (key, source) = (query.digest(), query.source());
            let may_select = |path: &String| {
                let holds_base = crate::context::below(path, source.base()).is_some();
                holds_base || !source.covers(path).is_no()
            };
            if let Some(number) = known.get(key)
                && !changed.iter().any(may_select)
            {
                kept.set(key, number);
            }
        }
        self.numbers = kept.into();
    }

    /// The number of what the build sees at `path`.
    fn seen(&self, path: &str) -> Option<u64> {
        let entry = self.context.seen(path)?;
        match entry.kind {
            EntryKind::Directory => self.tree(path),
            _ => Some(self.entry_number(entry, None)),
        }
    }

    /// Follows a path that was one thing and is another up to the root.
    fn climb(&mut self, path: &str, was: Option<u64>, is: Option<u64>) {
        let (mut path, mut was, mut is) = (path, was, is);
        while was != is && !path.is_empty() {
            let (above, name) = path.last_halves(b'/').unwrap_or(("", path));
            let above_was = self.tree(above);
            let part = |number: Option<u64>| number.map_or(0, |number| child(name, number));
            let sum = self.trees.get().and_then(|trees| trees.get(Digest::of(above).end()));
            let sum = sum.unwrap_or(0).wrapping_sub(part(was)).wrapping_add(part(is));
            self.context.look_again(above);
            let is_seen = above.is_empty() || self.context.seen(above).is_some();
            self.set_sum(above, is_seen.then_some(sum));
            (path, was, is) = (above, above_was, self.tree(above));
        }
    }

    fn look_above(&mut self, path: &str) {
        let mut path = path;
        while let Some((above, _)) = path.last_halves(b'/') {
            self.context.look_again(above);
            path = above;
        }
    }

    /// The sum of what is in a directory, none where the build sees no such.
    fn set_sum(&mut self, path: &str, sum: Option<u64>) {
        let Some(trees) = self.trees.get_mut() else { return };
        let key = Digest::of(&within(path)).end();
        match sum {
            Some(sum) => trees.set(key, sum),
            None => trees.take(key),
        };
    }
}
