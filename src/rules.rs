//! Every rule: one file each, its manual page in the file's own comment.

mod order;
pub mod source_copied_before_independent_step;
pub mod source_copied_before_install;
pub mod stale_package_index;

use crate::rule::Rule;

/// The rules, sorted by id.
pub const RULES: &[Rule] = &[
    source_copied_before_independent_step::RULE,
    source_copied_before_install::RULE,
    stale_package_index::RULE,
];
