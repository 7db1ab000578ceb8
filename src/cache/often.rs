//! How often a step runs again needlessly, where a history says how often its causes change.
//!
//! Whether files change often at all is the graph's business; here is what that makes of an issue.

use crate::context::share_of_any;
use crate::graph::{Graph, StepAt};
use crate::issue::{Issue, Severity};

/// The share of commits below which a rebuild is worth knowing, and no more: one of ten.
const SELDOM: f64 = 0.1;

/// Says in `issue` how often the copies at `causes` change, and makes less of it where that is
/// seldom and the options say no severity of their own.
pub fn weigh(graph: &Graph<'_>, causes: &[StepAt], issue: &mut Issue) {
    let shares = causes.iter().map(|&cause| graph.copy_at(cause).share(graph.context));
    let Some(share) = share_of_any(shares) else { return };
    issue.frequency = Some(share);
    issue.why += &format!(" Such a change is in {}.", commits(share));
    if share < SELDOM && !graph.options.rules.contains_key(issue.rule) {
        issue.severity = issue.severity.min(Severity::Info);
    }
}

/// A share of the commits in words: `23 of 100 commits`.
pub(super) fn commits(share: f64) -> String {
    // Whole numbers: printing others weighs some KB in the module.
    format!("{} of 100 commits", ((share * 100.0 + 0.5) as usize).max(1))
}
