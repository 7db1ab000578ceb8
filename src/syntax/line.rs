//! Logical lines: physical lines joined over continuations, with the way back.
//!
//! A [`Line`] borrows: from the text where one physical line is the whole of it, else
//! from a scratch buffer. What it hands out borrows from the text wherever it can.
//! Follows `Parse` of BuildKit's `frontend/dockerfile/parser/parser.go`.

use super::ast::Word;
use crate::text::{Cut, Joined, Span};
use std::borrow::Cow;
use std::ops::Range;

/// A logical line, continuations joined and comments inside it dropped.
#[derive(Clone, Copy)]
pub(super) struct Line<'a, 's> {
    /// The whole Dockerfile.
    pub source: &'a str,
    /// The joined text.
    pub text: &'s str,
    /// As in [`Joined::pieces`]; never empty unless `text` is.
    pub pieces: &'s [(u32, u32)],
}

impl<'a> Line<'a, '_> {
    /// Index of the piece that holds `offset` of the joined text.
    fn piece(&self, offset: usize) -> usize {
        if self.pieces.len() < 2 {
            return 0;
        }
        self.pieces.partition_point(|&(joined, _)| joined as usize <= offset).saturating_sub(1)
    }

    /// Where the byte at `offset` of the joined text stands in the source.
    pub fn at(&self, offset: usize) -> usize {
        match self.pieces.get(self.piece(offset)) {
            Some(&(joined, original)) => original as usize + (offset - joined as usize),
            None => 0,
        }
    }

    /// The place of `range` in the source.
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = self.at(range.start);
        if range.is_empty() {
            return Span::at(start);
        }
        Span::new(start, self.at(range.end - 1) + 1)
    }

    /// The text of `range`, from the source where it stands there in one piece.
    pub fn cow(&self, range: Range<usize>) -> Cow<'a, str> {
        if let &[(0, start)] = self.pieces {
            let start = start as usize + range.start;
            return Cow::Borrowed(self.source.cut(start..start + range.len()));
        }
        if range.is_empty() {
            return Cow::Borrowed("");
        }
        let (first, last) = (self.piece(range.start), self.piece(range.end - 1));
        if first == last {
            let start = self.at(range.start);
            Cow::Borrowed(self.source.cut(start..start + range.len()))
        } else {
            Cow::Owned(self.text.cut(range).to_owned())
        }
    }

    /// The text of `range` with its place.
    pub fn word(&self, range: Range<usize>) -> Word<'a> {
        Word { text: self.cow(range.clone()), span: self.span(range) }
    }

    /// The text of `range` with the way back.
    pub fn joined(&self, range: Range<usize>) -> Joined<'a> {
        if range.is_empty() {
            return Joined::default();
        }
        let (first, last) = (self.piece(range.start), self.piece(range.end - 1));
        let mut pieces = Vec::with_capacity(last - first + 1);
        pieces.push((0, self.at(range.start) as u32));
        for &(joined, original) in &self.pieces[first + 1..last + 1] {
            pieces.push((joined - range.start as u32, original));
        }
        Joined { text: self.cow(range), pieces }
    }

    /// `range` without white space at both ends.
    pub fn trim(&self, range: Range<usize>) -> Range<usize> {
        let trimmed = trim_start(self.text.cut(range.clone()));
        let start = range.end - trimmed.len();
        let ends = trimmed.as_bytes().last().is_none_or(u8::is_ascii_graphic);
        start..start + if ends { trimmed.len() } else { trimmed.trim_end().len() }
    }
}

/// Physical lines, line breaks included, as Go's scanner cuts them: behind each `\n`.
pub(super) struct Lines<'a> {
    pub text: &'a str,
    /// Where the next line starts.
    pub at: usize,
}

impl Iterator for Lines<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = self.text.cut(self.at..);
        if rest.is_empty() {
            return None;
        }
        let length = find_byte(rest.as_bytes(), b'\n').map_or(rest.len(), |at| at + 1);
        let line = self.at..self.at + length;
        self.at = line.end;
        Some(line)
    }
}

/// Where `byte` is first in `bytes`; eight at a time, for std's search has more to set up
/// than most lines are long.
pub(super) fn find_byte(bytes: &[u8], byte: u8) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let (chunks, rest) = bytes.as_chunks::<8>();
    for (index, chunk) in chunks.iter().enumerate() {
        // A byte is zero where it is the one looked for; this marks the zero bytes.
        let differing = u64::from_le_bytes(*chunk) ^ (ONES * u64::from(byte));
        let zeros = differing.wrapping_sub(ONES) & !differing & (ONES << 7);
        if zeros != 0 {
            return Some(index * 8 + zeros.trailing_zeros() as usize / 8);
        }
    }
    let at = rest.iter().position(|&b| b == byte)?;
    Some(chunks.len() * 8 + at)
}

