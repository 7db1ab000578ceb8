//! Reads one word at the cursor, with its parts.
//!
//! What is nested deeper (commands in a substitution, defaults of a variable) is kept as
//! text: the scanner only finds where it ends.

use super::Reason;
use super::scan::{Cursor, is_meta, is_name};
use super::skip::Frame;
use super::word::Part;
use crate::text::Cut;
use std::borrow::Cow;
use std::ops::Range;

/// The parts of one word and where it stands in the text.
pub(super) struct Read<'t> {
    pub range: Range<usize>,
    pub parts: Vec<Part<'t>>,
}

/// Reads the word at the cursor, which must not be at a blank. An empty range means that an
/// operator is next. `assigned` if it is the value of an assignment.
pub(super) fn word<'t>(cursor: &mut Cursor<'t>, assigned: bool) -> Result<Read<'t>, Reason> {
    let start = cursor.at;
    // Most words have nothing in them that could be expanded.
    let rest = &cursor.text.as_bytes()[start..];
    let plain = rest.iter().position(|&b| is_meta(b) || is_special(b)).unwrap_or(rest.len());
    let next = rest.get(plain).copied();
    let tilde = rest.first() == Some(&b'~') || assigned && rest[..plain].contains(&b'~');
    if !tilde && next.is_none_or(|b| is_meta(b) && !substitutes(rest, plain)) {
        cursor.at += plain;
        return Ok(Read { range: start..cursor.at, parts: Vec::new() });
    }
    let mut reader = Reader::new(cursor);
    reader.tilde();
    while reader.unquoted(assigned)? {}
    reader.flush();
    reader.braces_end();
    let parts = reader.parts;
    Ok(Read { range: start..cursor.at, parts })
}

/// The parts of a here-document's body, which is read as if in double quotes, but for `"`.
pub(super) fn body(text: &str) -> Result<Vec<Part<'_>>, Reason> {
    let mut cursor = Cursor::new(text);
    let mut reader = Reader::new(&mut cursor);
    while !reader.cursor.is_done() {
        reader.quoted_byte(false)?;
    }
    reader.flush_quoted();
    Ok(reader.parts)
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b'\\' | b'\'' | b'"' | b'`' | b'$' | b'*' | b'?' | b'[' | b'{')
}

/// Whether `<(` or `>(` stands at `at`.
fn substitutes(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at), Some(b'<' | b'>')) && bytes.get(at + 1) == Some(&b'(')
}

struct Reader<'c, 't> {
    cursor: &'c mut Cursor<'t>,
    parts: Vec<Part<'t>>,
    /// Start of text that is in no part yet.
    from: usize,
    braces: Braces,
    /// Where the next `]` or the end of the word is, if behind the cursor.
    bracket: usize,
}

/// An open `{` outside quotes.
#[derive(Default)]
struct Braces {
    depth: usize,
    /// Part and offset of the outermost.
    part: usize,
    at: usize,
    /// Whether a `,` or `..` was seen in it, and where the last `}` behind that ended.
    separated: bool,
    end: usize,
}

impl<'c, 't> Reader<'c, 't> {
    fn new(cursor: &'c mut Cursor<'t>) -> Reader<'c, 't> {
        let from = cursor.at;
        Reader { cursor, parts: Vec::new(), from, braces: Braces::default(), bracket: 0 }
    }

