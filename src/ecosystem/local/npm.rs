//! Installs of npm that need a lock file.

use super::{Finding, Project, package_json, refuse};
use crate::issue::RefusalReason;

/// What package.json says about an install that needs a lock file.
/// <https://docs.npmjs.com/cli/v11/commands/npm-ci#description>
pub fn npm_ci(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = package_json(project);
    let locks = ["package-lock.json", "npm-shrinkwrap.json"];
    let missing = |path: &&str| (project.exists)(path) == Some(false);
    if locks.iter().all(missing) && !missing(&"package.json") {
        let message = "`npm ci` needs a `package-lock.json`, which is not among the files that are \
                       copied";
        findings.push(refuse(RefusalReason::UnknownManifests, message));
    }
    findings
}
