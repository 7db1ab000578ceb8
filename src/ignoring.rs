//! What can be repaired where `.dockerignore` leaves out what tools left in the project: a
//! `node_modules` of the host keeps `COPY . .` above the install, for below it that would replace
//! what was installed.
//!
//! The file is read a second time, with the lines that `host-artifacts-in-context` proposes, and
//! what is repaired then rests on them.

use crate::context::Context;
use crate::graph::Graph;
use crate::issue::{Fix, Issue, RefusalReason};
use crate::report::{FixLevel, Report};
use crate::rules::host_artifacts_in_context;

/// The directories that `.dockerignore` has to exclude, so that more can be repaired.
pub fn to_ignore(graph: &Graph<'_>, report: &Report) -> Vec<String> {
    let is_held = |issue: &Issue| {
        let refusal = issue.refusal.as_ref();
        refusal.is_some_and(|refusal| refusal.reason == RefusalReason::HostArtifacts)
    };
    let is_proposed = |issue: &Issue| issue.rule == host_artifacts_in_context::RULE.id;
    if !report.issues.iter().any(is_held) || !report.issues.iter().any(is_proposed) {
        return Vec::new();
    }
    graph.host_artifacts().into_iter().map(|artifact| artifact.path.to_owned()).collect()
}

/// The report of a file with the fixes that are possible where `directories` are left out; `read`
/// reads the file in another context.
pub fn repaired(
    first: Report,
    context: Context,
    directories: Vec<String>,
    level: FixLevel,
    read: &dyn Fn(&Context) -> Report,
) -> Report {
    let Some(text) = context.ignoring_also(&directories) else { return first };
    let mut second = read(&context.ignoring_instead(text, directories));
    let is_same = |one: &Fix, other: &Fix| one.edits == other.edits;
    let found = |fix: &Fix| second.fixes.iter().any(|other| is_same(fix, other));
    if second.fixes.len() <= first.fixes.len() || !first.fixes.iter().all(found) {
        return first;
    }
    for fix in &mut second.fixes {
        if let Some(same) = first.fixes.iter().find(|other| is_same(fix, other)) {
            fix.clone_from(same);
        }
    }
    let mut issues = first.issues;
    for issue in &mut issues {
        let is_same = |other: &&Issue| other.rule == issue.rule && other.span == issue.span;
        if let Some(other) = second.issues.iter().find(is_same) {
            issue.fix = other.fix;
            issue.refusal.clone_from(&other.refusal);
        }
    }
    let report = Report { issues, fixes: second.fixes, ..first };
    match level {
        // What is safe is so without them.
        FixLevel::None | FixLevel::Safe => report,
        FixLevel::Assumed | FixLevel::Suggested => Report {
            edits: second.edits,
            rewritten: second.rewritten,
            scenarios: second.scenarios,
            dockerignore: second.dockerignore.or(report.dockerignore),
            ..report
        },
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::alone;
    use crate::{Applicability, FixLevel, Options, analyze};

    const BEFORE: &str = "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
    const MANIFEST: &str = r#"{"dependencies": {"a": "1"}}"#;
    const LOCK: &str = r#"{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}},
                           "node_modules/a": {"version": "1.0.0"}}}"#;

    const ORDER: &str = "source-copied-before-install";
    const ARTIFACTS: &str = "host-artifacts-in-context";

    fn used(rules: &[&str], fix: FixLevel) -> Options {
        let files = [
            ("package.json", Some(MANIFEST)),
            ("package-lock.json", Some(LOCK)),
            ("a.js", None),
            ("node_modules/a/index.js", None),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.map(str::to_owned)));
        Options { files: Some(files.into_iter().collect()), fix, ..alone(rules) }
    }

    #[test]
    fn modules_of_a_host_are_left_out_with_the_fix() {
        let report = analyze(BEFORE, &used(&[ORDER, ARTIFACTS], FixLevel::Assumed));
        let fix = &report.fixes[0];
        assert_eq!(
            (fix.applicability, &*fix.dockerignore),
            (Applicability::Assumed, &["node_modules".to_owned()][..])
        );
        let sentence = "`.dockerignore` excludes `node_modules`, which the image makes for itself.";
        assert_eq!(fix.assumptions, [sentence]);
        assert!(report.rewritten.contains("package-lock.json .npmrc* ./\nRUN npm ci\nCOPY . .\n"));
        assert_eq!(report.dockerignore.as_deref(), Some("node_modules\n"));
    }

    #[test]
    fn what_rests_on_a_line_is_not_safe() {
        let report = analyze(BEFORE, &used(&[ORDER, ARTIFACTS], FixLevel::Safe));
        assert_eq!(report.rewritten, BEFORE);
        assert_eq!(report.fixes[0].applicability, Applicability::Assumed);
    }

    #[test]
    fn who_wants_no_such_line_gets_none() {
        let report = analyze(BEFORE, &used(&[ORDER], FixLevel::Assumed));
        assert_eq!((report.fixes.len(), report.dockerignore), (0, None));
    }
}
