//! A small reader for `cmd` and PowerShell: plain commands with plain words, joined by `&&`,
//! `||`, `&`, `|` and `;`. Every expression, block and keyword makes an opaque command.
//!
//! A file for Windows without SHELL may inherit either shell from its base image, so a word
//! that the two would read in different ways is never literal.

use super::{Command, Joiner, Kind, Operator, Part, Reason, Redirection, Script, Word};
use crate::text::{Cut, Joined, Span};
use std::borrow::Cow;

/// Reads all of `text`.
pub(super) fn read<'a>(text: Cow<'a, Joined<'a>>, powershell: bool) -> Script<'a> {
    match text {
        Cow::Borrowed(joined) => {
            let (commands, trailing) = commands(joined, powershell);
            Script { text, commands, trailing, ..Script::default() }
        }
        Cow::Owned(joined) => {
            let (commands, trailing) = commands(&joined, powershell);
            let read = Script { commands, trailing, ..Script::default() }.into_owned();
            Script { text: Cow::Owned(joined), ..read }
        }
    }
}

type Trailing = Option<(Joiner, Span)>;

fn commands<'t>(joined: &'t Joined<'_>, powershell: bool) -> (Vec<Command<'t>>, Trailing) {
    let text = joined.text.as_ref();
    let mut reader = Reader { joined, text, at: 0, powershell };
    let mut commands: Vec<Command<'t>> = Vec::new();
    let mut joiner: Trailing = None;
    while let Some(line_break) = reader.start() {
        if let Some(at) = line_break {
            joiner.get_or_insert((Joiner::Semicolon, joined.span(at..at + 1)));
        }
        if reader.at == text.len() {
            break;
        }
        let start = reader.at;
        let mut command = Command::new(Span::default(), start..start, Kind::Simple);
        if let Some((kind, span)) = joiner.take().filter(|_| !commands.is_empty()) {
            (command.joiner, command.joiner_span) = (kind, span);
        } else {
            command.joiner_span = Span::at(joined.source(start));
        }
        if reader.command(&mut command).is_none() {
            command.kind = Kind::Opaque(Reason::Statement);
            command.words.clear();
            command.redirections.clear();
            reader.at = start;
            reader.skip_statement();
            command.range.end = start + text.cut(start..reader.at).trim_end().len();
        }
        // Whatever stands here that nothing was made of is skipped, so that the end is reached.
        if command.range.is_empty() && reader.peek(0) != b';' {
            reader.at = (start + 1..=text.len())
                .find(|&at| text.is_char_boundary(at))
                .unwrap_or(text.len());
            command.range.end = reader.at;
            command.kind = Kind::Opaque(Reason::Statement);
        }
        if !command.range.is_empty() {
            command.span = joined.span(command.range.clone());
            commands.push(command);
        }
        joiner = reader.operator();
    }
    let trailing = joiner.filter(|_| !commands.is_empty());
    (commands, trailing)
}

struct Reader<'j, 't> {
    joined: &'t Joined<'j>,
    text: &'t str,
    at: usize,
    powershell: bool,
}

/// Words that begin something other than a command in either shell, in lower case.
const KEYWORDS: [&str; 24] = [
    "begin", "class", "data", "do", "end", "enum", "exit", "filter", "for", "foreach", "function",
    "goto", "if", "param", "process", "rem", "return", "switch", "throw", "trap", "try", "until",
    "using", "while",
];

