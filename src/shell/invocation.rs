//! Programs that run the program their arguments name: `sudo`, `env`, `exec`, `time`.
//!
//! One entry of the table is one such program. What runs a command line given as text
//! (`sh -c`) is in `nested`.

use super::dialect::program_name;
use super::scan::is_name;
use super::{Command, Word};
use std::borrow::Cow;

/// A program with its arguments, and what the programs in front of it change for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invocation<'c, 'a> {
    /// The program and its arguments.
    pub words: &'c [Word<'a>],
    /// `NAME=value` words of `env` and `sudo`, in order.
    pub settings: Vec<&'c Word<'a>>,
    /// Another user, where `sudo`, `doas`, `gosu` or `su-exec` names one.
    pub user: Option<Cow<'c, str>>,
    /// Whether variables set before may be unset for it (`env -i`, `env -u`, `sudo` without
    /// `-E`).
    pub loses_environment: bool,
    /// Whether it replaces the shell, so that nothing behind it runs (`exec`).
    pub replaces_shell: bool,
}

/// How a wrapper's own arguments are told from the program's.
struct Wrapper {
    name: &'static str,
    /// Letters of options that take a value.
    valued: &'static str,
    /// The same for long options.
    long: &'static [&'static str],
    /// Letters of options with which it does something else: not taken apart then.
    other: &'static str,
    /// The same for long options.
    long_other: &'static [&'static str],
    /// Number of arguments between the options and the program.
    arguments: usize,
    /// Whether `NAME=value` words may come in front of the program.
    settings: bool,
}

const NONE: Wrapper = Wrapper {
    name: "",
    valued: "",
    long: &[],
    other: "",
    long_other: &[],
    arguments: 0,
    settings: false,
};

/// Sorted by name.
const WRAPPERS: &[Wrapper] = &[
    Wrapper { name: "builtin", ..NONE },
    Wrapper { name: "busybox", ..NONE },
    Wrapper { name: "chronic", ..NONE },
    Wrapper { name: "command", other: "vV", ..NONE },
    Wrapper { name: "doas", valued: "uC", other: "Ls", settings: false, ..NONE },
    Wrapper { name: "eatmydata", ..NONE },
    // -C changes the directory, -S splits a string into words.
    Wrapper {
        name: "env",
        valued: "u",
        long: &["unset"],
        other: "CS",
        long_other: &["chdir", "split-string"],
        settings: true,
        ..NONE
    },
    Wrapper { name: "exec", valued: "a", ..NONE },
    Wrapper { name: "gosu", arguments: 1, ..NONE },
    Wrapper { name: "ionice", valued: "cn", long: &["class", "classdata"], other: "pPu", ..NONE },
    Wrapper { name: "nice", valued: "n", long: &["adjustment"], ..NONE },
    Wrapper { name: "nohup", ..NONE },
    Wrapper { name: "stdbuf", valued: "ioe", long: &["input", "output", "error"], ..NONE },
    Wrapper { name: "su-exec", arguments: 1, ..NONE },
    // -i and -s run a shell, -D and -R change the directory, -e edits, -l and -v ask.
    Wrapper {
        name: "sudo",
        valued: "CghprTtUu",
        long: &["close-from", "group", "host", "prompt", "role", "type", "other-user", "user"],
        other: "isDRelvKk",
        long_other: &["login", "shell", "chdir", "chroot", "edit", "list", "validate"],
        settings: true,
        ..NONE
    },
    Wrapper { name: "time", valued: "fo", long: &["format", "output"], ..NONE },
    Wrapper {
        name: "timeout",
        valued: "ks",
        long: &["kill-after", "signal"],
        arguments: 1,
        ..NONE
    },
    Wrapper {
        name: "xvfb-run",
        valued: "efnpsw",
        long: &["error-file", "auth-file", "server-num", "xauth-protocol", "server-args", "wait"],
        ..NONE
    },
];

impl<'a> Command<'a> {
    /// The program that is run in the end, and its arguments: leading `sudo [options]`,
    /// `env A=b`, `exec`, `command`, `time`, `nice` and their kind taken off. Empty words
    /// for an opaque command and for assignments only.
    pub fn invocation(&self) -> Invocation<'_, 'a> {
        let mut invocation = Invocation { words: &self.words, ..Invocation::default() };
        while let Some(program) = invocation.words.first().and_then(Word::literal) {
            let name = program_name(&program);
            let Ok(at) = WRAPPERS.binary_search_by(|wrapper| wrapper.name.cmp(name.as_ref()))
            else {
                break;
            };
            if !unwrap(&WRAPPERS[at], &mut invocation) {
                break;
            }
        }
        invocation
    }
}

