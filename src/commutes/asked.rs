//! Paths of which a command asks whether they are there, and which the copy that is to go below it may
//! bring one day: `if [ -d vendor ]; then ...` would look for them before they come.

use super::Passed;
use super::used_checkouts::left_in_used_checkouts;
use crate::ecosystem::is_lock_file;
use crate::graph::{CommandEffects, Copy, Graph};
use crate::sentences::{Assumption, Quoted};
use crate::sort::sort;

/// That none of these paths is there, where `command` does something else then, and the context has
/// none today. A manifest that is missing is told when it comes.
pub(super) fn asked(
    graph: &Graph<'_>,
    copy: &Copy,
    (passed, command): (Passed<'_, '_>, &CommandEffects),
    provided: &[String],
) -> Option<Assumption> {
    // `test -d src && npm ci` fails without `src`, wherever it stands.
    let fails_without = || {
        let run = passed.step.run().filter(|_| !command.is_conditional);
        run.is_some_and(|run| run.is_chain())
    };
    if command.asks.is_empty() || fails_without() {
        return None;
    }
    let demands = graph.demands(command, passed.at);
    let is_wanted = |path: &str| demands.files.iter().any(|file| file.place == path);
    let asks = command.asks.iter().filter(|path| !provided.contains(path) && !is_wanted(path));
    let missing = asks.filter_map(|path| left_in_used_checkouts(graph, copy, path));
    let mut missing: Vec<String> =
        missing.filter(|path| graph.context.exists(path).is_no() && !is_lock_file(path)).collect();
    sort(&mut missing);
    missing.dedup();
    (!missing.is_empty()).then(|| Assumption::NotInContext { paths: Quoted::none(missing) })
}
