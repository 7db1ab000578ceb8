//! The cursor over shell text: blanks, comments, quotes and here-documents.
//!
//! What nests is skipped in `skip`; what a word or command consists of is read in `parts`
//! and `reader`.

use super::Reason;
use crate::text::Cut;
use std::collections::BTreeSet;
use std::ops::Range;

/// A position in shell text, and what is outstanding there.
pub(super) struct Cursor<'t> {
    /// The whole text.
    pub text: &'t str,
    /// Offset of the next byte.
    pub at: usize,
    /// Here-documents whose operator was read and whose body follows the next line break.
    pub pending: Vec<Pending>,
    /// Bodies found: the owner of the operator and the body's range.
    pub bodies: Vec<(Owner, Range<usize>)>,
    /// Names of functions that were defined, at any depth.
    pub functions: BTreeSet<&'t str>,
}

/// Command and redirection that a here-document belongs to; `None` inside something opaque.
pub(super) type Owner = Option<(usize, usize)>;

/// A here-document whose body was not reached yet.
pub(super) struct Pending {
    /// Whose it is.
    pub owner: Owner,
    /// The closing line.
    pub delimiter: String,
    /// `<<-`: leading tabs do not count.
    pub chomp: bool,
}

/// Whether `byte` ends an unquoted word.
pub(super) fn is_meta(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>')
}

/// Whether `byte` may stand in a variable's name.
pub(super) fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl<'t> Cursor<'t> {
    /// At the start of `text`.
    pub fn new(text: &'t str) -> Cursor<'t> {
        Cursor { text, at: 0, pending: Vec::new(), bodies: Vec::new(), functions: BTreeSet::new() }
    }

    /// The byte `ahead` of the position; 0 behind the end.
    pub fn peek(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Whether `prefix` comes next.
    pub fn looking_at(&self, prefix: &str) -> bool {
        self.text.as_bytes()[self.at..].starts_with(prefix.as_bytes())
    }

    /// Whether everything was read.
    pub fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }

    /// Skips blanks, escaped line breaks and a comment, not the line break itself.
    pub fn skip_blanks(&mut self) {
        loop {
            match self.peek(0) {
                b' ' | b'\t' => self.at += 1,
                b'\\' if self.peek(1) == b'\n' => self.at += 2,
                b'#' => self.skip_line(),
                _ => return,
            }
        }
    }

    /// Whether a token may begin here: a `#` anywhere else belongs to a word.
    pub fn at_token(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.text.as_bytes().get(at));
        before.is_none_or(|&b| is_meta(b) && b != b')')
    }

    pub fn skip_line(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
    }

    /// Reads a line break and the here-document bodies that follow it.
    pub fn line_break(&mut self) {
        self.at += 1;
        for pending in std::mem::take(&mut self.pending) {
            let start = self.at;
            let mut end = start;
            while !self.is_done() {
                let line_start = self.at;
                self.skip_line();
                let mut line = self.text.cut(line_start..self.at);
                self.at = (self.at + 1).min(self.text.len());
                if pending.chomp {
                    line = line.trim_start_matches('\t');
                }
                if line == pending.delimiter {
                    break;
                }
                end = self.at;
            }
            self.bodies.push((pending.owner, start..end));
        }
    }

    /// The word at the position if nothing in it is quoted, escaped or expanded.
    pub fn plain_word(&self) -> Option<&'t str> {
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest
            .iter()
            .position(|&b| is_meta(b) || matches!(b, b'\'' | b'"' | b'`' | b'$' | b'\\'))
            .unwrap_or(rest.len());
        let ended = rest.get(length).is_none_or(|&b| is_meta(b));
        (ended && length > 0).then(|| self.text.cut(self.at..self.at + length))
    }

    /// Skips `'...'` whose opening quote is next; in `$'...'` a backslash escapes.
    pub fn skip_single(&mut self, escapes: bool) -> Result<(), Reason> {
        self.at += 1;
        loop {
            match self.text.as_bytes().get(self.at) {
                None => return Err(Reason::Unterminated),
                Some(b'\'') => break,
                Some(b'\\') if escapes => self.at += 2,
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        Ok(())
    }

    /// Skips a backquoted command whose opening backquote is next.
    pub fn skip_backquoted(&mut self) -> Result<(), Reason> {
        self.at += 1;
        loop {
            match self.text.as_bytes().get(self.at) {
                None => return Err(Reason::Unterminated),
                Some(b'`') => break,
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        Ok(())
    }

    /// Reads the rest of `<<word` behind the `<<`, and remembers that its body is due.
    /// Returns the delimiter's range, and the delimiter itself if anything in it is quoted:
    /// the body is not expanded then.
    pub fn heredoc(&mut self, owner: Owner) -> Result<(Range<usize>, Option<String>), Reason> {
        let chomp = self.peek(0) == b'-';
        self.at += usize::from(chomp);
        while matches!(self.peek(0), b' ' | b'\t') {
            self.at += 1;
        }
        let start = self.at;
        let mut delimiter = String::new();
        let mut expand = true;
        while !self.is_done() && !is_meta(self.peek(0)) {
            let from = self.at;
            match self.peek(0) {
                b'\\' => {
                    expand = false;
                    self.at += 1;
                    self.skip_char();
                    delimiter.push_str(self.text.cut(from + 1..self.at));
                }
                quote @ (b'\'' | b'"') => {
                    expand = false;
                    let rest = self.text.cut(from + 1..);
                    let length = rest.find(char::from(quote)).ok_or(Reason::Unterminated)?;
                    delimiter.push_str(rest.cut(..length));
                    self.at += length + 2;
                }
                _ => {
                    self.skip_char();
                    delimiter.push_str(self.text.cut(from..self.at));
                }
            }
        }
        if self.at == start {
            return Err(Reason::Unexpected);
        }
        let quoted = (!expand).then(|| delimiter.clone());
        self.pending.push(Pending { owner, delimiter, chomp });
        Ok((start..self.at, quoted))
    }

    /// Skips one character.
    pub fn skip_char(&mut self) {
        self.at += self.text.cut(self.at..).chars().next().map_or(0, char::len_utf8);
    }

    /// Reads `name` and an optional `()` behind `function`.
    pub fn function_head(&mut self) {
        self.skip_blanks();
        if let Some(name) = self.plain_word() {
            self.functions.insert(name);
            self.at += name.len();
        }
        self.skip_blanks();
        if self.peek(0) == b'(' {
            self.at += 1;
            self.skip_blanks();
            self.at += usize::from(self.peek(0) == b')');
        }
    }
}