/// Takes `wrapper` off; `false` if it runs no program, or not in a way that is understood.
fn unwrap<'c, 'a>(wrapper: &Wrapper, invocation: &mut Invocation<'c, 'a>) -> bool {
    let words = invocation.words;
    let mut at = 1;
    let mut settings = Vec::new();
    let mut user = None;
    let mut keeps = false;
    let mut loses = false;
    while let Some(word) = words.get(at) {
        if wrapper.settings && is_setting(word) {
            settings.push(word);
            at += 1;
            continue;
        }
        // A word that is expanded is the program, for all that is known.
        let Some(text) = word.literal() else { break };
        if !settings.is_empty() || !text.starts_with('-') {
            break;
        }
        at += 1;
        if text == "--" {
            break;
        }
        let value = words.get(at);
        let Some(option) = option(wrapper, &text) else { return false };
        loses |= wrapper.name == "env" && matches!(option.name, 'i' | 'u' | '-');
        keeps |= option.name == 'E' || text == "--preserve-env";
        if option.takes_next {
            at += 1;
            if option.name == 'u' && wrapper.name != "env" {
                let Some(name) = value.and_then(Word::literal) else { return false };
                user = Some(name);
            }
        } else if let Some(name) = text.strip_prefix("--user=") {
            user = Some(Cow::Owned(name.to_string()));
        }
    }
    // After `--` settings may still follow.
    while wrapper.settings && words.get(at).is_some_and(is_setting) {
        settings.extend(words.get(at));
        at += 1;
    }
    match wrapper.name {
        "gosu" | "su-exec" => match words.get(at).and_then(Word::literal) {
            Some(name) => user = Some(name),
            None => return false,
        },
        "sudo" | "doas" => {
            user.get_or_insert(Cow::Borrowed("root"));
            loses |= !keeps;
        }
        "exec" => invocation.replaces_shell |= words.len() > at,
        _ => {}
    }
    at += wrapper.arguments;
    if at >= words.len() {
        return false;
    }
    invocation.words = &words[at..];
    invocation.settings.extend(settings);
    invocation.loses_environment |= loses;
    if user.is_some() {
        invocation.user = user;
    }
    true
}

struct Opt {
    /// The letter that matters; `-` for a lone dash, 0 for none.
    name: char,
    /// Whether the next word is its value.
    takes_next: bool,
}

/// Reads an option word; `None` if the wrapper does something else with it.
fn option(wrapper: &Wrapper, text: &str) -> Option<Opt> {
    if let Some(long) = text.strip_prefix("--") {
        let (name, value) = match long.split_once('=') {
            Some((name, _)) => (name, true),
            None => (long, false),
        };
        if wrapper.long_other.contains(&name) {
            return None;
        }
        let short = match name {
            "user" | "unset" => 'u',
            "ignore-environment" => 'i',
            _ => '\0',
        };
        return Some(Opt { name: short, takes_next: !value && wrapper.long.contains(&name) });
    }
    if text == "-" {
        return Some(Opt { name: '-', takes_next: false });
    }
    let mut name = '\0';
    for (at, letter) in text.char_indices().skip(1) {
        if wrapper.other.contains(letter) {
            return None;
        }
        if matches!(letter, 'E' | 'i') {
            name = letter;
        }
        if wrapper.valued.contains(letter) {
            let last = at + letter.len_utf8() == text.len();
            // `-uroot`: the name is not needed so badly that it is read from there.
            return if !last && letter == 'u' && wrapper.name != "env" {
                None
            } else {
                Some(Opt { name: letter, takes_next: last })
            };
        }
    }
    Some(Opt { name, takes_next: false })
}

/// Whether a word is `NAME=value`.
fn is_setting(word: &Word<'_>) -> bool {
    let prefix = word.literal_prefix();
    prefix.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.bytes().all(is_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::read;
    use crate::text::Joined;

    /// The words that are left, and what was noted: `user`, `-env`, `exec`, settings.
    fn show(text: &str) -> String {
        let joined = Joined::verbatim(text, 0);
        let script = read(&joined);
        let invocation = script.commands[0].invocation();
        let mut out: Vec<String> = invocation.words.iter().map(|w| w.raw.to_string()).collect();
        out.extend(invocation.settings.iter().map(|w| format!("[{}]", w.raw)));
        out.extend(invocation.user.map(|user| format!("user:{user}")));
        out.extend(invocation.loses_environment.then(|| "-env".to_string()));
        out.extend(invocation.replaces_shell.then(|| "exec".to_string()));
        out.join(" ")
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(WRAPPERS.is_sorted_by(|a, b| a.name < b.name));
    }

    #[test]
    fn wrappers_are_taken_off() {
        assert_eq!(show("npm ci"), "npm ci");
        assert_eq!(show("sudo npm ci"), "npm ci user:root -env");
        assert_eq!(show("sudo -E -H -u app A=1 npm ci"), "npm ci [A=1] user:app");
        assert_eq!(show("sudo -Hu app -- npm -u"), "npm -u user:app -env");
        assert_eq!(show("sudo --user=app npm"), "npm user:app -env");
        assert_eq!(show("env A=$B npm ci"), "npm ci [A=$B]");
        assert_eq!(show("/usr/bin/env -u A -i npm"), "npm -env");
        assert_eq!(show("exec npm ci"), "npm ci exec");
        assert_eq!(show("time -p command nice -n 10 npm ci"), "npm ci");
        assert_eq!(show("timeout -k 5 10m npm ci"), "npm ci");
        assert_eq!(show("gosu app npm ci"), "npm ci user:app");
        assert_eq!(show("xvfb-run -a -s '-x y' npm ci"), "npm ci");
        assert_eq!(show("env $X npm"), "$X npm");
    }

    #[test]
    fn what_does_something_else_stays() {
        assert_eq!(show("command -v npm"), "command -v npm");
        assert_eq!(show("sudo -i npm"), "sudo -i npm");
        assert_eq!(show("sudo -u $U npm"), "sudo -u $U npm");
        assert_eq!(show("env -C /x npm"), "env -C /x npm");
        assert_eq!(show("env"), "env");
        assert_eq!(show("env A=1"), "env A=1");
        assert_eq!(show("exec"), "exec");
        assert_eq!(show("sudoku npm"), "sudoku npm");
        assert_eq!(show("timeout 10m"), "timeout 10m");
    }
}
