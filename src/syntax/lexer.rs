//! The lexer behind expansion and here-document detection.
//!
//! Follows `shellWord` of BuildKit's `frontend/dockerfile/shell/lex.go`: quotes, escapes and
//! words here, what a `$` begins in `substitution`.

mod substitution;

use crate::limits;
use crate::text::Cut;
use std::borrow::Cow;
use std::ops::Range;

/// What happens to quotes, escapes and unset variables.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Quotes and escapes are dropped, unset variables are empty.
    Word,
    /// Quotes and escapes are dropped, unset variables stay as they are.
    Unquote,
    /// All three stay as they are.
    Raw,
    /// Only escapes are dropped, quotes mean nothing, unset variables are empty.
    Heredoc,
    /// Quotes stay, escapes are dropped, unset variables stay.
    Quoted,
}

/// A word of the result.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LexedWord {
    pub text: String,
    /// Where it stands in the source.
    pub range: Range<usize>,
}

/// What variables hold. No type parameter, so that the lexer is compiled once.
pub(super) type Lookup<'l, 'v> = dyn FnMut(&str) -> Option<Cow<'v, str>> + 'l;

pub(super) struct Lexer<'w, 'l, 'v> {
    source: &'w str,
    at: usize,
    escape: char,
    mode: Mode,
    raw_escapes: bool,
    depth: u32,
    /// Bytes of result and of matching that are left.
    growth: usize,
    matching: usize,
    words: Option<Words>,
    lookup: &'l mut Lookup<'l, 'v>,
    pub used: Vec<&'w str>,
    pub unset: Vec<&'w str>,
}

/// The words as they come out.
#[derive(Default)]
struct Words {
    done: Vec<LexedWord>,
    current: String,
    range: Range<usize>,
    in_word: bool,
}

impl Words {
    /// Adds text that does not end the word, whatever it holds.
    fn raw(&mut self, text: &str, from: Range<usize>) {
        if !self.in_word {
            self.range.start = from.start;
        }
        self.range.end = from.end;
        self.current.push_str(text);
        self.in_word = true;
    }

    /// Adds text that is split at white space.
    fn split(&mut self, text: &str, from: Range<usize>) {
        for (at, c) in text.char_indices() {
            if !c.is_whitespace() {
                self.raw(text.cut(at..at + c.len_utf8()), from.clone());
            } else if self.in_word && !self.current.is_empty() {
                self.finish();
            }
        }
    }

    fn finish(&mut self) {
        if !self.current.is_empty() {
            let text = std::mem::take(&mut self.current);
            self.done.push(LexedWord { text, range: self.range.clone() });
            self.in_word = false;
        }
    }
}

type Result<T> = std::result::Result<T, String>;

