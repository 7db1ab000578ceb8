//! Which language the text of RUN is written in: what SHELL names, or the platform's
//! default. Versions and options of the shells are not told apart.

use std::borrow::Cow;

/// A shell's language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// sh, bash, dash, ash, ksh, zsh.
    #[default]
    Posix,
    /// Windows' `cmd /S /C`.
    Cmd,
    /// `powershell` and `pwsh`.
    PowerShell,
    /// Something else, or a shell that does not get the text as a command.
    Unknown,
}

/// Programs that run the program named behind their own options.
const WRAPPERS: [&str; 7] = ["conda", "env", "mamba", "micromamba", "nice", "stdbuf", "time"];

impl Dialect {
    /// What a shell without SHELL is taken to be: a file that moved its escape character to
    /// the backquote is written for Windows.
    pub fn default_for(escape: char) -> Dialect {
        if escape == '`' { Dialect::Cmd } else { Dialect::Posix }
    }

    /// The language of SHELL's words; RUN's text comes behind the last of them.
    pub fn of<S: AsRef<str>>(shell: &[S]) -> Dialect {
        let words: Vec<&str> = shell.iter().map(AsRef::as_ref).collect();
        let Some((&first, rest)) = words.split_first() else { return Dialect::Unknown };
        match program_name(first).as_ref() {
            "cmd" => match rest.last() {
                Some(last) if last.eq_ignore_ascii_case("/c") => Dialect::Cmd,
                _ => Dialect::Unknown,
            },
            "powershell" | "pwsh" => powershell(rest),
            name if is_posix_shell(name) => posix(rest),
            name if WRAPPERS.contains(&name) => rest
                .iter()
                .rposition(|word| is_posix_shell(&program_name(word)))
                .map_or(Dialect::Unknown, |at| posix(&rest[at + 1..])),
            "busybox" if rest.first().is_some_and(|word| is_posix_shell(word)) => posix(&rest[1..]),
            _ => Dialect::Unknown,
        }
    }
}

/// The name of a program without its directory and `.exe`, in lower case.
pub fn program_name(path: &str) -> Cow<'_, str> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let name = match name.len().checked_sub(4).and_then(|at| name.split_at_checked(at)) {
        Some((stem, extension)) if extension.eq_ignore_ascii_case(".exe") => stem,
        _ => name,
    };
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// Whether `name`, without a directory, is a shell that reads POSIX text.
pub(super) fn is_posix_shell(name: &str) -> bool {
    matches!(name, "ash" | "bash" | "dash" | "ksh" | "mksh" | "sh" | "zsh")
}

/// The language of the Windows shell called `name`, without a directory.
pub(super) fn windows_shell(name: &str) -> Option<Dialect> {
    match name {
        "cmd" => Some(Dialect::Cmd),
        "powershell" | "pwsh" => Some(Dialect::PowerShell),
        _ => None,
    }
}

/// Whether `word` is an option of letters that says the command comes next.
pub(super) fn is_command_option(word: &str) -> bool {
    word.strip_prefix('-').is_some_and(|letters| {
        letters.contains('c') && letters.bytes().all(|b| b.is_ascii_alphabetic())
    })
}

fn posix(options: &[&str]) -> Dialect {
    let Some((last, rest)) = options.split_last() else { return Dialect::Unknown };
    // `-o` and `-euxo` take the next word.
    let takes = |word: &str| word.starts_with(['-', '+']) && word.ends_with('o');
    let fine = rest.iter().enumerate().all(|(at, word)| {
        let operand = at > 0 && takes(rest[at - 1]);
        operand || word.starts_with(['-', '+']) && !is_command_option(word)
    });
    let operand = rest.last().is_some_and(|word| takes(word));
    if fine && !operand && is_command_option(last) { Dialect::Posix } else { Dialect::Unknown }
}

fn powershell(options: &[&str]) -> Dialect {
    // Any prefix of an option's name stands for it; `-Command` is what a bare text means.
    let refused = options.iter().any(|word| {
        let word = word.to_ascii_lowercase();
        word.len() > 1 && ["-file", "-encodedcommand"].iter().any(|name| name.starts_with(&word))
    });
    if refused { Dialect::Unknown } else { Dialect::PowerShell }
}

#[cfg(test)]
mod tests {
    use super::Dialect::{self, *};

    fn of(words: &[&str]) -> Dialect {
        Dialect::of(words)
    }

    #[test]
    fn posix_shells() {
        assert_eq!(of(&["/bin/sh", "-c"]), Posix);
        assert_eq!(of(&["/bin/bash", "-o", "pipefail", "-c"]), Posix);
        assert_eq!(of(&["bash", "-euxo", "pipefail", "-c"]), Posix);
        assert_eq!(of(&["/bin/bash", "--login", "-ec"]), Posix);
        assert_eq!(of(&["conda", "run", "-n", "app", "/bin/bash", "-c"]), Posix);
        assert_eq!(of(&["busybox", "sh", "-c"]), Posix);
    }

    #[test]
    fn text_that_is_not_the_command() {
        assert_eq!(of(&["/bin/bash"]), Unknown);
        assert_eq!(of(&["/bin/sh", "-c", "set -e"]), Unknown);
        assert_eq!(of(&["/bin/bash", "-c", "-o"]), Unknown);
        assert_eq!(of(&["/bin/bash", "script", "-c"]), Unknown);
        assert_eq!(of(&["cmd", "/S", "/C", "run.bat"]), Unknown);
        assert_eq!(of(&["powershell", "-File"]), Unknown);
        assert_eq!(of(&["python", "-c"]), Unknown);
        assert_eq!(of(&[]), Unknown);
    }

    #[test]
    fn windows_shells() {
        assert_eq!(of(&["cmd", "/S", "/C"]), Cmd);
        assert_eq!(of(&[r"C:\Windows\System32\CMD.EXE", "/c"]), Cmd);
        assert_eq!(of(&["powershell", "-Command", "$ErrorActionPreference = 'Stop';"]), PowerShell);
        assert_eq!(of(&["pwsh"]), PowerShell);
        assert_eq!(Dialect::default_for('`'), Cmd);
        assert_eq!(Dialect::default_for('\\'), Posix);
    }
}
