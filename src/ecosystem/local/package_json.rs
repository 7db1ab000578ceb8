//! package.json: lifecycle scripts, workspaces, local dependencies.

use super::{Finding, Project, json};
use crate::issue::RefusalReason;

/// Scripts that an install in the project itself runs.
/// <https://docs.npmjs.com/cli/v11/using-npm/scripts#life-cycle-operation-order>
const LIFECYCLE: &[&str] = &[
    "preinstall",
    "install",
    "postinstall",
    "prepublish",
    "preprepare",
    "prepare",
    "postprepare",
    "dependencies",
];

/// Commands of lifecycle scripts that read nothing of the project but the paths named.
const SCRIPTS: &[(&str, &[&str])] = &[
    ("echo", &[]),
    ("exit 0", &[]),
    ("husky", &[]),
    ("is-ci", &[]),
    ("npx only-allow", &[]),
    ("only-allow", &[]),
    ("patch-package", &["patches/"]),
    ("prisma generate", &["prisma/"]),
    ("true", &[]),
];

/// What package.json says about an install without the source.
pub fn package_json(project: &Project<'_>) -> Vec<Finding> {
    let Some(text) = (project.text)("package.json") else {
        return vec![
            Finding::Assume(
                "No lifecycle script of package.json (preinstall, install, postinstall, prepare) \
                 reads files of the project."
                    .into(),
            ),
            Finding::Assume(
                "package.json names no local package (workspaces, `file:`, `link:`).".into(),
            ),
        ];
    };
    let Some(package) = json::parse(text) else {
        return vec![refuse(RefusalReason::UnknownManifests, "package.json is not valid JSON")];
    };
    let mut findings = Vec::new();
    for (name, script) in package.get("scripts").into_iter().flat_map(|scripts| scripts.members()) {
        let Some(script) = script.text().filter(|_| LIFECYCLE.contains(&name.as_str())) else {
            continue;
        };
        match paths_of(script) {
            Some(paths) => {
                let there = paths.into_iter().filter(|path| (project.exists)(path) != Some(false));
                findings.extend(there.map(|path| Finding::Also(path.into())));
            }
            None => findings.push(refuse(
                RefusalReason::LifecycleScript,
                &format!("the script `{name}` of package.json (`{script}`) may read the source"),
            )),
        }
    }
    if (project.exists)("binding.gyp") == Some(true) {
        findings.push(refuse(
            RefusalReason::LifecycleScript,
            "binding.gyp makes the install compile the package's own source",
        ));
    }
    if package.get("workspaces").is_some() {
        findings.push(refuse(
            RefusalReason::LocalDependency,
            "package.json has workspaces, whose members the install needs",
        ));
    }
    for list in ["dependencies", "devDependencies", "optionalDependencies"] {
        for (name, version) in package.get(list).into_iter().flat_map(|list| list.members()) {
            let version = version.text().unwrap_or("");
            if ["file:", "link:", "workspace:", "portal:", "./", "../", "/"]
                .iter()
                .any(|start| version.starts_with(start))
            {
                findings.push(refuse(
                    RefusalReason::LocalDependency,
                    &format!("package.json takes `{name}` from a local path (`{version}`)"),
                ));
            }
        }
    }
    findings
}

fn refuse(reason: RefusalReason, message: &str) -> Finding {
    Finding::Refuse(reason, message.into())
}

/// What a script reads of the project; `None` where that is not known.
fn paths_of(script: &str) -> Option<Vec<&'static str>> {
    let mut paths = Vec::new();
    for command in script.split(['&', '|', ';']).map(str::trim).filter(|c| !c.is_empty()) {
        let (_, reads) = SCRIPTS.iter().find(|(known, _)| {
            command.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })?;
        paths.extend(*reads);
    }
    Some(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> Vec<Finding> {
        package_json(&Project {
            manifests: &[],
            flags: &[],
            list: &|_| None,
            text: &|path| (path == "package.json").then_some(text),
            exists: &|path| Some(path == "prisma/"),
        })
    }

    #[test]
    fn scripts_that_read_the_source_refuse() {
        let found = findings(r#"{"scripts": {"postinstall": "node build.js"}}"#);
        assert!(matches!(found[..], [Finding::Refuse(RefusalReason::LifecycleScript, _)]));
        assert_eq!(findings(r#"{"scripts": {"build": "node build.js"}}"#), []);
    }

    #[test]
    fn known_scripts_name_what_they_read() {
        let script = r#"{"scripts": {"prepare": "husky || true", "postinstall": "prisma generate && patch-package"}}"#;
        assert_eq!(findings(script), [Finding::Also("prisma/".into())]);
    }

    #[test]
    fn local_packages_refuse() {
        for text in [r#"{"workspaces": ["a"]}"#, r#"{"devDependencies": {"a": "file:../a"}}"#] {
            assert!(matches!(
                findings(text)[..],
                [Finding::Refuse(RefusalReason::LocalDependency, _)]
            ));
        }
        assert_eq!(findings(r#"{"dependencies": {"a": "^1", "b": "github:x/y"}}"#), []);
    }
}
