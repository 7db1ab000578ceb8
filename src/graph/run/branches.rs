//! What can go in front of a compound command: the download that all its branches would make,
//! `go mod download` of `if [ "$DEBUG" ]; then go build -race; else go build; fi`.

use super::CommandEffects;
use crate::ecosystem::{ActionKind, Use, drops_variable, is_for_what_is_built};
use crate::shell::{Command, Script, Word};

/// The download that each of `commands`, those of `script`, makes first, where they are builds of one
/// project, in the directory `cwd`, and what stands beside them changes nothing that it needs.
pub(super) fn first_of_all(
    script: &Script<'_>,
    commands: &[CommandEffects],
    cwd: &Option<String>,
) -> Option<String> {
    let mut found: Option<&Use> = None;
    for (command, facts) in script.commands.iter().zip(commands) {
        let used = facts.used.as_ref();
        match used.filter(|used| used.downloads() == ActionKind::Compile) {
            None if facts.only_shows() || is_head_of_loop(command) => {}
            None => return None,
            Some(used) => {
                let same = |one: &Use| {
                    (&one.first, &one.directory, &one.files)
                        == (&used.first, &used.directory, &used.files)
                };
                if facts.cwd != *cwd || !is_bare(command, used) || !found.is_none_or(same) {
                    return None;
                }
                found = Some(used);
            }
        }
    }
    found?.first.clone()
}

/// Whether a command is the head of a loop, which is read as one: `for name in api web`.
fn is_head_of_loop(command: &Command<'_>) -> bool {
    command.words.first().is_some_and(|word| word.is("for"))
        && !command.words.iter().any(Word::runs_commands)
}

/// Whether nothing stands in front of the program of a command but what is for the build alone:
/// `CGO_ENABLED=0 go build`.
fn is_bare(command: &Command<'_>, used: &Use) -> bool {
    if command.is_opaque() {
        return true;
    }
    let invocation = command.invocation();
    let wraps = invocation.words.len() != command.words.len() || !invocation.settings.is_empty();
    !wraps
        && command.assignments.iter().all(|setting| {
            drops_variable(used, &setting.name)
                || is_for_what_is_built(&format!("{}=", setting.name))
        })
}
