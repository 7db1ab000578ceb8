//! Scripts of the project whose text is given: `RUN ./install.sh` does what stands in it, and
//! `RUN npm run setup` what package.json says.

use super::reader::Reader;
use super::{CommandEffects, Needs, Run, join, unclear};
use crate::build::DispatchState;
use crate::ecosystem::{Argument, Called, called, script_of};
use crate::limits;
use crate::shell::{self, read_script};

/// Reads the scripts that `run` calls in place of the calls; `text_at` gives the text of a file
/// that was copied, and is not changed since.
pub fn open(run: &mut Run<'_>, state: &DispatchState, text_at: &dyn Fn(&str) -> Option<String>) {
    for (command, effects) in run.script.commands.iter().zip(&mut run.commands) {
        if matches!(effects.needs, Needs::Everything(_)) && effects.program.is_none() {
            if let Some(opened) = read(command, effects, state, text_at) {
                *effects = opened;
            }
        } else if effects.changes_shell && command.program().is_none_or(|name| name != "set") {
            // What it exports, the script may use.
            break;
        }
    }
}

fn read(
    command: &shell::Command<'_>,
    effects: &CommandEffects,
    state: &DispatchState,
    text_at: &dyn Fn(&str) -> Option<String>,
) -> Option<CommandEffects> {
    let plain = command.assignments.is_empty() && command.redirections.is_empty();
    if !plain || command.is_opaque() {
        return None;
    }
    let words = command.words.iter().map(|word| {
        let text = word.literal()?.into_owned();
        Some(Argument { text, resolved: true, written: word.raw.as_ref() })
    });
    let words = words.collect::<Option<Vec<_>>>()?;
    let (program, arguments) = words.split_first()?;
    let cwd = effects.cwd.as_ref()?;
    let (place, text, is_file) = match called(&program.text, arguments)? {
        Called::File(file) => {
            let place = join(cwd, file);
            let text = text_at(&place)?;
            (place, text, true)
        }
        Called::Named(name) => {
            let place = join(cwd, "package.json");
            let text = script_of(&text_at(&place)?, name)?;
            (place, text, false)
        }
    };
    let script = read_script(&text).filter(|_| !text.contains('\r'))?;
    let own = CommandEffects::nothing(effects.span, effects.cwd.clone());
    // It runs in a shell of its own.
    let mut shell = Reader::new(state, effects.cwd.clone());
    let mut opened = shell.merged(&script, own, limits::SCRIPT_DEPTH, true);
    opened.changes_shell = false;
    opened.is_script = true;
    let used = opened.used.take();
    if let Needs::Everything(why) = &opened.needs {
        // What it installs is found all the same.
        let why = *why;
        return used.is_some().then(|| unclear(effects.clone(), used, why));
    }
    // Another tool than that of the manifest would have to be given the manifest.
    let knows = |path: &str| {
        let manifests = used.iter().flat_map(|used| used.tool.manifests);
        manifests.into_iter().any(|manifest| manifest.path == path)
    };
    match &mut opened.needs {
        Needs::Project { directory, .. }
            if is_file || directory == cwd && knows("package.json") => {}
        Needs::Nothing => opened.needs = Needs::Paths(vec![place.clone()]),
        Needs::Paths(paths) => paths.push(place.clone()),
        _ => return None,
    }
    opened.reads.add(place.clone());
    opened.program = is_file.then_some(place);
    opened.used = used;
    Some(opened)
}