impl<'w, 'l, 'v> Lexer<'w, 'l, 'v> {
    pub fn new(source: &'w str, escape: char, mode: Mode, lookup: &'l mut Lookup<'l, 'v>) -> Self {
        Lexer {
            source,
            // Go's text scanner drops a byte order mark.
            at: if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 },
            escape,
            mode,
            raw_escapes: mode == Mode::Raw,
            depth: 0,
            growth: source.len() + limits::EXPANSION_GROWTH,
            matching: source.len() * 16 + limits::EXPANSION_MATCHING,
            words: None,
            lookup,
            used: Vec::new(),
            unset: Vec::new(),
        }
    }

    /// Splits the result into words, too.
    pub fn with_words(mut self) -> Self {
        self.words = Some(Words::default());
        self
    }

    /// The result and its words, or why the source is refused.
    pub fn run(&mut self) -> Result<(String, Vec<LexedWord>)> {
        let text = self.until(None)?;
        let words = self.words.take().map(|mut words| {
            words.finish();
            words.done
        });
        Ok((text, words.unwrap_or_default()))
    }

    fn keeps_unset(&self) -> bool {
        matches!(self.mode, Mode::Unquote | Mode::Raw | Mode::Quoted)
    }

    fn keeps_quotes(&self) -> bool {
        matches!(self.mode, Mode::Raw | Mode::Quoted)
    }

    fn peek(&self) -> Option<char> {
        self.source.cut(self.at..).chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Takes the memory that `length` more bytes need.
    fn grow(&mut self, length: usize) -> Result<()> {
        self.growth = self.growth.checked_sub(length).ok_or("the expanded text is too long")?;
        Ok(())
    }

    /// Text up to `stop`, which is dropped, or to the end. Words are made of the outermost.
    fn until(&mut self, stop: Option<char>) -> Result<String> {
        let mut out = String::new();
        let mut words = if stop.is_none() { self.words.take() } else { None };
        while let Some(c) = self.peek() {
            if stop == Some(c) {
                self.at += c.len_utf8();
                return Ok(out);
            }
            let (start, length) = (self.at, out.len());
            let mut raw = true;
            match c {
                '$' => {
                    raw = false;
                    self.dollar(&mut out)?;
                }
                '\'' if self.mode != Mode::Heredoc => self.single_quoted(&mut out)?,
                '"' if self.mode != Mode::Heredoc => self.double_quoted(&mut out)?,
                '<' => {
                    raw = self.angle(&mut out, words.is_some());
                }
                _ => {
                    self.at += c.len_utf8();
                    raw = c == self.escape;
                    if raw {
                        if self.raw_escapes {
                            out.push(c);
                        }
                        let Some(escaped) = self.next() else {
                            if let (Some(words), true) = (&mut words, self.raw_escapes) {
                                words.raw(out.cut(length..), start..self.at);
                            }
                            break;
                        };
                        out.push(escaped);
                    } else {
                        out.push(c);
                    }
                }
            }
            if let Some(words) = &mut words {
                let range = start..self.at;
                if raw {
                    words.raw(out.cut(length..), range)
                } else {
                    words.split(out.cut(length..), range)
                }
            }
        }
        match stop {
            None => {
                self.words = words;
                Ok(out)
            }
            Some(c) => Err(format!("unexpected end of statement while looking for matching {c}")),
        }
    }

    /// `<`, or `<<` with the white space behind it, which belongs to a here-document's word.
    fn angle(&mut self, out: &mut String, words: bool) -> bool {
        let start = self.at;
        self.at += 1;
        if words && self.peek() == Some('<') {
            self.at += 1;
            while matches!(self.peek(), Some(' ' | '\t' | '\r')) {
                self.at += 1;
            }
        }
        out.push_str(self.source.cut(start..self.at));
        words
    }

    fn single_quoted(&mut self, out: &mut String) -> Result<()> {
        let start = self.at;
        let inside = self.source.cut(start + 1..);
        let Some(length) = inside.find('\'') else {
            self.at = self.source.len();
            return Err(
                "unexpected end of statement while looking for matching single-quote".to_owned()
            );
        };
        self.at = start + length + 2;
        out.push_str(if self.keeps_quotes() {
            self.source.cut(start..self.at)
        } else {
            inside.cut(..length)
        });
        Ok(())
    }

    fn double_quoted(&mut self, out: &mut String) -> Result<()> {
        self.at += 1;
        if self.keeps_quotes() {
            out.push('"');
        }
        while let Some(c) = self.peek() {
            if c == '$' {
                self.dollar(out)?;
                continue;
            }
            self.at += c.len_utf8();
            if c == '"' {
                if self.keeps_quotes() {
                    out.push('"');
                }
                return Ok(());
            }
            if c != self.escape {
                out.push(c);
                continue;
            }
            if self.raw_escapes {
                out.push(c);
            }
            match self.peek() {
                None => {}
                Some(escaped) if escaped == '"' || escaped == '$' || escaped == self.escape => {
                    self.at += escaped.len_utf8();
                    out.push(escaped);
                }
                Some(_) => out.push(c),
            }
        }
        Err("unexpected end of statement while looking for matching double-quote".to_owned())
    }

    /// Text inside `${...}` up to `stop`.
    fn nested(&mut self, stop: char, raw_escapes: bool) -> Result<String> {
        if self.depth == limits::EXPANSION_DEPTH {
            return Err("substitutions are nested too deep".to_owned());
        }
        self.depth += 1;
        let before = std::mem::replace(&mut self.raw_escapes, raw_escapes);
        let text = self.until(Some(stop));
        self.raw_escapes = before;
        self.depth -= 1;
        text
    }

    /// `error`, or `message` where the source ended too early.
    fn cut_short(&self, error: String, message: String) -> String {
        if self.peek().is_none() { message } else { error }
    }

    fn matched(&mut self, length: usize) -> Result<()> {
        let left = self.matching.checked_sub(length);
        self.matching = left.ok_or("the substitutions take too long")?;
        Ok(())
    }
}
