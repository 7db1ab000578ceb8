//! The environment of a step: an ordered list of variables, as BuildKit keeps it.
//!
//! Setting a variable again moves it to the end. The list has a number at any time, which
//! counts the order, and every change takes constant time.

use crate::digest::{Digest, Numbers};
use crate::syntax::expand;
use std::borrow::Cow;
use std::rc::Rc;

/// Variables in the order in which they were last set.
///
/// `EnvList` in <https://github.com/moby/buildkit/blob/master/client/llb/meta.go>
#[derive(Clone, Debug)]
pub(super) struct Environment {
    /// For the number of each name its entry.
    index: Numbers,
    /// The first entry is the ring's own, before the first variable and behind the last.
    entries: Vec<Entry>,
    /// Sum over all neighbours: since names are unique, they say the order.
    digest: u64,
}

#[derive(Clone, Debug)]
struct Entry {
    value: Rc<str>,
    digest: u64,
    previous: usize,
    next: usize,
}

impl Default for Environment {
    fn default() -> Environment {
        let ring = Entry { value: "".into(), digest: 0, previous: 0, next: 0 };
        Environment { index: Numbers::default(), entries: vec![ring], digest: 0 }
    }
}

impl Environment {
    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        let at = self.index.index(Digest::of(name).end())?;
        Some(self.entries[at].value.as_ref())
    }

    /// Sets `name` and moves it to the end.
    pub fn set(&mut self, name: &str, value: &str) {
        let name = Digest::of(name);
        let digest = name.text(value).end();
        let entry = Entry { value: value.into(), digest, previous: 0, next: 0 };
        let at = self.index.keep(name.end(), self.entries.len() as u64) as usize;
        if at < self.entries.len() {
            self.unlink(at);
            self.entries[at] = entry;
        } else {
            self.entries.push(entry);
        }
        let last = self.entries[0].previous;
        self.digest = self.digest.wrapping_sub(self.pair(last, 0));
        self.entries[last].next = at;
        self.entries[0].previous = at;
        (self.entries[at].previous, self.entries[at].next) = (last, 0);
        let pairs = self.pair(last, at).wrapping_add(self.pair(at, 0));
        self.digest = self.digest.wrapping_add(pairs);
    }

    /// A number for the variables in their order.
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// `word` with its variables expanded, quotes and escapes dropped; as it stands where
    /// BuildKit refuses it.
    #[inline(never)]
    pub fn expand(&self, word: &str, escape: char) -> String {
        let expansion = expand::expand(word, escape, |name| self.get(name).map(Cow::Borrowed));
        match expansion.error {
            Some(_) => word.to_owned(),
            None => expansion.text.into_owned(),
        }
    }

    fn unlink(&mut self, at: usize) {
        let Entry { previous, next, .. } = self.entries[at];
        let pairs = self.pair(previous, at).wrapping_add(self.pair(at, next));
        self.digest = self.digest.wrapping_sub(pairs);
        self.entries[previous].next = next;
        self.entries[next].previous = previous;
        self.digest = self.digest.wrapping_add(self.pair(previous, next));
    }

    fn pair(&self, left: usize, right: usize) -> u64 {
        Digest::of("").number(self.entries[left].digest).number(self.entries[right].digest).end()
    }
}
#[cfg(test)]
mod tests {
    use super::Environment;

    fn of(pairs: &[(&str, &str)]) -> Environment {
        let mut environment = Environment::default();
        for (name, value) in pairs {
            environment.set(name, value);
        }
        environment
    }

    #[test]
    fn the_order_counts() {
        let digest = |pairs| of(pairs).digest();
        assert_ne!(digest(&[("a", "1"), ("b", "2")]), digest(&[("b", "2"), ("a", "1")]));
        assert_ne!(digest(&[("a", "1")]), digest(&[]));
        assert_ne!(
            digest(&[("a", "1"), ("b", "2"), ("c", "3")]),
            digest(&[("a", "1"), ("c", "3"), ("b", "2")])
        );
        assert_eq!(digest(&[("a", "1"), ("b", "2")]), digest(&[("a", "1"), ("b", "2")]));
    }

    #[test]
    fn setting_again_moves_to_the_end() {
        let moved = of(&[("a", "1"), ("b", "2"), ("c", "3"), ("a", "4")]);
        assert_eq!(moved.digest(), of(&[("b", "2"), ("c", "3"), ("a", "4")]).digest());
        assert_ne!(moved.digest(), of(&[("a", "4"), ("b", "2"), ("c", "3")]).digest());
        assert_eq!((moved.get("a"), moved.get("d")), (Some("4"), None));
        let again = of(&[("a", "1"), ("a", "1")]);
        assert_eq!(again.digest(), of(&[("a", "1")]).digest());
    }

    #[test]
    fn words_are_expanded() {
        let environment = of(&[("a", "1")]);
        assert_eq!(environment.expand("\"$a\"-$b", '\\'), "1-");
        assert_eq!(environment.expand("\"$a", '\\'), "\"$a");
    }
}
