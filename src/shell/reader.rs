//! Splits shell text into commands.
//!
//! One pass over the text: a compound command is skipped by the scanner, a simple one is
//! read word by word. After a mistake the rest of the text is one opaque command.

use super::scan::Cursor;
use super::skip::{Case, Frame};
use super::{Command, Joiner, Kind, Part, Reason, Script, Word};
use super::{parts, parts::Read};
use crate::text::{Cut, Joined, Span};
use std::borrow::Cow;

/// Reads all of `text`.
pub(super) fn read<'a>(text: Cow<'a, Joined<'a>>) -> Script<'a> {
    match text {
        Cow::Borrowed(joined) => {
            let read = Reader::new(joined, false, &[]).all();
            Script { text, ..read }
        }
        Cow::Owned(joined) => {
            let read = Reader::new(&joined, false, &[]).all().into_owned();
            Script { text: Cow::Owned(joined), ..read }
        }
    }
}

/// Reads what is inside a compound command: its reserved words only separate commands.
/// `functions` are those defined before.
pub(super) fn read_inside(joined: Joined<'static>, functions: &[Cow<'_, str>]) -> Script<'static> {
    let read = Reader::new(&joined, true, functions).all().into_owned();
    Script { text: Cow::Owned(joined), ..read }
}

/// All of `text` as one opaque command.
pub(super) fn opaque<'a>(text: Cow<'a, Joined<'a>>, reason: Reason) -> Script<'a> {
    let range = 0..text.text.trim_end().len();
    let command = Command::new(text.span(range.clone()), range, Kind::Opaque(reason));
    let commands = if text.text.trim().is_empty() { Vec::new() } else { vec![command] };
    Script { text, commands, ..Script::default() }
}

type Trailing = Option<(Joiner, Span)>;

pub(super) struct Reader<'j, 't> {
    pub joined: &'t Joined<'j>,
    pub cursor: Cursor<'t>,
    pub commands: Vec<Command<'t>>,
    /// What was read since the last command.
    joiner: Trailing,
    /// Whether reserved words only separate commands.
    flat: bool,
}

