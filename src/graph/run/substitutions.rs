//! Commands inside of words, `$(nproc)`: whether they may read anything, and what they print.

use crate::ecosystem::{ActionKind, Argument, Invocation, Looks, Use, recognise};
use crate::shell::{Part, Word};

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
