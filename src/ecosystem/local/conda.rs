//! environment.yml: what pip installs beside conda's packages.

use super::requirements::{Asks, asks, of_files};
use super::schema::{Schema, from_path, is_local, local};
use super::{Finding, Project, join, parent};
use crate::ecosystem::manifest::yaml;

/// What the environment files say.
/// <https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html>
pub fn conda(project: &Project<'_>) -> Vec<Finding> {
    const ENVIRONMENT: Schema = Schema {
        parse: yaml::parse,
        unread: &["`{}` lists no local path and no requirements file below `pip:`."],
        places: &[local("channels"), local("dependencies")],
    };
    let mut findings = Vec::new();
    for file in project.manifests {
        let text = (project.text)(file);
        if text.is_none() && (project.exists)(file) == Some(false) {
            continue;
        }
        // A list of packages, one on each line: `conda create --file`.
        let is_list = ![".yml", ".yaml"].iter().any(|end| file.ends_with(end));
        if let Some(text) = text.filter(|_| is_list) {
            let mut packages = text.lines().map(str::trim);
            let package = packages.find(|package| is_local(package));
            findings.extend(package.map(|package| from_path(file, package, package)));
            continue;
        }
        let Some(value) = ENVIRONMENT.read(project, file, &mut findings) else { continue };
        for line in value.texts("dependencies.pip") {
            for asked in asks(line) {
                match asked {
                    Asks::File(path) => {
                        let path = join(parent(file), &path);
                        findings.push(Finding::Also(path.clone()));
                        findings.extend(of_files(vec![path], project));
                    }
                    Asks::Path(path) => findings.push(from_path(file, line, &path)),
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tests::unknown;
    use super::*;

    fn found(text: &str) -> Vec<Finding> {
        found_in("env/environment.yml", text)
    }

    fn found_in(name: &str, text: &str) -> Vec<Finding> {
        conda(&Project { manifests: &[name.into()], text: &|_| Some(text), ..unknown() })
    }

    #[test]
    fn lists_of_packages_are_no_environments() {
        let list = "# platform: linux-64\n@EXPLICIT\nhttps://x/linux-64/a.conda\nb=1.0\n";
        assert_eq!(found_in("conda-linux-64.lock", list), []);
        assert_eq!(found_in("list.txt", "numpy\n./a.conda\n").len(), 1);
    }

    #[test]
    fn pip_entries_count() {
        let start = "channels:\n  - conda-forge\ndependencies:\n  - python=3.12\n  - pip:\n";
        assert_eq!(found(start), []);
        assert_eq!(found(&format!("{start}    - -e git+https://x/y\n    - flask\n")), []);
        for line in ["-e .", "./lib", "--editable=../x", "\"./lib\"", "lib @ file:///lib"] {
            let text = format!("{start}    - {line}\n");
            assert!(matches!(found(&text)[..], [Finding::Refuse(..)]), "{line}");
        }
        for text in ["dependencies: [pip, {pip: [-e .]}]", "channels: [./x]", "a: b: c"] {
            assert!(matches!(found(text)[..], [Finding::Refuse(..)]), "{text}");
        }
        let found = found(&format!("{start}    - -r requirements.txt\n"));
        assert_eq!(found[0], Finding::Also("env/requirements.txt".into()));
    }
}
