//! JSON, with comments and commas behind the last element, which some tools allow. Names that
//! come twice are both kept.

use super::{Members, Value};
use crate::limits;
use crate::text::Cut;

/// Reads `text`; `None` where it is not JSON, or too deep.
pub fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader { text: text.trim_start_matches('\u{feff}'), at: 0 };
    let value = reader.value(limits::MANIFEST_DEPTH)?;
    reader.blank();
    (reader.at == reader.text.len()).then_some(value)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.cut(self.at..)
    }

    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes blanks and comments.
    fn blank(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
            self.at += rest.len() - trimmed.len();
            let end = if trimmed.starts_with("//") {
                trimmed.find('\n').unwrap_or(trimmed.len())
            } else if let Some(comment) = trimmed.strip_prefix("/*") {
                comment.find("*/").map_or(trimmed.len(), |end| end + 4)
            } else {
                return;
            };
            self.at += end;
        }
    }

    /// Passes `byte` where it comes next.
    fn take(&mut self, byte: u8) -> bool {
        self.blank();
        let found = self.next() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Passes what divides two elements; whether none may follow is for the caller to see.
    fn divided(&mut self, end: u8) -> Option<()> {
        (self.take(b',') || self.next() == Some(end)).then_some(())
    }

    fn value(&mut self, depth: u32) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        if self.take(b'[') {
            let mut elements = Vec::new();
            while !self.take(b']') {
                elements.push(self.value(depth)?);
                self.divided(b']')?;
            }
            return Some(Value::List(elements));
        }
        if self.take(b'{') {
            let mut members = Members::new();
            while !self.take(b'}') {
                let key = self.string()?;
                if !self.take(b':') {
                    return None;
                }
                members.push((key, self.value(depth)?));
                self.divided(b'}')?;
            }
            return Some(Value::Table(members));
        }
        if self.next() == Some(b'"') {
            return self.string().map(Value::Text);
        }
        let rest = self.rest();
        let is_end = |c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c);
        let word = rest.cut(..rest.find(is_end).unwrap_or(rest.len()));
        let is_number = word.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        self.at += word.len();
        (is_number || ["null", "true", "false"].contains(&word))
            .then(|| Value::Plain(word.to_owned()))
    }

    fn string(&mut self) -> Option<String> {
        let mut rest = self.rest().strip_prefix('"')?;
        let mut out = String::new();
        loop {
            let (plain, behind) = rest.split_at_checked(rest.find(['"', '\\'])?)?;
            out.push_str(plain);
            rest = match behind.strip_prefix('\\') {
                None => {
                    self.at = self.text.len() - behind.len() + 1;
                    return Some(out);
                }
                Some(escape) => escaped(escape, &mut out)?,
            };
        }
    }
}

/// Reads an escape; what follows it.
fn escaped<'t>(escape: &'t str, out: &mut String) -> Option<&'t str> {
    let unit = |text: &str| u32::from_str_radix(text.get(..4)?, 16).ok();
    let kind = escape.chars().next()?;
    let mut rest = escape.get(kind.len_utf8()..)?;
    out.push(match kind {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => {
            let mut code = unit(rest)?;
            rest = rest.get(4..)?;
            // Two units of UTF-16 are one character.
            if (0xd800..0xdc00).contains(&code)
                && let Some(low) = rest.strip_prefix("\\u").and_then(unit)
                && (0xdc00..0xe000).contains(&low)
            {
                code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                rest = rest.get(6..)?;
            }
            char::from_u32(code).unwrap_or('\u{fffd}')
        }
        '"' | '\\' | '/' => kind,
        _ => return None,
    });
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_last_commas_are_passed_over() {
        let value = parse("\u{feff}// a\n{\"a\": [1.5e3, null,], /* c */ \"b\": {\"c\": true,},}");
        let value = value.unwrap();
        assert_eq!(value.at("a").len(), 2);
        assert_eq!(value.at("b.c")[0].value, &Value::Plain("true".into()));
    }

    #[test]
    fn escapes_are_read() {
        let text = "\"x\\n\\u0041\\ud83d\\ude00\\/\"";
        assert_eq!(parse(text).unwrap().text(), Some("x\nA\u{1f600}/"));
    }

    #[test]
    fn what_is_not_json_is_not_understood() {
        let deep = "[".repeat(1000);
        for text in ["", "{", "{\"a\"}", "[1 2]", "\"a", "{} x", "\"\\x\"", "a", "{a: 1}", &deep] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
