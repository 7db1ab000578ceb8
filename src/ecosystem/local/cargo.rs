//! Cargo.toml: members, packages by path, build scripts.

use super::{Finding, Project, join, refuse, toml};
use crate::issue::RefusalReason;

/// What Cargo.toml says about fetching the dependencies without the source.
/// <https://doc.rust-lang.org/cargo/reference/workspaces.html>
pub fn cargo(project: &Project<'_>) -> Vec<Finding> {
    let Some(text) = (project.text)("Cargo.toml") else {
        return vec![Finding::Assume(
            "`Cargo.toml` names no workspace, no package by its path, and no target of a name of \
             its own (`[[bin]]`, `[[bench]]`)."
                .into(),
        )];
    };
    let mut findings = Vec::new();
    let settings = toml::settings(text);
    // cargo looks for the sources of a target without a path, in whatever it does.
    let of = |table: &str, key: &str| {
        settings.iter().filter(|setting| setting.table == table && setting.key == key).count()
    };
    let unplaced = ["bin", "bench", "example", "test"]
        .into_iter()
        .find(|table| of(table, "name") != of(table, "path"));
    if let Some(table) = unplaced.or((of("package", "default-run") > 0).then_some("default-run")) {
        findings.push(refuse(
            RefusalReason::NoDependencyOnlyInstall,
            &format!("Cargo.toml names a target (`{table}`) whose source cargo looks for"),
        ));
    }
    for setting in settings {
        if setting.table == "workspace" && setting.key == "members" {
            for pattern in toml::texts(&setting.value) {
                match (project.list)(&join(pattern, "Cargo.toml")) {
                    Some(found) if found.is_empty() => {}
                    Some(_) => findings.push(refuse(
                        RefusalReason::LocalDependency,
                        "Cargo.toml is a workspace: cargo looks for the source of every member",
                    )),
                    None => findings.push(refuse(
                        RefusalReason::LocalDependency,
                        &format!("the members of the workspace `{pattern}` are not known"),
                    )),
                }
            }
            continue;
        }
        let table = setting.table.as_str();
        let holds = table.ends_with("dependencies") || table.starts_with("patch");
        let own = table.contains("dependencies.") && setting.key == "path";
        let path = match own {
            true => toml::texts(&setting.value).first().copied(),
            false => toml::field(&setting.value, "path").filter(|_| holds),
        };
        if let Some(path) = path {
            let message = format!("Cargo.toml names a package by its path (`{path}`)");
            findings.push(refuse(RefusalReason::LocalDependency, &message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<Finding> {
        cargo(&Project {
            manifests: &[],
            flags: &[],
            is_nested: false,
            text: &|path| (path == "Cargo.toml").then_some(text),
            exists: &|_| None,
            list: &|pattern| Some(vec![pattern.replace('*', "a")]),
        })
    }

    #[test]
    fn one_package_with_its_usual_targets_is_fine() {
        let text = "[package]\nname = \"a\"\n[[bin]]\nname = \"a\"\npath = \"src/a.rs\"\n\
                    [lib]\nname = \"l\"\n[dependencies]\nb = \"1\"\nc = { version = \"2\" }";
        assert_eq!(found(text), []);
    }

    #[test]
    fn sources_that_cargo_looks_for_refuse() {
        for text in [
            "[workspace]\nmembers = [\"crates/*\", \"b\"]",
            "[dependencies]\nc = { path = \"./c\" }",
            "[dependencies.d]\npath = \"../d\"",
            "[[bin]]\nname = \"x\"",
            "[[bench]]\nname = \"b\"\nharness = false",
            "[package]\ndefault-run = \"a\"",
        ] {
            assert!(matches!(found(text)[..], [Finding::Refuse(..), ..]), "{text}");
        }
    }
}