    fn take(&mut self) -> Option<Cow<'t, str>> {
        let text = self.cursor.text.cut(self.from..self.cursor.at);
        self.from = self.cursor.at;
        (!text.is_empty()).then_some(Cow::Borrowed(text))
    }

    fn flush(&mut self) {
        let part = self.take().map(Part::Literal);
        self.parts.extend(part);
    }

    fn flush_quoted(&mut self) {
        let part = self.take().map(Part::Quoted);
        self.parts.extend(part);
    }

    fn tilde(&mut self) {
        if self.cursor.peek(0) == b'~' {
            self.cursor.at += 1;
            while is_name(self.cursor.peek(0)) || self.cursor.peek(0) == b'-' {
                self.cursor.at += 1;
            }
            let part = self.take().map(Part::Tilde);
            self.parts.extend(part);
        }
    }

    /// Reads one piece outside quotes; `false` at the end of the word.
    fn unquoted(&mut self, assigned: bool) -> Result<bool, Reason> {
        let byte = self.cursor.peek(0);
        if self.cursor.is_done() {
            return Ok(false);
        }
        match byte {
            b'<' | b'>' if self.cursor.peek(1) == b'(' => {
                self.flush();
                self.cursor.at += 2;
                self.cursor.skip(Frame::Paren)?;
                let part = self.take().map(Part::Other);
                self.parts.extend(part);
            }
            _ if is_meta(byte) => return Ok(false),
            b'\\' => {
                self.flush();
                self.cursor.at += 1;
                self.from = self.cursor.at;
                self.cursor.skip_char();
                if self.from == self.cursor.at {
                    // A backslash ends the text: it stands for itself.
                    self.parts.push(Part::Quoted(Cow::Borrowed("\\")));
                } else if self.cursor.text.as_bytes()[self.from] == b'\n' {
                    self.from = self.cursor.at;
                } else {
                    self.flush_quoted();
                }
            }
            b'\'' => {
                self.flush();
                let start = self.cursor.at + 1;
                self.cursor.skip_single(false)?;
                let text = self.cursor.text.cut(start..self.cursor.at - 1);
                self.parts.push(Part::Quoted(Cow::Borrowed(text)));
                self.from = self.cursor.at;
            }
            b'"' => {
                self.flush();
                self.double_quoted()?;
            }
            b'`' => self.backquoted(false)?,
            b'$' => self.dollar(false)?,
            b'*' | b'?' | b'[' => self.glob(byte),
            b'~' if assigned && self.cursor.text.as_bytes()[self.cursor.at - 1] == b':' => {
                self.flush();
                self.tilde();
            }
            b'{' | b'}' | b',' | b'.' => self.brace(byte),
            _ => self.cursor.skip_char(),
        }
        Ok(true)
    }

    fn glob(&mut self, byte: u8) {
        if byte == b'[' {
            // Without a closing bracket in the same word it is the command `[`, or text.
            let bytes = self.cursor.text.as_bytes();
            if self.bracket <= self.cursor.at {
                let rest = &bytes[self.cursor.at..];
                let end = rest.iter().position(|&b| is_meta(b) || b == b']');
                self.bracket = self.cursor.at + end.unwrap_or(rest.len());
            }
            let closed = bytes.get(self.bracket) == Some(&b']');
            if !closed || self.bracket == self.cursor.at + 1 {
                self.cursor.at += 1;
                return;
            }
        }
        self.flush();
        self.cursor.at += 1;
        let part = self.take().map(Part::Glob);
        self.parts.extend(part);
    }

    fn brace(&mut self, byte: u8) {
        match byte {
            b'{' => {
                if self.braces.depth == 0 {
                    self.flush();
                    self.braces =
                        Braces { part: self.parts.len(), at: self.cursor.at, ..Braces::default() };
                }
                self.braces.depth += 1;
            }
            b'}' if self.braces.depth > 0 => {
                self.braces.depth -= 1;
                if self.braces.separated {
                    self.braces.end = self.cursor.at + 1;
                }
                if self.braces.depth == 0 {
                    self.cursor.at += 1;
                    self.flush();
                    self.braces_end();
                    return;
                }
            }
            b',' => self.braces.separated |= self.braces.depth > 0,
            b'.' if self.cursor.peek(1) == b'.' => {
                self.braces.separated |= self.braces.depth > 0;
            }
            _ => {}
        }
        self.cursor.at += 1;
    }

    /// Makes one part of the braces read last, if they list something.
    fn braces_end(&mut self) {
        if self.braces.end > 0 {
            self.parts.truncate(self.braces.part);
            let text = self.cursor.text.cut(self.braces.at..self.cursor.at);
            self.parts.push(Part::Braces(Cow::Borrowed(text)));
        }
        self.braces = Braces::default();
    }

    fn double_quoted(&mut self) -> Result<(), Reason> {
        self.cursor.at += 1;
        self.from = self.cursor.at;
        let parts = self.parts.len();
        loop {
            if self.cursor.is_done() {
                return Err(Reason::Unterminated);
            }
            if self.cursor.peek(0) == b'"' {
                break;
            }
            self.quoted_byte(true)?;
        }
        self.flush_quoted();
        if self.parts.len() == parts {
            self.parts.push(Part::Quoted(Cow::Borrowed("")));
        }
        self.cursor.at += 1;
        self.from = self.cursor.at;
        Ok(())
    }

    /// Reads one piece inside double quotes, or of a here-document (`quote` false).
    fn quoted_byte(&mut self, quote: bool) -> Result<(), Reason> {
        match self.cursor.peek(0) {
            b'\\' => match self.cursor.peek(1) {
                b'$' | b'`' | b'\\' => self.escaped(),
                b'"' if quote => self.escaped(),
                b'\n' => {
                    self.flush_quoted();
                    self.cursor.at += 2;
                    self.from = self.cursor.at;
                }
                _ => self.cursor.at += 1,
            },
            b'`' => self.backquoted(true)?,
            b'$' => self.dollar(true)?,
            _ => self.cursor.skip_char(),
        }
        Ok(())
    }

    /// Drops the backslash at the cursor and keeps the ASCII character behind it.
    fn escaped(&mut self) {
        self.flush_quoted();
        self.from = self.cursor.at + 1;
        self.cursor.at += 2;
    }

    fn flush_as(&mut self, quoted: bool) {
        if quoted { self.flush_quoted() } else { self.flush() }
    }

    fn backquoted(&mut self, quoted: bool) -> Result<(), Reason> {
        self.flush_as(quoted);
        let start = self.cursor.at + 1;
        self.cursor.skip_backquoted()?;
        let text = self.cursor.text.cut(start..self.cursor.at - 1);
        self.from = self.cursor.at;
        self.parts.push(Part::Commands { text: unescape_backquoted(text), quoted });
        Ok(())
    }

    fn dollar(&mut self, quoted: bool) -> Result<(), Reason> {
        let start = self.cursor.at;
        let part = match self.cursor.peek(1) {
            b'(' => {
                self.flush_as(quoted);
                if self.cursor.peek(2) == b'(' {
                    self.cursor.at += 3;
                    self.cursor.skip(Frame::Arithmetic)?;
                    if self.cursor.peek(0) == b')' {
                        self.cursor.at += 1;
                        self.from = self.cursor.at;
                        self.parts.push(Part::Other(Cow::Borrowed(
                            self.cursor.text.cut(start..self.cursor.at),
                        )));
                        return Ok(());
                    }
                    // `$((a) b)`: a subshell first.
                    self.cursor.at = start;
                }
                self.cursor.at += 2;
                self.cursor.skip(Frame::Paren)?;
                let text = self.cursor.text.cut(start + 2..self.cursor.at - 1);
                Part::Commands { text: Cow::Borrowed(text), quoted }
            }
            b'{' => {
                self.flush_as(quoted);
                self.cursor.at += 2;
                self.cursor.skip(Frame::Brace(quoted))?;
                parameter(self.cursor.text.cut(start..self.cursor.at), quoted)
            }
            b'\'' if !quoted => {
                self.flush();
                self.cursor.at += 1;
                self.cursor.skip_single(true)?;
                Part::Other(Cow::Borrowed(self.cursor.text.cut(start..self.cursor.at)))
            }
            b'"' if !quoted => {
                self.flush();
                self.cursor.at += 2;
                self.cursor.skip(Frame::Quote)?;
                Part::Other(Cow::Borrowed(self.cursor.text.cut(start..self.cursor.at)))
            }
            first
                if is_name(first)
                    || matches!(first, b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!') =>
            {
                self.flush_as(quoted);
                self.cursor.at += 2;
                if is_name(first) && !first.is_ascii_digit() {
                    while is_name(self.cursor.peek(0)) {
                        self.cursor.at += 1;
                    }
                }
                let name = self.cursor.text.cut(start + 1..self.cursor.at);
                Part::Variable { name: Cow::Borrowed(name), operation: None, quoted }
            }
            _ => {
                self.cursor.at += 1;
                return Ok(());
            }
        };
        self.parts.push(part);
        self.from = self.cursor.at;
        Ok(())
    }
}

