//! A word of a command: its text as written, and what it consists of.
//!
//! Nothing is guessed: where an expansion needs something that is not known, or would give
//! another number of words, the answer is `None`.

use crate::text::{Cut, Span};
use std::borrow::Cow;
use std::ops::Range;

/// One word, quotes and expansions still in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word<'a> {
    /// As written in the joined text.
    pub raw: Cow<'a, str>,
    /// Where it stands in the original.
    pub span: Span,
    /// Where it stands in the joined text, in bytes.
    pub range: Range<usize>,
    /// What it consists of; empty if `raw` is all there is to it.
    pub parts: Vec<Part<'a>>,
}

/// A part of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Text outside quotes.
    Literal(Cow<'a, str>),
    /// Text that was quoted or escaped, without the quotes.
    Quoted(Cow<'a, str>),
    /// `$name` or `${name}`, with or without an operation. Special parameters (`@`, `1`,
    /// `?`) are named by their character.
    Variable {
        /// The name without `$` and braces.
        name: Cow<'a, str>,
        /// From the operator to the closing brace (`:-default`), if there is one.
        operation: Option<Cow<'a, str>>,
        /// Whether it stands in double quotes, so that its value stays one word.
        quoted: bool,
    },
    /// The output of commands: `$(...)` or backquotes.
    Commands {
        /// The commands, without what encloses them.
        text: Cow<'a, str>,
        /// Whether it stands in double quotes.
        quoted: bool,
    },
    /// A file-name pattern outside quotes: `*`, `?` or `[...]`, and nothing around it.
    Glob(Cow<'a, str>),
    /// `{a,b}` or `{1..3}` outside quotes, which bash expands and POSIX shells do not.
    Braces(Cow<'a, str>),
    /// `~` or `~name` at the start.
    Tilde(Cow<'a, str>),
    /// What no part above stands for, as written: `$((...))`, `<(...)`, `$'...'`, `${!x}`.
    Other(Cow<'a, str>),
}

/// What is known of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'v> {
    /// Nothing: it may be set or not.
    Unknown,
    /// It is not set.
    Unset,
    /// It is set to this.
    Set(&'v str),
}

impl<'a> Word<'a> {
    /// A word that stands for itself, whatever characters it has (the exec form).
    pub fn verbatim(text: impl Into<Cow<'a, str>>, span: Span) -> Word<'a> {
        Word { raw: text.into(), span, range: 0..0, parts: Vec::new() }
    }

    /// The text without quotes, if nothing in the word is expanded.
    pub fn literal(&self) -> Option<Cow<'_, str>> {
        match self.parts.as_slice() {
            [] => Some(Cow::Borrowed(&self.raw)),
            [Part::Literal(text) | Part::Quoted(text)] => Some(Cow::Borrowed(text)),
            parts => {
                let mut out = String::with_capacity(self.raw.len());
                for part in parts {
                    match part {
                        Part::Literal(text) | Part::Quoted(text) => out.push_str(text),
                        _ => return None,
                    }
                }
                Some(Cow::Owned(out))
            }
        }
    }

    /// Whether the word is `text`, quoted or not.
    pub fn is(&self, text: &str) -> bool {
        self.literal().is_some_and(|literal| literal == text)
    }

    /// The text up to the first part that is expanded, without quotes.
    pub fn literal_prefix(&self) -> Cow<'_, str> {
        if let Some(text) = self.literal() {
            return text;
        }
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(text) | Part::Quoted(text) => out.push_str(text),
                _ => break,
            }
        }
        Cow::Owned(out)
    }

    /// The one word the shell makes of it. `None` if something in it is not known, or if it
    /// may become several words, or none: an unquoted variable that is empty or holds
    /// blanks, a file-name pattern, braces.
    pub fn expand<'v>(&self, lookup: impl Fn(&str) -> Value<'v>) -> Option<String> {
        if let Some(literal) = self.literal() {
            return Some(literal.into_owned());
        }
        match self.fields(lookup)?.as_mut_slice() {
            [one] => Some(std::mem::take(one)),
            _ => None,
        }
    }

    /// The words the shell makes of it, unquoted variables split at blanks. `None` if
    /// something in it is not known.
    pub fn fields<'v>(&self, lookup: impl Fn(&str) -> Value<'v>) -> Option<Vec<String>> {
        if self.parts.is_empty() {
            return Some(vec![self.raw.to_string()]);
        }
        let mut fields = Vec::new();
        // `None` while the current field has nothing in it, not even empty quotes.
        let mut field: Option<String> = None;
        for part in &self.parts {
            match part {
                Part::Literal(text) | Part::Quoted(text) => {
                    field.get_or_insert_default().push_str(text);
                }
                Part::Variable { name, operation, quoted } => {
                    let value = evaluate(name, operation.as_deref(), &lookup)?;
                    if *quoted {
                        field.get_or_insert_default().push_str(&value);
                        continue;
                    }
                    if value.contains(['*', '?', '[', '\\']) {
                        return None;
                    }
                    if value.starts_with(BLANKS) {
                        fields.extend(field.take());
                    }
                    let mut pieces = value.split(BLANKS).filter(|piece| !piece.is_empty());
                    if let Some(first) = pieces.next() {
                        field.get_or_insert_default().push_str(first);
                        for piece in pieces {
                            fields.extend(field.replace(piece.to_string()));
                        }
                        if value.ends_with(BLANKS) {
                            fields.extend(field.take());
                        }
                    }
                }
                _ => return None,
            }
        }
        fields.extend(field);
        Some(fields)
    }

    /// The names of the variables the word reads, those inside command substitutions and
    /// defaults included; a name may come twice. More than are read at times (a quoted `$x`
    /// inside a substitution), never fewer, but for `${!x}` and what a called program reads.
    pub fn variables(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for part in &self.parts {
            match part {
                Part::Variable { name, operation, .. } => {
                    if name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic()) {
                        names.push(name.as_ref());
                    }
                    if let Some(operation) = operation {
                        names_in(operation, &mut names);
                    }
                }
                Part::Commands { text, .. } => names_in(text, &mut names),
                Part::Other(raw) | Part::Braces(raw) => names_in(raw, &mut names),
                _ => {}
            }
        }
        names
    }

    /// The commands in it, each as text: `$(...)` and backquotes outside other parts.
    pub fn substitutions(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Commands { text, .. } => Some(text.as_ref()),
            _ => None,
        })
    }

    /// Whether running commands decides what the word is.
    pub fn runs_commands(&self) -> bool {
        self.parts.iter().any(Part::runs_commands)
    }

    /// Whether anything in it is expanded.
    pub fn is_literal(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Literal(_) | Part::Quoted(_)))
    }

    /// The same word without borrowing.
    pub fn into_owned(self) -> Word<'static> {
        Word {
            raw: Cow::Owned(self.raw.into_owned()),
            span: self.span,
            range: self.range,
            parts: self.parts.into_iter().map(Part::into_owned).collect(),
        }
    }
}

