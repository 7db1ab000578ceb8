//! JSON arrays of strings: the exec form.
//!
//! Follows `parseJSON` of BuildKit's `frontend/dockerfile/parser/line_parsers.go` and the
//! decoder of Go's `encoding/json` behind it. Anything but an array is not looked at.

use super::ast::Word;
use super::line::{Line, trim_start};
use crate::text::Cut;
use std::borrow::Cow;
use std::ops::Range;

/// What stands where an array could.
pub(super) enum Json<'a> {
    /// No valid JSON array: the shell form.
    None,
    /// A valid array, but not of strings: BuildKit refuses it.
    Mixed,
    /// The strings.
    Strings(Vec<Word<'a>>),
}

/// Go's decoder refuses what is nested deeper.
const DEPTH: usize = 10_000;

/// Reads `range` of `line` as an array.
pub(super) fn array<'a>(line: &Line<'a, '_>, range: Range<usize>) -> Json<'a> {
    let text = line.text.cut(..range.end);
    let start = text.len() - trim_start(text.cut(range.start..)).len();
    if !text.cut(start..).starts_with('[') {
        return Json::None;
    }
    let mut reader = Reader { bytes: text.as_bytes(), at: start };
    match reader.array() {
        None => Json::None,
        Some(None) => Json::Mixed,
        Some(Some(strings)) => Json::Strings(
            strings
                .into_iter()
                .map(|at| {
                    let span = line.span(at.clone());
                    let inside = at.start + 1..at.end - 1;
                    let text = match text.cut(inside.clone()).contains('\\') {
                        false => line.cow(inside),
                        true => Cow::Owned(unescape(text.cut(inside))),
                    };
                    Word { text, span }
                })
                .collect(),
        ),
    }
}

struct Reader<'t> {
    bytes: &'t [u8],
    at: usize,
}

/// Where the strings of an array stand, quotes included; none where it holds other values.
type Strings = Option<Vec<Range<usize>>>;

impl Reader<'_> {
    /// The whole text as an array; none where it is not valid.
    fn array(&mut self) -> Option<Strings> {
        self.at += 1;
        let mut strings = Some(Vec::new());
        if self.next_is(b']') {
            return self.at_end().then_some(strings);
        }
        loop {
            self.blanks();
            let start = self.at;
            if self.peek() == Some(b'"') {
                self.string()?;
                if let Some(strings) = &mut strings {
                    strings.push(start..self.at);
                }
            } else {
                self.value()?;
                strings = None;
            }
            if self.next_is(b']') {
                return self.at_end().then_some(strings);
            }
            if !self.next_is(b',') {
                return None;
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// Skips blanks, then `byte` where it is there.
    fn next_is(&mut self, byte: u8) -> bool {
        self.blanks();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn at_end(&mut self) -> bool {
        self.blanks();
        self.at == self.bytes.len()
    }

    /// Skips a string.
    fn string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' => match *self.bytes.get(self.at + 1)? {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 2,
                    b'u' => {
                        let digits = self.bytes.get(self.at + 2..self.at + 6)?;
                        if !digits.iter().all(u8::is_ascii_hexdigit) {
                            return None;
                        }
                        self.at += 6;
                    }
                    _ => return None,
                },
                0..0x20 => return None,
                _ => self.at += 1,
            }
        }
    }

    /// Skips a value that is no string; nested ones without recursion.
    fn value(&mut self) -> Option<()> {
        // One closing bracket for each array or object that is open.
        let mut open: Vec<u8> = Vec::new();
        loop {
            self.blanks();
            match self.peek()? {
                b'"' => self.string()?,
                b'[' if self.opened(b']', &mut open)? => continue,
                b'{' if self.opened(b'}', &mut open)? => {
                    self.key()?;
                    continue;
                }
                b'[' | b'{' => {}
                b't' => self.literal(b"true")?,
                b'f' => self.literal(b"false")?,
                b'n' => self.literal(b"null")?,
                _ => self.number()?,
            }
            // A value has ended.
            loop {
                let Some(&close) = open.last() else { return Some(()) };
                if self.next_is(close) {
                    open.pop();
                } else if self.next_is(b',') {
                    if close == b'}' {
                        self.key()?;
                    }
                    break;
                } else {
                    return None;
                }
            }
        }
    }

    /// Behind an opening bracket: true where something is inside, false where it was closed
    /// at once; none where it is nested too deep.
    fn opened(&mut self, close: u8, open: &mut Vec<u8>) -> Option<bool> {
        let at = self.at;
        self.at += 1;
        if open.len() + 2 > DEPTH {
            return None;
        }
        if self.next_is(close) {
            // The caller looks at the same byte again, and takes it for a value that ended.
            let _ = at;
            return Some(false);
        }
        open.push(close);
        Some(true)
    }

    fn key(&mut self) -> Option<()> {
        self.blanks();
        if self.peek() != Some(b'"') {
            return None;
        }
        self.string()?;
        self.next_is(b':').then_some(())
    }

    fn literal(&mut self, literal: &[u8]) -> Option<()> {
        let found = self.bytes[self.at..].starts_with(literal);
        self.at += literal.len();
        found.then_some(())
    }

    fn number(&mut self) -> Option<()> {
        self.at += usize::from(self.peek() == Some(b'-'));
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        (start < self.at).then_some(())
    }
}

