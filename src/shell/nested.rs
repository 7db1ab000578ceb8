//! Scripts inside a command: what it hands to another shell (`sh -c '...'`, `bash <<'EOF'`),
//! and the commands of a compound one.
//!
//! Only text that the outer shell leaves as it stands is read; places are mapped back to the
//! file where every byte has one, else they are the whole word.

use super::dialect::{Dialect, is_command_option, is_posix_shell, program_name, windows_shell};
use super::{Command, Kind, Operator, Reason, Script, Word, read_as, reader};
use crate::limits;
use crate::text::{Joined, Span};
use std::borrow::Cow;
use std::ops::Range;

impl Script<'_> {
    /// The script that `command`, one of this script's, runs in another shell; `None`
    /// if it runs none, or if the script is not known before it runs. The text gets shorter
    /// with every level, so that following it ends.
    pub fn nested(&self, command: &Command<'_>) -> Option<Script<'static>> {
        let invocation = command.invocation();
        let (program, arguments) = invocation.words.split_first()?;
        let program = program.literal()?;
        let program = program_name(&program);
        if program == "su" {
            return self.switched(arguments);
        }
        if let Some(dialect) = windows_shell(&program) {
            return self.windows(arguments, dialect, &program);
        }
        if !is_posix_shell(&program) {
            return None;
        }
        let script = match arguments.iter().position(|word| !is_option(word)) {
            Some(at) => {
                let option = arguments[..at].last()?.literal()?;
                is_command_option(&option).then_some(())?;
                &arguments[at]
            }
            // Without a script it reads its input.
            None => {
                let mut inputs = command.redirections.iter().filter(|r| reads_input(r.operator));
                let input = inputs.next().filter(|r| r.operator == Operator::Heredoc)?;
                if inputs.next().is_some() || input.descriptor.is_some_and(|number| number != 0) {
                    return None;
                }
                input.body.as_ref()?
            }
        };
        self.handed(script, Dialect::Posix)
    }

    /// The script among the arguments of `cmd` or PowerShell: all that follows the option for it,
    /// or all there is for `powershell`; `pwsh` takes that for a file.
    fn windows(
        &self,
        arguments: &[Word<'_>],
        dialect: Dialect,
        program: &str,
    ) -> Option<Script<'static>> {
        let names: &[&str] = if dialect == Dialect::Cmd { &["/c"] } else { &["-command", "-c"] };
        let option = |word: &Word<'_>| {
            word.literal()
                .is_some_and(|text| names.iter().any(|name| text.eq_ignore_ascii_case(name)))
        };
        let plain = |word: &Word<'_>| word.literal().is_some_and(|text| text == word.raw);
        let bare = program == "powershell" && !arguments.first()?.raw.starts_with('-');
        let at = if bare { 0 } else { arguments.iter().position(option)? + 1 };
        match &arguments[at..] {
            [script] => self.handed(script, dialect),
            words @ [first, .., last] if words.iter().all(plain) && !first.range.is_empty() => {
                let joined = self.part(first.range.start..last.range.end)?;
                Some(read_as(Cow::Owned(joined), dialect))
            }
            _ => None,
        }
    }

    /// The script among the arguments of `su`: another user runs it in the same directory. A
    /// login shell would change to the user's home.
    fn switched(&self, arguments: &[Word<'_>]) -> Option<Script<'static>> {
        let at = arguments.iter().position(|word| word.is("-c"))?;
        let shells = |word: &Word<'_>| {
            let plain = |text: &str| !text.starts_with('-') || matches!(text, "-c" | "-s" | "-m");
            word.literal().is_some_and(|text| plain(&text))
        };
        let (before, after) = (&arguments[..at], arguments.get(at + 2..)?);
        before
            .iter()
            .chain(after)
            .all(shells)
            .then(|| self.handed(&arguments[at + 1], Dialect::Posix))?
    }

    /// The script that is the text of a word.
    fn handed(&self, script: &Word<'_>, dialect: Dialect) -> Option<Script<'static>> {
        let text = script.literal()?.into_owned();
        let joined = match self.inner(script) {
            Some(pieces) => Joined { text: Cow::Owned(text), pieces },
            None => {
                let pieces = vec![(0, script.span.start)];
                let joined = Joined { text: Cow::Owned(text), pieces };
                return Some(placed_at(read_as(Cow::Owned(joined), dialect), script.span));
            }
        };
        Some(read_as(Cow::Owned(joined), dialect))
    }

    /// The commands inside an opaque `if`, `case`, loop, group or subshell, one of this
    /// script's; those of all but subshells inside it among them. `None` for anything else.
    ///
    /// Which of them run, and how often, is not known (but in a group or subshell); `for` and
    /// `case` stand in front of their words like a program. Nested subshells and functions are
    /// opaque in turn; a caller that looks into those again should limit the depth.
    pub fn inside(&self, command: &Command<'_>) -> Option<Script<'static>> {
        use Reason::{Case, For, Group, If, Subshell, While};
        let Kind::Opaque(reason @ (Case | For | Group | If | Subshell | While)) = command.kind
        else {
            return None;
        };
        let end = command.redirections.first().map_or(command.range.end, |r| r.range.start);
        let mut range = command.range.start..end;
        if command.negated {
            range.start += 1;
        }
        if reason == Subshell {
            let text = self.text.text.get(range.clone())?;
            let (open, close) = (text.find('(')?, text.rfind(')')?);
            range = range.start + open + 1..range.start + close;
        }
        self.read_range(range)
    }

    /// The commands of the function that `command`, one of this script's, calls, where this
    /// script defines it before. `None` if it is given more than plain words.
    pub fn called(&self, command: &Command<'_>) -> Option<Script<'static>> {
        if command.kind != Kind::Opaque(Reason::FunctionCall) {
            return None;
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || " _-".contains(c);
        let call = self.text.text.get(command.range.clone())?;
        let name = call.split(' ').next().filter(|_| call.chars().all(plain))?;
        let end = self.commands.partition_point(|other| other.range.end <= command.range.start);
        let before = self.commands[..end].iter().rev().take(limits::COMMANDS_BACK);
        let (other, body) = before.into_iter().find_map(|other| {
            let text = self.text.text.get(other.range.clone())?;
            let text = text.strip_prefix("function ").unwrap_or(text).trim_start();
            let head = text.strip_prefix(name).filter(|rest| rest.starts_with([' ', '(', '\n']))?;
            let head = head.trim_start();
            let body = head.strip_prefix('(').and_then(|rest| rest.trim_start().strip_prefix(')'));
            let defines = other.kind == Kind::Opaque(Reason::Function);
            defines.then(|| (other, body.unwrap_or(head).len()))
        })?;
        if !other.redirections.is_empty() {
            return None;
        }
        self.read_range(other.range.end - body..other.range.end)
    }

    /// What stands at `range` of this script's text, inside a compound command.
    fn read_range(&self, range: Range<usize>) -> Option<Script<'static>> {
        if self.functions.len() > limits::FUNCTIONS {
            return None;
        }
        Some(reader::read_inside(self.part(range)?, &self.functions))
    }

    /// What stands at `range` of this script's text.
    fn part(&self, range: Range<usize>) -> Option<Joined<'static>> {
        let text = self.text.text.get(range.clone())?.to_string();
        let mut pieces = Vec::new();
        self.map(0, range, &mut pieces);
        Some(Joined { text: Cow::Owned(text), pieces })
    }

    /// Where each byte of a literal word's text stands in the file, if that is a simple
    /// matter: the word is as it stands, or all of it in one pair of quotes.
    fn inner(&self, word: &Word<'_>) -> Option<Vec<(u32, u32)>> {
        let raw = word.raw.as_ref();
        let text = word.literal()?;
        let quote = raw.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let skipped = match quote {
            Some(quote) if word.parts.len() == 1 && raw.ends_with(quote) => 1,
            _ => 0,
        };
        if raw.len() != text.len() + 2 * skipped || raw.get(skipped..skipped + text.len())? != text
        {
            return self.escaped(word);
        }
        if word.range.is_empty() {
            // A word of the exec form, or a body from another place: its span may include
            // the quotes.
            let length = (word.span.end - word.span.start) as usize;
            let quotes = length.checked_sub(raw.len())?;
            return (quotes == 0 || quotes == 2)
                .then(|| vec![(0, word.span.start + (quotes / 2) as u32)]);
        }
        let start = word.range.start + skipped;
        let mut pieces = Vec::new();
        self.map(0, start..start + text.len(), &mut pieces);
        Some(pieces)
    }

    /// The same for one pair of double quotes with escapes inside.
    fn escaped(&self, word: &Word<'_>) -> Option<Vec<(u32, u32)>> {
        let inner = word.raw.strip_prefix('"')?.strip_suffix('"')?;
        if word.range.is_empty() {
            return None;
        }
        let base = word.range.start + 1;
        let bytes = inner.as_bytes();
        let mut pieces = Vec::new();
        let (mut from, mut at, mut length) = (0, 0, 0);
        while at < bytes.len() {
            match (bytes[at], bytes.get(at + 1)) {
                (b'"', _) => return None,
                (b'\\', Some(&next @ (b'$' | b'`' | b'"' | b'\\' | b'\n'))) => {
                    self.map(length, base + from..base + at, &mut pieces);
                    length += at - from;
                    from = at + 1 + usize::from(next == b'\n');
                    at += 2;
                }
                _ => at += 1,
            }
        }
        self.map(length, base + from..base + at, &mut pieces);
        length += at - from;
        (length == word.literal()?.len()).then_some(pieces)
    }

    /// Adds the pieces of `range` of this script's text, which becomes `offset` and on.
    fn map(&self, offset: usize, range: Range<usize>, pieces: &mut Vec<(u32, u32)>) {
        if range.is_empty() {
            return;
        }
        let text = &self.text;
        pieces.push((offset as u32, text.source(range.start) as u32));
        let first = text.pieces.partition_point(|&(joined, _)| joined as usize <= range.start);
        for &(joined, original) in &text.pieces[first..] {
            if joined as usize >= range.end {
                break;
            }
            pieces.push(((offset + joined as usize - range.start) as u32, original));
        }
    }
}

/// Whether a word is an option of a shell; `pipefail` behind `-o` counts as a part of it.
fn is_option(word: &Word<'_>) -> bool {
    word.literal().is_some_and(|text| {
        text.len() > 1 && text.starts_with(['-', '+']) || SHELL_OPTIONS.contains(&text.as_ref())
    })
}

/// Values of `-o` in use; as a script they would be no program's name.
const SHELL_OPTIONS: [&str; 6] = ["errexit", "nounset", "noglob", "pipefail", "posix", "xtrace"];

fn reads_input(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::Read | Operator::ReadWrite | Operator::Heredoc | Operator::Herestring
    ) || operator == Operator::DuplicateInput
}

/// Gives everything in `script` the same place.
fn placed_at(mut script: Script<'static>, span: Span) -> Script<'static> {
    for command in &mut script.commands {
        (command.span, command.joiner_span) = (span, span);
        let values = command.assignments.iter_mut().map(|a| (&mut a.span, &mut a.value));
        let targets = command.redirections.iter_mut().map(|r| (&mut r.span, &mut r.target));
        for (outer, word) in values.chain(targets) {
            (*outer, word.span) = (span, span);
        }
        for word in &mut command.words {
            word.span = span;
        }
        for redirection in &mut command.redirections {
            if let Some(body) = &mut redirection.body {
                body.span = span;
            }
        }
    }
    if let Some((_, trailing)) = &mut script.trailing {
        *trailing = span;
    }
    script
}

#[cfg(test)]
mod tests {
    use crate::limits;
    use crate::shell::read;
    use crate::text::Joined;

    /// The nested commands of the first command, as their spans cover them.
    fn inside(text: &str) -> Option<Vec<&str>> {
        let joined = Joined::verbatim(text, 0);
        let script = read(&joined);
        let nested = script.nested(&script.commands[0])?;
        Some(nested.commands.iter().map(|command| command.span.of(text)).collect())
    }

    #[test]
    fn scripts_of_other_shells() {
        assert_eq!(inside("sh -c 'a && b c'"), Some(vec!["a", "b c"]));
        assert_eq!(inside("bash -c \"a; b 'c'\""), Some(vec!["a", "b 'c'"]));
        assert_eq!(inside("/bin/bash -o pipefail -ec 'a | b' x y"), Some(vec!["a", "b"]));
        assert_eq!(inside("sudo -E bash -lc 'a'"), Some(vec!["a"]));
        assert_eq!(inside("sh -c a"), Some(vec!["a"]));
        assert_eq!(
            inside("bash -c \"a \\\"b\\\" && c \\$D\""),
            Some(vec!["a \\\"b\\\"", "c \\$D"])
        );
        assert_eq!(inside("sh -e <<'E'\na $B\nc\nE\n"), Some(vec!["a $B", "c"]));
        assert_eq!(inside("sh <<E\na\nE\n"), Some(vec!["a"]));
        assert_eq!(inside("su app -c 'a && b'"), Some(vec!["a", "b"]));
        assert_eq!(inside("su -c 'a' -s /bin/sh app"), Some(vec!["a"]));
    }

    #[test]
    fn scripts_of_windows_shells() {
        assert_eq!(inside("powershell -NoProfile -Command npm ci"), Some(vec!["npm ci"]));
        assert_eq!(inside("pwsh -c 'a b; c'"), Some(vec!["a b", "c"]));
        assert_eq!(inside("cmd.exe /S /C a b"), Some(vec!["a b"]));
        assert_eq!(inside("cmd /C"), None);
        assert_eq!(inside("powershell -File a.ps1"), None);
        assert_eq!(inside("powershell 'a; b'"), Some(vec!["a", "b"]));
        assert_eq!(inside("pwsh a.ps1"), None);
        assert_eq!(inside("powershell -c a \"$B\""), None);
    }

    #[test]
    fn a_script_in_pieces_has_the_place_of_its_word() {
        assert_eq!(inside("sh -c 'a && '\"b\""), Some(vec!["'a && '\"b\"", "'a && '\"b\""]));
    }

    #[test]
    fn nothing_that_the_outer_shell_changes() {
        assert_eq!(inside("sh -c \"a $B\""), None);
        assert_eq!(inside("sh -c $(a)"), None);
        assert_eq!(inside("sh script.sh -c 'a'"), None);
        assert_eq!(inside("sh -e script.sh"), None);
        assert_eq!(inside("sh"), None);
        assert_eq!(inside("sh <<E\na $B\nE\n"), None);
        assert_eq!(inside("sh <x <<'E'\na\nE\n"), None);
        assert_eq!(inside("python -c 'a'"), None);
        assert_eq!(inside("echo sh -c 'a'"), None);
        assert_eq!(inside("su - app -c 'a'"), None);
        assert_eq!(inside("su -l app -c 'a'"), None);
        assert_eq!(inside("su -c"), None);
    }

    #[test]
    fn places_go_through_continuations() {
        let source = "sh -c 'a &&\\\n b'";
        let joined = Joined { text: "sh -c 'a && b'".into(), pieces: vec![(0, 0), (11, 13)] };
        let script = read(&joined);
        let nested = script.nested(&script.commands[0]).unwrap();
        assert_eq!(nested.commands[1].span.of(source), "b");
        assert_eq!(nested.commands[1].words[0].span.of(source), "b");
    }

    /// The commands inside the first, a compound one; `?` if opaque.
    fn compound(text: &str) -> Option<Vec<String>> {
        let joined = Joined::verbatim(text, 0);
        let script = read(&joined);
        let inner = script.inside(&script.commands[0])?;
        let show = |command: &crate::shell::Command<'_>| {
            let opaque = if command.is_opaque() { "?" } else { "" };
            format!("{opaque}{}", command.span.of(text))
        };
        Some(inner.commands.iter().map(show).collect())
    }

    #[test]
    fn compounds_can_be_looked_into() {
        let is = |text: &str, commands: &[&str]| {
            assert_eq!(compound(text).unwrap(), commands, "{text}");
        };
        is("(cd a && b) >x", &["cd a", "b"]);
        is("{ a; b; }", &["a", "b"]);
        is("! { a; }", &["a"]);
        is("if a; then b && c; elif d; then e; else { f; } fi", &["a", "b", "c", "d", "e", "f"]);
        is("while ! a; do b; done <x", &["! a", "b"]);
        is("for x in *.c \"$Y\"; do a $x; done", &["for x in *.c \"$Y\"", "a $x"]);
        is("if a\nthen\n  b\nfi", &["a", "b"]);
        is("if a; then if b; then c; fi; fi", &["a", "b", "c"]);
        is(
            "if a; then (b; c); case x in y) z;; esac; d; fi",
            &["a", "?(b; c)", "case x in", "z", "d"],
        );
        is("case $A in (x | 'y z') a;; *) b && c; esac", &["case $A in", "a", "b", "c"]);
        is("case x in\ny)\n a\n ;;\n# no\n*);; esac >f", &["case x in", "a"]);
        is(
            "case x in y) a;& z) case u in v) b;; esac;; esac",
            &["case x in", "a", "case u in", "b"],
        );
        is("case x in $(b)) a;; esac", &["?case x in $(b)) a;; esac"]);
        is("{ f() { a; }; f; b; }", &["?f() { a; }", "?f", "b"]);
        is("for ((;;)); do a; done", &["?for ((;;)); do a; done"]);
    }

    /// The commands of the function that the last command calls.
    fn called(text: &str) -> Option<Vec<&str>> {
        let joined = Joined::verbatim(text, 0);
        let script = read(&joined);
        let inner = script.called(script.commands.last()?)?;
        Some(inner.commands.iter().map(|command| command.span.of(text)).collect())
    }

    #[test]
    fn functions_are_followed() {
        assert_eq!(called("f() { a && b; }; f"), Some(vec!["a", "b"]));
        assert_eq!(called("f () (a)\nf x-1 y"), Some(vec!["(a)"]));
        assert_eq!(called("function f { a; }; f"), Some(vec!["a"]));
        assert_eq!(called("f() { a; }; ff() { b; }; f"), Some(vec!["a"]));
        assert_eq!(called("f() { a; }; f() { b; }; f"), Some(vec!["b"]));
    }

    #[test]
    fn many_functions_are_not_followed() {
        let defined = |count| (0..count).map(|n| format!("f{n}() {{ a; }}\n")).collect::<String>();
        assert!(called(&(defined(limits::FUNCTIONS) + "f0")).is_some());
        assert_eq!(called(&(defined(limits::FUNCTIONS + 1) + "f0")), None);
        let between = |count| format!("f() {{ a; }}\n{}f", "true\n".repeat(count));
        assert!(called(&between(limits::COMMANDS_BACK - 1)).is_some());
        assert_eq!(called(&between(limits::COMMANDS_BACK)), None);
    }

    #[test]
    fn other_calls_are_not() {
        for text in
            ["f() { a; }; f ./x", "f() { a; }; f >x", "f() { a; }; X=1 f", "f", "a; f() { b; }"]
        {
            assert_eq!(called(text), None, "{text}");
        }
    }

    #[test]
    fn other_commands_have_nothing_inside() {
        for text in ["a", "f() { a; }", "eval a", "(a", "((1))"] {
            assert_eq!(compound(text), None, "{text}");
        }
    }
}
