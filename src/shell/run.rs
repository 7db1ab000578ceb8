//! What a RUN instruction runs: its line, its exec form, or the body of a here-document.

use super::dialect::{Dialect, is_posix_shell, program_name};
use super::reader::{self, opaque};
use super::redirection::with_parts;
use super::{Command, Joiner, Kind, Operator, Reason, Script, Word, windows};
use crate::syntax::ast::{self, Heredoc};
use crate::text::{Joined, Span};
use std::borrow::Cow;

/// Reads the command of RUN (or CMD, ENTRYPOINT, HEALTHCHECK) with its here-documents.
///
/// A line that is nothing but `<<EOF` runs the body in the shell, or by the interpreter that
/// its `#!` names; in any other line the shell reads the here-documents itself (BuildKit's
/// `frontend/dockerfile/dockerfile2llb/convert.go`, `dispatchRun`).
pub fn read_run<'a>(
    source: &'a str,
    command: &'a ast::Command<'a>,
    heredocs: &'a [Heredoc<'a>],
    dialect: Dialect,
) -> Script<'a> {
    let line = match command {
        ast::Command::Exec(words) => return read_exec(words),
        ast::Command::Shell(line) => line,
    };
    if let [heredoc, ..] = heredocs
        && is_heredoc_word(&line.text)
    {
        let body = Cow::Owned(heredoc_text(source, heredoc));
        let interpreter = heredoc.content.strip_prefix("#!").filter(|_| !dialect.is_windows());
        return match interpreter {
            None => read_as(body, dialect),
            Some(rest) if runs_posix_shell(rest) => reader::read(body),
            Some(_) => opaque(body, Reason::Shell),
        };
    }
    let mut script = read_as(Cow::Borrowed(line), dialect);
    for redirection in script.commands.iter_mut().flat_map(|c| &mut c.redirections) {
        if redirection.operator != Operator::Heredoc || redirection.body.is_some() {
            continue;
        }
        // They stand in the order of the line.
        let first = heredocs.partition_point(|h| h.opener.start < redirection.span.start);
        let at = |heredoc: &&Heredoc<'_>| redirection.span.contains(heredoc.opener);
        if let Some(heredoc) = heredocs.get(first).filter(at) {
            let body = Word::verbatim(heredoc.content.as_ref(), heredoc.body);
            redirection.body = Some(with_parts(body, heredoc.expand));
        }
    }
    script
}

/// Reads a file that a POSIX shell runs; `None` where its `#!` names another program. Spans are
/// of `text`.
pub fn read_script(text: &str) -> Option<Script<'static>> {
    let runs = text.strip_prefix("#!").is_none_or(runs_posix_shell);
    let joined = Joined::verbatim(text, 0);
    runs.then(|| reader::read(Cow::Owned(joined)).into_owned())
}

/// Reads `text` in the language `dialect`.
pub fn read_as<'a>(text: Cow<'a, Joined<'a>>, dialect: Dialect) -> Script<'a> {
    match dialect {
        Dialect::Posix => reader::read(text),
        Dialect::Cmd => windows::read(text, false),
        Dialect::PowerShell => windows::read(text, true),
        Dialect::Unknown => opaque(text, Reason::Shell),
    }
}

/// The exec form: one command whose words stand for themselves.
pub fn read_exec<'a>(words: &'a [ast::Word<'a>]) -> Script<'a> {
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return Script::default();
    };
    let command = Command {
        words: words.iter().map(|word| Word::verbatim(word.text.as_ref(), word.span)).collect(),
        ..Command::new(first.span.to(last.span), 0..0, Kind::Simple)
    };
    Script { commands: vec![command], ..Script::default() }
}

/// The body of a here-document as the shell gets it, with the way back to the file.
pub fn heredoc_text<'a>(source: &'a str, heredoc: &'a Heredoc<'a>) -> Joined<'a> {
    let mut pieces = Vec::new();
    let mut original = heredoc.body.start as usize;
    let mut offset = 0;
    for line in heredoc.content.split_inclusive('\n') {
        let rest = source.get(original..heredoc.body.end as usize).unwrap_or("");
        let written = rest.split_inclusive('\n').next().unwrap_or("");
        let tabs = written.len() - written.trim_start_matches('\t').len();
        let dropped = if heredoc.chomp { tabs } else { 0 };
        pieces.push((offset as u32, (original + dropped) as u32));
        offset += line.len();
        original += written.len();
    }
    Joined { text: Cow::Borrowed(&heredoc.content), pieces }
}

