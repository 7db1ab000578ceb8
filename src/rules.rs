//! Every rule: one file each, its manual page in the file's own comment.

pub mod cache_mount_defeated;
pub mod cache_mount_hides_output;
pub mod cache_mount_unlocked;
pub mod compile_cache_lost;
pub mod install_input_missing;
mod left_out;
pub mod lockfile_not_copied;
pub mod manifests_flattened;
mod mounting;
mod order;
pub mod permissions_changed_after_copy;
mod shown;
pub mod source_copied_before_independent_step;
pub mod source_copied_before_install;
pub mod stale_package_index;
pub mod unpinned_download;
pub mod volatile_value_before_expensive_step;
pub mod whole_context_bind_mount;

use crate::rule::Rule;
#[cfg(test)]
pub use tests::alone;

/// The rules, sorted by id.
pub const RULES: &[Rule] = &[
    cache_mount_defeated::RULE,
    cache_mount_hides_output::RULE,
    cache_mount_unlocked::RULE,
    compile_cache_lost::RULE,
    install_input_missing::RULE,
    lockfile_not_copied::RULE,
    manifests_flattened::RULE,
    permissions_changed_after_copy::RULE,
    source_copied_before_independent_step::RULE,
    source_copied_before_install::RULE,
    stale_package_index::RULE,
    unpinned_download::RULE,
    volatile_value_before_expensive_step::RULE,
    whole_context_bind_mount::RULE,
];

/// The rule with this id. The error names the one that is written most alike.
pub fn find(id: &str) -> Result<&'static Rule, String> {
    if let Some(rule) = RULES.iter().find(|rule| rule.id == id) {
        return Ok(rule);
    }
    let nearest = RULES.iter().min_by_key(|rule| distance(rule.id, id));
    let nearest = nearest.map(|rule| format!("; the nearest is `{}`", rule.id));
    Err(format!("there is no rule `{id}`{}", nearest.unwrap_or_default()))
}

/// How many characters have to be added, dropped or replaced to make one text of the other.
fn distance(one: &str, other: &str) -> usize {
    // Who writes more than this did not mean a rule.
    let other: Vec<char> = other.chars().take(100).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut before = row[0];
        row[0] = at + 1;
        for (column, &wanted) in other.iter().enumerate() {
            let replaced = before + usize::from(wanted != letter);
            before = row[column + 1];
            row[column + 1] = replaced.min(before + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::FixLevel;
    use crate::report::{Level, Options};

    /// Options with all rules off but these, and all that they suggest in the rewritten file.
    pub fn alone(ids: &[&str]) -> Options {
        let others = RULES.iter().filter(|rule| !ids.contains(&rule.id));
        let rules = others.map(|rule| (rule.id.to_owned(), Level::Off)).collect();
        Options { rules, fix: FixLevel::Suggested, ..Options::default() }
    }

    #[test]
    fn an_unknown_rule_is_told_with_the_nearest() {
        assert_eq!(
            find("source-copied-before-install").map(|rule| rule.id),
            Ok("source-copied-before-install")
        );
        let wrong = find("source-copied-before-instal").unwrap_err();
        assert_eq!(
            wrong,
            "there is no rule `source-copied-before-instal`; the nearest is \
             `source-copied-before-install`"
        );
        assert!(
            find("source-copied-before-step")
                .unwrap_err()
                .contains("nearest is `source-copied-before-")
        );
    }

    #[test]
    fn distances_are_edits() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
