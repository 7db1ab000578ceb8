//! Settings of package managers beside package.json: what they name, and what they run.

use super::super::schema::{Schema, file};
use super::super::{Finding, Project, join, refuse};
use crate::ecosystem::manifest::{Value, json, yaml};
use crate::ecosystem::names::is_lock_of_berry;
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

/// Whether Yarn 2 or later is what installs: the lock file is its own, and the project has it
/// run, by the release beside it (`yarnPath`) or by its version (`packageManager`). Where Yarn 1 is
/// there, it hands over to that release, and to no other.
pub(super) fn is_berry(project: &Project<'_>) -> bool {
    // Of all tools, Yarn alone has this manifest.
    let is_yarn = project.manifests.iter().any(|manifest| manifest == ".yarnrc.yml");
    let lock = || (project.text)("yarn.lock").is_some_and(|text| text.contains("\n__metadata:"));
    is_yarn && lock() && version(project).is_some_and(|version| is_late(&version))
}

/// The version of Yarn that a project names: `4.5.3`, `berry.cjs`.
fn version(project: &Project<'_>) -> Option<String> {
    let of = |name: &str, parse: fn(&str) -> Option<Value>| (project.text)(name).and_then(parse);
    let release = || {
        let settings = of(".yarnrc.yml", yaml::parse)?;
        let path = settings.first("yarnPath")?.rsplit('/').next()?.to_owned();
        Some(path.strip_prefix("yarn-").unwrap_or_default().to_owned())
    };
    let named = || {
        let package = of("package.json", json::parse)?;
        Some(package.first("packageManager")?.strip_prefix("yarn@")?.to_owned())
    };
    release().or_else(named)
}

fn is_late(version: &str) -> bool {
    version.starts_with("berry") || version.starts_with(|first| ('2'..='9').contains(&first))
}

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
    made_by_yarn(project, findings);
    npmrc(project, findings);
    if let Some(text) = (project.text)(".yarnrc") {
        // https://classic.yarnpkg.com/en/docs/yarnrc#toc-cli-arguments
        let folders = text.lines().filter_map(|line| line.split_once("modules-folder"));
        let folders = folders.map(|(_, folder)| folder.trim().trim_matches('"'));
        findings.extend(folders.map(|folder| Finding::Makes(join("", folder))));
        let paths = text.lines().filter_map(|line| line.trim().strip_prefix("yarn-path "));
        findings.extend(paths.map(|path| Finding::Also(join("", path.trim().trim_matches('"')))));
        if text.contains("cwd") {
            let message = "`.yarnrc` has Yarn work in another directory (`--cwd`)";
            findings.push(refuse(RefusalReason::LocalDependency, message));
        }
    }
}

/// What Yarn 2 and later make beside package.json: their state, and where they link no
/// `node_modules`, what finds the packages in its place, with the paths of this very machine.
/// <https://yarnpkg.com/getting-started/qa#which-files-should-be-gitignored>
fn made_by_yarn(project: &Project<'_>, findings: &mut Vec<Finding>) {
    let has = |name: &str| project.manifests.iter().any(|manifest| manifest == name);
    let lock = (project.text)("yarn.lock").filter(|_| has("yarn.lock"));
    let is_late = match lock {
        Some(lock) => is_lock_of_berry(lock),
        None if has("yarn.lock") => has(".yarnrc.yml"),
        None => version(project).is_some_and(|version| is_late(&version)),
    };
    if !is_late {
        return;
    }
    findings.push(Finding::Makes(".yarn/install-state.gz".into()));
    let settings = (project.text)(".yarnrc.yml").and_then(yaml::parse);
    let says = |name: &str, value: &str| {
        let found = settings.iter().flat_map(|settings| settings.at(name));
        found.into_iter().any(|found| *found.value == Value::Plain(value.into()))
    };
    // What is there and not wanted it takes away. <https://yarnpkg.com/features/caching>
    let is_kept_here = says("enableGlobalCache", "false")
        || !says("enableGlobalCache", "true")
            && version(project).is_some_and(|own| own.starts_with(['2', '3']));
    let is_cache = || settings.as_ref().is_none_or(|settings| !settings.has("cacheFolder"));
    if is_kept_here && is_cache() && (project.exists)(".yarn/cache") == Some(false) {
        findings.push(Finding::Makes(".yarn/cache".into()));
    }
    let links = settings
        .as_ref()
        .is_some_and(|settings| settings.first("nodeLinker").is_some_and(|l| l != "pnp"));
    if !links {
        let made = [".pnp.cjs", ".pnp.loader.mjs", ".yarn/unplugged"];
        findings.extend(made.iter().map(|&path| Finding::Makes(path.into())));
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
        // https://pnpm.io/10.x/npmrc#modules-dir
        if ["modules-dir", "virtual-store-dir"].contains(&name) {
            findings.push(Finding::Makes(join("", value)));
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
