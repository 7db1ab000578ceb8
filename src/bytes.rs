//! Search for one ASCII byte in a text, byte by byte.
//!
//! Paths, names and words are a few bytes long: a plain loop over them takes a third of the time
//! of the standard library's search, which sets itself up for long texts. Long texts (a whole
//! file) are searched with the standard library.

use crate::text::Cut;
use std::borrow::Cow;

/// Search for a byte below 128, which no longer character contains.
pub trait Bytes {
    /// Where the first `byte` stands.
    fn place_of(&self, byte: u8) -> Option<usize>;

    /// Where the last `byte` stands.
    fn last_place_of(&self, byte: u8) -> Option<usize>;

    /// Whether there is a `byte`.
    fn has(&self, byte: u8) -> bool {
        self.place_of(byte).is_some()
    }

    /// What stands before and behind the first `byte`.
    fn halves(&self, byte: u8) -> Option<(&str, &str)>;

    /// What stands before and behind the last `byte`.
    fn last_halves(&self, byte: u8) -> Option<(&str, &str)>;

    /// What stands between the bytes `byte`, as `split` gives it.
    fn parts(&self, byte: u8) -> Parts<'_>;

    /// What stands behind the last `byte`: the name of a path.
    fn behind_last(&self, byte: u8) -> &str;
}

impl Bytes for str {
    #[inline]
    fn place_of(&self, byte: u8) -> Option<usize> {
        self.as_bytes().iter().position(|&own| own == byte)
    }

    #[inline]
    fn last_place_of(&self, byte: u8) -> Option<usize> {
        self.as_bytes().iter().rposition(|&own| own == byte)
    }

    fn halves(&self, byte: u8) -> Option<(&str, &str)> {
        let at = self.place_of(byte)?;
        Some((self.cut(..at), self.cut(at + 1..)))
    }

    fn last_halves(&self, byte: u8) -> Option<(&str, &str)> {
        let at = self.last_place_of(byte)?;
        Some((self.cut(..at), self.cut(at + 1..)))
    }

    #[inline]
    fn parts(&self, byte: u8) -> Parts<'_> {
        Parts { rest: Some(self), byte }
    }

    fn behind_last(&self, byte: u8) -> &str {
        match self.last_place_of(byte) {
            Some(at) => self.cut(at + 1..),
            None => self,
        }
    }
}

/// `text` in lower case, as far as ASCII goes; borrowed where it is.
pub fn lower(text: &str) -> Cow<'_, str> {
    match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(text.to_ascii_lowercase()),
        false => Cow::Borrowed(text),
    }
}

/// How many bytes two texts begin with alike.
pub fn alike(one: &[u8], other: &[u8]) -> usize {
    let most = one.len().min(other.len());
    let mut at = 0;
    // Eight at a time: paths of one directory are alike for long.
    while at + 8 <= most && one[at..at + 8] == other[at..at + 8] {
        at += 8;
    }
    while at < most && one[at] == other[at] {
        at += 1;
    }
    at
}

/// The parts of a text between the occurrences of a byte, from either end.
#[derive(Clone, Debug)]
pub struct Parts<'t> {
    rest: Option<&'t str>,
    byte: u8,
}

impl<'t> Iterator for Parts<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = self.rest?;
        match rest.place_of(self.byte) {
            Some(at) => {
                self.rest = Some(rest.cut(at + 1..));
                Some(rest.cut(..at))
            }
            None => self.rest.take(),
        }
    }
}

impl DoubleEndedIterator for Parts<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let rest = self.rest?;
        match rest.last_place_of(self.byte) {
            Some(at) => {
                self.rest = Some(rest.cut(..at));
                Some(rest.cut(at + 1..))
            }
            None => self.rest.take(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_as_the_standard_library_does() {
        for text in ["", "/", "a", "a/b", "/a//b/", "ä/ö/", "//"] {
            let ours: Vec<&str> = text.parts(b'/').collect();
            assert_eq!(ours, text.split('/').collect::<Vec<_>>(), "{text}");
            let back: Vec<&str> = text.parts(b'/').rev().collect();
            assert_eq!(back, text.rsplit('/').collect::<Vec<_>>(), "{text}");
            assert_eq!(text.halves(b'/'), text.split_once('/'), "{text}");
            assert_eq!(text.last_halves(b'/'), text.rsplit_once('/'), "{text}");
            assert_eq!(text.behind_last(b'/'), text.rsplit('/').next().unwrap(), "{text}");
            assert_eq!(text.has(b'/'), text.contains('/'), "{text}");
        }
    }

    #[test]
    fn beginnings_are_compared_beyond_eight_bytes() {
        for (one, other, same) in [
            ("", "a", 0),
            ("abc", "abd", 2),
            ("abcdefgh", "abcdefgh", 8),
            ("abcdefghij", "abcdefghik", 9),
            ("abcdefgX", "abcdefgh", 7),
            ("abcdefgh", "abcdefghi", 8),
        ] {
            assert_eq!(alike(one.as_bytes(), other.as_bytes()), same, "{one} {other}");
        }
    }

    #[test]
    fn what_is_in_lower_case_is_borrowed() {
        assert!(matches!(lower("src/ä.c"), Cow::Borrowed("src/ä.c")));
        assert_eq!(lower("Src/Ä.C"), "src/Ä.c");
    }
}
