//! Manifests of Haskell, Dart, Swift and others: local packages and members.

use super::{Finding, Project, join, refuse, yaml};
use crate::issue::RefusalReason;

/// cabal.project and stack.yaml: packages of the project, all of which are copied.
pub fn haskell(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    match (project.list)("**/*.cabal").zip((project.list)("**/package.yaml")) {
        Some((cabal, hpack)) => {
            let members = cabal.into_iter().chain(hpack).filter(|path| path.contains('/'));
            findings.extend(members.map(Finding::Also));
        }
        None => {
            findings.push(Finding::Assume("The project has one package, in this directory.".into()))
        }
    }
    match (project.text)("stack.yaml") {
        Some(text) => {
            let extra = yaml::list(text, "extra-deps").unwrap_or_default();
            if let Some(local) = extra.iter().find(|entry| entry.starts_with(['.', '/'])) {
                findings.push(refuse(
                    RefusalReason::LocalDependency,
                    &format!("`stack.yaml` takes `{local}` from a local path"),
                ));
            }
        }
        None if project.manifests.iter().any(|name| name == "stack.yaml") => findings
            .push(Finding::Assume("`stack.yaml` takes no dependency from a local path.".into())),
        None => {}
    }
    let custom = |path: &String| {
        (project.text)(path).is_some_and(|text| text.contains("build-type: Custom"))
    };
    if project.manifests.iter().any(custom) {
        findings.push(Finding::Also("Setup.hs".into()));
    }
    findings
}

/// pubspec.yaml: packages by path, members of a workspace.
/// <https://dart.dev/tools/pub/dependencies#path-packages>
pub fn pubspec(project: &Project<'_>) -> Vec<Finding> {
    let Some(text) = (project.text)("pubspec.yaml") else {
        return vec![Finding::Assume(
            "`pubspec.yaml` names no package by its path and no workspace.".into(),
        )];
    };
    let mut findings = Vec::new();
    for member in yaml::list(text, "workspace").unwrap_or_default() {
        match member.contains('*') {
            true => match (project.list)(&join(member, "pubspec.yaml")) {
                Some(found) => findings.extend(found.into_iter().map(Finding::Also)),
                None => findings.push(refuse(
                    RefusalReason::LocalDependency,
                    &format!("the members of the workspace `{member}` are not known"),
                )),
            },
            false => findings.push(Finding::Also(join(member, "pubspec.yaml"))),
        }
    }
    // A path below `git:` is one of that repository.
    let mut git: Option<usize> = None;
    let mut in_dependencies = false;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let indent = line.len() - line.trim_start().len();
        let line = line.trim();
        if indent == 0 {
            in_dependencies = line.contains("dependenc");
        }
        if git.is_some_and(|above| indent <= above) {
            git = None;
        }
        if line == "git:" {
            git = Some(indent);
        }
        let path = line
            .strip_prefix("path:")
            .or_else(|| line.split_once("{path:").map(|(_, path)| path.trim_end_matches('}')));
        let path = path.map(|path| path.trim().trim_matches(['"', '\'']));
        // `path: ^1.8.0` is the package of that name.
        let path = path.filter(|path| path.contains('/') || path.starts_with('.'));
        if let Some(path) = path.filter(|_| in_dependencies && git.is_none()) {
            findings.push(refuse(
                RefusalReason::LocalDependency,
                &format!("`pubspec.yaml` takes a package from a local path (`{path}`)"),
            ));
        }
        if line == "generate: true" {
            findings.push(refuse(
                RefusalReason::LifecycleScript,
                "`pubspec.yaml` has code generated from the source (`generate: true`)",
            ));
        }
    }
    findings
}

/// Package.swift: packages by path.
/// <https://docs.swift.org/package-manager/PackageDescription/PackageDescription.html#package-dependency>
pub fn swift(project: &Project<'_>) -> Vec<Finding> {
    match (project.text)("Package.swift") {
        None => vec![Finding::Assume("`Package.swift` names no package by its path.".into())],
        Some(text) => {
            let mut calls = text.split(".package(").skip(1);
            let local = calls.any(|call| {
                let call = call.trim_start();
                call.starts_with("path:")
                    || (call.starts_with("name:")
                        && call.split(')').next().is_some_and(|c| c.contains("path:")))
            });
            match local {
                true => vec![refuse(
                    RefusalReason::LocalDependency,
                    "`Package.swift` takes a package from a local path",
                )],
                false => Vec::new(),
            }
        }
    }
}

