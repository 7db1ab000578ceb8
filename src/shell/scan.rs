//! The structural scanner: finds where a quoted, substituted or compound construct ends,
//! and collects the here-documents and functions it meets on the way.
//!
//! It keeps its own stack, so depth costs memory and never the call stack. It does not say
//! what the construct means; `word` and `reader` do that for the parts they understand.

use super::Reason;
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
    pub functions: Vec<&'t str>,
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

/// What the scanner is inside of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// Commands up to `)`.
    Paren,
    /// Words up to `)`: an array.
    Array,
    /// An expression up to `)`.
    Arithmetic,
    /// Up to `"`.
    Quote,
    /// `${` up to `}`, inside double quotes or not.
    Brace(bool),
    /// Up to `fi`.
    If,
    /// Up to `done`.
    Loop,
    /// Up to `esac`.
    Case(Case),
    /// Up to `}`.
    Group,
    /// Up to `]]`.
    Test,
}

/// How far a `case` was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// The word that is matched comes next.
    Subject,
    /// `in` comes next.
    In,
    /// A pattern comes next.
    Pattern,
    /// Commands, up to `;;`.
    Body,
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
        Cursor { text, at: 0, pending: Vec::new(), bodies: Vec::new(), functions: Vec::new() }
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
    fn at_token(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.text.as_bytes().get(at));
        before.is_none_or(|&b| is_meta(b) && b != b')')
    }

    fn skip_line(&mut self) {
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
                let mut line = &self.text[line_start..self.at];
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
        (ended && length > 0).then(|| &self.text[self.at..self.at + length])
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
                    delimiter.push_str(&self.text[from + 1..self.at]);
                }
                quote @ (b'\'' | b'"') => {
                    expand = false;
                    let rest = &self.text[from + 1..];
                    let length = rest.find(char::from(quote)).ok_or(Reason::Unterminated)?;
                    delimiter.push_str(&rest[..length]);
                    self.at += length + 2;
                }
                _ => {
                    self.skip_char();
                    delimiter.push_str(&self.text[from..self.at]);
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
        self.at += self.text[self.at..].chars().next().map_or(0, char::len_utf8);
    }

    /// Skips to behind the end of the construct `frame`, whose opener was just read.
    pub fn skip(&mut self, frame: Frame) -> Result<(), Reason> {
        let mut inside = Inside { stack: vec![frame], start: true, word: 0..0 };
        // `for` and `case` are followed by a word, everything else by a command.
        inside.start = !matches!(frame, Frame::Case(_) | Frame::Array);
        self.run(&mut inside)
    }

    /// The same for a `for` or `select`, whose name comes next.
    pub fn skip_for(&mut self) -> Result<(), Reason> {
        self.run(&mut Inside { stack: vec![Frame::Loop], start: false, word: 0..0 })
    }

    fn run(&mut self, inside: &mut Inside) -> Result<(), Reason> {
        while let Some(&frame) = inside.stack.last() {
            if self.is_done() {
                return Err(Reason::Unterminated);
            }
            match frame {
                Frame::Quote => self.step_quote(inside)?,
                Frame::Brace(_) | Frame::Arithmetic => self.step_expression(inside, frame)?,
                _ => self.step_list(inside, frame)?,
            }
        }
        // An escape at the very end of the text may have stepped over it.
        if self.at > self.text.len() {
            return Err(Reason::Unterminated);
        }
        Ok(())
    }

    fn step_quote(&mut self, inside: &mut Inside) -> Result<(), Reason> {
        match self.peek(0) {
            b'"' => {
                self.at += 1;
                inside.pop();
            }
            b'\\' => self.at += 2,
            b'`' => self.skip_backquoted()?,
            b'$' => self.dollar(inside, true)?,
            _ => self.at += 1,
        }
        Ok(())
    }

    fn step_expression(&mut self, inside: &mut Inside, frame: Frame) -> Result<(), Reason> {
        let quoted = frame == Frame::Brace(true);
        match (self.peek(0), frame) {
            (b'}', Frame::Brace(_)) | (b')', Frame::Arithmetic) => {
                self.at += 1;
                inside.pop();
            }
            (b'(', Frame::Arithmetic) => {
                self.at += 1;
                inside.stack.push(Frame::Arithmetic);
            }
            (b'\\', _) => self.at += 2,
            (b'\'', _) if !quoted => self.skip_single(false)?,
            (b'"', _) => {
                self.at += 1;
                inside.stack.push(Frame::Quote);
            }
            (b'`', _) => self.skip_backquoted()?,
            (b'$', _) => self.dollar(inside, quoted)?,
            _ => self.at += 1,
        }
        Ok(())
    }

    /// A `$` is next: enters `$(`, `$((` and `${`.
    fn dollar(&mut self, inside: &mut Inside, quoted: bool) -> Result<(), Reason> {
        match (self.peek(1), self.peek(2)) {
            (b'(', b'(') => {
                self.at += 3;
                inside.stack.extend([Frame::Arithmetic, Frame::Arithmetic]);
            }
            (b'(', _) => {
                self.at += 2;
                inside.stack.push(Frame::Paren);
                inside.start = true;
            }
            (b'{', _) => {
                self.at += 2;
                inside.stack.push(Frame::Brace(quoted));
            }
            (b'\'', _) if !quoted => {
                self.at += 1;
                self.skip_single(true)?;
            }
            _ => self.at += 1,
        }
        Ok(())
    }

    fn step_list(&mut self, inside: &mut Inside, frame: Frame) -> Result<(), Reason> {
        match self.peek(0) {
            b' ' | b'\t' => self.at += 1,
            b'\n' => {
                self.line_break();
                inside.start = frame != Frame::Array;
            }
            b'#' if self.at_token() => self.skip_line(),
            b';' => {
                self.at += 1;
                inside.start = true;
                if matches!(frame, Frame::Case(_)) && matches!(self.peek(0), b';' | b'&') {
                    self.at += 1;
                    self.at += usize::from(self.peek(0) == b'&');
                    inside.set(Frame::Case(Case::Pattern));
                }
            }
            b'&' if self.peek(1) == b'>' => self.at += 2,
            b'&' | b'|' => {
                self.at += 1;
                inside.start = true;
            }
            b'(' => self.open_paren(inside, frame),
            b')' => {
                self.at += 1;
                match frame {
                    Frame::Paren | Frame::Array => inside.pop(),
                    Frame::Case(Case::Pattern) => {
                        inside.set(Frame::Case(Case::Body));
                        inside.start = true;
                    }
                    Frame::Test => {}
                    _ => return Err(Reason::Unexpected),
                }
            }
            b'<' | b'>' => self.angle(inside)?,
            _ => self.step_word(inside, frame)?,
        }
        Ok(())
    }

    fn open_paren(&mut self, inside: &mut Inside, frame: Frame) {
        self.at += 1;
        match frame {
            Frame::Test | Frame::Case(Case::Pattern) => {}
            Frame::Array => inside.stack.push(Frame::Array),
            _ if inside.start && self.peek(0) == b'(' => inside.stack.push(Frame::Arithmetic),
            _ if inside.start => inside.stack.push(Frame::Paren),
            _ => {
                let rest = &self.text.as_bytes()[self.at..];
                let blanks = rest.iter().take_while(|&&b| b == b' ' || b == b'\t').count();
                if rest.get(blanks) == Some(&b')') {
                    self.at += blanks + 1;
                    self.functions.push(&self.text[inside.word.clone()]);
                    inside.start = true;
                } else {
                    inside.stack.push(Frame::Array);
                }
            }
        }
    }

    fn angle(&mut self, inside: &mut Inside) -> Result<(), Reason> {
        if self.peek(1) == b'(' {
            self.at += 2;
            inside.stack.push(Frame::Paren);
            inside.start = true;
        } else if self.looking_at("<<<") {
            self.at += 3;
        } else if self.looking_at("<<") && inside.stack.last() != Some(&Frame::Test) {
            self.at += 2;
            self.heredoc(None)?;
        } else {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(0), b'>' | b'&' | b'|'));
        }
        Ok(())
    }

    /// A word begins: recognises the reserved words where a command may start.
    fn step_word(&mut self, inside: &mut Inside, frame: Frame) -> Result<(), Reason> {
        let plain = self.plain_word();
        if let Some(word) = plain {
            match (frame, word) {
                (Frame::Test, "]]")
                | (Frame::Case(Case::Pattern), "esac")
                | (Frame::Case(Case::In), "in") => {
                    self.at += word.len();
                    match frame {
                        Frame::Case(Case::In) => inside.set(Frame::Case(Case::Pattern)),
                        _ => inside.pop(),
                    }
                    return Ok(());
                }
                (Frame::Test | Frame::Array | Frame::Case(Case::Pattern | Case::Subject), _) => {}
                _ if inside.start && self.reserved(inside, frame, word)? => {
                    return Ok(());
                }
                _ => {}
            }
        }
        if frame == Frame::Case(Case::Subject) {
            inside.set(Frame::Case(Case::In));
        }
        inside.start = false;
        inside.word = self.at..self.at + plain.map_or(0, str::len);
        self.skip_word_bytes(inside)
    }

    /// Up to the end of the word, or to the first construct in it, which is entered.
    fn skip_word_bytes(&mut self, inside: &mut Inside) -> Result<(), Reason> {
        let depth = inside.stack.len();
        while !self.is_done() && !is_meta(self.peek(0)) && inside.stack.len() == depth {
            match self.peek(0) {
                b'\\' => self.at += 2,
                b'\'' => self.skip_single(false)?,
                b'`' => self.skip_backquoted()?,
                b'$' => self.dollar(inside, false)?,
                b'"' => {
                    self.at += 1;
                    inside.stack.push(Frame::Quote);
                }
                _ => self.at += 1,
            }
        }
        Ok(())
    }

    /// Acts on `word` if it is reserved; `false` if it is a word like any other.
    fn reserved(&mut self, inside: &mut Inside, frame: Frame, word: &str) -> Result<bool, Reason> {
        let (push, start) = match word {
            "if" => (Some(Frame::If), true),
            "while" | "until" => (Some(Frame::Loop), true),
            "for" | "select" => (Some(Frame::Loop), false),
            "case" => (Some(Frame::Case(Case::Subject)), false),
            "{" => (Some(Frame::Group), true),
            "[[" => (Some(Frame::Test), false),
            "then" | "elif" | "else" | "do" | "!" | "time" | "coproc" => (None, true),
            "fi" | "done" | "esac" | "}" => {
                let matches = match word {
                    "fi" => frame == Frame::If,
                    "done" => frame == Frame::Loop,
                    "esac" => matches!(frame, Frame::Case(_)),
                    _ => frame == Frame::Group,
                };
                if !matches {
                    return Err(Reason::Unexpected);
                }
                self.at += word.len();
                inside.pop();
                return Ok(true);
            }
            "function" => {
                self.at += word.len();
                self.function_head();
                inside.start = true;
                return Ok(true);
            }
            _ => return Ok(false),
        };
        self.at += word.len();
        inside.stack.extend(push);
        inside.start = start;
        Ok(true)
    }

    /// Reads `name` and an optional `()` behind `function`.
    pub fn function_head(&mut self) {
        self.skip_blanks();
        if let Some(name) = self.plain_word() {
            self.functions.push(name);
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

/// The scanner's state inside a construct.
struct Inside {
    stack: Vec<Frame>,
    /// Whether a command may start here.
    start: bool,
    /// The last plain word: a function's name if `()` follows.
    word: Range<usize>,
}

impl Inside {
    fn pop(&mut self) {
        self.stack.pop();
        self.start = false;
    }

    fn set(&mut self, frame: Frame) {
        if let Some(top) = self.stack.last_mut() {
            *top = frame;
        }
    }
}
