//! Cutting arguments into words, and words into keys and values.
//!
//! Follows `parseWords`, `parseNameVal` and `parseStringsWhitespaceDelimited` of BuildKit's
//! `frontend/dockerfile/parser/line_parsers.go`. Words keep their quotes here.

use super::ast::Pair;
use super::command::is_separator;
use super::line::{Line, find_byte, trim_start};
use super::quote::quoted;
use crate::text::Cut;
use std::ops::Range;

/// The words of `range`, separated by white space alone.
pub(super) fn fields(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = &text.as_bytes()[..range.end];
    let mut at = range.start;
    std::iter::from_fn(move || {
        while bytes.get(at).is_some_and(|&b| is_separator(b)) {
            at += 1;
        }
        let start = at;
        while bytes.get(at).is_some_and(|&b| !is_separator(b)) {
            at += 1;
        }
        (start < at).then_some(start..at)
    })
}

/// The words of `range`, separated by white space that is neither quoted nor escaped.
pub(super) fn words(
    text: &str,
    range: Range<usize>,
    escape: char,
) -> impl Iterator<Item = Range<usize>> + '_ {
    let text = text.cut(..range.end);
    let mut at = range.start;
    std::iter::from_fn(move || {
        at = text.len() - trim_start(text.cut(at..)).len();
        let start = at;
        let mut quote = None;
        let mut chars = text.cut(at..).char_indices();
        let mut end = text.len();
        at = text.len();
        while let Some((offset, c)) = chars.next() {
            match quote {
                None if c.is_whitespace() => {
                    (end, at) = (start + offset, start + offset);
                    break;
                }
                None if c == '\'' || c == '"' => quote = Some(c),
                Some(q) if q == c => quote = None,
                _ if c == escape && quote != Some('\'') => {
                    // Nothing to escape at the end: the escape character is dropped.
                    let escaped = chars.next();
                    if escaped.is_none() {
                        end = start + offset;
                    }
                }
                _ => {}
            }
        }
        (start < end).then_some(start..end)
    })
}

/// The pairs of ENV and LABEL, `name` being the one or the other; or why they are refused.
pub(super) fn pairs<'a>(
    line: &Line<'a, '_>,
    range: Range<usize>,
    escape: char,
    name: &str,
) -> Result<Vec<Pair<'a>>, String> {
    let text = line.text;
    let mut pairs = Vec::new();
    for word in words(text, range.clone(), escape) {
        match find_byte(text.cut(word.clone()).as_bytes(), b'=') {
            Some(at) => pairs.push(Pair {
                key: line.word(word.start..word.start + at),
                value: line.word(word.start + at + 1..word.end),
                equals: true,
            }),
            None if pairs.is_empty() => return legacy(line, range, name).map(|pair| vec![pair]),
            None => {
                let word = quoted(text.cut(word));
                return Err(format!(
                    "Syntax error - can't find = in {word}. Must be of the form: name=value"
                ));
            }
        }
    }
    Ok(pairs)
}

/// `key value`, the value being all the rest.
fn legacy<'a>(line: &Line<'a, '_>, range: Range<usize>, name: &str) -> Result<Pair<'a>, String> {
    let bytes = &line.text.as_bytes()[range.clone()];
    let end = bytes.iter().position(|&b| is_separator(b));
    let value =
        end.and_then(|end| Some(end + bytes[end..].iter().position(|&b| !is_separator(b))?));
    match (end, value) {
        (Some(end), Some(value)) => Ok(Pair {
            key: line.word(range.start..range.start + end),
            value: line.word(range.start + value..range.end),
            equals: false,
        }),
        _ => Err(format!("{name} must have two arguments")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        words(text, 0..text.len(), '\\').map(|r| &text[r]).collect()
    }

    #[test]
    fn fields_know_no_quotes() {
        let text = "a \"b c\" \t\u{b}d\u{a0}e";
        let found: Vec<_> = fields(text, 0..text.len()).map(|r| &text[r]).collect();
        assert_eq!(found, ["a", "\"b", "c\"", "d\u{a0}e"]);
    }

    #[test]
    fn words_know_quotes_and_escapes() {
        assert_eq!(split(r#"a="b c" d='e f' g=h\ i"#), [r#"a="b c""#, "d='e f'", r"g=h\ i"]);
        assert_eq!(split(r#"a="b\" c" d"#), [r#"a="b\" c""#, "d"]);
        assert_eq!(split(r"a='b\' c"), [r"a='b\'", "c"]);
        assert_eq!(split("a=\"b c"), ["a=\"b c"]);
        assert_eq!(split("a\u{a0}b"), ["a", "b"]);
        assert_eq!(split(r#""" ''"#), [r#""""#, "''"]);
        assert_eq!(split(""), [""; 0]);
    }

    #[test]
    fn an_escape_at_the_end_is_dropped() {
        assert_eq!(split(r"a b\\\"), ["a", r"b\\"]);
        assert_eq!(split(r#"a "b\"#), ["a", "\"b"]);
        assert_eq!(split(r"a \"), ["a"]);
        assert_eq!(split(r"a '\"), ["a", r"'\"]);
    }

    fn read(text: &str) -> Result<Vec<(String, String, bool)>, String> {
        let line = Line { source: text, text, pieces: &[(0, 0)] };
        let pairs = pairs(&line, 0..text.len(), '\\', "ENV")?;
        Ok(pairs
            .iter()
            .map(|p| (p.key.text.to_string(), p.value.text.to_string(), p.equals))
            .collect())
    }

    #[test]
    fn pairs_with_and_without_equals() {
        let pair = |k: &str, v: &str, e| (k.to_owned(), v.to_owned(), e);
        assert_eq!(
            read("a=b c=\"d e\""),
            Ok(vec![pair("a", "b", true), pair("c", "\"d e\"", true)])
        );
        assert_eq!(read("a b=c d"), Ok(vec![pair("a", "b=c d", false)]));
        assert_eq!(read("a="), Ok(vec![pair("a", "", true)]));
        assert_eq!(read("a"), Err("ENV must have two arguments".into()));
        assert_eq!(
            read("a=b c"),
            Err("Syntax error - can't find = in \"c\". Must be of the form: name=value".into())
        );
        assert_eq!(read(""), Ok(vec![]));
    }
}
