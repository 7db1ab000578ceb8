//! Every rule: one file each, its manual page in the file's own comment.

pub mod build_cache_not_exported;
pub mod cache_mount_defeated;
pub mod cache_mount_hides_output;
pub mod cache_mount_unlocked;
pub mod compile_cache_lost;
pub mod host_artifacts_in_context;
pub mod install_input_missing;
pub mod install_without_cache_mount;
mod left_out;
pub mod lockfile_not_copied;
pub mod manifest_copied_before_system_packages;
pub mod manifests_flattened;
mod mounting;
mod order;
pub mod permissions_changed_after_copy;
mod shown;
pub mod source_copied_before_independent_step;
pub mod source_copied_before_install;
pub mod stale_package_index;
pub mod unpinned_download;
pub mod vcs_metadata_in_context;
pub mod volatile_value_before_expensive_step;
pub mod whole_context_bind_mount;

use crate::rule::Rule;
#[cfg(test)]
pub use tests::{Cases, alone};

/// The rules, sorted by id.
pub const RULES: &[Rule] = &[
    build_cache_not_exported::RULE,
    cache_mount_defeated::RULE,
    cache_mount_hides_output::RULE,
    cache_mount_unlocked::RULE,
    compile_cache_lost::RULE,
    host_artifacts_in_context::RULE,
    install_input_missing::RULE,
    install_without_cache_mount::RULE,
    lockfile_not_copied::RULE,
    manifest_copied_before_system_packages::RULE,
    manifests_flattened::RULE,
    permissions_changed_after_copy::RULE,
    source_copied_before_independent_step::RULE,
    source_copied_before_install::RULE,
    stale_package_index::RULE,
    unpinned_download::RULE,
    vcs_metadata_in_context::RULE,
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
    use crate::report::{FixLevel, Level, Options};

    /// Options with all rules off but these, and all that they suggest in the rewritten file.
    pub fn alone(ids: &[&str]) -> Options {
        let others = RULES.iter().filter(|rule| !ids.contains(&rule.id));
        let rules = others.map(|rule| (rule.id.to_owned(), Level::Off)).collect();
        Options { rules, fix: FixLevel::Suggested, ..Options::default() }
    }

    /// A rule in one line a case: what it reports of some steps, and what its fixes make of them.
    pub struct Cases {
        /// The id of the rule.
        pub rule: &'static str,
        /// What the file begins with: `FROM debian:13\n`.
        pub head: &'static str,
        /// Under which it is analysed.
        pub options: Options,
    }

    impl Cases {
        /// How many issues the rule reports, and the steps with its fixes.
        pub fn found(&self, steps: &str) -> (usize, String) {
            let report = crate::analyze(&format!("{}{steps}\n", self.head), &self.options);
            let own = report.issues.iter().filter(|issue| issue.rule == self.rule).count();
            let steps = report.rewritten.strip_prefix(self.head).unwrap_or_default();
            (own, steps.trim_end().to_owned())
        }

        /// The rule reports the steps once, and its fixes make `repaired` of them.
        #[track_caller]
        pub fn catches(&self, steps: &str, repaired: &str) {
            assert_eq!(self.found(steps), (1, repaired.to_owned()), "{steps}");
        }

        /// The rule says nothing of the steps, and they stay.
        #[track_caller]
        pub fn catches_not(&self, steps: &str) {
            assert_eq!(self.found(steps), (0, steps.to_owned()), "{steps}");
        }
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
