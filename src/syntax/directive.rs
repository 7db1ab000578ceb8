//! Parser directives: `# syntax=`, `# escape=` and `# check=` at the top of the file.
//!
//! Follows `DirectiveParser` of BuildKit's `frontend/dockerfile/parser/directives.go`. The
//! other notations of `syntax` (`//`, JSON) choose a frontend, not this language: not here.

use super::ast::{Directive, SyntaxError, Word};
use crate::text::{Cut, Span};
use std::borrow::Cow;

const NAMES: [&str; 3] = ["syntax", "escape", "check"];

/// Reads directives line by line until the first line that is none.
pub(super) struct Directives<'a> {
    source: &'a str,
    found: Vec<Directive<'a>>,
    done: bool,
    /// A `#!` line came first: `syntax` and `check` behind it count, `escape` does not.
    shebang: bool,
    first: bool,
}

impl<'a> Directives<'a> {
    pub fn new(source: &'a str) -> Directives<'a> {
        Directives { source, found: Vec::new(), done: false, shebang: false, first: true }
    }

    /// The directives found.
    pub fn into_found(self) -> Vec<Directive<'a>> {
        self.found
    }

    /// Whether no further line can be a directive.
    pub fn done(&self) -> bool {
        self.done
    }

    /// Looks at `line`, given by its place, without white space before it and without its
    /// line break. Says whether it is a directive; sets `escape` where it is that one.
    pub fn read(&mut self, line: Span, escape: &mut char) -> Result<bool, SyntaxError> {
        let text = line.of(self.source);
        if std::mem::take(&mut self.first) && text.starts_with("#!") {
            self.shebang = true;
            return Ok(false);
        }
        let line = Span::new(line.start as usize, line.start as usize + text.trim_end().len());
        let Some((name, value)) = split(text) else {
            self.done = true;
            return Ok(false);
        };
        let value_start = line.start as usize + (value.as_ptr() as usize - text.as_ptr() as usize);
        if let Some(earlier) = self.found.iter().find(|d| d.name == name) {
            let span = earlier.span.to(line);
            if self.shebang {
                self.done = true;
                return Ok(false);
            }
            let message = format!("only one {name} parser directive can be used");
            return Err(SyntaxError { message, span });
        }
        let text = Cow::Borrowed(value);
        let value_span = Span::new(value_start, value_start + value.len());
        let value = Word { text, span: value_span };
        let mut result = Ok(true);
        if name == "escape" && !self.shebang {
            match value.text.as_ref() {
                "\\" => *escape = '\\',
                "`" => *escape = '`',
                other => {
                    let message = format!("invalid escape token '{other}' does not match ` or \\");
                    result = Err(SyntaxError { message, span: line });
                }
            }
        }
        self.found.push(Directive { name: Cow::Borrowed(name), value, span: line });
        result
    }
}

/// `#name = value`, the name one of BuildKit's and in lower case.
fn split(line: &str) -> Option<(&'static str, &str)> {
    // Go's `\s`, which knows no vertical tab and no white space beyond ASCII.
    let blank = [' ', '\t', '\n', '\u{c}', '\r'];
    let line = line.strip_prefix('#')?.trim_start();
    let end = line.find(|c: char| !c.is_ascii_alphanumeric())?;
    let name = NAMES.into_iter().find(|n| n.eq_ignore_ascii_case(line.cut(..end)))?;
    let value = line.cut(end..).trim_start_matches(blank).strip_prefix('=')?;
    // A value of blanks alone is its last one, as Go's regular expression has it.
    let last = value.char_indices().next_back()?.0;
    let trimmed = value.trim_matches(blank);
    Some((name, if trimmed.is_empty() { value.cut(last..) } else { trimmed }))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn names_in_any_case_values_as_they_stand() {
        assert_eq!(split("# syntax=docker/Dockerfile:1"), Some(("syntax", "docker/Dockerfile:1")));
        assert_eq!(split("#EScape\t= ` "), Some(("escape", "`")));
        assert_eq!(
            split("#\u{a0}check = skip=all;error=true"),
            Some(("check", "skip=all;error=true"))
        );
        assert_eq!(split("# escape= \t"), Some(("escape", "\t")));
    }

    #[test]
    fn near_misses() {
        for line in [
            "# syntax",
            "# syntax=",
            "# syntaxes=a",
            "# foo=a",
            "// syntax=a",
            "# syntax\u{a0}=a",
            "# es-cape=`",
            "##syntax=a",
        ] {
            assert_eq!(split(line), None, "{line}");
        }
    }
}
