//! Here-documents: where a line opens them, and their bodies.
//!
//! Follows `heredocsFromLine`, `ParseHeredoc` and `Parse` of BuildKit's
//! `frontend/dockerfile/parser/parser.go`. The whole line is looked at, flags included,
//! and always with `\` for the escape character.

use super::ast::Heredoc;
use super::lexer::{Lexer, Mode};
use super::line::{Line, Lines, without_break};
use super::quote::quoted;
use crate::text::{Cut, Span};
use std::borrow::Cow;
use std::ops::Range;

/// `<<EOF` and its kind.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Opener {
    name: String,
    expand: bool,
    chomp: bool,
    descriptor: Option<u32>,
}

/// The openers in `text`, with their places; or why a name is refused. A line that the
/// lexer refuses as a whole opens none.
pub(super) fn openers(text: &str) -> Result<Vec<(Opener, Range<usize>)>, String> {
    let mut openers = Vec::new();
    let Ok((_, words)) = Lexer::new(text, '\\', Mode::Raw, &mut |_| None).with_words().run() else {
        return Ok(openers);
    };
    for word in words {
        if let Some(opener) = opener(&word.text)? {
            openers.push((opener, word.range));
        }
    }
    Ok(openers)
}

/// `word` as an opener.
pub(super) fn opener(word: &str) -> Result<Option<Opener>, String> {
    let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (digits, rest) = word.cut_at(digits);
    let Some(rest) = rest.strip_prefix("<<") else { return Ok(None) };
    let (rest, chomp) = match rest.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let rest = rest.trim_start_matches([' ', '\t', '\n', '\u{c}', '\r']);
    if rest.is_empty() || rest.contains('<') {
        return Ok(None);
    }
    let lex = |mode| {
        let result = Lexer::new(rest, '\\', mode, &mut |_| None).with_words().run();
        result
            .map(|(_, words)| words)
            .map_err(|e| format!("failed to process {}: {e}", quoted(rest)))
    };
    let mut words = lex(Mode::Unquote)?;
    let Some(name) = words.pop().filter(|_| words.is_empty()).map(|w| w.text) else {
        return Ok(None);
    };
    let with_quotes = lex(Mode::Quoted)?;
    let quotes = |text: &str| text.bytes().filter(|b| matches!(b, b'\'' | b'"')).count();
    let expand = match with_quotes.as_slice() {
        [word] => quotes(&name) == quotes(&word.text),
        _ => {
            return Err(format!(
                "internal lexing of heredoc produced inconsistent results: {rest}"
            ));
        }
    };
    let descriptor = (!digits.is_empty()).then(|| digits.parse().unwrap_or(u32::MAX));
    Ok(Some(Opener { name, expand, chomp, descriptor }))
}

/// Takes the body of `opener` from `lines`, its last line included; says whether that line
/// was found.
pub(super) fn body<'a>(
    (opener, range): (Opener, Range<usize>),
    line: &Line<'a, '_>,
    lines: &mut Lines<'a>,
) -> (Heredoc<'a>, bool) {
    let start = lines.at;
    let mut end = start;
    let mut terminated = false;
    for physical in lines.by_ref() {
        let mut text = without_break(line.source.cut(physical.clone()));
        if opener.chomp {
            text = text.trim_start_matches('\t');
        }
        if text == opener.name {
            terminated = true;
            break;
        }
        end = physical.end;
    }
    let body = Span::new(start, end);
    let text = body.of(line.source);
    let heredoc = Heredoc {
        name: Cow::Owned(opener.name),
        expand: opener.expand,
        chomp: opener.chomp,
        descriptor: opener.descriptor,
        opener: line.span(range),
        body,
        content: if opener.chomp { chomped(text) } else { Cow::Borrowed(text) },
    };
    (heredoc, terminated)
}

/// `text` without the tabs at the start of its lines.
fn chomped(text: &str) -> Cow<'_, str> {
    if !text.starts_with('\t') && !text.contains("\n\t") {
        return Cow::Borrowed(text);
    }
    let lines = text.split_inclusive('\n').map(|line| line.trim_start_matches('\t'));
    Cow::Owned(lines.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, bool, bool, Option<u32>)> {
        let openers = openers(text).unwrap();
        openers.into_iter().map(|(o, _)| (o.name, o.expand, o.chomp, o.descriptor)).collect()
    }

    fn names(text: &str) -> Vec<String> {
        found(text).into_iter().map(|o| o.0).collect()
    }

    #[test]
    fn openers_in_their_forms() {
        assert_eq!(found("RUN <<EOF"), [("EOF".into(), true, false, None)]);
        assert_eq!(found("RUN <<-EOF"), [("EOF".into(), true, true, None)]);
        assert_eq!(found("RUN cat 3<<EOF"), [("EOF".into(), true, false, Some(3))]);
        assert_eq!(found("RUN <<'EOF'"), [("EOF".into(), false, false, None)]);
        assert_eq!(found("RUN <<\"E F\""), [("E F".into(), false, false, None)]);
        assert_eq!(found("RUN <<E\\'F"), [("E'F".into(), true, false, None)]);
        assert_eq!(found("RUN <<$EOF"), [("$EOF".into(), true, false, None)]);
        assert_eq!(names("COPY <<A <<-B /d/"), ["A", "B"]);
        assert_eq!(names("RUN <<  EOF"), ["EOF"]);
        assert_eq!(names("RUN <<EOF sh && x"), ["EOF"]);
    }

    #[test]
    fn near_misses() {
        for text in [
            "RUN <",
            "RUN <<",
            "RUN <<-",
            "RUN <<- EOF",
            "RUN <<<EOF",
            "RUN a<<EOF",
            "RUN \"<<EOF\"",
            "RUN \\<<EOF",
            "RUN <<EOF'",
            "RUN <<\"\"",
            "RUN '<<EOF",
            "RUN <<EOF<",
        ] {
            assert_eq!(names(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_variable_may_hide_an_opener() {
        assert_eq!(names("RUN echo ${x:-a <<EOF b}"), ["EOF"]);
        assert_eq!(names("RUN echo $((1<<2))"), [""; 0]);
    }

    #[test]
    fn an_opener_knows_its_place() {
        let text = "RUN cat <<\"E F\" <<  G x";
        let places: Vec<_> = openers(text).unwrap().into_iter().map(|(_, r)| &text[r]).collect();
        assert_eq!(places, ["<<\"E F\"", "<<  G"]);
    }

    #[test]
    fn tabs_are_chomped_on_every_line() {
        assert_eq!(chomped("\t\ta\n b\n\t\n"), "a\n b\n\n");
        assert!(matches!(chomped("a\tb\n"), Cow::Borrowed(_)));
    }
}