/// Reads `${...}`.
fn parameter(raw: &str, quoted: bool) -> Part<'_> {
    let inner = raw.cut(2..raw.len() - 1);
    let bytes = inner.as_bytes();
    let length = match bytes.first() {
        Some(b) if b.is_ascii_digit() => bytes.iter().take_while(|b| b.is_ascii_digit()).count(),
        Some(&b) if is_name(b) => bytes.iter().take_while(|&&b| is_name(b)).count(),
        Some(b'@' | b'*' | b'?' | b'-' | b'$') => 1,
        _ => 0,
    };
    let (name, operation) = inner.cut_at(length);
    // `${#x}`, `${!x}`, `${x[1]}` and whatever is no parameter at all.
    if length == 0 || operation.starts_with('[') {
        return Part::Other(Cow::Borrowed(raw));
    }
    let operation = (!operation.is_empty()).then_some(Cow::Borrowed(operation));
    Part::Variable { name: Cow::Borrowed(name), operation, quoted }
}

/// Inside backquotes a backslash escapes `$`, a backquote and itself.
fn unescape_backquoted(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\'
            && let Some(&next @ ('$' | '`' | '\\')) = chars.peek()
        {
            out.push(next);
            chars.next();
            continue;
        }
        out.push(c);
    }
    Cow::Owned(out)
}
