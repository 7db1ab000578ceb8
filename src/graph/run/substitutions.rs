//! Commands inside of words, `$(nproc)`: whether they may read anything, and what they print.

use crate::ecosystem::{
    ActionKind, Argument, Invocation, Looks, Use, downloads, is_for_what_is_built, recognise,
};
use crate::shell::{Assignment, Joiner, Part, Word, read_script};

/// Whether a word runs a command that may read anything: `$(nproc)` does not, `$(ls)` does.
pub(super) fn runs_unknown(word: &Word<'_>) -> bool {
    let prints = |used: &Use| {
        let lists = used.action.looks == Looks::Listing;
        // `$(curl -Ls https://dl.k8s.io/release/stable.txt)`
        let is_cheap =
            used.kind == ActionKind::Upkeep || downloads(used) && used.outputs.is_empty();
        is_cheap && used.paths.is_empty() && !lists
    };
    let print = |part: &Part<'_>| inner(part).is_some_and(|used| used.iter().all(prints));
    word.parts.iter().any(|part| part.runs_commands() && !print(part))
}

/// Whether values of assignments run commands that may read anything, and whether all those are for
/// what a build makes: `VERSION=$(git describe) go build`.
pub(super) fn assigned_by_commands(assignments: &[Assignment<'_>]) -> (bool, bool) {
    let mut unknown = assignments.iter().filter(|own| runs_unknown(&own.value)).peekable();
    let is_for_build =
        |own: &Assignment<'_>| is_for_what_is_built(&format!("{}={}", own.name, own.value.raw));
    (unknown.peek().is_some(), unknown.all(is_for_build))
}

/// The commands that a part of a word runs, one or several joined by pipes, where a table knows each
/// of them: `$(echo $TARGETPLATFORM | cut -d/ -f2)`.
pub(super) fn inner(part: &Part<'_>) -> Option<Vec<Use>> {
    let Part::Commands { text, .. } = part else { return None };
    let script = read_script(text)?;
    let each = script.commands.iter().map(|command| {
        let is_plain = !command.is_opaque()
            && matches!(command.joiner, Joiner::Start | Joiner::Pipe)
            && command.assignments.is_empty()
            && command.redirections.is_empty();
        let words: Option<Vec<Argument<'_>>> = command.words.iter().map(argument).collect();
        let words = words.filter(|_| is_plain)?;
        let (program, arguments) = words.split_first()?;
        let (program, written) = (program.text.as_str(), program.written);
        recognise(&Invocation { program, written, arguments })
    });
    each.collect()
}

/// A word of such a command. None where it runs commands itself, or is a pattern of file names.
fn argument<'w>(word: &'w Word<'_>) -> Option<Argument<'w>> {
    let written = word.raw.as_ref();
    let is_plain = |part: &Part<'_>| {
        matches!(part, Part::Literal(_) | Part::Quoted(_) | Part::Variable { .. })
            && !part.runs_commands()
    };
    match word.literal() {
        Some(text) => Some(Argument { text: text.into_owned(), resolved: true, written }),
        None if word.parts.iter().all(is_plain) => {
            Some(Argument { text: written.to_owned(), resolved: false, written })
        }
        None => None,
    }
}
