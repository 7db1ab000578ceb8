//! Assignments in front of a program, redirections anywhere, and here-document bodies.

use super::parts::{self, Read};
use super::reader::Reader;
use super::scan::is_name;
use super::skip::Frame;
use super::{Assignment, Command, Kind, Operator, Part, Reason, Redirection, Word};
use crate::text::Cut;
use std::borrow::Cow;

impl<'t> Reader<'_, 't> {
    /// Reads `NAME=value`, if it is next.
    pub fn assignment(&mut self, command: &mut Command<'t>) -> Result<bool, Reason> {
        let rest = &self.cursor.text.as_bytes()[self.cursor.at..];
        let length = rest.iter().take_while(|&&b| is_name(b)).count();
        if length == 0 || rest[0].is_ascii_digit() {
            return Ok(false);
        }
        let append = rest.get(length) == Some(&b'+') && rest.get(length + 1) == Some(&b'=');
        match rest.get(length) {
            Some(b'=') => {}
            Some(b'+') if append => {}
            // `name[subscript]=` is an array's element.
            Some(b'[') => {
                let word = self.cursor.text.cut(self.cursor.at..);
                let end = word.find([' ', '\t', '\n', ';', '&', '|']).unwrap_or(word.len());
                return if word.cut(..end).contains("]=") { Err(Reason::Array) } else { Ok(false) };
            }
            _ => return Ok(false),
        }
        let start = self.cursor.at;
        self.cursor.at += length + 1 + usize::from(append);
        if self.cursor.peek(0) == b'(' {
            self.cursor.at += 1;
            self.cursor.skip(Frame::Array)?;
            command.kind = Kind::Opaque(Reason::Array);
            command.range.end = self.cursor.at;
            return Ok(true);
        }
        let value = parts::word(&mut self.cursor, true)?;
        let value = self.word(value);
        command.assignments.push(Assignment {
            name: Cow::Borrowed(self.cursor.text.cut(start..start + length)),
            append,
            value,
            span: self.joined.span(start..self.cursor.at),
        });
        command.range.end = self.cursor.at;
        Ok(true)
    }

    /// Reads a redirection, if one is next.
    pub fn redirection(&mut self, command: &mut Command<'t>) -> Result<bool, Reason> {
        // Most words are none, which shows at once.
        if !matches!(self.cursor.peek(0), b'0'..=b'9' | b'<' | b'>' | b'&') {
            return Ok(false);
        }
        let start = self.cursor.at;
        let rest = &self.cursor.text.as_bytes()[start..];
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let operators: [(&str, Operator); 11] = [
            ("<<<", Operator::Herestring),
            ("<<", Operator::Heredoc),
            ("<&", Operator::DuplicateInput),
            ("<>", Operator::ReadWrite),
            ("<", Operator::Read),
            (">>", Operator::Append),
            (">&", Operator::DuplicateOutput),
            (">|", Operator::Write),
            (">", Operator::Write),
            ("&>>", Operator::AppendBoth),
            ("&>", Operator::WriteBoth),
        ];
        let tail = &rest[digits..];
        let found = operators.iter().find(|(text, _)| tail.starts_with(text.as_bytes()));
        let Some(&(text, operator)) = found else { return Ok(false) };
        // `<(` begins a word; `1&>` is the word `1` and then `&>`.
        let word = tail.get(1) == Some(&b'(') && text.len() == 1;
        if word || digits > 0 && text.starts_with('&') {
            return Ok(false);
        }
        let descriptor = self.cursor.text.cut(start..start + digits).parse().ok();
        self.cursor.at = start + digits + text.len();
        let owner = Some((self.commands.len(), command.redirections.len()));
        let target = if operator == Operator::Heredoc {
            let (range, delimiter) = self.cursor.heredoc(owner)?;
            // Whether the body is expanded shows in the delimiter: quoted or not.
            let parts = delimiter.map(|text| Part::Quoted(Cow::Owned(text)));
            self.word(Read { range, parts: parts.into_iter().collect() })
        } else {
            self.cursor.skip_blanks();
            let read = parts::word(&mut self.cursor, false)?;
            if read.range.is_empty() {
                return Err(Reason::Unexpected);
            }
            self.word(read)
        };
        command.redirections.push(Redirection {
            descriptor,
            operator,
            target,
            span: self.joined.span(start..self.cursor.at),
            range: start..self.cursor.at,
            body: None,
        });
        command.range.end = self.cursor.at;
        Ok(true)
    }

    /// Gives the bodies that were found to their redirections.
    pub fn bodies(&mut self) {
        for (owner, range) in std::mem::take(&mut self.cursor.bodies) {
            let Some((command, redirection)) = owner else { continue };
            let text = self.cursor.text.cut(range.clone());
            let word = Word {
                raw: Cow::Borrowed(text),
                span: self.joined.span(range.clone()),
                range,
                parts: Vec::new(),
            };
            let redirection = self
                .commands
                .get_mut(command)
                .and_then(|command| command.redirections.get_mut(redirection));
            if let Some(redirection) = redirection {
                redirection.body = Some(with_parts(word, redirection.target.parts.is_empty()));
            }
        }
    }
}

/// Gives a here-document's body its parts, if it is expanded.
pub(super) fn with_parts(mut word: Word<'_>, expand: bool) -> Word<'_> {
    if let (true, Cow::Borrowed(text)) = (expand, &word.raw) {
        word.parts = parts::body(text).unwrap_or_else(|_| vec![Part::Other(Cow::Borrowed(text))]);
    }
    word
}