/// Whether a line is one here-document and nothing else.
fn is_heredoc_word(line: &str) -> bool {
    let line = line.trim().trim_start_matches(|c: char| c.is_ascii_digit());
    let Some(name) = line.strip_prefix("<<") else { return false };
    let name = name.strip_prefix('-').unwrap_or(name);
    !name.is_empty() && !name.contains([' ', '\t', '<', '>', '|', '&', ';'])
}

/// Whether the rest of a `#!` line names a POSIX shell.
fn runs_posix_shell(line: &str) -> bool {
    let line = line.lines().next().unwrap_or("");
    let mut words = line.split_ascii_whitespace().map(program_name);
    let mut program = words.next();
    if program.as_deref() == Some("env") {
        program = words.find(|word| !word.starts_with('-'));
    }
    program.is_some_and(|name| is_posix_shell(&name))
}

impl Dialect {
    fn is_windows(self) -> bool {
        matches!(self, Dialect::Cmd | Dialect::PowerShell)
    }
}

impl<'a> Command<'a> {
    /// A command that comes first and has no words yet.
    pub(super) fn new(span: Span, range: std::ops::Range<usize>, kind: Kind) -> Command<'a> {
        Command {
            span,
            range,
            joiner: Joiner::Start,
            joiner_span: Span::at(span.start as usize),
            kind,
            negated: false,
            assignments: Vec::new(),
            words: Vec::new(),
            redirections: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{Arguments, parse};

    /// The commands of a file's only RUN, as their spans cover them; `?` if opaque.
    fn commands(source: &str) -> Vec<String> {
        let (file, errors) = parse(source);
        assert!(errors.is_empty(), "{errors:?}");
        let instruction = file.instructions.last().unwrap();
        let Arguments::Command(command) = &instruction.arguments else { panic!("no command") };
        let dialect = Dialect::default_for(file.escape);
        let script = read_run(source, command, &instruction.heredocs, dialect);
        let show = |command: &Command<'_>| {
            let opaque = if command.is_opaque() { "?" } else { "" };
            format!("{opaque}{}", command.span.of(source))
        };
        script.commands.iter().map(show).collect()
    }

    fn run(text: &str) -> Vec<String> {
        commands(&format!("FROM a\nRUN {text}"))
    }

    #[test]
    fn lines() {
        assert_eq!(run("a && b"), ["a", "b"]);
        assert_eq!(run("a \\\n  # note\n  && b \\\n c\n"), ["a", "b \\\n c"]);
        assert_eq!(run("--mount=type=cache,target=/x a"), ["a"]);
    }

    #[test]
    fn exec_form() {
        assert_eq!(run("[\"a\", \"b && c\"]"), ["\"a\", \"b && c\""]);
    }

    #[test]
    fn a_heredoc_alone_is_the_script() {
        assert_eq!(run("<<E\na\n# note\nb \\\n c\nE\n"), ["a", "b \\\n c"]);
        assert_eq!(run("<<-E\n\ta\n\t\tb\n\tE\n"), ["a", "b"]);
        assert_eq!(run("<<\"E\" <<F\na\nE\nb\nF\n"), ["<<\"E\" <<F"]);
        assert_eq!(run("<<E && b\na\nE\n"), ["<<E", "b"]);
    }

    #[test]
    fn an_interpreter_runs_its_own_language() {
        assert_eq!(run("<<E\n#!/usr/bin/env -S bash -e\na\nE\n"), ["a"]);
        assert_eq!(run("<<E\n#!/usr/bin/python3\na\nE\n"), ["?#!/usr/bin/python3\na"]);
        assert_eq!(run("<<E\n# !/usr/bin/python3\na\nE\n"), ["a"]);
    }

    #[test]
    fn bodies_belong_to_their_redirections() {
        let source = "FROM a\nRUN cat <<A >x && cat <<'B'\n$V\nA\n$W\nB\n";
        let (file, _) = parse(source);
        let instruction = &file.instructions[1];
        let Arguments::Command(command) = &instruction.arguments else { panic!("no command") };
        let script = read_run(source, command, &instruction.heredocs, Dialect::Posix);
        let body = |at: usize| script.commands[at].redirections[0].body.as_ref().unwrap();
        assert_eq!((body(0).raw.as_ref(), body(0).span.of(source)), ("$V\n", "$V\n"));
        assert_eq!(body(0).variables(), ["V"]);
        assert_eq!(body(1).raw, "$W\n");
        assert!(body(1).variables().is_empty());
    }

    #[test]
    fn a_shell_that_is_not_read_is_opaque() {
        let line = Joined::verbatim("a; b", 0);
        let script = read_as(Cow::Borrowed(&line), Dialect::Unknown);
        assert_eq!(script.commands.len(), 1);
        assert_eq!(script.commands[0].kind, Kind::Opaque(Reason::Shell));
    }
}
