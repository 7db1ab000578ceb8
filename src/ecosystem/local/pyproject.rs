//! pyproject.toml as the managers of Python projects read it: local dependencies, workspaces,
//! versions that are read from the source.

use super::toml::{self, Setting};
use super::{Finding, Project, join, refuse};
use crate::issue::RefusalReason;

/// What pyproject.toml says about installing the dependencies without the project.
pub fn pyproject(project: &Project<'_>) -> Vec<Finding> {
    let Some(text) = (project.text)("pyproject.toml") else {
        return vec![Finding::Assume(
            "`pyproject.toml` names no local package (a path, a workspace).".into(),
        )];
    };
    let settings = toml::settings(text);
    let mut findings = Vec::new();
    for setting in &settings {
        if setting.table == "tool.uv.workspace" && setting.key == "members" {
            // `--no-install-project` leaves only the root out.
            if project.flags.iter().any(|flag| flag == "--no-install-project") {
                findings.push(refuse(
                    RefusalReason::LocalDependency,
                    "the install takes members of the workspace from their directories",
                ));
            }
            for pattern in toml::texts(&setting.value) {
                members(pattern, project, &mut findings);
            }
        }
        let texts = toml::texts(&setting.value);
        if setting.table == "project" && setting.key == "dynamic" && texts.contains(&"dependencies")
        {
            findings.push(refuse(
                RefusalReason::LocalDependency,
                "the dependencies of `pyproject.toml` are made by its build backend from the source",
            ));
        }
        if let Some(path) = local_path(setting) {
            findings.push(local("pyproject.toml", setting.key, &path));
        }
        for requirement in required(setting).filter(|text| text.contains(" @ file:")) {
            findings.push(local("pyproject.toml", requirement, requirement));
        }
    }
    findings
}

/// Members of a workspace: the lock file is checked against their manifests.
/// <https://docs.astral.sh/uv/concepts/projects/workspaces/>
fn members(pattern: &str, project: &Project<'_>, findings: &mut Vec<Finding>) {
    let pattern = join("", pattern);
    match (project.list)(&join(&pattern, "pyproject.toml")) {
        Some(found) => {
            for path in found {
                match (project.text)(&path) {
                    Some(text) => {
                        let settings = toml::settings(text);
                        let paths = settings.iter().filter_map(|s| Some((s, local_path(s)?)));
                        findings.extend(paths.map(|(s, local_)| local(&path, s.key, &local_)));
                    }
                    None => {
                        findings.push(Finding::Assume(format!("`{path}` names no local package.")))
                    }
                }
                findings.push(Finding::Also(path));
            }
        }
        None => findings.push(refuse(
            RefusalReason::LocalDependency,
            &format!("the members of the workspace `{pattern}` are not known"),
        )),
    }
}

/// What pdm.lock, poetry.lock and pyproject.toml name by path.
fn local_path(setting: &Setting<'_>) -> Option<String> {
    let table = setting.table.as_str();
    let holds_dependencies = table.starts_with("tool.poetry") && table.ends_with("dependencies")
        || table == "tool.uv.sources"
        || table.starts_with("tool.pixi") && table.ends_with("dependencies");
    if holds_dependencies {
        return toml::field(&setting.value, "path").map(str::to_owned);
    }
    // A table of its own: [tool.poetry.dependencies.x]
    let own = (table.starts_with("tool.poetry") && table.contains("dependencies."))
        || table.starts_with("tool.uv.sources.");
    let value = (own && setting.key == "path").then(|| toml::texts(&setting.value));
    value.and_then(|texts| texts.first().map(|text| text.to_string()))
}

/// Requirements of the standard tables.
fn required<'s>(setting: &'s Setting<'_>) -> impl Iterator<Item = &'s str> {
    let table = setting.table.as_str();
    let named = (table == "project" && setting.key == "dependencies")
        || table == "project.optional-dependencies"
        || table == "dependency-groups"
        || table == "tool.pdm.dev-dependencies";
    named.then(|| toml::texts(&setting.value)).into_iter().flatten()
}

fn local(file: &str, name: &str, path: &str) -> Finding {
    refuse(
        RefusalReason::LocalDependency,
        &format!("`{file}` takes `{name}` from a local path (`{path}`)"),
    )
}