impl<'t> Reader<'_, 't> {
    fn peek(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    fn blanks(&mut self) {
        while matches!(self.peek(0), b' ' | b'\t' | b'\r') {
            self.at += 1;
        }
    }

    /// Skips to where a command starts: `None` at the end, else a line break on the way.
    fn start(&mut self) -> Option<Option<usize>> {
        let mut line_break = None;
        loop {
            self.blanks();
            match self.peek(0) {
                b'\n' => {
                    line_break.get_or_insert(self.at);
                    self.at += 1;
                }
                b'#' if self.powershell => self.skip_line(),
                _ => return (self.at < self.text.len()).then_some(line_break),
            }
        }
    }

    fn skip_line(&mut self) {
        self.at += self.text.cut(self.at..).find('\n').unwrap_or(self.text.len() - self.at);
    }

    /// To the end of something that is not understood: the next `;` or line break outside
    /// brackets and quotes in PowerShell, the end of the line in `cmd`.
    fn skip_statement(&mut self) {
        let bytes = self.text.as_bytes();
        let mut depth = 0usize;
        let mut quote = 0;
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'`' if quote != b'\'' => self.at += 1,
                _ if quote == byte && quote != 0 => quote = 0,
                _ if quote != 0 => {}
                b'\'' | b'"' => quote = byte,
                b'(' | b'{' | b'[' => depth += 1,
                b')' | b'}' | b']' => depth = depth.saturating_sub(1),
                b';' if depth == 0 && self.powershell => break,
                b'\n' if depth == 0 => break,
                _ => {}
            }
            self.at += 1;
        }
        self.at = self.at.min(bytes.len());
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
    }

    fn operator(&mut self) -> Trailing {
        self.blanks();
        let (joiner, length) = match (self.peek(0), self.peek(1)) {
            (b'&', b'&') => (Joiner::And, 2),
            (b'|', b'|') => (Joiner::Or, 2),
            (b'|', _) => (Joiner::Pipe, 1),
            // One after the other in `cmd`.
            (b'&', _) if self.powershell => (Joiner::Background, 1),
            (b'&' | b';', _) => (Joiner::Semicolon, 1),
            _ => return None,
        };
        let span = self.joined.span(self.at..self.at + length);
        self.at += length;
        Some((joiner, span))
    }

    /// Reads a command; `None` if it is not plain.
    fn command(&mut self, command: &mut Command<'t>) -> Option<()> {
        match self.peek(0) {
            b'@' if !self.powershell => self.at += 1,
            // The call operator.
            b'&' if self.powershell && self.peek(1) != b'&' => self.at += 1,
            b'.' if matches!(self.peek(1), b' ' | b'\t') => return None,
            b'(' | b')' | b'[' | b'{' | b'}' | b'@' | b'$' | b':' | b'\'' | b'"' => return None,
            _ => {}
        }
        loop {
            self.blanks();
            let first = self.peek(0);
            if self.at == self.text.len()
                || matches!(first, b'\n' | b'|' | b'&')
                || self.semicolon()
            {
                return Some(());
            }
            if first == b'#' && self.powershell {
                self.skip_line();
                continue;
            }
            if !self.redirection(command)? {
                let word = self.word()?;
                let keyword = command.words.is_empty()
                    && KEYWORDS.iter().any(|k| word.raw.eq_ignore_ascii_case(k));
                if keyword
                    || word.raw == "--%"
                    // `name = value` and the like.
                    || command.words.len() == 1 && word.raw.ends_with('=')
                {
                    return None;
                }
                command.words.push(word);
            }
            command.range.end = self.at;
        }
    }

    /// Whether a `;` that joins commands is next: in `cmd` only one with a blank behind it.
    fn semicolon(&self) -> bool {
        self.peek(0) == b';'
            && (self.powershell || matches!(self.peek(1), b' ' | b'\t' | b'\n' | 0))
    }

    fn redirection(&mut self, command: &mut Command<'t>) -> Option<bool> {
        let start = self.at;
        let digits = usize::from(self.peek(0).is_ascii_digit() || self.peek(0) == b'*');
        let (operator, length) = match (self.peek(digits), self.peek(digits + 1)) {
            (b'>', b'>') => (Operator::Append, 2),
            (b'>', b'&') => (Operator::DuplicateOutput, 2),
            (b'>', _) => (Operator::Write, 1),
            (b'<', _) if digits == 0 => (Operator::Read, 1),
            _ => return Some(false),
        };
        let descriptor = self.text.cut(start..start + digits).parse().ok();
        self.at += digits + length;
        self.blanks();
        let target = self.word()?;
        if target.raw.is_empty() {
            return None;
        }
        let range = start..self.at;
        let span = self.joined.span(range.clone());
        let redirection = Redirection { descriptor, operator, target, span, range, body: None };
        command.redirections.push(redirection);
        Some(true)
    }

    /// Reads a word; `None` if an expression is in it.
    fn word(&mut self) -> Option<Word<'t>> {
        let start = self.at;
        let mut from = start;
        let mut parts = Vec::new();
        let text = self.text;
        while self.at < text.len() && !self.semicolon() {
            let byte = self.peek(0);
            if matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'|' | b'&' | b'<' | b'>') {
                break;
            }
            let at = self.at;
            let part = match byte {
                b'(' | b')' | b'{' | b'}' => return None,
                b'@' if at == start => return None,
                b'\'' | b'"' => self.quoted(byte)?,
                b'$' => self.dollar()?,
                b'%' if !self.powershell => self.percent(),
                b'`' if self.powershell => self.escape(),
                b'^' if !self.powershell => self.escape(),
                // A list in PowerShell, text in `cmd`.
                b',' | b'`' | b'^' => {
                    self.at += 1;
                    Part::Other(Cow::Borrowed(text.cut(at..self.at)))
                }
                b'*' | b'?' | b'[' => {
                    self.at += 1;
                    Part::Glob(Cow::Borrowed(text.cut(at..self.at)))
                }
                _ => {
                    self.at += text.cut(at..).chars().next().map_or(1, char::len_utf8);
                    continue;
                }
            };
            if from < at {
                parts.push(Part::Literal(Cow::Borrowed(text.cut(from..at))));
            }
            parts.push(part);
            from = self.at;
        }
        if !parts.is_empty() && from < self.at {
            parts.push(Part::Literal(Cow::Borrowed(text.cut(from..self.at))));
        }
        let range = start..self.at;
        let span = self.joined.span(range.clone());
        Some(Word { raw: Cow::Borrowed(text.cut(range.clone())), span, range, parts })
    }

    /// Reads a quoted text. It is literal only if every reading of it is the same.
    fn quoted(&mut self, quote: u8) -> Option<Part<'t>> {
        let start = self.at;
        let length = self.text.cut(start + 1..).find(char::from(quote))?;
        self.at += length + 2;
        let inner = self.text.cut(start + 1..self.at - 1);
        let raw = Cow::Borrowed(self.text.cut(start..self.at));
        let same = match (quote, self.powershell) {
            (b'\'', true) => true,
            (b'\'', false) => false,
            // Double quotes are gone before PowerShell reads the text, unless escaped.
            (_, true) => !inner.contains(['$', '`', ' ', '\t', ';', '\\', ',', '#', '(', '{']),
            (_, false) => !inner.contains(['$', '`', '%', '^', '!']),
        };
        let doubled = self.peek(0) == quote;
        Some(if same && !doubled { Part::Quoted(Cow::Borrowed(inner)) } else { Part::Other(raw) })
    }

    /// Reads `$env:NAME`, or any other variable as something unknown.
    fn dollar(&mut self) -> Option<Part<'t>> {
        let start = self.at;
        let braced = self.peek(1) == b'{';
        self.at += 1 + usize::from(braced);
        if self.peek(0) == b'(' {
            return None;
        }
        let from = self.at;
        while super::scan::is_name(self.peek(0)) || self.peek(0) == b':' {
            self.at += 1;
        }
        let name = self.text.cut(from..self.at);
        if braced {
            if self.peek(0) != b'}' {
                return None;
            }
            self.at += 1;
        }
        let scope = name.get(..4).filter(|scope| scope.eq_ignore_ascii_case("env:"));
        // A member or an index makes it an expression.
        let member = matches!(self.peek(0), b'.' | b'[');
        Some(match scope {
            Some(scope) if self.powershell && !member => Part::Variable {
                name: Cow::Borrowed(name.cut(scope.len()..)),
                operation: None,
                quoted: true,
            },
            _ => Part::Other(Cow::Borrowed(self.text.cut(start..self.at))),
        })
    }

    /// Reads `%NAME%`; a lone `%` is text.
    fn percent(&mut self) -> Part<'t> {
        let start = self.at;
        self.at += 1;
        let from = self.at;
        while super::scan::is_name(self.peek(0)) {
            self.at += 1;
        }
        if self.peek(0) == b'%' && self.at > from {
            let name = Cow::Borrowed(self.text.cut(from..self.at));
            self.at += 1;
            return Part::Variable { name, operation: None, quoted: false };
        }
        self.at = start + 1;
        Part::Other(Cow::Borrowed("%"))
    }

    /// Reads an escaped character.
    fn escape(&mut self) -> Part<'t> {
        self.at += 1;
        let from = self.at;
        self.at += self.text.cut(from..).chars().next().map_or(0, char::len_utf8);
        Part::Other(Cow::Borrowed(self.text.cut(from..self.at)))
    }
}

#[cfg(test)]
mod tests;
