//! Variables in the order in which they were set, over those of the stages that a stage is built
//! on, which it shares with them: a stage costs only what it sets itself.

use crate::digest::{Digest, Numbers};
use std::rc::Rc;

/// An ordered list of variables, as BuildKit keeps it.
///
/// `EnvList` in <https://github.com/moby/buildkit/blob/master/client/llb/meta.go>
#[derive(Clone, Debug, Default)]
pub(super) struct Variables {
    /// For the number of each name that was set here its entry.
    index: Numbers,
    entries: Vec<Entry>,
    /// What was set before, in the stages below.
    base: Option<Rc<Variables>>,
    /// The last variable, which stands before the end, and the first, behind it: the list is a ring.
    ends: [u64; 2],
    /// Sum over all variables, in no order.
    sum: u64,
    /// Sum over all neighbours: since names are unique, they say the order.
    order: u64,
}

#[derive(Clone, Debug)]
struct Entry {
    name: Rc<str>,
    /// None where it is not known.
    value: Option<Rc<str>>,
    digest: u64,
    /// The numbers of the names before and behind it.
    next_to: [u64; 2],
}

/// The number of no name: the end of the list, and its beginning.
const NONE: u64 = 0;

/// Which side of an entry: before it, behind it.
const BEFORE: usize = 0;
const BEHIND: usize = 1;

impl Variables {
    /// The value of `name`, where it is set; `Some(None)` where that is not known.
    pub fn get(&self, name: &str) -> Option<Option<&str>> {
        self.entry(number(name)).map(|entry| entry.value.as_deref())
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.ends[BEFORE] == NONE
    }

    /// Whether `name` is the last that was set.
    pub fn ends_in(&self, name: &str) -> bool {
        self.ends[BEFORE] == number(name)
    }

    /// A number for the variables in no order.
    pub fn sum(&self) -> u64 {
        self.sum
    }

    /// The same as if none of these were set.
    pub fn sum_without(&self, names: &[String]) -> u64 {
        let digests = names.iter().filter_map(|name| Some(self.entry(number(name))?.digest));
        digests.fold(self.sum, u64::wrapping_sub)
    }

    /// A number for the variables in their order.
    pub fn order(&self) -> u64 {
        self.order
    }

    /// Sets `name`, and moves it to the end.
    pub fn set(&mut self, name: &str, value: Option<Rc<str>>) {
        let at = number(name);
        if let Some(Entry { next_to: [before, behind], digest, .. }) = self.entry(at) {
            let (before, behind, digest) = (*before, *behind, *digest);
            self.sum = self.sum.wrapping_sub(digest);
            self.order = self.order.wrapping_sub(self.pair(before, at));
            self.order = self.order.wrapping_sub(self.pair(at, behind));
            self.link(before, behind);
        }
        let digest = of(name, value.as_deref());
        self.sum = self.sum.wrapping_add(digest);
        self.keep(at, Entry { name: name.into(), value, digest, next_to: [NONE, NONE] });
        let last = self.ends[BEFORE];
        self.order = self.order.wrapping_sub(self.pair(last, NONE));
        self.link(last, at);
        self.link(at, NONE);
    }

    /// Sets `name` where it stands, at the end where it is new.
    pub fn set_in_place(&mut self, name: &str, value: Option<Rc<str>>) {
        let at = number(name);
        let Some(old) = self.entry(at) else { return self.set(name, value) };
        let ([before, behind], old) = (old.next_to, old.digest);
        let around = |list: &Variables| list.pair(before, at).wrapping_add(list.pair(at, behind));
        self.order = self.order.wrapping_sub(around(self));
        let digest = of(name, value.as_deref());
        self.sum = self.sum.wrapping_sub(old).wrapping_add(digest);
        self.keep(at, Entry { name: name.into(), value, digest, next_to: [before, behind] });
        self.order = self.order.wrapping_add(around(self));
    }

