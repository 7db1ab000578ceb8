//! Scripts of the project whose text is given: `RUN ./install.sh` does what stands in it, and
//! `RUN npm run setup` what package.json says, and `RUN make install` what the Makefile does.

use super::reader::Reader;
use super::{CommandEffects, Needs, Run, join, unclear};
use crate::build::DispatchState;
use crate::ecosystem::{
    ActionKind, Argument, Called, Invocation, Use, called, recipe, recognise, script_of,
};
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
    let words = literal_words(command)?;
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
        Called::Targets(targets) => {
            let mut others = ["GNUmakefile", "makefile"].iter();
            if others.any(|other| text_at(&join(cwd, other)).is_some()) {
                return None;
            }
            let place = join(cwd, "Makefile");
            let text = recipe(&text_at(&place)?, &targets)?;
            (place, text, true)
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
        let mut opened = unclear(effects.clone(), Some(used?), *why);
        if let (Some(used), Some(compiles)) = (&mut opened.used, compile_of(&script)) {
            used.first.clone_from(&compiles.first);
            let own = CommandEffects::nothing(effects.span, effects.cwd.clone());
            opened.caches = Reader::new(state, effects.cwd.clone()).apply(compiles, own).caches;
        }
        return Some(opened);
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

/// What a script compiles with, if it does nothing else, and that where it starts: what fetches
/// for `go build` fetches for the Makefile that runs it.
fn compile_of(script: &shell::Script<'_>) -> Option<Use> {
    let mut found = None;
    for command in &script.commands {
        if !command.assignments.is_empty() || command.is_opaque() {
            return None;
        }
        let words = literal_words(command)?;
        let (program, arguments) = words.split_first()?;
        let (program, written) = (&program.text, program.written);
        let used = recognise(&Invocation { program, written, arguments })?;
        match used.kind {
            ActionKind::Upkeep => {}
            ActionKind::Compile if found.is_none() && used.directory.is_none() => {
                found = Some(used);
            }
            _ => return None,
        }
    }
    found
}

/// The words of a command, where the file says all of them.
fn literal_words<'w>(command: &'w shell::Command<'_>) -> Option<Vec<Argument<'w>>> {
    let words = command.words.iter().map(|word| {
        let text = word.literal()?.into_owned();
        Some(Argument { text, resolved: true, written: word.raw.as_ref() })
    });
    words.collect()
}
