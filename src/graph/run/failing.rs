//! Commands that may fail without ending their step, and what holds behind one that does.

use super::{CommandEffects, Needs, Run, unclear};
use crate::sentences::Opaque;
use crate::shell::{self, Joiner};
use std::borrow::Cow;

impl Run<'_> {
    /// Whether the step goes on where its command at `index` fails: `go build || true`,
    /// `go build; ls`, and behind `set -e` as well `cd src && go build; ls`.
    pub fn goes_on_without(&self, index: usize) -> bool {
        let commands = &self.script.commands;
        let joined = commands[index + 1..].iter().take_while(|next| next.joiner == Joiner::And);
        let last = index + joined.count();
        commands.get(last + 1).is_some_and(|next| match next.joiner {
            Joiner::Or | Joiner::Pipe | Joiner::Background => true,
            Joiner::Semicolon => last > index || !commands[..index].iter().any(stops_at_errors),
            Joiner::Start | Joiner::And => false,
        })
    }

    /// Whether the command at `index` has run, and has not failed, where the step is done.
    pub fn is_sure_of(&self, index: usize) -> bool {
        let own = self.script.commands.get(index);
        own.is_some_and(|own| own.joiner != Joiner::Or && !own.negated)
            && !self.commands[index].is_conditional
            && !self.goes_on_without(index)
    }
}

/// Whether a command is `set -e`, in any of its spellings.
pub fn stops_at_errors(command: &shell::Command<'_>) -> bool {
    let mut words = command.words.iter().filter_map(|word| word.literal());
    words.next().is_some_and(|program| program == "set")
        && words.any(|word| {
            let letters = word.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
            letters.is_some_and(|letters| letters.contains('e')) || word == "errexit"
        })
}

/// Has commands need and change anything where they run in one directory or another: behind
/// `cd api && make;` in the old one where `api` is not there. `is_there` says whether a path may be
/// there when the step begins.
pub fn lose_directory(run: &mut Run<'_>, is_there: &dyn Fn(&str) -> bool) {
    let mut is_lost = false;
    for index in 0..run.commands.len() {
        let command = &run.script.commands[index];
        let waits = matches!(command.joiner, Joiner::And | Joiner::Pipe);
        let target = directory_it_goes_to(command);
        is_lost &= !target.as_ref().is_some_and(|target| target.starts_with(['/', '~']));
        let effects = &mut run.commands[index];
        if is_lost && !waits && names_paths(effects) {
            let used = effects.used.take();
            let before = CommandEffects::nothing(effects.span, effects.cwd.take());
            *effects = unclear(before, used, Opaque::UnknownDirectory);
        }
        let Some(target) = target.filter(|target| !target.starts_with(['/', '~'])) else {
            continue;
        };
        let stays = target.split('/').all(|part| matches!(part, "" | "." | ".."));
        let place = run.commands[index].places.last().cloned().flatten();
        let made = |place: &str| run.commands[..index].iter().any(|first| first.may_leave(place));
        is_lost |= !stays
            && run.goes_on_without(index)
            && place.is_some_and(|place| !made(&place) && !is_there(&place));
    }
}

/// The word that `cd` is told.
fn directory_it_goes_to(command: &shell::Command<'_>) -> Option<String> {
    let mut words = command.words.iter().map(|word| word.literal());
    words.next().flatten().filter(|program| *program == "cd")?;
    words.next().flatten().map(Cow::into_owned)
}

/// Whether what a command does depends on where it runs, as far as it is known.
fn names_paths(command: &CommandEffects) -> bool {
    let sets = [&command.reads, &command.writes, &command.fills];
    command.needs != Needs::Nothing
        || !command.places.is_empty()
        || sets.iter().any(|set| !set.paths.is_empty())
}