impl<'j, 't> Reader<'j, 't> {
    fn new(joined: &'t Joined<'j>, flat: bool, functions: &'t [Cow<'_, str>]) -> Reader<'j, 't> {
        let mut cursor = Cursor::new(joined.text.as_ref());
        cursor.functions.extend(functions.iter().map(AsRef::as_ref));
        Reader { joined, cursor, commands: Vec::new(), joiner: None, flat }
    }

    /// Reads everything; the script is without its text.
    fn all(mut self) -> Script<'t> {
        while self.separators() {
            if !(self.flat && self.structure()) {
                self.command();
            }
        }
        self.bodies();
        let trailing = self.joiner.filter(|_| !self.commands.is_empty());
        let functions = self.cursor.functions.into_iter().map(Cow::Borrowed).collect();
        Script { commands: self.commands, trailing, functions, ..Script::default() }
    }

    /// Skips reserved words that open, divide and close compound commands, and the operator
    /// behind them; `false` if a command follows.
    fn structure(&mut self) -> bool {
        loop {
            self.cursor.skip_blanks();
            match self.cursor.plain_word() {
                Some(
                    word @ ("if" | "then" | "elif" | "else" | "fi" | "while" | "until" | "do"
                    | "done" | "esac" | "{" | "}"),
                ) => self.cursor.at += word.len(),
                _ => break,
            }
        }
        let operator = matches!(self.cursor.peek(0), b'\n' | b';' | b'&' | b'|');
        self.cursor.is_done() || operator && self.operator().is_ok()
    }

    /// Skips blanks, comments and line breaks in front of a command; `false` at the end.
    fn separators(&mut self) -> bool {
        loop {
            self.cursor.skip_blanks();
            if self.cursor.is_done() {
                return false;
            }
            if self.cursor.peek(0) != b'\n' {
                return true;
            }
            let at = self.cursor.at;
            self.cursor.line_break();
            self.joiner.get_or_insert((Joiner::Semicolon, self.joined.span(at..at + 1)));
        }
    }

    /// Reads one command and the operator behind it.
    fn command(&mut self) {
        let start = self.cursor.at;
        let (joiner, joiner_span) = match self.joiner.take() {
            Some(joiner) if !self.commands.is_empty() => joiner,
            _ => (Joiner::Start, Span::at(self.joined.source(start))),
        };
        let mut command = Command::new(Span::default(), start..start, Kind::Simple);
        (command.joiner, command.joiner_span) = (joiner, joiner_span);
        let result = self.read_command(&mut command).and_then(|()| match self.is_case(&command) {
            true => self.branch(),
            false => self.operator(),
        });
        if let Err(reason) = result {
            // What is not understood may reach to the end of the text.
            self.cursor.at = self.cursor.text.len();
            command.range.end = self.cursor.text.trim_end_matches([' ', '\t', '\n']).len();
            command.kind = Kind::Opaque(reason);
            command.redirections.clear();
            self.joiner = None;
        }
        command.span = self.joined.span(command.range.clone());
        if command.is_opaque() {
            command.words.clear();
            command.assignments.clear();
        }
        self.commands.push(command);
    }

    /// Reads the operator behind a command.
    fn operator(&mut self) -> Result<(), Reason> {
        self.cursor.skip_blanks();
        if self.cursor.is_done() {
            return Ok(());
        }
        let at = self.cursor.at;
        let (joiner, length) = match (self.cursor.peek(0), self.cursor.peek(1)) {
            (b'&', b'&') => (Joiner::And, 2),
            (b'|', b'|') => (Joiner::Or, 2),
            (b'|', b'&') => (Joiner::Pipe, 2),
            (b'|', _) => (Joiner::Pipe, 1),
            (b'&', _) => (Joiner::Background, 1),
            (b';', b';' | b'&') if self.flat => {
                let more = usize::from(self.cursor.text.cut(at..).starts_with(";;&"));
                self.cursor.at += 2 + more;
                return self.branch();
            }
            (b';', b';') => return Err(Reason::Unexpected),
            (b';', _) => (Joiner::Semicolon, 1),
            // Read with its here-documents by `separators`.
            (b'\n', _) => return Ok(()),
            _ => return Err(Reason::Unexpected),
        };
        self.cursor.at += length;
        self.joiner = Some((joiner, self.joined.span(at..at + length)));
        Ok(())
    }

    /// Whether `case WORD in` was read, and its first pattern is next.
    fn is_case(&self, command: &Command<'t>) -> bool {
        self.flat && command.words.len() == 3 && command.words[0].raw == "case"
    }

    /// Skips the patterns in front of a branch of a `case`; they only separate commands.
    fn branch(&mut self) -> Result<(), Reason> {
        let at = self.cursor.at;
        self.separators();
        self.joiner = Some((Joiner::Semicolon, self.joined.span(at..at)));
        if self.cursor.plain_word() == Some("esac") {
            return Ok(());
        }
        self.cursor.at += usize::from(self.cursor.peek(0) == b'(');
        loop {
            self.cursor.skip_blanks();
            let pattern = parts::word(&mut self.cursor, false)?;
            let runs = pattern.parts.iter().any(Part::runs_commands);
            self.cursor.skip_blanks();
            let end = self.cursor.peek(0);
            if runs || !matches!(end, b')' | b'|') {
                return Err(Reason::Unexpected);
            }
            self.cursor.at += 1;
            if end == b')' {
                return Ok(());
            }
        }
    }

    fn read_command(&mut self, command: &mut Command<'t>) -> Result<(), Reason> {
        if self.compound(command)? {
            return self.after_compound(command);
        }
        loop {
            self.cursor.skip_blanks();
            if self.cursor.is_done() {
                break;
            }
            if self.redirection(command)? {
                continue;
            }
            if command.words.is_empty() && self.assignment(command)? {
                continue;
            }
            let word = parts::word(&mut self.cursor, false)?;
            if word.range.is_empty() {
                break;
            }
            command.range.end = self.cursor.at;
            // A comment between continued lines, written as a command without output.
            if matches!(&word.parts[..], [Part::Commands { text, quoted: false }] if is_comment(text))
            {
                continue;
            }
            command.words.push(self.word(word));
            if self.is_case(command) {
                break;
            }
            if self.cursor.peek(0) == b'(' || self.function_follows(command) {
                return self.function(command);
            }
        }
        let Some(program) = command.words.first() else {
            let empty = command.range.is_empty();
            return if empty { Err(Reason::Unexpected) } else { Ok(()) };
        };
        if program.is("eval") {
            command.kind = Kind::Opaque(Reason::Eval);
        } else if program.runs_commands() {
            command.kind = Kind::Opaque(Reason::Program);
        } else if program.literal().is_some_and(|p| self.cursor.functions.contains(p.as_ref())) {
            command.kind = Kind::Opaque(Reason::FunctionCall);
        }
        Ok(())
    }

    /// Whether `()` follows the only word of `command`, blanks between them.
    fn function_follows(&self, command: &Command<'t>) -> bool {
        let rest = self.cursor.text.cut(self.cursor.at..);
        command.words.len() == 1 && rest.trim_start_matches([' ', '\t']).starts_with('(')
    }

    /// Reads a function's definition behind its name.
    fn function(&mut self, command: &mut Command<'t>) -> Result<(), Reason> {
        self.cursor.skip_blanks();
        self.cursor.at += 1;
        self.cursor.skip_blanks();
        if self.cursor.peek(0) != b')' || command.words.len() != 1 {
            return Err(Reason::Unexpected);
        }
        self.cursor.at += 1;
        let name = command.words[0].range.clone();
        self.cursor.functions.insert(self.cursor.text.cut(name));
        self.function_body(command)
    }

    fn function_body(&mut self, command: &mut Command<'t>) -> Result<(), Reason> {
        loop {
            self.cursor.skip_blanks();
            if self.cursor.peek(0) != b'\n' {
                break;
            }
            self.cursor.line_break();
        }
        // A body is a compound command, and never another definition.
        let word = self.cursor.plain_word();
        if matches!(word, Some("function" | "!")) || !self.compound(command)? {
            return Err(Reason::Unexpected);
        }
        command.kind = Kind::Opaque(Reason::Function);
        self.after_compound(command)
    }

    /// Skips a compound command, if one is next.
    fn compound(&mut self, command: &mut Command<'t>) -> Result<bool, Reason> {
        if self.cursor.peek(0) == b'(' {
            let arithmetic = self.cursor.peek(1) == b'(';
            self.cursor.at += 1;
            self.cursor.skip(if arithmetic { Frame::Arithmetic } else { Frame::Paren })?;
            let reason = if arithmetic { Reason::Arithmetic } else { Reason::Subshell };
            command.kind = Kind::Opaque(reason);
            return Ok(true);
        }
        let Some(word) = self.cursor.plain_word() else { return Ok(false) };
        let (frame, reason) = match word {
            "if" => (Frame::If, Reason::If),
            // The words of the loop are words of a command then.
            "for" | "select" | "case" if self.flat => return Ok(false),
            "for" | "select" => (Frame::Loop, Reason::For),
            "while" | "until" => (Frame::Loop, Reason::While),
            "case" => (Frame::Case(Case::Subject), Reason::Case),
            "{" => (Frame::Group, Reason::Group),
            "[[" => {
                self.test(command)?;
                return Ok(true);
            }
            "coproc" => return Err(Reason::Coprocess),
            "then" | "elif" | "else" | "fi" | "do" | "done" | "esac" | "}" => {
                return Err(Reason::Unexpected);
            }
            "function" => {
                self.cursor.at += word.len();
                self.cursor.function_head();
                self.function_body(command)?;
                return Ok(true);
            }
            "!" => {
                self.cursor.at += 1;
                self.cursor.skip_blanks();
                command.negated = !command.negated;
                return if self.cursor.plain_word() == Some("!") {
                    Err(Reason::Unexpected)
                } else {
                    self.compound(command)
                };
            }
            _ => return Ok(false),
        };
        self.cursor.at += word.len();
        if reason == Reason::For {
            self.cursor.skip_for()?
        } else {
            self.cursor.skip(frame)?
        }
        command.kind = Kind::Opaque(reason);
        Ok(true)
    }

    /// Reads `[[ ... ]]` as words, the operators in it too.
    fn test(&mut self, command: &mut Command<'t>) -> Result<(), Reason> {
        loop {
            self.cursor.skip_blanks();
            let start = self.cursor.at;
            let length = match (self.cursor.peek(0), self.cursor.peek(1)) {
                (b'\n', _) => {
                    self.cursor.line_break();
                    continue;
                }
                (b'&', b'&') | (b'|', b'|') => 2,
                (b'(' | b')' | b'|' | b'<' | b'>', _) => 1,
                _ => 0,
            };
            self.cursor.at += length;
            let read = match length {
                0 => parts::word(&mut self.cursor, false)?,
                _ => Read { range: start..self.cursor.at, parts: Vec::new() },
            };
            if read.range.is_empty() {
                return Err(Reason::Unterminated);
            }
            command.words.push(self.word(read));
            if command.words.last().is_some_and(|word| word.raw == "]]") {
                return Ok(());
            }
        }
    }

    /// Only redirections may follow a compound command.
    fn after_compound(&mut self, command: &mut Command<'t>) -> Result<(), Reason> {
        command.range.end = self.cursor.at;
        loop {
            self.cursor.skip_blanks();
            if !self.redirection(command)? {
                return Ok(());
            }
        }
    }

    pub fn word(&self, read: Read<'t>) -> Word<'t> {
        Word {
            raw: Cow::Borrowed(self.cursor.text.cut(read.range.clone())),
            span: self.joined.span(read.range.clone()),
            range: read.range,
            parts: read.parts,
        }
    }
}

/// Whether commands are nothing but a comment.
fn is_comment(commands: &str) -> bool {
    commands.trim_start().starts_with('#') && !commands.contains('\n')
}