/// Pipfile: packages by path.
/// <https://pipenv.pypa.io/en/latest/pipfile.html>
pub fn pipfile(project: &Project<'_>) -> Vec<Finding> {
    let Some(text) = (project.text)("Pipfile") else {
        return vec![Finding::Assume("The `Pipfile` names no local package (a path).".into())];
    };
    let settings = toml::settings(text);
    let paths = settings.iter().filter_map(|setting| {
        let own = (setting.key == "path").then(|| toml::texts(&setting.value));
        let file = toml::field(&setting.value, "file").filter(|file| !file.contains("://"));
        let path = toml::field(&setting.value, "path")
            .or(file)
            .map(str::to_owned)
            .or(own.and_then(|texts| texts.first().map(|text| text.to_string())))?;
        Some(local("Pipfile", setting.key, &path))
    });
    paths.collect()
}

/// pixi.toml: packages by path.
/// <https://pixi.sh/latest/reference/pixi_manifest/>
pub fn pixi(project: &Project<'_>) -> Vec<Finding> {
    let file = ["pixi.toml", "pyproject.toml"];
    let Some((name, text)) = file.into_iter().find_map(|n| Some((n, (project.text)(n)?))) else {
        return vec![Finding::Assume("`pixi.toml` names no local package (a path).".into())];
    };
    let settings = toml::settings(text);
    let paths = settings.iter().filter(|setting| {
        setting.table.contains("dependencies") || setting.table.starts_with("package")
    });
    let paths = paths.filter_map(|setting| {
        let path = toml::field(&setting.value, "path").or_else(|| {
            (setting.key == "path").then(|| toml::texts(&setting.value).first().copied()).flatten()
        })?;
        Some(local(name, setting.key, path))
    });
    paths.collect()
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
            exists: &|_| Some(false),
            list: &|pattern| Some(vec![pattern.replace('*', "a")]),
        })
    }

    #[test]
    fn local_packages_refuse() {
        for text in [
            "[tool.poetry.dependencies]\nlib = { path = \"../lib\" }",
            "[tool.poetry.group.dev.dependencies]\nlib = {path = \"lib\", develop = true}",
            "[tool.poetry.dependencies.lib]\npath = \"lib\"",
            "[tool.uv.sources]\nlib = { path = \"lib\" }",
            "[project]\ndependencies = [\n  \"lib @ file:///lib\",\n]",
            "[project]\ndynamic = [\"version\", \"dependencies\"]",
        ] {
            let found = found(pyproject, "pyproject.toml", text);
            let refused = matches!(found[..], [Finding::Refuse(RefusalReason::LocalDependency, _)]);
            assert!(refused, "{text}: {found:?}");
        }
        for text in [
            "[tool.poetry]\nreadme = \"README.md\"\npackages = [{ include = \"a\" }]",
            "[tool.poetry.dependencies]\na = { git = \"https://x/path\" }\n",
            "[project]\ndependencies = [\"a @ https://x/a.whl\"]",
            "[project]\ndynamic = [\"version\"]",
            "[tool.x]\na = { path = \"b\" }",
        ] {
            assert_eq!(found(pyproject, "pyproject.toml", text), [], "{text}");
        }
        assert_eq!(found(pipfile, "Pipfile", "[packages]\na = {path = \".\"}").len(), 1);
        assert_eq!(found(pipfile, "Pipfile", "[packages]\na = {version = \"*\"}"), []);
        assert_eq!(found(pixi, "pixi.toml", "[pypi-dependencies]\na = {path = \".\"}").len(), 1);
        assert_eq!(found(pixi, "pixi.toml", "[dependencies]\na = \"*\""), []);
    }

    #[test]
    fn members_of_a_workspace_bring_their_manifests() {
        let text = "[tool.uv.workspace]\nmembers = [\"packages/*\"]\nexclude = [\"x\"]";
        assert_eq!(
            found(pyproject, "pyproject.toml", text),
            [
                Finding::Assume("`packages/a/pyproject.toml` names no local package.".into()),
                Finding::Also("packages/a/pyproject.toml".into()),
            ]
        );
    }
}
