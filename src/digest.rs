//! Numbers that stand for values: equal for equal values, in every run; and maps by them.
//!
//! 64 bits: two of the steps or files of one comparison are the same number by chance once in
//! a thousand million comparisons. By hand and for a few types only: std's hashing weighs
//! 20 KB gzip in the wasm by the number of types that are hashed here. A leaf.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map by names.
pub type Named<T> = HashMap<String, T, BuildHasherDefault<Text>>;

/// A number in the making; what is added counts in its order.
#[derive(Clone, Copy, Debug)]
pub struct Digest(u64);

impl Digest {
    /// Begins a number; values of different `kind`s are different.
    pub fn of(kind: &str) -> Digest {
        Digest(0x243f_6a88_85a3_08d3).text(kind)
    }

    /// Adds a text.
    pub fn text(self, text: &str) -> Digest {
        self.bytes(text.as_bytes())
    }

    #[inline(never)]
    fn bytes(self, bytes: &[u8]) -> Digest {
        let mut state = self.0 ^ bytes.len() as u64;
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            // `chunk` has eight bytes.
            state = mixed(state, u64::from_le_bytes(chunk.try_into().unwrap_or_default()));
        }
        let rest = chunks.remainder().iter().fold(0, |rest, &byte| rest << 8 | u64::from(byte));
        Digest(stirred(mixed(state, rest)))
    }

    /// Adds a text that may be missing, which is not the same as an empty one.
    pub fn option(self, text: Option<&str>) -> Digest {
        match text {
            Some(text) => self.number(1).text(text),
            None => self.number(0),
        }
    }

    /// Adds texts, and how many there are.
    pub fn texts<S: AsRef<str>>(self, texts: &[S]) -> Digest {
        texts
            .iter()
            .fold(self.number(texts.len() as u64), |digest, text| digest.text(text.as_ref()))
    }

    /// Adds a number.
    #[inline(never)]
    pub fn number(self, number: u64) -> Digest {
        Digest(stirred(mixed(self.0, number)))
    }

    /// Adds yes or no.
    pub fn flag(self, flag: bool) -> Digest {
        self.number(u64::from(flag))
    }

    /// Adds numbers, and how many there are.
    pub fn numbers(self, numbers: &[u64]) -> Digest {
        numbers.iter().fold(self.number(numbers.len() as u64), |digest, &n| digest.number(n))
    }

    /// The number.
    pub fn end(self) -> u64 {
        self.0
    }
}

fn mixed(state: u64, number: u64) -> u64 {
    (state.rotate_left(23) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Lets every bit count for every other.
fn stirred(mut state: u64) -> u64 {
    state ^= state >> 33;
    state = state.wrapping_mul(0xff51_afd7_ed55_8ccd);
    state ^= state >> 33;
    state = state.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    state ^ state >> 33
}

/// A map from numbers of this kind.
#[derive(Clone, Debug, Default)]
pub struct Numbers(HashMap<u64, u64, BuildHasherDefault<Itself>>);

impl Numbers {
    /// What stands at `key`.
    #[inline(never)]
    pub fn get(&self, key: u64) -> Option<u64> {
        self.0.get(&key).copied()
    }

    /// What stands at `key`, as an index.
    pub fn index(&self, key: u64) -> Option<usize> {
        self.get(key).map(|index| index as usize)
    }

    /// Sets what stands at `key`; gives what stood there.
    #[inline(never)]
    pub fn set(&mut self, key: u64, value: u64) -> Option<u64> {
        self.0.insert(key, value)
    }

    /// Takes out what stands at `key`.
    #[inline(never)]
    pub fn take(&mut self, key: u64) -> Option<u64> {
        self.0.remove(&key)
    }

    /// Sets what stands at `key` where nothing does; gives what stands there then.
    pub fn keep(&mut self, key: u64, value: u64) -> u64 {
        let kept = self.get(key);
        kept.unwrap_or_else(|| {
            self.set(key, value);
            value
        })
    }
}

/// Numbers of this kind are as good as hashed.
#[derive(Clone, Debug, Default)]
struct Itself(u64);

impl Hasher for Itself {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |state, &byte| mixed(state, u64::from(byte)));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// Hashes names.
#[derive(Clone, Debug)]
pub struct Text(Digest);

impl Default for Text {
    fn default() -> Text {
        Text(Digest(0))
    }
}

impl Hasher for Text {
    fn finish(&self) -> u64 {
        self.0.end()
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = self.0.bytes(bytes);
    }

    // The end of a text: its length counts already.
    fn write_u8(&mut self, _: u8) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_counts_with_its_place() {
        let of = |texts: &[&str]| Digest::of("test").texts(texts).end();
        assert_eq!(of(&["a", "b"]), of(&["a", "b"]));
        let all = [
            of(&[]),
            of(&[""]),
            of(&["ab"]),
            of(&["a", "b"]),
            of(&["b", "a"]),
            of(&["abcdefgh"]),
            of(&["abcdefg"]),
            of(&["abcdefgh", ""]),
            of(&["\0"]),
            of(&["\0\0"]),
            Digest::of("other").texts(&["ab"]).end(),
            Digest::of("option").option(None).end(),
            Digest::of("option").option(Some("")).end(),
        ];
        let mut numbers = Numbers::default();
        for number in all {
            assert_eq!(numbers.set(number, 1), None, "{number}");
        }
    }

    #[test]
    fn the_first_is_kept() {
        let mut numbers = Numbers::default();
        assert_eq!((numbers.keep(1, 2), numbers.keep(1, 3), numbers.get(1)), (2, 2, Some(2)));
        assert_eq!(numbers.index(2), None);
    }
}
