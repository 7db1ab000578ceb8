//! Commands inside of words, `$(nproc)`: whether they may read anything, and what they print.

use crate::ecosystem::{
    ActionKind, Argument, Invocation, Looks, Use, is_for_what_is_built, recognise,
};
use crate::shell::{Assignment, Part, Word};

/// Whether a word runs a command that may read anything: `$(nproc)` does not, `$(ls)` does.
pub(super) fn runs_unknown(word: &Word<'_>) -> bool {
    let prints = |part: &Part<'_>| {
        inner(part).is_some_and(|used| {
            let lists = used.action.looks == Looks::Listing;
            used.kind == ActionKind::Upkeep && used.paths.is_empty() && !lists
        })
    };
    word.parts.iter().any(|part| part.runs_commands() && !prints(part))
}

/// Whether values of assignments run commands that may read anything, and whether all those are for
/// what a build makes: `VERSION=$(git describe) go build`.
pub(super) fn assigned_by_commands(assignments: &[Assignment<'_>]) -> (bool, bool) {
    let mut unknown = assignments.iter().filter(|own| runs_unknown(&own.value)).peekable();
    let is_for_build =
        |own: &Assignment<'_>| is_for_what_is_built(&format!("{}={}", own.name, own.value.raw));
    (unknown.peek().is_some(), unknown.all(is_for_build))
}

/// Whether a word holds what is another text each time: `$(date)`, `/dev/urandom`.
pub(super) fn is_another_each_time(word: &Word<'_>) -> bool {
    matches!(word.raw.as_ref(), "/dev/random" | "/dev/urandom")
        || word.parts.iter().any(|part| inner(part).is_some_and(|used| used.tool.varies))
}

/// The one command that a part of a word runs, where a table knows it.
fn inner(part: &Part<'_>) -> Option<Use> {
    let Part::Commands { text, .. } = part else { return None };
    if text.contains(['$', '`', '|', '&', ';', '<', '>', '(', '\n', '\'', '"']) {
        return None;
    }
    let words: Vec<Argument<'_>> = text
        .split_whitespace()
        .map(|word| Argument { text: word.to_owned(), resolved: true, written: word })
        .collect();
    let (program, arguments) = words.split_first()?;
    let (program, written) = (program.text.as_str(), program.written);
    recognise(&Invocation { program, written, arguments })
}
