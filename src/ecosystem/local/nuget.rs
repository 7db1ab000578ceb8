//! packages.config: what NuGet restored from before projects named their packages themselves.

use super::{Finding, Project, dotnet, refuse};
use crate::issue::RefusalReason;

/// What `nuget restore` reads: the projects, and a packages.config beside any of them.
/// <https://learn.microsoft.com/en-us/nuget/reference/packages-config>
pub fn nuget(project: &Project<'_>) -> Vec<Finding> {
    let Some(configured) = (project.list)("**/packages.config") else {
        return vec![refuse(
            RefusalReason::LocalDependency,
            "which projects the restore finds is not known",
        )];
    };
    let mut findings = dotnet(project);
    let below = configured.into_iter().filter(|path| path.contains('/'));
    findings.extend(below.map(Finding::Also));
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tests::unknown;
    use super::*;

    fn found(list: &dyn Fn(&str) -> Option<Vec<String>>) -> Vec<Finding> {
        nuget(&Project {
            manifests: &["packages.config".into()],
            exists: &|_| Some(false),
            list,
            ..unknown()
        })
    }

    #[test]
    fn every_list_of_packages_comes_along() {
        let listed = |pattern: &str| -> Option<Vec<String>> {
            let all = ["packages.config", "a/packages.config"].map(String::from).to_vec();
            Some(if pattern.ends_with("packages.config") { all } else { Vec::new() })
        };
        assert_eq!(found(&listed), [Finding::Also("a/packages.config".into())]);
        assert!(matches!(found(&|_| None)[..], [Finding::Refuse(..)]));
    }
}
