//! Installs of projects that are no packages themselves: `uv sync` and `poetry install` end with
//! the project, unless its manifest says that there is nothing to install of it.

use super::reader::Reader;
use super::{CommandEffects, Run, join};
use crate::build::DispatchState;
use crate::ecosystem::local::installs_dependencies_alone;
use crate::ecosystem::{ActionKind, Argument, Invocation, recognise};

/// Reads the commands of `run` that would install such a project as if they were told to leave
/// it out; `text_at` gives the text of a file that was copied, and is not changed since.
pub fn read_alone(
    run: &mut Run<'_>,
    state: &DispatchState,
    text_at: &dyn Fn(&str) -> Option<String>,
) {
    for (command, effects) in run.script.commands.iter().zip(&mut run.commands) {
        let plain = command.assignments.is_empty() && command.redirections.is_empty();
        if let Some(read) = read(effects, state, text_at).filter(|_| plain) {
            *effects = read;
        } else if effects.changes_shell && command.program().is_none_or(|name| name != "cd") {
            // What it exports, the install may use.
            break;
        }
    }
}

fn read(
    effects: &CommandEffects,
    state: &DispatchState,
    text_at: &dyn Fn(&str) -> Option<String>,
) -> Option<CommandEffects> {
    let used = effects.used.as_ref().filter(|used| used.kind == ActionKind::Compile)?;
    let first = used.first.as_ref()?;
    let directory = match &used.directory {
        Some(directory) => join(effects.cwd.as_ref()?, directory),
        None => effects.cwd.clone()?,
    };
    let is_plain = first.chars().all(|c| c.is_ascii_alphanumeric() || " -_./=,".contains(c));
    if !is_plain
        || effects.is_conditional
        || !installs_dependencies_alone(used.tool.name, &|name| text_at(&join(&directory, name)))
    {
        return None;
    }
    let words: Vec<Argument<'_>> = first
        .split(' ')
        .map(|word| Argument { text: word.to_owned(), resolved: true, written: word })
        .collect();
    let (program, arguments) = words.split_first()?;
    let name = program.text.rsplit('/').next()?;
    let used = recognise(&Invocation { program: name, written: program.written, arguments })?;
    let mut alone = CommandEffects::nothing(effects.span, effects.cwd.clone());
    alone.program.clone_from(&effects.program);
    alone.program.iter().for_each(|program| alone.reads.add(program.clone()));
    Some(Reader::new(state, effects.cwd.clone()).apply(used, alone))
}
