//! What a `$` begins: variables and their modifiers.
//!
//! Follows `processDollar` and `processName` of BuildKit's `frontend/dockerfile/shell/lex.go`.
//! Patterns are matched in `pattern`.

use super::{Lexer, Result};
use crate::syntax::pattern;
use crate::text::Cut;
use std::borrow::Cow;

impl<'w, 'v> Lexer<'w, '_, 'v> {
    /// A `$` and what belongs to it.
    pub(super) fn dollar(&mut self, out: &mut String) -> Result<()> {
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
                        out.push_str(self.source.cut(start..self.at));
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
                out.push_str(self.source.cut(start..self.at));
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
        let written = self.source.cut(modifier_at..self.at);
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

    /// A variable's name; digits alone, or one of the special parameters.
    fn name(&mut self) -> &'w str {
        let rest = self.source.cut(self.at..);
        let length = match rest.chars().next() {
            Some(c) if is_digit(c) => rest.find(|c| !is_digit(c)).unwrap_or(rest.len()),
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => 1,
            _ => {
                let ends = |c: char| c != '_' && !c.is_alphabetic() && !is_digit(c);
                rest.find(ends).unwrap_or(rest.len())
            }
        };
        self.at += length;
        rest.cut(..length)
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
