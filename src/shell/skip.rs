//! The structural scanner: finds where a substituted or compound construct ends, and
//! collects the here-documents and functions it meets on the way.
//!
//! It keeps its own stack, so depth costs memory and never the call stack. It does not say
//! what the construct means.

use super::Reason;
use super::scan::{Cursor, is_meta};
use crate::text::Cut;
use std::ops::Range;

/// What the scanner is inside of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// Commands up to `)`: a substitution.
    Paren,
    /// Commands up to `)`: a compound command.
    Subshell,
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

/// The scanner's state inside a construct.
struct Inside {
    stack: Vec<Frame>,
    /// Whether a command may start here.
    start: bool,
    /// The last plain word: a function's name if `()` follows.
    word: Range<usize>,
}

impl Inside {
    /// Leaves a construct. Behind a compound command another reserved word may follow
    /// (`fi fi`), behind an expansion its word goes on.
    fn pop(&mut self) {
        let left = self.stack.pop();
        self.start = !matches!(
            left,
            None | Some(
                Frame::Paren | Frame::Array | Frame::Arithmetic | Frame::Quote | Frame::Brace(_)
            )
        );
    }

    fn set(&mut self, frame: Frame) {
        if let Some(top) = self.stack.last_mut() {
            *top = frame;
        }
    }
}

impl Cursor<'_> {
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
                    Frame::Paren | Frame::Subshell | Frame::Array => inside.pop(),
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
            _ if inside.start && self.peek(0) == b'(' => {
                self.at += 1;
                inside.stack.extend([Frame::Subshell, Frame::Arithmetic]);
            }
            _ if inside.start => inside.stack.push(Frame::Subshell),
            _ => {
                let rest = &self.text.as_bytes()[self.at..];
                let blanks = rest.iter().take_while(|&&b| b == b' ' || b == b'\t').count();
                if rest.get(blanks) == Some(&b')') {
                    self.at += blanks + 1;
                    self.functions.insert(self.text.cut(inside.word.clone()));
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
}
