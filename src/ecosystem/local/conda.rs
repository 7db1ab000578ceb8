//! environment.yml: what pip installs beside conda's packages.

use super::{Finding, Project, join, parent, refuse};
use crate::issue::RefusalReason;

/// What the environment files say.
/// <https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html>
pub fn conda(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in project.manifests {
        let Some(text) = (project.text)(file) else {
            if (project.exists)(file) != Some(false) {
                findings.push(Finding::Assume(format!(
                    "`{file}` lists no local path and no requirements file below `pip:`."
                )));
            }
            continue;
        };
        for line in text.lines().filter_map(|line| line.trim().strip_prefix("- ")) {
            let item = line.trim().trim_matches(['"', '\'']).trim();
            let value = |options: &[&str]| {
                let rest = options.iter().find_map(|option| item.strip_prefix(option))?;
                Some(rest.trim_start_matches([' ', '=']).trim().to_owned())
            };
            if let Some(path) = value(&["--requirement", "--constraint", "-r", "-c"]) {
                if !path.contains("://") {
                    findings.push(Finding::Also(join(parent(file), &path)));
                    findings.push(Finding::Assume(format!(
                        "`{path}` names no further file and no local path."
                    )));
                }
            } else if let Some(path) = value(&["--editable", "-e"]).or(Some(item.to_owned()))
                && (path.starts_with(['.', '/', '~']) || path.starts_with("file:"))
            {
                findings.push(refuse(
                    RefusalReason::LocalDependency,
                    &format!("`{file}` installs a local path: `{item}`"),
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<Finding> {
        conda(&Project {
            manifests: &["env/environment.yml".into()],
            flags: &[],
            is_nested: false,
            has_neighbours: false,
            names: &|_| false,
            known: &|_| Vec::new(),
            works_on_members: &|| false,
            text: &|_| Some(text),
            exists: &|_| None,
            list: &|_| None,
        })
    }

    #[test]
    fn pip_entries_count() {
        let start = "channels:\n  - conda-forge\ndependencies:\n  - python=3.12\n  - pip:\n";
        assert_eq!(found(start), []);
        assert_eq!(found(&format!("{start}    - -e git+https://x/y\n    - flask\n")), []);
        for line in ["-e .", "./lib", "--editable=../x"] {
            let text = format!("{start}    - {line}\n");
            assert!(matches!(found(&text)[..], [Finding::Refuse(..)]), "{line}");
        }
        let found = found(&format!("{start}    - -r requirements.txt\n"));
        assert_eq!(found[0], Finding::Also("env/requirements.txt".into()));
    }
}
