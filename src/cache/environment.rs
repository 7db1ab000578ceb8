//! The environment of a step: an ordered list of variables, as BuildKit keeps it.
//!
//! Setting a variable again moves it to the end. The list has a number at any time, which
//! counts the order, and every change takes constant time.

use super::digest::digest;
use crate::syntax::expand;
use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

/// Variables in the order in which they were last set.
///
/// `EnvList` in <https://github.com/moby/buildkit/blob/master/client/llb/meta.go>
#[derive(Clone, Debug)]
pub(super) struct Environment {
    index: HashMap<Rc<str>, u32>,
    /// The first entry is the ring's own, before the first variable and behind the last.
    entries: Vec<Entry>,
    /// Sum over all neighbours: since names are unique, they say the order.
    digest: u64,
}

#[derive(Clone, Debug)]
struct Entry {
    value: Rc<str>,
    digest: u64,
    previous: u32,
    next: u32,
}

impl Default for Environment {
    fn default() -> Environment {
        let ring = Entry { value: "".into(), digest: 0, previous: 0, next: 0 };
        Environment { index: HashMap::new(), entries: vec![ring], digest: 0 }
    }
}

impl Environment {
    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.index.get(name).map(|&at| self.entries[at as usize].value.as_ref())
    }

    /// Sets `name` and moves it to the end.
    pub fn set(&mut self, name: &str, value: &str) {
        let number = digest(&(name, value));
        let entry = Entry { value: value.into(), digest: number, previous: 0, next: 0 };
        let at = match self.index.get(name) {
            Some(&at) => {
                self.unlink(at);
                self.entries[at as usize] = entry;
                at
            }
            None => {
                self.entries.push(entry);
                let at = self.entries.len() as u32 - 1;
                self.index.insert(name.into(), at);
                at
            }
        };
        let last = self.entries[0].previous;
        self.join(last, 0, u64::wrapping_sub);
        self.entries[last as usize].next = at;
        self.entries[0].previous = at;
        let entry = &mut self.entries[at as usize];
        (entry.previous, entry.next) = (last, 0);
        self.join(last, at, u64::wrapping_add);
        self.join(at, 0, u64::wrapping_add);
    }

    /// A number for the variables in their order.
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// `word` with its variables expanded, quotes and escapes dropped; as it stands where
    /// BuildKit refuses it.
    pub fn expand<'w>(&self, word: &'w str, escape: char) -> Cow<'w, str> {
        let expansion = expand::expand(word, escape, |name| self.get(name).map(Cow::Borrowed));
        if expansion.error.is_some() { Cow::Borrowed(word) } else { expansion.text }
    }

    fn unlink(&mut self, at: u32) {
        let Entry { previous, next, .. } = self.entries[at as usize];
        self.join(previous, at, u64::wrapping_sub);
        self.join(at, next, u64::wrapping_sub);
        self.entries[previous as usize].next = next;
        self.entries[next as usize].previous = previous;
        self.join(previous, next, u64::wrapping_add);
    }

    fn join(&mut self, left: u32, right: u32, count: fn(u64, u64) -> u64) {
        let neighbours = [left, right].map(|at| self.entries[at as usize].digest);
        self.digest = count(self.digest, digest(&neighbours));
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