/// `text` without white space at its start; quick where there is none.
pub(super) fn trim_start(text: &str) -> &str {
    let starts = text.as_bytes().first().is_none_or(u8::is_ascii_graphic);
    if starts { text } else { text.trim_start() }
}

/// `line` without the line breaks at its end, however many.
pub(super) fn without_break(line: &str) -> &str {
    let length = line.bytes().rposition(|b| !matches!(b, b'\r' | b'\n'));
    line.cut(..length.map_or(0, |at| at + 1))
}

/// What is left of a line when the continuation at its end is cut off, and whether there
/// was one: the escape character, then blanks, not preceded by another escape character.
pub(super) fn cut_continuation(line: &str, escape: char) -> (&str, bool) {
    let blanks = line.bytes().rev().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let escape = Some(escape as u8);
    let mut before = line.bytes().rev().skip(blanks);
    if before.next() == escape && before.next() != escape {
        (line.cut(..line.len() - blanks - 1), true)
    } else {
        (line, false)
    }
}

/// The longest line BuildKit reads, with and without the line break at its end. Go's
/// `bufio.Scanner` gives up on longer ones.
const LONGEST: (usize, usize) = (65_536, 65_535);

/// Whether BuildKit gives up on `line`, its line break included.
pub(super) fn too_long(line: &str) -> bool {
    line.len() > if line.ends_with('\n') { LONGEST.0 } else { LONGEST.1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_continuation_needs_an_escape_of_its_own() {
        assert_eq!(cut_continuation("a \\", '\\'), ("a ", true));
        assert_eq!(cut_continuation("a \\ \t", '\\'), ("a ", true));
        assert_eq!(cut_continuation("\\", '\\'), ("", true));
        assert_eq!(cut_continuation("a \\\\", '\\'), ("a \\\\", false));
        assert_eq!(cut_continuation("a \\\\\\", '\\'), ("a \\\\\\", false));
        assert_eq!(cut_continuation("a `", '\\'), ("a `", false));
        assert_eq!(cut_continuation("a ` ", '`'), ("a ", true));
        assert_eq!(cut_continuation("a \\\u{a0}", '\\'), ("a \\\u{a0}", false));
    }

    #[test]
    fn lines_end_behind_the_newline() {
        let lines: Vec<_> = Lines { text: "a\r\n\nb", at: 0 }.collect();
        assert_eq!(lines, [0..3, 3..4, 4..5]);
        assert_eq!(Lines { text: "", at: 0 }.next(), None);
        assert_eq!(without_break("a\r\r\n"), "a");
        assert_eq!(without_break("a\r b"), "a\r b");
    }

    #[test]
    fn parts_borrow_from_the_source_where_they_can() {
        let source = "RUN ab \\\n cd";
        let line = Line { source, text: "RUN ab  cd", pieces: &[(0, 0), (7, 9)] };
        assert!(matches!(line.cow(8..10), Cow::Borrowed("cd")));
        assert!(matches!(line.cow(4..10), Cow::Owned(_)));
        assert_eq!(line.span(4..10), Span::new(4, 12));
        let joined = line.joined(4..10);
        assert_eq!(joined.pieces, [(0, 4), (3, 9)]);
        assert_eq!(joined.span(4..6), Span::new(10, 12));
        assert_eq!(line.trim(3..10), 4..10);
    }

    #[test]
    fn bytes_are_found_wherever_they_are() {
        for length in 0..40 {
            let mut bytes = vec![b'a'; length];
            assert_eq!(find_byte(&bytes, b'\n'), None);
            for at in (0..length).rev() {
                bytes[at] = b'\n';
                assert_eq!(find_byte(&bytes, b'\n'), Some(at));
            }
        }
        assert_eq!(find_byte(b"\x0b\x0b\x0a\x0b\xff\x80\x0a\x0a", b'\n'), Some(2));
    }

    #[test]
    fn the_longest_line() {
        assert!(!too_long(&format!("{}\n", "a".repeat(65_535))));
        assert!(too_long(&format!("{}\n", "a".repeat(65_536))));
        assert!(!too_long(&"a".repeat(65_535)));
        assert!(too_long(&"a".repeat(65_536)));
    }
}
