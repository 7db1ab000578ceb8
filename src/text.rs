//! Places in a text and edits of it: a leaf that every room may use.
//!
//! Inside the crate every offset is a byte offset into the original text. Lines,
//! columns and UTF-16 offsets are made from them at the very end, by [`LineIndex`].
//! Nothing here knows what a Dockerfile is.

use std::borrow::Cow;
use std::slice::SliceIndex;

/// A part of a text, from its first place to the one behind its last: offsets of bytes, in
/// JavaScript positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify), tsify(rename = "Range"))]
pub struct Span {
    /// Where it begins.
    #[cfg_attr(feature = "wasm", tsify(type = "Position"))]
    pub start: u32,
    /// Where it ends, exclusive; for an instruction, before the line break.
    #[cfg_attr(feature = "wasm", tsify(type = "Position"))]
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`, both byte offsets.
    pub fn new(start: usize, end: usize) -> Span {
        debug_assert!(start <= end);
        Span { start: start as u32, end: end as u32 }
    }

    /// The empty span at `offset`.
    pub fn at(offset: usize) -> Span {
        Span::new(offset, offset)
    }

    /// The text this span covers.
    pub fn of(self, text: &str) -> &str {
        text.cut(self.start as usize..self.end as usize)
    }

    /// The span as a range of `usize`, for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether no byte is covered.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies wholly inside this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share a byte, or one begins where the other ends.
    pub fn touches(self, other: Span) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// Parts of a text, by bytes. What lies outside the text, or begins or ends within a character,
/// is empty: nothing here stops the program, as slicing does.
pub trait Cut {
    /// The part at `range`.
    fn cut(&self, range: impl SliceIndex<str, Output = str>) -> &str;

    /// The parts before and behind `at`.
    fn cut_at(&self, at: usize) -> (&str, &str);
}

impl Cut for str {
    fn cut(&self, range: impl SliceIndex<str, Output = str>) -> &str {
        let part = self.get(range);
        debug_assert!(part.is_some(), "no such part of {self:?}");
        part.unwrap_or_default()
    }

    fn cut_at(&self, at: usize) -> (&str, &str) {
        (self.cut(..at), self.cut(at..))
    }
}

/// Replaces a part of the original text; an empty part inserts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify), tsify(rename = "TextEdit"))]
pub struct Edit {
    /// What is replaced.
    #[cfg_attr(feature = "wasm", serde(rename = "range"), tsify(type = "Range"))]
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

impl Edit {
    /// The edit without what it leaves as it is in `source`, at both ends.
    pub fn trimmed(mut self, source: &str) -> Edit {
        let old = self.span.of(source);
        let same = |(a, b): &(u8, u8)| a == b;
        let mut start = old.bytes().zip(self.text.bytes()).take_while(same).count();
        while !old.is_char_boundary(start) || !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let (old, new) = (old.cut(start..), self.text.cut(start..));
        let mut end = old.bytes().rev().zip(new.bytes().rev()).take_while(same).count();
        while !old.is_char_boundary(old.len() - end) || !new.is_char_boundary(new.len() - end) {
            end -= 1;
        }
        self.span = Span::new(self.span.start as usize + start, self.span.end as usize - end);
        self.text = new.cut(..new.len() - end).to_owned();
        self
    }

    /// Whether it changes anything.
    pub fn changes(&self) -> bool {
        !self.span.is_empty() || !self.text.is_empty()
    }
}

/// Applies `edits`, which must be sorted and disjoint, to `text`.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut out =
        String::with_capacity(text.len() + edits.iter().map(|e| e.text.len()).sum::<usize>());
    let mut at = 0;
    for edit in edits {
        debug_assert!(at <= edit.span.start as usize, "edits overlap or are not sorted");
        out.push_str(text.cut(at..edit.span.start as usize));
        out.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    out.push_str(text.cut(at..));
    out
}

/// Text that was joined from several places of the original (continuation lines joined,
/// comments dropped), with the way back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joined<'a> {
    /// The joined text; borrowed where nothing had to be joined.
    pub text: Cow<'a, str>,
    /// Sorted pairs (offset in `text`, offset in the original): from the first on, both
    /// count up together until the next pair. Never empty unless `text` is.
    pub pieces: Vec<(u32, u32)>,
}

impl<'a> Joined<'a> {
    /// `text` as it stands in the original at byte `start`.
    pub fn verbatim(text: &'a str, start: usize) -> Joined<'a> {
        Joined { text: Cow::Borrowed(text), pieces: vec![(0, start as u32)] }
    }

    /// Where the byte at `offset` of the joined text stands in the original.
    pub fn source(&self, offset: usize) -> usize {
        let after = self.pieces.partition_point(|&(joined, _)| joined as usize <= offset);
        match after.checked_sub(1).map(|i| self.pieces[i]) {
            Some((joined, original)) => original as usize + (offset - joined as usize),
            None => 0,
        }
    }

    /// The span of the original that covers `range` of the joined text, ends included.
    /// The end is where the last byte ends, so that a line break behind it stays outside.
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        let start = self.source(range.start);
        if range.is_empty() {
            return Span::at(start);
        }
        Span::new(start, self.source(range.end - 1) + 1)
    }
}

/// A place in a text, columns and offsets in UTF-16 code units: what JavaScript and the
/// language-server protocol count in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify))]
pub struct Position {
    /// Line, from 1. A line ends behind `\n`.
    pub line: u32,
    /// Column, from 1, in UTF-16 code units.
    pub column: u32,
    /// Offset into the text, from 0, in UTF-16 code units.
    pub offset: u32,
}

/// Turns byte offsets of one text into lines and UTF-16 positions.
#[derive(Clone, Debug)]
pub struct LineIndex<'a> {
    text: &'a str,
    /// For each line: its first byte, and the UTF-16 offset of that byte.
    lines: Vec<(u32, u32)>,
    ascii: bool,
}

impl<'a> LineIndex<'a> {
    /// Reads `text` once.
    pub fn new(text: &'a str) -> LineIndex<'a> {
        let ascii = text.is_ascii();
        let mut lines = vec![(0, 0)];
        let mut utf16 = 0;
        let mut from = 0;
        for (at, _) in text.match_indices('\n') {
            let line = text.cut(from..=at);
            utf16 += utf16_len(line, ascii);
            from = at + 1;
            lines.push((from as u32, utf16));
        }
        LineIndex { text, lines, ascii }
    }

    /// The line of byte `offset`, from 1.
    pub fn line(&self, offset: u32) -> u32 {
        self.lines.partition_point(|&(start, _)| start <= offset) as u32
    }

    /// The position of byte `offset`, which must be a character boundary of the text.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line(offset);
        let (start, utf16) = self.lines[line as usize - 1];
        let column = utf16_len(self.text.cut(start as usize..offset as usize), self.ascii);
        Position { line, column: column + 1, offset: utf16 + column }
    }
}

fn utf16_len(text: &str, ascii: bool) -> u32 {
    if ascii { text.len() as u32 } else { text.chars().map(|c| c.len_utf16() as u32).sum() }
}

/// Whether `word` stands in a text with nothing beside it that `is_part` of a word: `db` in `../db/a`.
pub fn has_word(text: &str, word: &str, is_part: impl Fn(char) -> bool + Copy) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let (before, behind) = (text.cut(..at), text.cut(at + word.len()..));
        !before.ends_with(is_part) && !behind.starts_with(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_alone() {
        let is_part = |c: char| c.is_alphanumeric() || c == '-';
        assert!(["db", "../db/a", "- db\n"].iter().all(|text| has_word(text, "db", is_part)));
        assert!(!["dbx", "a-db", "ädb"].iter().any(|text| has_word(text, "db", is_part)));
    }

    #[test]
    fn positions_count_utf16_units() {
        let index = LineIndex::new("a\n😀b\r\nc");
        assert_eq!(index.position(0), Position { line: 1, column: 1, offset: 0 });
        assert_eq!(index.position(2), Position { line: 2, column: 1, offset: 2 });
        assert_eq!(index.position(6), Position { line: 2, column: 3, offset: 4 });
        assert_eq!(index.position(9), Position { line: 3, column: 1, offset: 7 });
    }

    #[test]
    fn joined_text_knows_its_way_back() {
        // "ab \\\n cd": the joined text is "ab  cd".
        let joined = Joined { text: "ab  cd".into(), pieces: vec![(0, 0), (3, 5)] };
        assert_eq!(joined.span(0..2), Span::new(0, 2));
        assert_eq!(joined.span(4..6), Span::new(6, 8));
        assert_eq!(joined.span(1..6), Span::new(1, 8));
    }

    #[test]
    fn edits_replace_and_insert() {
        let edits = [
            Edit { span: Span::new(1, 2), text: "X".into() },
            Edit { span: Span::at(3), text: "-".into() },
        ];
        assert_eq!(apply("abcd", &edits), "aXc-d");
    }
}
