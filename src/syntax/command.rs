//! The head of an instruction: its keyword and the flags before its arguments.
//!
//! Follows `splitCommand` and `extractBuilderFlags` of BuildKit's
//! `frontend/dockerfile/parser/split_command.go`, which goes byte by byte: that the
//! bytes 0x85 and 0xA0 inside a letter count as white space there is copied.
//! Which flags an instruction knows is not known here.

use super::ast::{Flag, Keyword, Word};
use super::line::Line;
use crate::text::Cut;
use std::borrow::Cow;
use std::ops::Range;

/// The white space that separates words: Go's `[\t\v\f\r ]`.
pub(super) fn is_separator(byte: u8) -> bool {
    matches!(byte, b'\t' | 0x0b | 0x0c | b'\r' | b' ')
}

/// `unicode.IsSpace` of a byte taken for a character.
pub(super) fn is_byte_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ' | 0x85 | 0xa0)
}

/// The head of an instruction and where the rest is.
pub(super) struct Head<'a> {
    pub name: Word<'a>,
    pub keyword: Option<Keyword>,
    pub flags: Vec<Flag<'a>>,
    /// The rest in the joined text, trimmed.
    pub rest: Range<usize>,
}

/// Splits `range` of `line` into keyword, flags and rest.
pub(super) fn split<'a>(line: &Line<'a, '_>, range: Range<usize>, escape: char) -> Head<'a> {
    let range = line.trim(range);
    let bytes = &line.text.as_bytes()[..range.end];
    let length = bytes[range.start..].iter().position(|&b| is_separator(b));
    let name_end = length.map_or(range.end, |length| range.start + length);
    let gap = bytes[name_end..].iter().position(|&b| !is_separator(b));
    let rest = gap.map_or(range.end, |gap| name_end + gap);
    let (flags, rest) = flags(line, rest..range.end, escape as u8);
    let name = line.word(range.start..name_end);
    let keyword = Keyword::parse(&name.text);
    Head { name, keyword, flags, rest: line.trim(rest..range.end) }
}

/// The flags at the start of `range`, and where the rest begins.
fn flags<'a>(line: &Line<'a, '_>, range: Range<usize>, escape: u8) -> (Vec<Flag<'a>>, usize) {
    let bytes = &line.text.as_bytes()[..range.end];
    let mut flags = Vec::new();
    let mut at = range.start;
    loop {
        while at < range.end && is_byte_space(bytes[at]) {
            at += 1;
        }
        if !bytes[at..].starts_with(b"--") {
            return (flags, ceil(line.text, at));
        }
        let start = at;
        while at < range.end && is_plain(bytes[at], escape) {
            at += 1;
        }
        if at < range.end && !is_byte_space(bytes[at]) {
            let (flag, end) = quoted_flag(line, start..range.end, escape);
            at = end;
            match flag {
                Some(flag) => flags.push(flag),
                None => return (flags, ceil(line.text, at)),
            }
        } else if at - start == 2 {
            return (flags, at);
        } else {
            let equals = bytes[start..at].iter().position(|&b| b == b'=').map(|n| start + n);
            let value = equals.map(|equals| line.word(equals + 1..at));
            let name = line.cow(start + 2..equals.unwrap_or(at));
            flags.push(Flag { name, value, span: line.span(start..at) });
        }
    }
}

