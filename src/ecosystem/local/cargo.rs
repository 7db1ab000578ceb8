//! Cargo.toml: members, packages by path, build scripts.

use super::{Finding, Project, join, refuse, toml};
use crate::issue::RefusalReason;

/// What Cargo.toml says about fetching the dependencies without the source.
/// <https://doc.rust-lang.org/cargo/reference/workspaces.html>
pub fn cargo(project: &Project<'_>) -> Vec<Finding> {
    let Some(text) = (project.text)("Cargo.toml") else {
        return vec![Finding::Assume(
            "`Cargo.toml` names no workspace and no package by its path.".into(),
        )];
    };
    let mut findings = Vec::new();
    for setting in toml::settings(text) {
        if setting.table == "workspace" && setting.key == "members" {
            for pattern in toml::texts(&setting.value) {
                match (project.list)(&join(pattern, "Cargo.toml")) {
                    Some(found) => findings.extend(found.into_iter().map(Finding::Also)),
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
            let also = Finding::Also(join(path, "Cargo.toml"));
            if !findings.contains(&also) {
                findings.push(also);
            }
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
            text: &|path| (path == "Cargo.toml").then_some(text),
            exists: &|_| None,
            list: &|pattern| Some(vec![pattern.replace('*', "a")]),
        })
    }

    #[test]
    fn members_and_paths_bring_their_manifests() {
        let also = |path: &str| Finding::Also(path.into());
        let text =
            "[workspace]\nmembers = [\"crates/*\", \"b\"]\n[dependencies]\nc = { path = \"./c\" }";
        assert_eq!(
            found(text),
            [also("crates/a/Cargo.toml"), also("b/Cargo.toml"), also("c/Cargo.toml")]
        );
        assert_eq!(found("[dependencies.d]\npath = \"../d\""), [also("../d/Cargo.toml")]);
        assert_eq!(
            found("[[bin]]\nname = \"a\"\npath = \"src/a.rs\"\n[dependencies]\nb = \"1\""),
            []
        );
    }
}