const BLANKS: [char; 3] = [' ', '\t', '\n'];

impl Part<'_> {
    /// Whether running commands decides what it is.
    pub fn runs_commands(&self) -> bool {
        match self {
            Part::Commands { .. } => true,
            Part::Variable { operation: Some(raw), .. } | Part::Other(raw) | Part::Braces(raw) => {
                raw.contains("$(") || raw.contains("<(") || raw.contains(">(") || raw.contains('`')
            }
            _ => false,
        }
    }

    fn into_owned(self) -> Part<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Part::Literal(text) => Part::Literal(own(text)),
            Part::Quoted(text) => Part::Quoted(own(text)),
            Part::Variable { name, operation, quoted } => {
                Part::Variable { name: own(name), operation: operation.map(own), quoted }
            }
            Part::Commands { text, quoted } => Part::Commands { text: own(text), quoted },
            Part::Glob(text) => Part::Glob(own(text)),
            Part::Braces(text) => Part::Braces(own(text)),
            Part::Tilde(text) => Part::Tilde(own(text)),
            Part::Other(text) => Part::Other(own(text)),
        }
    }
}

/// The value of `${name operation}`; operations other than defaults are not evaluated.
fn evaluate<'v>(
    name: &str,
    operation: Option<&'_ str>,
    lookup: &impl Fn(&str) -> Value<'v>,
) -> Option<String> {
    let value = lookup(name);
    let Some(operation) = operation else {
        return match value {
            Value::Set(text) => Some(text.to_string()),
            Value::Unset => Some(String::new()),
            Value::Unknown => None,
        };
    };
    let (colon, rest) = match operation.strip_prefix(':') {
        Some(rest) => (true, rest),
        None => (false, operation),
    };
    let present = match value {
        Value::Unknown => return None,
        Value::Unset => false,
        Value::Set(text) => !(colon && text.is_empty()),
    };
    let text = match value {
        Value::Set(text) => text,
        _ => "",
    };
    // A default with anything special in it is left alone.
    let plain =
        |rest: &str| (!rest.contains(['$', '`', '\\', '"', '\'', '~'])).then(|| rest.to_string());
    match (rest.chars().next()?, present) {
        ('-' | '?', true) => Some(text.to_string()),
        ('-', false) => plain(rest.cut(1..)),
        ('+', true) => plain(rest.cut(1..)),
        ('+', false) => Some(String::new()),
        _ => None,
    }
}

/// Every name in `text` that follows `$`, `${`, `${#` or `${!`, and every bare name inside an
/// arithmetic expansion.
fn names_in<'t>(text: &'t str, names: &mut Vec<&'t str>) {
    let bytes = text.as_bytes();
    let arithmetic = text.starts_with("$((");
    let mut at = 0;
    while at < bytes.len() {
        let introduced = bytes[at] == b'$';
        if introduced {
            at += 1;
            if bytes.get(at) == Some(&b'{') {
                at += 1;
                at += usize::from(matches!(bytes.get(at), Some(b'#' | b'!')));
            }
        }
        let start = at;
        while bytes.get(at).is_some_and(|&b| super::scan::is_name(b)) {
            at += 1;
        }
        let name = text.cut(start..at);
        if (introduced || arithmetic) && name.starts_with(|c: char| !c.is_ascii_digit()) {
            names.push(name);
        }
        if at == start && !introduced {
            at += 1;
        }
    }
}