/// The first start of a character at or behind `at`.
pub(super) fn ceil(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// Whether a flag's byte stands for itself.
fn is_plain(byte: u8, escape: u8) -> bool {
    byte.is_ascii() && !is_byte_space(byte) && !matches!(byte, b'\'' | b'"') && byte != escape
}

/// A flag with quotes, escapes or letters beyond ASCII in it (which BuildKit takes for as
/// many characters as they have bytes), and where it ends. None where it comes out as `--`.
fn quoted_flag<'a>(
    line: &Line<'a, '_>,
    range: Range<usize>,
    escape: u8,
) -> (Option<Flag<'a>>, usize) {
    let bytes = &line.text.as_bytes()[..range.end];
    let mut text = String::new();
    // The first `=`: where it is in `text`, and where the value starts in the line.
    let mut equals = None;
    let mut quote = None;
    let mut at = range.start;
    while at < range.end {
        let byte = bytes[at];
        at += 1;
        match quote {
            None if is_byte_space(byte) => {
                at -= 1;
                break;
            }
            None if matches!(byte, b'\'' | b'"') => quote = Some(byte),
            Some(q) if byte == q => quote = None,
            _ if byte == escape => {
                if let Some(&next) = bytes.get(at) {
                    text.push(char::from(next));
                    at += 1;
                }
            }
            _ => {
                if byte == b'=' && equals.is_none() {
                    equals = Some((text.len(), at));
                }
                text.push(char::from(byte));
            }
        }
    }
    if text == "--" {
        return (None, at);
    }
    let end = ceil(line.text, at);
    let value = equals.map(|(length, start)| Word {
        text: Cow::Owned(text.cut(length + 1..).to_owned()),
        span: line.span(start..end),
    });
    let name = text.cut(2..equals.map_or(text.len(), |(length, _)| length)).to_owned();
    (Some(Flag { name: Cow::Owned(name), value, span: line.span(range.start..end) }), at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> (Vec<String>, String) {
        let line = Line { source: text, text, pieces: &[(0, 0)] };
        let head = split(&line, 0..text.len(), '\\');
        (head.flags.iter().map(Flag::text).collect(), text[head.rest].to_owned())
    }

    #[test]
    fn flags_end_at_the_first_other_word() {
        assert_eq!(
            head("COPY --from=a --link b c --d"),
            (vec!["--from=a".into(), "--link".into()], "b c --d".into())
        );
        assert_eq!(head("COPY -from=a b"), (vec![], "-from=a b".into()));
        assert_eq!(head("RUN --a=1"), (vec!["--a=1".into()], String::new()));
        assert_eq!(head("RUN"), (vec![], String::new()));
        assert_eq!(head("COPY ---from=0 x"), (vec!["---from=0".into()], "x".into()));
    }

    #[test]
    fn two_dashes_end_the_flags() {
        assert_eq!(head("COPY --a=1 -- --b c"), (vec!["--a=1".into()], "--b c".into()));
        assert_eq!(head("COPY --\"\" --b c"), (vec![], "--b c".into()));
        assert_eq!(head("COPY --"), (vec![], String::new()));
    }

    #[test]
    fn quotes_and_escapes_are_dropped() {
        assert_eq!(head("RUN --a=\"b c\" d"), (vec!["--a=b c".into()], "d".into()));
        assert_eq!(head(r"RUN --a=b\ c d"), (vec!["--a=b c".into()], "d".into()));
        assert_eq!(head("RUN --a='b c"), (vec!["--a=b c".into()], String::new()));
        assert_eq!(head(r#"RUN --a="b\"c" d"#), (vec!["--a=b\"c".into()], "d".into()));
        assert_eq!(head(r"RUN --a\=b c"), (vec!["--a=b".into()], "c".into()));
    }

    #[test]
    fn bytes_are_characters() {
        assert_eq!(head("RUN --a=é b"), (vec!["--a=Ã©".into()], "b".into()));
        assert_eq!(head("RUN --a=à b"), (vec!["--a=Ã".into()], "b".into()));
        assert_eq!(head("RUN --a=\u{1800} b").1, "b");
    }

    #[test]
    fn a_flag_knows_its_place() {
        let text = "RUN --mount=type=\"cache\" --b=c d";
        let line = Line { source: text, text, pieces: &[(0, 0)] };
        let head = split(&line, 0..text.len(), '\\');
        let values: Vec<_> = head.flags.iter().map(|f| f.value.as_ref().unwrap()).collect();
        assert_eq!(values[0].span.of(text), "type=\"cache\"");
        assert_eq!(values[0].text, "type=cache");
        assert_eq!(values[1].span.of(text), "c");
        assert_eq!(head.flags[1].span.of(text), "--b=c");
    }
}
