//! Wildcards: Go's `filepath.Match` for COPY sources, and the dialect of `.dockerignore`,
//! `--exclude` and `--parents` that adds `**`.
//!
//! One matcher serves both. It carries the set of reachable positions from token to token, so it
//! takes time in pattern x text and never backtracks. What a match means is decided elsewhere.

use crate::bytes::Bytes;
use crate::text::Cut;

/// Stands in a pattern for text that is not known: the value of an unexpanded variable. No path
/// can contain it.
pub const UNKNOWN: char = '\0';

/// A compiled pattern over whole cleaned paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    tokens: Vec<Token>,
    shape: Shape,
    /// The bytes that every match has at least.
    shortest: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Literal(String),
    /// `?`: one character, not a separator.
    Single,
    /// `[...]`: ranges of characters; in Go it may match a separator.
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    /// `*`: any run within one component.
    Run,
    /// `**` before more: nothing, or any number of whole components.
    Directories,
    /// `**` at the end, and unknown text: anything.
    Anything,
    /// A backslash before a letter or digit, which the regular expression behind an ignore
    /// pattern reads as something that is in no path, or refuses: `bin\obj`.
    Nothing,
}

/// What can be decided without walking the tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    Tokens,
    /// `**name`: the text after `**`, which need not start at a component.
    EndsWith(String),
}

