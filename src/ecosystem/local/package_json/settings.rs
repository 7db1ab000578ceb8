//! Settings of package managers beside package.json: what they name, and what they run.

use super::super::schema::{Schema, file};
use super::super::{Finding, Project, join, refuse};
use crate::ecosystem::manifest::{Value, yaml};
use crate::issue::RefusalReason;

/// Members are copied whole. <https://pnpm.io/settings#injectworkspacepackages>
pub(super) const INJECT: &str = "injectWorkspacePackages|inject-workspace-packages";

/// Whether members have their lock files in one. <https://pnpm.io/settings#sharedworkspacelockfile>
pub(super) const SHARED: [&str; 2] = ["sharedWorkspaceLockfile", "shared-workspace-lockfile"];

pub(super) fn is_set(value: &str) -> bool {
    value == "true"
}

/// What .yarnrc.yml names. <https://yarnpkg.com/configuration/yarnrc>
const YARNRC: Schema = Schema {
    parse: yaml::parse,
    unread: &[],
    places: &[
        file("yarnPath"),
        file("caFilePath|httpsCaFilePath"),
        file("networkSettings.*.caFilePath|httpsCaFilePath|httpsCertFilePath|httpsKeyFilePath"),
    ],
};

/// Settings that name programs and plugins in the project.
pub(super) fn settings(project: &Project<'_>, findings: &mut Vec<Finding>) {
    let has = |name: &str| project.manifests.iter().any(|manifest| manifest == name);
    if has(".yarnrc.yml") {
        match YARNRC.read(project, ".yarnrc.yml", findings) {
            Some(value) => {
                let mut plugins = value.texts("plugins");
                plugins.extend(value.texts("plugins.path"));
                let plugins = plugins.into_iter().map(|path| path.trim_start_matches("./"));
                let whole = (project.exists)(".yarn/plugins/") == Some(true);
                let within = |plugin: &str| whole && plugin.starts_with(".yarn/plugins/");
                let plugins = plugins.filter(|plugin| plugin.ends_with("js") && !within(plugin));
                findings.extend(plugins.map(|path| Finding::Also(join("", path))));
                // <https://yarnpkg.com/features/constraints>
                let checks = value.at("enableConstraintsChecks");
                let on = |value: &Value| matches!(value, Value::Plain(text) if is_set(text));
                let checks = checks.iter().any(|found| on(found.value));
                let rules = ["constraints.pro", "yarn.config.cjs"].into_iter();
                let rules = rules.filter(|path| checks && (project.exists)(path) == Some(true));
                findings.extend(rules.map(|path| Finding::Also(path.into())));
                if whole {
                    findings.push(Finding::Also(".yarn/plugins/".into()));
                }
            }
            None if (project.exists)(".yarnrc.yml") == Some(true) => {
                let directories = [".yarn/releases/", ".yarn/plugins/"];
                let there = directories.iter().filter(|path| (project.exists)(path) == Some(true));
                findings.extend(there.map(|&path| Finding::Also(path.into())));
            }
            None => {}
        }
        // Archives that are kept beside the source: nothing is downloaded.
        if (project.exists)(".yarn/cache/") == Some(true) {
            findings.push(Finding::Also(".yarn/cache/".into()));
        }
    }
    npmrc(project, findings);
    if let Some(text) = (project.text)(".yarnrc") {
        let paths = text.lines().filter_map(|line| line.trim().strip_prefix("yarn-path "));
        findings.extend(paths.map(|path| Finding::Also(join("", path.trim().trim_matches('"')))));
        if text.contains("cwd") {
            let message = "`.yarnrc` has Yarn work in another directory (`--cwd`)";
            findings.push(refuse(RefusalReason::LocalDependency, message));
        }
    }
}

/// .npmrc: settings that have files run. Those that only are read are found by their paths.
/// <https://docs.npmjs.com/cli/v11/using-npm/config>, <https://pnpm.io/10.x/npmrc>
fn npmrc(project: &Project<'_>, findings: &mut Vec<Finding>) {
    let text = (project.text)(".npmrc").unwrap_or_default();
    for (name, value) in text.lines().filter_map(|line| line.split_once('=')) {
        let (name, value) = (name.trim(), value.trim().trim_matches(['"', '\'']));
        let of_project = |value: &str| runs_a_file(value) || (project.exists)(value) == Some(true);
        let runs = ["script-shell", "shell", "node-options", "onload-script"];
        if (runs.contains(&name) && of_project(value))
            || ["git-branch-lockfile", "lockfile-dir"].contains(&name)
        {
            findings.push(refuse(
                RefusalReason::LifecycleScript,
                &format!("`.npmrc` names files of the project (`{name}`)"),
            ));
        }
        if name == SHARED[1] && value == "false" {
            let message = format!("`.npmrc` gives each member a lock file of its own (`{name}`)");
            findings.push(refuse(RefusalReason::LocalDependency, &message));
        }
        if INJECT.contains(name) && name.starts_with("inject") && is_set(value) {
            findings.push(refuse(
                RefusalReason::LocalDependency,
                &format!("`.npmrc` has the install copy the files of members (`{name}`)"),
            ));
        }
    }
}

/// Whether the value of a setting names a program of the project: `--require ./x.js`.
pub(super) fn runs_a_file(value: &str) -> bool {
    ["./", "require", "import", "loader"].iter().any(|word| value.contains(word))
}
