//! Paths of which a command asks whether they are there, and which the copy that is to go below it may
//! bring one day: `if [ -d vendor ]; then ...` would look for them before they come.

use super::Passed;
use crate::ecosystem::{ActionKind, Unlisted, is_lock_file};
use crate::graph::{CommandEffects, Copy, Graph};
use crate::sentences::{Assumption, Quoted};
use crate::sort::sort;

/// That none of these paths is there, where `command` does something else then, and the context has
/// none today. Lock files and settings of an install of the same step come by a pattern, and
/// `requirements-dev.txt` does not.
pub(super) fn asked(
    graph: &Graph<'_>,
    copy: &Copy,
    (passed, command): (Passed<'_, '_>, &CommandEffects),
) -> Option<Assumption> {
    if command.asks.is_empty() || fails_without(passed, command) {
        return None;
    }
    let comes_by_pattern = |path: &str| {
        passed.step.run().into_iter().flat_map(|run| &run.commands).any(|install| {
            let demands = graph.demands(install, passed.at);
            let mut wanted = demands.files.iter().filter(|file| file.place == path);
            wanted.any(|file| matches!(file.unlisted, Unlisted::As(_) | Unlisted::Beside))
        })
    };
    let asks = command.asks.iter().filter(|path| !comes_by_pattern(path));
    let missing = asks.filter_map(|path| graph.unlisted(copy, path));
    let mut missing: Vec<String> = missing.filter(|path| !is_lock_file(path)).collect();
    sort(&mut missing);
    missing.dedup();
    (!missing.is_empty()).then(|| Assumption::NotInContext { paths: Quoted::none(missing) })
}

/// Whether `command` asks for `place`, and does something else where it is missing.
pub(super) fn copes_without(passed: Passed<'_, '_>, command: &CommandEffects, place: &str) -> bool {
    command.asks.iter().any(|asked| asked == place) && !fails_without(passed, command)
}

/// `test -d src && npm ci` fails without `src`, wherever it stands.
fn fails_without(passed: Passed<'_, '_>, command: &CommandEffects) -> bool {
    // An install that finds no settings does without.
    let installs = command.used.as_ref().is_some_and(|used| used.kind == ActionKind::Install);
    let run = passed.step.run().filter(|_| !command.is_conditional && !installs);
    run.is_some_and(|run| run.is_chain())
}
