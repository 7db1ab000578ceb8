//! One line of comma-separated values, as in the flags `--mount` and `--device`.
//!
//! Follows `tonistiigi/go-csvvalue`, which BuildKit uses.

use super::line::find_byte;
use crate::text::Cut;
use std::borrow::Cow;

/// A field and where its text starts in the line; none where it was quoted.
pub(super) type Field<'v> = (Cow<'v, str>, Option<usize>);

/// The fields of `line`, or what is wrong with it.
pub(super) fn fields(line: &str) -> Result<Vec<Field<'_>>, String> {
    let line = line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
    if line.is_empty() {
        return Err("EOF".to_owned());
    }
    let wrong = |at: usize, what| format!("parse error on line 1, column {}: {what}", at + 1);
    let mut fields = Vec::new();
    let mut at = 0;
    loop {
        if !line.cut(at..).starts_with('"') {
            let end = find_byte(&line.as_bytes()[at..], b',').map_or(line.len(), |n| at + n);
            if let Some(quote) = find_byte(&line.as_bytes()[at..end], b'"') {
                return Err(wrong(at + quote, "bare \" in non-quoted-field"));
            }
            fields.push((Cow::Borrowed(line.cut(at..end)), Some(at)));
            if end == line.len() {
                return Ok(fields);
            }
            at = end + 1;
            continue;
        }
        at += 1;
        let mut text = String::new();
        loop {
            let Some(length) = line.cut(at..).find('"') else {
                return Err(wrong(at, "extraneous or missing \" in quoted-field"));
            };
            text.push_str(line.cut(at..at + length));
            at += length + 1;
            match line.as_bytes().get(at) {
                Some(b'"') => {
                    text.push('"');
                    at += 1;
                }
                Some(b',') => {
                    at += 1;
                    fields.push((Cow::Owned(text), None));
                    break;
                }
                None => {
                    fields.push((Cow::Owned(text), None));
                    return Ok(fields);
                }
                Some(_) => return Err(wrong(at - 1, "extraneous or missing \" in quoted-field")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Vec<String>, String> {
        Ok(fields(line)?.into_iter().map(|(text, _)| text.into_owned()).collect())
    }

    #[test]
    fn fields_and_quotes() {
        let ok = |fields: &[&str]| Ok(fields.iter().map(ToString::to_string).collect());
        assert_eq!(read("a=b,c"), ok(&["a=b", "c"]));
        assert_eq!(read("a,,"), ok(&["a", "", ""]));
        assert_eq!(read(r#""a,b",c"#), ok(&["a,b", "c"]));
        assert_eq!(read(r#""a""b""#), ok(&["a\"b"]));
        assert_eq!(read(r#""a","#), ok(&["a", ""]));
    }

    #[test]
    fn what_is_refused() {
        assert_eq!(read(""), Err("EOF".into()));
        assert!(read(r#"a"b"#).unwrap_err().contains("column 2: bare"));
        assert!(read(r#""ab"#).unwrap_err().contains("missing"));
        assert!(read(r#""a"b"#).unwrap_err().contains("missing"));
    }
}
