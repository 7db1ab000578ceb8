//! A small JSON reader for manifests: enough to look values up, lenient about comments and
//! trailing commas, which some tools allow. Depth is limited; what is deeper reads as null.

use crate::text::Cut;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// null, true, false and numbers: nobody here asks for them.
    Other,
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object, in order.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// The member `key` of an object.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.members().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The members of an object; none for another value.
    pub fn members(&self) -> impl Iterator<Item = &(String, Value)> {
        match self {
            Value::Object(members) => members.iter(),
            _ => [].iter(),
        }
    }

    /// The elements of an array; none for another value.
    pub fn elements(&self) -> impl Iterator<Item = &Value> {
        match self {
            Value::List(elements) => elements.iter(),
            _ => [].iter(),
        }
    }

    /// The text of a string.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

const DEPTH: u32 = 64;

/// Reads `text`; `None` where it is not JSON.
pub fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader { text: text.trim_start_matches('\u{feff}'), at: 0 };
    let value = reader.value(DEPTH)?;
    reader.blank();
    (reader.at == reader.text.len()).then_some(value)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.cut(self.at..)
    }

    fn blank(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            let skip = if trimmed.starts_with("//") {
                trimmed.find('\n').unwrap_or(trimmed.len())
            } else if trimmed.starts_with("/*") {
                trimmed.find("*/").map_or(trimmed.len(), |end| end + 2)
            } else {
                0
            };
            let step = rest.len() - trimmed.len() + skip;
            self.at += step;
            if skip == 0 {
                return;
            }
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        self.blank();
        let found = self.text.as_bytes().get(self.at) == Some(&byte);
        self.at += found as usize;
        found
    }

    fn value(&mut self, depth: u32) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        self.blank();
        match self.text.as_bytes().get(self.at)? {
            b'"' => self.string().map(Value::Text),
            b'[' => {
                self.at += 1;
                let mut elements = Vec::new();
                while !self.take(b']') {
                    elements.push(self.value(depth)?);
                    if !self.take(b',') && self.text.as_bytes().get(self.at) != Some(&b']') {
                        return None;
                    }
                }
                Some(Value::List(elements))
            }
            b'{' => {
                self.at += 1;
                let mut members = Vec::new();
                while !self.take(b'}') {
                    let key = self.string()?;
                    if !self.take(b':') {
                        return None;
                    }
                    members.push((key, self.value(depth)?));
                    if !self.take(b',') && self.text.as_bytes().get(self.at) != Some(&b'}') {
                        return None;
                    }
                }
                Some(Value::Object(members))
            }
            _ => {
                let rest = self.rest();
                let end = rest
                    .find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c))
                    .unwrap_or(rest.len());
                self.at += end;
                (end > 0).then_some(Value::Other)
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let mut chars = self.rest().char_indices();
        if chars.next()?.1 != '"' {
            return None;
        }
        let mut out = String::new();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += at + 1;
                    return Some(out);
                }
                '\\' => match chars.next()?.1 {
                    'n' => out.push('\n'),
                    't' => out.push('\t'),
                    'r' => out.push('\r'),
                    'b' | 'f' => out.push(' '),
                    'u' => {
                        let code = (0..4)
                            .try_fold(0, |code, _| Some(code * 16 + chars.next()?.1.to_digit(16)?));
                        out.push(char::from_u32(code?).unwrap_or('\u{fffd}'));
                    }
                    other => out.push(other),
                },
                other => out.push(other),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_manifests_hold() {
        let value = parse("{\"a\": [\"x\\n\\u0041\", 1.5e3, null], // c\n \"b\": {\"c\": true,},}")
            .unwrap();
        assert_eq!(value.get("a").unwrap().elements().next().unwrap().text(), Some("x\nA"));
        assert_eq!(parse("\"x\\n\\u0041\"").unwrap().text(), Some("x\nA"));
        assert_eq!(value.get("b").unwrap().get("c"), Some(&Value::Other));
    }

    #[test]
    fn refuses_what_is_not_json() {
        for text in ["", "{", "{\"a\"}", "[1 2]", "\"a", "{} x", &"[".repeat(1000)] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