/// Chart.yaml: charts by path.
/// <https://helm.sh/docs/helm/helm_dependency/>
pub fn helm(project: &Project<'_>) -> Vec<Finding> {
    match (project.text)("Chart.yaml") {
        Some(text) if text.contains("file://") => vec![refuse(
            RefusalReason::LocalDependency,
            "`Chart.yaml` takes a chart from a local path (`file://`)",
        )],
        Some(_) => Vec::new(),
        None => vec![Finding::Assume("`Chart.yaml` takes no chart from a local path.".into())],
    }
}

/// Terraform: modules by path.
/// <https://developer.hashicorp.com/terraform/language/modules/sources#local-paths>
pub fn terraform(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in project.manifests.iter().filter(|name| name.ends_with(".tf")) {
        match (project.text)(file) {
            Some(text) => {
                let mut lines = text.lines().map(str::trim);
                if lines
                    .any(|l| l.starts_with("source") && (l.contains("\"./") || l.contains("\"../")))
                {
                    findings.push(refuse(
                        RefusalReason::LocalDependency,
                        &format!("`{file}` takes a module from a local path"),
                    ));
                }
            }
            None => findings
                .push(Finding::Assume(format!("`{file}` takes no module from a local path."))),
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(read: fn(&Project<'_>) -> Vec<Finding>, name: &str, text: &str) -> Vec<Finding> {
        read(&Project {
            manifests: &[name.to_owned()],
            flags: &[],
            is_nested: false,
            has_neighbours: false,
            names: &|_| false,
            known: &|_| Vec::new(),
            works_on_members: &|| false,
            text: &|path| (path == name).then_some(text),
            exists: &|_| None,
            list: &|pattern| Some(vec![pattern.replace("**/", "").replace('*', "a")]),
        })
    }

    #[track_caller]
    fn refuses(read: fn(&Project<'_>) -> Vec<Finding>, name: &str, text: &str) {
        let found = found(read, name, text);
        assert!(
            found.iter().any(|finding| matches!(finding, Finding::Refuse(..))),
            "{text}: {found:?}"
        );
    }

    fn also(path: &str) -> Finding {
        Finding::Also(path.into())
    }

    #[test]
    fn haskell_files() {
        refuses(haskell, "stack.yaml", "extra-deps:\n  - ./vendor/a\n");
        assert_eq!(found(haskell, "stack.yaml", "extra-deps:\n  - a-1.0\n"), []);
    }

    #[test]
    fn pubspec_files() {
        refuses(pubspec, "pubspec.yaml", "dependencies:\n  a:\n    path: ../a\n");
        refuses(pubspec, "pubspec.yaml", "dependencies:\n  a: {path: ../a}\n");
        let git = "dependencies:\n  path: ^1.8.0\n  a:\n    git:\n      url: https://x\n      path: b/c\n";
        assert_eq!(found(pubspec, "pubspec.yaml", git), []);
        assert_eq!(found(pubspec, "pubspec.yaml", "workspace:\n  - a\n"), [also("a/pubspec.yaml")]);
    }

    #[test]
    fn other_files() {
        refuses(swift, "Package.swift", ".package(path: \"../a\")");
        refuses(swift, "Package.swift", ".package(name: \"a\", path: \"../a\")");
        assert_eq!(
            found(
                swift,
                "Package.swift",
                ".package(url: \"x\", from: \"1\"), .target(name: \"b\", path: \"c\")"
            ),
            []
        );
        refuses(helm, "Chart.yaml", "repository: file://../a");
        assert_eq!(found(helm, "Chart.yaml", "repository: https://a"), []);
        refuses(terraform, "main.tf", "module \"a\" {\n  source = \"./a\"\n}");
        assert_eq!(found(terraform, "main.tf", "module \"a\" {\n  source = \"a/b/c\"\n}"), []);
    }
}
