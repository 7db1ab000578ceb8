//! A JSON text in the making: one `JSON.parse` makes the objects of a whole report, in less time
//! and a third of the code of a call for each property.

use crate::text::{LineIndex, Span};

/// The text. A value's name is "" where it is an item of a list.
#[derive(Default)]
pub struct Json(pub String);

impl Json {
    /// A string.
    pub fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        self.0.push('"');
        let mut rest = text;
        let special = |c: char| matches!(c, '"' | '\\' | '\0'..='\x1f');
        while let Some(at) = rest.find(special) {
            let (plain, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.0.push_str(plain);
            let code = behind.bytes().next().unwrap_or_default();
            self.0.push_str(if code < 0x10 { "\\u000" } else { "\\u00" });
            self.0.push_str(&format!("{code:x}"));
            rest = behind.get(1..).unwrap_or_default();
        }
        self.0.push_str(rest);
        self.0.push('"');
    }

    /// A string, or no property at all.
    pub fn maybe(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// Strings.
    pub fn texts(&mut self, name: &str, texts: &[String]) {
        self.list(name, texts, |json, text| json.text("", text));
    }

    /// A whole number.
    pub fn number(&mut self, name: &str, number: u32) {
        self.plain(name, &number.to_string());
    }

    /// Seconds, to the millionth: printing every last binary digit would weigh 8 KB.
    pub fn seconds(&mut self, name: &str, seconds: f64) {
        let millionths = (seconds * 1e6).round() as u64;
        self.plain(name, &format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000));
    }

    /// Yes or no.
    pub fn flag(&mut self, name: &str, flag: bool) {
        self.plain(name, if flag { "true" } else { "false" });
    }

    /// A part of the text of `index`, by lines and UTF-16 units.
    pub fn range(&mut self, name: &str, index: &LineIndex<'_>, span: Span) {
        self.open(name, '{');
        for (name, offset) in [("start", span.start), ("end", span.end)] {
            let position = index.position(offset);
            self.open(name, '{');
            self.number("line", position.line);
            self.number("column", position.column);
            self.number("offset", position.offset);
            self.0.push('}');
        }
        self.0.push('}');
    }

    /// An object, whose properties `fill` writes.
    pub fn object(&mut self, name: &str, fill: impl FnOnce(&mut Json)) {
        self.open(name, '{');
        fill(self);
        self.0.push('}');
    }

    /// A list, whose items `write` writes one by one.
    pub fn list<T>(&mut self, name: &str, items: &[T], write: impl Fn(&mut Json, &T)) {
        self.open(name, '[');
        for item in items {
            write(self, item);
        }
        self.0.push(']');
    }

    fn plain(&mut self, name: &str, value: &str) {
        self.name(name);
        self.0.push_str(value);
    }

    fn open(&mut self, name: &str, bracket: char) {
        self.name(name);
        self.0.push(bracket);
    }

    fn name(&mut self, name: &str) {
        if !matches!(self.0.as_bytes().last(), None | Some(b'{' | b'[')) {
            self.0.push(',');
        }
        if !name.is_empty() {
            self.0.push('"');
            self.0.push_str(name);
            self.0.push_str("\":");
        }
    }
}