    /// All of them in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&Rc<str>, &Option<Rc<str>>)> {
        let mut at = self.ends[BEHIND];
        std::iter::from_fn(move || {
            let entry = self.entry(at)?;
            at = entry.next_to[BEHIND];
            Some((&entry.name, &entry.value))
        })
    }

    /// Makes what was set here part of what it is over, so that copies of this share it.
    ///
    /// What is over fewer variables is put together with them: so few lists lie over each other,
    /// and each variable is moved as often as the number of lists has digits.
    pub fn share(&mut self) {
        if self.entries.is_empty() {
            return;
        }
        let mut whole = std::mem::take(self);
        while let Some(base) = whole.base.take() {
            if base.entries.len() > whole.entries.len() {
                whole.base = Some(base);
                break;
            }
            for entry in &base.entries {
                let at = number(&entry.name);
                if whole.index.get(at).is_none() {
                    whole.keep(at, entry.clone());
                }
            }
            whole.base.clone_from(&base.base);
        }
        let Variables { ends, sum, order, .. } = whole;
        *self = Variables { base: Some(Rc::new(whole)), ends, sum, order, ..Variables::default() };
    }

    fn entry(&self, at: u64) -> Option<&Entry> {
        let mut list = self;
        loop {
            match (list.index.index(at), &list.base) {
                (Some(own), _) => return list.entries.get(own),
                (None, Some(base)) => list = base,
                (None, None) => return None,
            }
        }
    }

    fn keep(&mut self, at: u64, entry: Entry) {
        let own = self.index.keep(at, self.entries.len() as u64) as usize;
        match self.entries.get_mut(own) {
            Some(old) => *old = entry,
            None => self.entries.push(entry),
        }
    }

    /// Makes neighbours of two entries.
    fn link(&mut self, left: u64, right: u64) {
        self.touch(left, BEHIND, right);
        self.touch(right, BEFORE, left);
        self.order = self.order.wrapping_add(self.pair(left, right));
    }

    /// Sets what stands at `side` of the entry `at`.
    fn touch(&mut self, at: u64, side: usize, neighbour: u64) {
        if at == NONE {
            self.ends[side] = neighbour;
        } else if let Some(mut entry) = self.entry(at).cloned() {
            entry.next_to[side] = neighbour;
            self.keep(at, entry);
        }
    }

    fn pair(&self, left: u64, right: u64) -> u64 {
        let digest = |at| self.entry(at).map_or(0, |entry| entry.digest);
        Digest::of("").number(digest(left)).number(digest(right)).end()
    }
}

fn number(name: &str) -> u64 {
    // Never that of the end.
    Digest::of(name).end().max(1)
}

/// The number of a variable with its value.
fn of(name: &str, value: Option<&str>) -> u64 {
    Digest::of(name).option(value).end()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(pairs: &[(&str, &str)]) -> Variables {
        let mut list = Variables::default();
        pairs.iter().for_each(|(name, value)| list.set(name, Some((*value).into())));
        list
    }

    fn names(list: &Variables) -> String {
        list.iter().map(|(name, _)| name.as_ref()).collect()
    }

    #[test]
    fn the_order_counts() {
        let order = |pairs| list(pairs).order();
        assert_eq!(order(&[("a", "1"), ("b", "2")]), order(&[("a", "1"), ("b", "2")]));
        assert_ne!(order(&[("a", "1"), ("b", "2")]), order(&[("b", "2"), ("a", "1")]));
        assert_ne!(order(&[("a", "1")]), order(&[]));
        assert_ne!(
            order(&[("a", "1"), ("b", "2"), ("c", "3")]),
            order(&[("a", "1"), ("c", "3"), ("b", "2")])
        );
        let sum = |pairs| list(pairs).sum();
        assert_eq!(sum(&[("a", "1"), ("b", "2")]), sum(&[("b", "2"), ("a", "1")]));
        assert_ne!(sum(&[("a", "1"), ("b", "2")]), sum(&[("a", "2"), ("b", "1")]));
    }

    #[test]
    fn setting_again_moves_to_the_end() {
        let moved = list(&[("a", "1"), ("b", "2"), ("c", "3"), ("a", "4")]);
        let plain = list(&[("b", "2"), ("c", "3"), ("a", "4")]);
        assert_eq!((moved.order(), moved.sum()), (plain.order(), plain.sum()));
        assert_eq!(names(&moved), "bca");
        assert_eq!((moved.get("a"), moved.get("d")), (Some(Some("4")), None));
        let alone = list(&[("a", "1"), ("a", "1")]);
        assert_eq!(alone.order(), list(&[("a", "1")]).order());
        assert!(alone.ends_in("a") && !moved.ends_in("c"));
    }

    #[test]
    fn setting_in_place_moves_nothing() {
        let mut list = list(&[("a", "1"), ("b", "2")]);
        list.set_in_place("a", Some("3".into()));
        list.set_in_place("c", None);
        assert_eq!(names(&list), "abc");
        let mut plain = self::list(&[("a", "3"), ("b", "2")]);
        plain.set("c", None);
        assert_eq!((list.order(), list.sum()), (plain.order(), plain.sum()));
        assert_eq!(list.get("c"), Some(None));
    }

    #[test]
    fn what_is_shared_is_the_same_list() {
        let (mut shared, mut plain) = (Variables::default(), Variables::default());
        for at in 0..100 {
            for name in [format!("a{}", at % 7), format!("b{at}")] {
                shared.set(&name, Some(at.to_string().into()));
                plain.set(&name, Some(at.to_string().into()));
            }
            shared.share();
        }
        assert_eq!((shared.order(), shared.sum()), (plain.order(), plain.sum()));
        assert_eq!(names(&shared), names(&plain));
        let mut below = 0;
        let mut list = &shared;
        while let Some(base) = &list.base {
            (below, list) = (below + 1, base);
        }
        assert!(below < 12, "{below} lists lie over each other");
    }
}
