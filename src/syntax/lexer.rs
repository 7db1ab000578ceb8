//! The lexer behind expansion and here-document detection.
//!
//! Follows `shellWord` of BuildKit's `frontend/dockerfile/shell/lex.go`. Patterns are not
//! matched here but in `pattern`.

use super::pattern;
use std::borrow::Cow;
use std::ops::Range;

/// How deep `${a:-${b:-...}}` may nest.
const DEPTH: u32 = 64;

/// By how many bytes a text may become longer than its source. Without a limit, a few
/// variables that double each other fill the memory.
const GROWTH: usize = 32 << 10;

/// How many bytes of values may be matched against patterns, beyond 16 for each of the source.
const MATCHING: usize = 1 << 20;

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
                self.raw(&text[at..at + c.len_utf8()], from.clone());
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
            growth: source.len() + GROWTH,
            matching: source.len() * 16 + MATCHING,
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
        self.source[self.at..].chars().next()
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
                                words.raw(&out[length..], start..self.at);
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
                    words.raw(&out[length..], range)
                } else {
                    words.split(&out[length..], range)
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
        out.push_str(&self.source[start..self.at]);
        words
    }

    fn single_quoted(&mut self, out: &mut String) -> Result<()> {
        let start = self.at;
        let inside = &self.source[start + 1..];
        let Some(length) = inside.find('\'') else {
            self.at = self.source.len();
            return Err(
                "unexpected end of statement while looking for matching single-quote".to_owned()
            );
        };
        self.at = start + length + 2;
        out.push_str(if self.keeps_quotes() {
            &self.source[start..self.at]
        } else {
            &inside[..length]
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

    /// A `$` and what belongs to it.
    fn dollar(&mut self, out: &mut String) -> Result<()> {
        let start = self.at;
        self.at += 1;
        if self.peek() != Some('{') {
            let name = self.name();
            if name.is_empty() {
                out.push('$');
                return Ok(());
            }
            return match self.value(name)? {
                Some(value) => {
                    out.push_str(&value);
                    Ok(())
                }
                None => {
                    if self.keeps_unset() {
                        out.push_str(&self.source[start..self.at]);
                    }
                    Ok(())
                }
            };
        }
        self.at += 1;
        match self.peek() {
            None => return Err(missing('}')),
            Some('{' | '}' | ':') => return Err("syntax error: bad substitution".to_owned()),
            Some(_) => {}
        }
        let name = self.name();
        let modifier_at = self.at;
        let mut modifier = self.next();
        if modifier == Some('}') {
            let value = self.value(name)?;
            if value.is_none() && self.keeps_unset() {
                out.push_str(&self.source[start..self.at]);
            }
            out.push_str(&value.unwrap_or_default());
            return Ok(());
        }
        if modifier == Some('/') {
            return self.replacement(name, out);
        }
        let colon = modifier == Some(':');
        if colon {
            modifier = self.next();
        }
        let written = &self.source[modifier_at..self.at];
        let unsupported = || {
            let end = if modifier.is_none() { "\u{fffd}" } else { "" };
            format!("unsupported modifier ({written}{end}) in substitution")
        };
        let strips = matches!(modifier, Some('#' | '%'));
        if (!colon && !matches!(modifier, Some('+' | '-' | '?' | '#' | '%'))) || (colon && strips) {
            return Err(unsupported());
        }
        let word = self.nested('}', strips).map_err(|e| self.cut_short(e, missing('}')))?;
        let value = self.value(name)?;
        if value.is_none() && self.keeps_unset() {
            out.push_str("${");
            out.push_str(name);
            out.push_str(written);
            out.push_str(&word);
            out.push('}');
            return Ok(());
        }
        let is_set = value.as_ref().is_some_and(|v| !(colon && v.is_empty()));
        match modifier {
            Some('-') => out.push_str(value.as_deref().filter(|_| is_set).unwrap_or(&word)),
            Some('+') if is_set => out.push_str(&word),
            Some('+') => {}
            Some('?') => match value {
                Some(value) if is_set => out.push_str(&value),
                _ if !word.is_empty() => return Err(format!("{name}: {word}")),
                None => return Err(format!("{name}: is not allowed to be unset")),
                Some(_) => return Err(format!("{name}: is not allowed to be empty")),
            },
            Some(end @ ('#' | '%')) => {
                let value = value.unwrap_or_default();
                self.matched(value.len() + word.len())?;
                let (pattern, greedy) = match word.strip_prefix(end) {
                    Some(pattern) => (pattern, true),
                    None => (word.as_str(), false),
                };
                let trimmed = pattern::trim(pattern, &value, greedy, end == '%');
                out.push_str(&trimmed.map_err(|e| invalid(pattern, &e))?);
            }
            _ => return Err(unsupported()),
        }
        Ok(())
    }

    /// The rest of `${name/pattern/replacement}` behind the first slash.
    fn replacement(&mut self, name: &'w str, out: &mut String) -> Result<()> {
        let all = self.peek() == Some('/');
        self.at += usize::from(all);
        let message = "syntax error: missing '/' in ${}".to_owned();
        let pattern = self.nested('/', true).map_err(|e| self.cut_short(e, message))?;
        let new = self.nested('}', true).map_err(|e| self.cut_short(e, missing('}')))?;
        let Some(value) = self.value(name)? else {
            if self.keeps_unset() {
                out.push_str(&format!("${{{name}/{pattern}/{new}}}"));
                return Ok(());
            }
            return pattern::check(&pattern).map_err(|e| invalid(&pattern, &e));
        };
        self.matched(value.len() + pattern.len())?;
        let replaced = pattern::replace(&pattern, &value, &new, all, self.growth)
            .map_err(|e| invalid(&pattern, &e))?;
        self.grow(replaced.len())?;
        out.push_str(&replaced);
        Ok(())
    }

    /// Text inside `${...}` up to `stop`.
    fn nested(&mut self, stop: char, raw_escapes: bool) -> Result<String> {
        if self.depth == DEPTH {
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

    /// A variable's name; digits alone, or one of the special parameters.
    fn name(&mut self) -> &'w str {
        let rest = &self.source[self.at..];
        let length = match rest.chars().next() {
            Some(c) if is_digit(c) => rest.find(|c| !is_digit(c)).unwrap_or(rest.len()),
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => 1,
            _ => {
                let ends = |c: char| c != '_' && !c.is_alphabetic() && !is_digit(c);
                rest.find(ends).unwrap_or(rest.len())
            }
        };
        self.at += length;
        &rest[..length]
    }

    fn value(&mut self, name: &'w str) -> Result<Option<Cow<'v, str>>> {
        let value = (self.lookup)(name);
        if value.is_some() {
            self.used.push(name)
        } else {
            self.unset.push(name)
        }
        self.grow(value.as_ref().map_or(0, |v| v.len()))?;
        Ok(value)
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || (!c.is_ascii() && c.is_numeric())
}

fn missing(what: char) -> String {
    format!("syntax error: missing '{what}'")
}

fn invalid(pattern: &str, error: &str) -> String {
    format!("invalid pattern ({pattern}) in substitution: {error}")
}