/// A text that every match of a pattern has at a certain place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark<'g> {
    /// It ends with this: `**/*.pyc`, `docs/build`.
    End(&'g str),
    /// It begins with this: `docs/**`.
    Start(&'g str),
    /// Its last component begins with this: `**/docker-compose*`.
    NameStart(&'g str),
    /// None of these: `*test*`.
    None,
}

/// Why a pattern is refused: an unclosed or empty class, or a backslash at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPattern;

impl Glob {
    /// Compiles a pattern as Go's `filepath.Match` reads it: `*`, `?`, `[a-z]`, `[^a]`, `\x`.
    pub fn path(pattern: &str) -> Result<Glob, BadPattern> {
        Ok(Glob::of(tokens(pattern, false)?, Shape::Tokens))
    }

    /// Compiles a cleaned pattern as moby/patternmatcher reads it: as [`Glob::path`], and `**`
    /// for any number of components.
    ///
    /// <https://github.com/moby/patternmatcher/blob/main/patternmatcher.go>
    pub fn ignore(pattern: &str) -> Result<Glob, BadPattern> {
        let tokens = tokens(pattern, true)?;
        let shape = match tokens.as_slice() {
            // `**name` with nothing special behind it is matched by its end alone, so that
            // `**file` also matches `myfile`, which `**file*` does not.
            [Token::Directories, Token::Literal(end)]
                if pattern.strip_prefix("**") == Some(end) =>
            {
                Shape::EndsWith(end.clone())
            }
            _ => Shape::Tokens,
        };
        Ok(Glob::of(tokens, shape))
    }

    fn of(tokens: Vec<Token>, shape: Shape) -> Glob {
        let shortest = tokens.iter().map(|token| match token {
            Token::Literal(text) => text.len(),
            Token::Single | Token::Class { .. } => 1,
            _ => 0,
        });
        Glob { shortest: shortest.sum(), tokens, shape }
    }

    /// Whether the pattern matches all of `text`.
    pub fn matches(&self, text: &str) -> bool {
        if let Shape::EndsWith(end) = &self.shape {
            return text.ends_with(end.as_str());
        }
        if text.len() < self.shortest {
            return false;
        }
        // Most paths fail here: at the literal before the first or behind the last wildcard.
        match self.tokens.as_slice() {
            [] => return text.is_empty(),
            [Token::Literal(only)] => return only == text,
            [Token::Literal(first), ..] if !text.starts_with(first.as_str()) => return false,
            [.., Token::Literal(last)] if !text.ends_with(last.as_str()) => return false,
            _ => {}
        }
        let mut reached = vec![0];
        let mut next = Vec::new();
        let mut tokens = self.tokens.as_slice();
        while let [token, rest @ ..] = tokens {
            tokens = rest;
            match (token, rest) {
                // One step, so that `*a*b*c` does not keep each position of a name in between.
                // Before another `*` the first one in a component reaches what the others do.
                (Token::Run | Token::Anything, [Token::Literal(literal), behind @ ..]) => {
                    tokens = behind;
                    let anything = *token == Token::Anything;
                    let first = !anything && matches!(behind, [Token::Run, ..]);
                    let lands = |at: usize| {
                        let is_there = text.as_bytes()[at..].starts_with(literal.as_bytes());
                        is_there.then_some((at + literal.len(), first))
                    };
                    next.clear();
                    let crosses = |before| anything || before != b'/';
                    sweep(text, &reached, &mut next, crosses, lands);
                }
                _ => token.step(text, &reached, &mut next),
            }
            std::mem::swap(&mut reached, &mut next);
            if reached.is_empty() {
                return false;
            }
        }
        reached.last() == Some(&text.len())
    }

    /// Whether the pattern may match a path below `directory`: in doubt, yes.
    pub fn may_match_below(&self, directory: &str) -> bool {
        if matches!(self.shape, Shape::EndsWith(_)) {
            return true;
        }
        let text = format!("{directory}/");
        let (mut reached, mut next) = (vec![0], Vec::new());
        for token in &self.tokens {
            // What is left of the pattern, or of a literal, may be the rest of the path.
            let within = |&at: &usize| match token {
                Token::Literal(literal) => literal.starts_with(text.cut(at..)),
                _ => at == text.len(),
            };
            if reached.iter().any(within) {
                return true;
            }
            token.step(&text, &reached, &mut next);
            std::mem::swap(&mut reached, &mut next);
        }
        matches!(self.tokens.last(), Some(Token::Anything)) && reached.contains(&text.len())
    }

    /// What tells most paths that it does not match from others without a walk over the tokens.
    pub(super) fn mark(&self) -> Mark<'_> {
        if let Shape::EndsWith(end) = &self.shape {
            return Mark::End(end);
        }
        let in_a_name = |token: &Token| match token {
            Token::Literal(text) => !text.has(b'/'),
            Token::Single | Token::Run => true,
            _ => false,
        };
        match self.tokens.as_slice() {
            [.., Token::Literal(last)] => Mark::End(last),
            [Token::Literal(first), ..] => Mark::Start(first),
            [Token::Directories, Token::Literal(first), rest @ ..]
                if !first.has(b'/') && rest.iter().all(in_a_name) =>
            {
                Mark::NameStart(first)
            }
            _ => Mark::None,
        }
    }

    /// The number of components of every path it can match, where that is fixed.
    pub fn depth(&self) -> Option<usize> {
        let mut depth = 1;
        for token in &self.tokens {
            match token {
                Token::Literal(text) => depth += text.matches('/').count(),
                Token::Single | Token::Run => {}
                Token::Class { .. } | Token::Directories | Token::Anything | Token::Nothing => {
                    return None;
                }
            }
        }
        Some(depth)
    }
}

impl Token {
    /// From the sorted positions of `from`, those reached behind this token, sorted.
    fn step(&self, text: &str, from: &[usize], into: &mut Vec<usize>) {
        into.clear();
        match self {
            Token::Literal(literal) => into.extend(
                from.iter()
                    .filter(|&&at| text.cut(at..).starts_with(literal.as_str()))
                    .map(|at| at + literal.len()),
            ),
            Token::Single => into.extend(from.iter().filter_map(|&at| {
                let next = text.cut(at..).chars().next().filter(|&next| next != '/')?;
                Some(at + next.len_utf8())
            })),
            Token::Class { negated, ranges } => into.extend(from.iter().filter_map(|&at| {
                let next = text.cut(at..).chars().next()?;
                let inside = ranges.iter().any(|&(low, high)| low <= next && next <= high);
                (inside != *negated).then(|| at + next.len_utf8())
            })),
            Token::Run | Token::Anything => {
                let crosses = |before| *self == Token::Anything || before != b'/';
                let lands = |at| text.is_char_boundary(at).then_some((at, false));
                sweep(text, from, into, crosses, lands);
            }
            Token::Nothing => {}
            Token::Directories => {
                let Some(&first) = from.first() else { return };
                let mut from = from.iter().copied().peekable();
                for at in first..=text.len() {
                    let stays = from.next_if_eq(&at).is_some();
                    if stays || (at > first && text.as_bytes()[at - 1] == b'/') {
                        into.push(at);
                    }
                }
            }
        }
    }
}

/// Spreads every position to the right for as long as `crosses` lets it over the next byte, and
/// keeps where it `lands`; with true, that ends it.
fn sweep(
    text: &str,
    from: &[usize],
    into: &mut Vec<usize>,
    crosses: impl Fn(u8) -> bool,
    lands: impl Fn(usize) -> Option<(usize, bool)>,
) {
    let mut from = from.iter().copied().peekable();
    while let Some(mut at) = from.next() {
        loop {
            let landed = lands(at);
            into.extend(landed.map(|(to, _)| to));
            if at == text.len()
                || landed.is_some_and(|(_, ends)| ends)
                || !crosses(text.as_bytes()[at])
            {
                break;
            }
            at += 1;
            from.next_if_eq(&at);
        }
    }
}

/// Whether a COPY source is a wildcard to BuildKit: it has `*`, `?` or `[` not behind a backslash.
pub fn has_wildcard(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(next) = bytes.next() {
        match next {
            b'*' | b'?' | b'[' => return true,
            // Of a longer character the first byte alone is passed over, and no other byte of it
            // is one of these.
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
    false
}

fn tokens(pattern: &str, double_star: bool) -> Result<Vec<Token>, BadPattern> {
    let mut tokens = Vec::new();
    let mut literal = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(next) = chars.next() {
        let token = match next {
            '*' if double_star && chars.next_if_eq(&'*').is_some() => {
                chars.next_if_eq(&'/');
                if chars.peek().is_none() { Token::Anything } else { Token::Directories }
            }
            '*' => Token::Run,
            '?' => Token::Single,
            '[' => class(&mut chars)?,
            // A whole unknown component may be empty and take its slash along.
            UNKNOWN if starts_component(&tokens, &literal) && chars.next_if_eq(&'/').is_some() => {
                Token::Directories
            }
            UNKNOWN => Token::Anything,
            '\\' => match chars.next().ok_or(BadPattern)? {
                quoted if double_star && quoted.is_ascii_alphanumeric() => Token::Nothing,
                quoted => {
                    literal.push(quoted);
                    continue;
                }
            },
            _ => {
                literal.push(next);
                continue;
            }
        };
        if !literal.is_empty() {
            tokens.push(Token::Literal(std::mem::take(&mut literal)));
        }
        push(&mut tokens, token);
    }
    if !literal.is_empty() {
        tokens.push(Token::Literal(literal));
    }
    Ok(tokens)
}

/// Adds a token. Two of what may be nothing are one, and `**/*` is anything: thousands of them
/// would each be walked for every path.
fn push(tokens: &mut Vec<Token>, mut token: Token) {
    use Token::{Anything, Directories, Run};
    while let (Some(last @ (Run | Directories | Anything)), Run | Directories | Anything) =
        (tokens.last(), &token)
    {
        match (last, &token) {
            (Run, Directories) => break,
            (last, token) if last == token => {}
            _ => token = Anything,
        }
        tokens.pop();
    }
    tokens.push(token);
}

/// Whether what follows `tokens` and then `literal` is the first of its component.
fn starts_component(tokens: &[Token], literal: &str) -> bool {
    if literal.is_empty() {
        tokens.is_empty() || tokens.last() == Some(&Token::Directories)
    } else {
        literal.ends_with('/')
    }
}

/// Reads a class behind its `[`; at least one range, `\` quotes, a bare `-` is refused.
fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Token, BadPattern> {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && chars.next_if_eq(&']').is_some() {
            return Ok(Token::Class { negated, ranges });
        }
        let low = class_char(chars)?;
        let high = if chars.next_if_eq(&'-').is_some() { class_char(chars)? } else { low };
        ranges.push((low, high));
    }
}

fn class_char(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<char, BadPattern> {
    match chars.next() {
        Some('\\') => chars.next().ok_or(BadPattern),
        None | Some('-' | ']') => Err(BadPattern),
        Some(other) => Ok(other),
    }
}

#[cfg(test)]
mod tests;
