//! A JSON text in the making: one `JSON.parse` makes the objects of a whole report, with less
//! code than a call for each property.

use crate::text::{LineIndex, Span};

/// The text, as bytes. A value's name is "" where it is an item of a list.
#[derive(Default)]
pub struct Json(Vec<u8>);

impl Json {
    /// All of it.
    pub fn finish(self) -> String {
        // What was added is UTF-8.
        String::from_utf8(self.0).unwrap_or_default()
    }

    /// A string.
    pub fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        self.0.push(b'"');
        let mut rest = text.as_bytes();
        let special = |byte: &u8| *byte < b' ' || *byte == b'"' || *byte == b'\\';
        while let Some(at) = rest.iter().position(special) {
            let (plain, behind) = rest.split_at(at);
            self.0.extend_from_slice(plain);
            let code = behind[0];
            self.plain("\\u00");
            self.0.push(b'0' + (code >> 4));
            self.0.push(b"0123456789abcdef"[usize::from(code & 15)]);
            rest = &behind[1..];
        }
        self.0.extend_from_slice(rest);
        self.0.push(b'"');
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
        self.name(name);
        self.digits(u64::from(number));
    }

    /// Seconds, to the millionth: printing every last binary digit would weigh 8 KB.
    pub fn seconds(&mut self, name: &str, seconds: f64) {
        self.name(name);
        let millionths = (seconds * 1e6).round() as u64;
        self.digits(millionths / 1_000_000);
        self.0.push(b'.');
        let mut rest = millionths % 1_000_000;
        for _ in 0..6 {
            rest *= 10;
            self.0.push(b'0' + (rest / 1_000_000) as u8);
            rest %= 1_000_000;
        }
    }

    /// Yes or no.
    pub fn flag(&mut self, name: &str, flag: bool) {
        self.name(name);
        self.plain(if flag { "true" } else { "false" });
    }

    /// A part of the text of `index`, by lines and UTF-16 units. Most of a report is these, so
    /// each is written in a few long pieces.
    pub fn range(&mut self, name: &str, index: &LineIndex<'_>, span: Span) {
        self.name(name);
        for (piece, offset) in
            [("{\"start\":{\"line\":", span.start), ("},\"end\":{\"line\":", span.end)]
        {
            let position = index.position(offset);
            self.plain(piece);
            self.digits(u64::from(position.line));
            self.plain(",\"column\":");
            self.digits(u64::from(position.column));
            self.plain(",\"offset\":");
            self.digits(u64::from(position.offset));
        }
        self.plain("}}");
    }

    /// An object, whose properties `fill` writes.
    pub fn object(&mut self, name: &str, fill: impl FnOnce(&mut Json)) {
        self.open(name, b'{');
        fill(self);
        self.0.push(b'}');
    }

    /// A list, whose items `write` writes one by one.
    pub fn list<T>(&mut self, name: &str, items: &[T], write: impl Fn(&mut Json, &T)) {
        self.open(name, b'[');
        for item in items {
            write(self, item);
        }
        self.0.push(b']');
    }

    fn plain(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    fn digits(&mut self, mut number: u64) {
        let mut digits = [0; 20];
        let mut at = digits.len();
        loop {
            at -= 1;
            digits[at] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        self.0.extend_from_slice(&digits[at..]);
    }

    fn open(&mut self, name: &str, bracket: u8) {
        self.name(name);
        self.0.push(bracket);
    }

    fn name(&mut self, name: &str) {
        if !matches!(self.0.last(), None | Some(b'{' | b'[')) {
            self.0.push(b',');
        }
        if !name.is_empty() {
            self.0.push(b'"');
            self.plain(name);
            self.plain("\":");
        }
    }
}