/// The text of a valid string's inside. Halves of surrogate pairs become U+FFFD.
fn unescape(inside: &str) -> String {
    let mut out = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.cut(..at));
        let kind = rest.as_bytes()[at + 1];
        rest = rest.cut(at + 2..);
        match kind {
            b'b' => out.push('\u{8}'),
            b'f' => out.push('\u{c}'),
            b'n' => out.push('\n'),
            b'r' => out.push('\r'),
            b't' => out.push('\t'),
            b'u' => {
                let unit = hex(rest.cut(..4));
                rest = rest.cut(4..);
                let low = rest.strip_prefix("\\u").map(|low| hex(low.cut(..4)));
                match (unit, low) {
                    (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) => {
                        let c = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                        out.push(char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER));
                        rest = rest.cut(6..);
                    }
                    _ => out.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)),
                }
            }
            other => out.push(char::from(other)),
        }
    }
    out.push_str(rest);
    out
}

fn hex(digits: &str) -> u32 {
    u32::from_str_radix(digits, 16).unwrap_or(0xfffd)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Option<Vec<String>>> {
        let line = Line { source: text, text, pieces: &[(0, 0)] };
        match array(&line, 0..text.len()) {
            Json::None => None,
            Json::Mixed => Some(None),
            Json::Strings(words) => Some(Some(words.iter().map(|w| w.text.to_string()).collect())),
        }
    }

    fn strings(words: &[&str]) -> Option<Option<Vec<String>>> {
        Some(Some(words.iter().map(ToString::to_string).collect()))
    }

    #[test]
    fn arrays_of_strings() {
        assert_eq!(read(r#"["a", "b c"]"#), strings(&["a", "b c"]));
        assert_eq!(read("\u{a0}[ ]"), strings(&[]));
        assert_eq!(read(r#"["a\"\\\/\n\u00e9"]"#), strings(&["a\"\\/\né"]));
        assert_eq!(
            read(r#"["\ud83d\ude00\ud83d\u0041\udc00"]"#),
            strings(&["😀\u{fffd}A\u{fffd}"])
        );
    }

    #[test]
    fn other_values_are_refused() {
        for text in [
            "[1]",
            "[null]",
            r#"["a", true]"#,
            "[[]]",
            "[[[]], {}]",
            "[-0.1e+5]",
            r#"[{"a": [1, {}], "b": "c"}]"#,
        ] {
            assert_eq!(read(text), Some(None), "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_the_shell_form() {
        for text in [
            "",
            "a",
            "[",
            "[\"a\"",
            "[\"a\",]",
            "['a']",
            "[\"a\"] b",
            "[\"a\" \"b\"]",
            "[01]",
            "[1.]",
            r#"["\x"]"#,
            r#"["\u12"]"#,
            "[\"\t\"]",
            "[[]",
            "[{]",
            "[{\"a\"}]",
            "[}",
            "[tru]",
            "[,]",
            "[ \"a\"\u{a0}]",
            "[-]",
            "[1e]",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn deep_nesting_ends_where_go_ends_it() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(read(&nested(10_000)), Some(None));
        assert_eq!(read(&nested(10_001)), None);
        assert_eq!(read(&"[".repeat(1_000_000)), None);
    }

    #[test]
    fn a_string_knows_its_place() {
        let text = r#"[ "a\n" ]"#;
        let line = Line { source: text, text, pieces: &[(0, 0)] };
        let Json::Strings(words) = array(&line, 0..text.len()) else { panic!() };
        assert_eq!(words[0].span.of(text), r#""a\n""#);
    }
}
