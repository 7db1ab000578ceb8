//! Scripts that are downloaded and run at once: `curl … | sh`, `wget x.sh && sh x.sh`.
//!
//! What they do is not known. Installers install into the system, the home directory and the
//! working directory; that one reads nothing of the project is for the user to check.

use super::invocation::{Argument, is_program};
use super::recognise::Use;
use super::{Action, ActionKind, SYSTEM, Source, TOOL, Tool, action};

/// What downloads to its output, or to a file.
const DOWNLOADERS: &[&str] = &["curl", "powershell", "wget"];

/// Shells that run what they read, and what other interpreters do.
const SHELLS: &[&str] = &["ash", "bash", "dash", "ksh", "sh", "zsh"];
const LANGUAGES: &[&str] = &["node", "perl", "php{}", "pwsh", "python{}", "ruby"];

const SCRIPT: Tool = Tool {
    name: "a downloaded script",
    source: Source::at("https://pubs.opengroup.org/onlinepubs/9799919799/utilities/sh.html"),
    actions: &[Action { writes: SYSTEM, ..action(&[], ActionKind::Named) }],
    writes: &["./", "~/"],
    ..TOOL
};

/// A script that was downloaded.
pub fn fetched_script() -> Use {
    Use::of(&SCRIPT, &SCRIPT.actions[0])
}

/// Whether a command downloads what its words name.
pub fn downloads(used: &Use) -> bool {
    used.kind == ActionKind::Named && DOWNLOADERS.contains(&used.tool.name)
}

/// Whether a download goes to the command's output.
pub fn prints(used: &Use, arguments: &[Argument<'_>]) -> bool {
    if !downloads(used) {
        return false;
    }
    let any = |holds: fn(&str) -> bool| arguments.iter().any(|word| holds(&word.text));
    let asked = any(|text| text == "-" || text.ends_with("O-") || text.ends_with("=-"));
    asked || used.tool.name == "curl" && used.outputs.is_empty() && !any(keeps_name)
}

/// Whether an option of curl has files keep their names.
fn keeps_name(text: &str) -> bool {
    let short = text.starts_with('-') && !text.starts_with("--") && text.contains('O');
    short || text.starts_with("--remote-name")
}

/// The file that a download makes in the working directory where it is told no name.
pub fn remote_name<'w>(used: &Use, arguments: &'w [Argument<'_>]) -> Option<&'w str> {
    if !downloads(used) || !used.outputs.is_empty() {
        return None;
    }
    // The server may give another.
    let asks = |word: &Argument<'_>| {
        ["--content-disposition", "--remote-header-name", "--trust-server-names"]
            .contains(&word.text.as_str())
            || (word.text.starts_with('-')
                && !word.text.starts_with("--")
                && word.text.contains('J'))
    };
    if arguments.iter().any(asks) {
        return None;
    }
    let named = used.tool.name == "wget" || arguments.iter().any(|word| keeps_name(&word.text));
    let mut addresses = arguments.iter().filter(|word| word.text.contains("://"));
    let address = addresses.next().filter(|_| named)?;
    let alone = addresses.next().is_none();
    let (path, name) = address.text.rsplit_once('/')?;
    // `https://dl.k8s.io/release/$(curl -L ...)/bin/linux/amd64/kubectl`
    let is_known = address.resolved || !name.contains(['$', '`', ')', '}', '"', '\'']);
    (alone && is_known && !path.ends_with('/') && !name.contains('?')).then_some(name)
}

/// Whether `program` runs what it reads from its input.
pub fn runs_input(program: &str, arguments: &[Argument<'_>]) -> bool {
    let mut words = arguments.iter().map(|word| word.text.as_str());
    match is_one(SHELLS, program) {
        true => loop {
            match words.next() {
                None | Some("-" | "--" | "-s") => return true,
                Some(option) if option.starts_with('-') && !option.contains('c') => {}
                _ => return false,
            }
        },
        false => is_one(LANGUAGES, program) && matches!(words.next(), None | Some("-" | "--")),
    }
}

/// The file that an interpreter is told to run.
pub fn script_file<'w>(program: &str, arguments: &'w [Argument<'_>]) -> Option<&'w Argument<'w>> {
    let known = is_one(SHELLS, program) || is_one(LANGUAGES, program);
    let first = arguments.iter().find(|word| !word.text.starts_with('-'))?;
    let taken = |word: &Argument<'_>| word.text.starts_with('-') && word.text.contains(['c', 'm']);
    let options = arguments.iter().take_while(|word| word.text.starts_with('-'));
    (known && first.resolved && !options.into_iter().any(taken)).then_some(first)
}

fn is_one(names: &[&str], program: &str) -> bool {
    names.iter().any(|name| is_program(name, program))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<Argument<'_>> {
        let words = line.split_whitespace();
        words.map(|word| Argument { text: word.into(), resolved: true, written: word }).collect()
    }

    #[test]
    fn interpreters_of_their_input() {
        for (program, rest) in [
            ("sh", ""),
            ("bash", "-"),
            ("bash", "-ex -s -- --yes"),
            ("bash", "-s stable"),
            ("python3", "- --version 1.8"),
            ("php", "-- --install-dir=/usr/local/bin"),
            ("perl", "- App::cpanminus"),
        ] {
            assert!(runs_input(program, &words(rest)), "{program} {rest}");
        }
        for (program, rest) in
            [("sh", "-c x"), ("bash", "x.sh"), ("python3", "x.py"), ("make", ""), ("perl", "-pe x")]
        {
            assert!(!runs_input(program, &words(rest)), "{program} {rest}");
        }
    }

    #[test]
    fn names_of_downloads() {
        let name = |program: &str, line: &str| {
            let words = words(line);
            let invocation =
                super::super::Invocation { program, written: program, arguments: &words };
            let used = super::super::recognise(&invocation)?;
            remote_name(&used, &words).map(str::to_owned)
        };
        assert_eq!(name("wget", "-q https://x.org/a/get.py").as_deref(), Some("get.py"));
        assert_eq!(name("curl", "-fsSLO https://x.org/get.py").as_deref(), Some("get.py"));
        assert_eq!(name("curl", "-fsSL https://x.org/get.py"), None);
        assert_eq!(name("curl", "-o- https://x.org/get.py"), None);
        assert_eq!(name("wget", "-O y https://x.org/get.py"), None);
        assert_eq!(name("wget", "https://x.org"), None);
        assert_eq!(name("wget", "--content-disposition https://x.org/get.py"), None);
        assert_eq!(name("curl", "-OJ https://x.org/get.py"), None);
        assert_eq!(name("wget", "https://x.org/a?b"), None);
    }
}
