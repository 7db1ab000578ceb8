//! package.json: lifecycle scripts, workspaces, local dependencies, patches; and the settings
//! of package managers beside it that name files.

mod harmless;
mod installers;
mod settings;

use super::lifecycle::paths_of;
use super::schema::{Schema, file, from_path, is_local, local, refused, unreadable};
use super::{Finding, Project, join, parent, refuse, scattered};
use crate::ecosystem::listed;
use crate::ecosystem::manifest::{Value, json, yaml};
use crate::issue::RefusalReason;
use settings::{INJECT, SHARED, is_berry, is_set, runs_a_file, settings};

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
    // https://pnpm.io/scripts#pnpmdevpreinstall
    "pnpm:devPreinstall",
];

/// Of these, those that Yarn runs since version 2. <https://yarnpkg.com/advanced/lifecycle-scripts>
const LIFECYCLE_OF_BERRY: &[&str] = &["preinstall", "install", "postinstall"];

/// What of a package an install reads: patches, and members that pnpm copies whole.
const PACKAGE: Schema = Schema {
    parse: json::parse,
    unread: &[],
    places: &[
        file("pnpm.patchedDependencies.*"),
        file("patchedDependencies.*"),
        // <https://pnpm.io/package_json#dependenciesmetainjected>
        refused(
            "dependenciesMeta.*.injected",
            is_set,
            RefusalReason::LocalDependency,
            "`{}` has the install copy the files of `{name}` (`injected`)",
        ),
        // <https://pnpm.io/package_json#publishconfiglinkdirectory>
        refused(
            "publishConfig.linkDirectory",
            is_set,
            RefusalReason::LocalDependency,
            "`{}` has the install link what it publishes (`linkDirectory`)",
        ),
    ],
};

/// Where the dependencies of a package stand. <https://docs.npmjs.com/cli/v11/configuring-npm/package-json>,
/// <https://pnpm.io/package_json>, <https://yarnpkg.com/configuration/manifest>
const DEPENDENCIES: &[&str] = &[
    "dependencies|devDependencies|optionalDependencies|peerDependencies.*",
    "overrides.*",
    "overrides.*.*",
    "overrides.*.*.*",
    "resolutions.*",
    "pnpm.overrides.*",
    "pnpm.packageExtensions.*.*.*",
];

/// Where the members of a workspace lie by habit.
/// <https://turborepo.com/docs/crafting-your-repository/structuring-a-repository>
const WORKSPACES: &[&str] = &["apps", "packages", "workspaces"];

/// Of the members of a workspace that are not known.
const MEMBERS: &str = "No other `package.json` of the workspace has a lifecycle script that reads \
                       files, a program (`bin`) that is not executable or lies in no directory \
                       `bin`, or a local package outside of it.";

/// What scripts of an install look for in a project, which tells of it by being there.
/// <https://github.com/ds300/patch-package>, <https://pptr.dev/guides/configuration>,
/// <https://www.prisma.io/docs/orm/prisma-schema/overview/location>
const LOOKED_FOR: &[&str] = &[
    ".config/puppeteerrc",
    ".puppeteerrc",
    "binding.gyp",
    "patches",
    "prisma",
    "puppeteer.config",
    "schema.prisma",
];

/// What package.json and its neighbours say about an install without the source.
pub fn package_json(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    workspace_above(project, &mut findings);
    let Some(text) = (project.text)("package.json") else {
        assume_scripts("package.json", project, &mut findings);
        if WORKSPACES.iter().any(|pattern| (project.names)(pattern)) || (project.works_on_members)()
        {
            let message = "the Dockerfile works on packages of a workspace, whose members only \
                           `package.json` tells";
            // Scripts of a whole workspace often build some of it.
            findings.push(match runs_scripts(project) {
                true => refuse(RefusalReason::LocalDependency, message),
                false => scattered(message),
            });
            findings.push(Finding::Assume(MEMBERS.into()));
            findings.push(Finding::Assume(
                "`package.json` names no package outside of the workspace by its path.".into(),
            ));
        } else {
            findings.push(Finding::Assume(
                "`package.json` names no local package (workspaces, `file:`, `link:`) and no \
                 patch."
                    .into(),
            ));
        }
        // The settings of Yarn 2 and later, and none of Yarn 1.
        let has = |name: &str| project.manifests.iter().any(|manifest| manifest == name);
        if has(".yarnrc.yml") && !has(".yarnrc") {
            findings.push(Finding::Assume(
                "`.yarnrc.yml` names no `yarnPath` and no plugins of the project.".into(),
            ));
        }
        return findings;
    };
    let Some(package) = json::parse(text) else { return vec![unreadable("package.json")] };
    settings(project, &mut findings);
    findings.extend(LOOKED_FOR.iter().map(|&path| Finding::Looks(path.into())));
    let members = members(&package, project, &mut findings);
    let unknown = findings.iter().any(|finding| matches!(finding, Finding::Scattered(..)));
    if unknown {
        findings.push(Finding::Assume(MEMBERS.into()));
    }
    one("", &package, unknown || !members.is_empty(), project, &mut findings);
    let is_yarn = project.manifests.iter().any(|name| name == ".yarnrc.yml");
    for member in &members {
        let path = join(member, "package.json");
        findings.push(Finding::Also(path.clone()));
        // What the install writes there.
        let modules = join(member, "node_modules/");
        if (project.exists)(&modules) == Some(true) {
            findings.push(refuse(
                RefusalReason::HostArtifacts,
                &format!(
                    "the context brings `{modules}`, which would overwrite what the install writes; \
                     exclude it in `.dockerignore`"
                ),
            ));
        }
        match (project.text)(&path).map(json::parse) {
            // https://yarnpkg.com/features/workspaces#how-are-workspaces-declared
            Some(Some(package)) if is_yarn && package.has("workspaces") => {
                findings.push(scattered(&format!("`{member}` is a workspace with members")));
            }
            Some(Some(package)) => {
                one(member, &package, true, project, &mut findings);
                programs(member, &package, project, &mut findings);
            }
            Some(None) => findings.push(unreadable(&path)),
            None => assume_scripts(&path, project, &mut findings),
        }
    }
    super::prisma::read_schemas(project, &mut findings);
    super::locked::archives(project, &mut findings);
    super::patches::whole_directories(project, &mut findings);
    findings
}

/// What `pnpm fetch` reads beside the lock file: the version of pnpm that Corepack is to run.
/// <https://github.com/nodejs/corepack#when-authoring-packages>
pub fn pnpm_fetch(project: &Project<'_>) -> Vec<Finding> {
    let package = (project.text)("package.json").and_then(json::parse);
    let is_named = package.is_some_and(|package| package.has("packageManager"));
    is_named.then(|| Finding::Also("package.json".into())).into_iter().collect()
}

/// Lock files, which a member of a workspace does not have.
const LOCKS: &str =
    "bun.lock bun.lockb npm-shrinkwrap.json package-lock.json pnpm-lock.yaml yarn.lock";

/// A workspace in a directory above, which is installed in place of the project.
/// <https://pnpm.io/workspaces>, <https://docs.npmjs.com/cli/v11/using-npm/workspaces>
fn workspace_above(project: &Project<'_>, findings: &mut Vec<Finding>) {
    let is_locked = project.manifests.iter().any(|name| listed(LOCKS, |lock| lock == name));
    for above in ["../", "../../", "../../../"] {
        let path = format!("{above}package.json");
        let package = (project.text)(&path).and_then(json::parse);
        let of_pnpm = (project.exists)(&format!("{above}pnpm-workspace.yaml")) == Some(true);
        let is_workspace = || package.as_ref().is_some_and(|package| package.has("workspaces"));
        // Its members are installed with it also where they have lock files.
        if !is_locked && (of_pnpm || is_workspace())
            || is_listed_in(above, package.as_ref(), project)
        {
            let message = format!("`{path}` may be the workspace of `package.json`");
            findings.push(refuse(RefusalReason::LocalDependency, &message));
        }
    }
    if project.is_nested && (project.exists)("../package.json").is_none() {
        findings.push(Finding::Assume("No workspace lies above `package.json`.".into()));
    }
}

/// Whether the workspace in `above`, whose package.json is `package`, lists the project itself.
fn is_listed_in(above: &str, package: Option<&Value>, project: &Project<'_>) -> bool {
    let Some(own) = (project.text)("package.json") else { return false };
    let of_pnpm = (project.text)(&format!("{above}pnpm-workspace.yaml")).and_then(yaml::parse);
    let of_package = package.into_iter().flat_map(|package| {
        ["workspaces", "workspaces.packages"].into_iter().flat_map(|place| package.texts(place))
    });
    let named = of_pnpm.iter().flat_map(|value| value.texts("packages"));
    let mut patterns = of_package.chain(named);
    patterns.any(|pattern| {
        let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
        let members = (project.list)(&format!("{above}{pattern}/package.json"));
        let members = members.unwrap_or_default();
        let mut texts = members.iter().filter_map(|path| (project.text)(path));
        texts.any(|text| std::ptr::eq(text, own))
    })
}

const IGNORE_SCRIPTS: &str = "--ignore-scripts";

fn runs_scripts(project: &Project<'_>) -> bool {
    // Yarn has settings of its own.
    let of_yarn = (project.exists)("yarn.lock") != Some(false);
    let off = |text: &str| text.lines().any(|line| line.replace(' ', "") == "ignore-scripts=true");
    !project.flags.iter().any(|flag| flag.starts_with(IGNORE_SCRIPTS))
        && (of_yarn || !(project.text)(".npmrc").is_some_and(off))
}

fn assume_scripts(path: &str, project: &Project<'_>, findings: &mut Vec<Finding>) {
    if runs_scripts(project) {
        findings.push(Finding::Assume(format!(
            "No lifecycle script of `{path}` (preinstall, install, postinstall, prepare) reads \
             files of the project, nor does that of a dependency (`@prisma/client`, `puppeteer`)."
        )));
    }
}

/// The scripts and dependencies of the package in `directory`.
fn one(
    directory: &str,
    package: &Value,
    has_members: bool,
    project: &Project<'_>,
    findings: &mut Vec<Finding>,
) {
    let path = join(directory, "package.json");
    let scripts = package.at("scripts.*").into_iter();
    let runs = runs_scripts(project);
    let lifecycle = if is_berry(project) { LIFECYCLE_OF_BERRY } else { LIFECYCLE };
    for found in scripts.filter(|found| runs && lifecycle.contains(&found.name)) {
        let (name, Some(script)) = (found.name, found.value.text()) else { continue };
        let exists = |path: &str| (project.exists)(&join(directory, path));
        match paths_of(script, package, &exists) {
            Some(paths) => {
                let paths = paths.into_iter().map(|path| join(directory, &path));
                let there = paths.filter(|path| (project.exists)(path) != Some(false));
                findings.extend(there.map(Finding::Also));
                installers::hooks_of(script, project, findings);
            }
            None => findings.push(refuse(
                RefusalReason::LifecycleScript,
                &format!("the script `{name}` of `{path}` (`{script}`) may read the source"),
            )),
        }
    }
    if runs && (project.exists)(&join(directory, "binding.gyp")) == Some(true) {
        findings.push(refuse(
            RefusalReason::LifecycleScript,
            "`binding.gyp` makes the install compile the package's own source",
        ));
    }
    if runs {
        installers::dependencies(directory, package, project, findings);
    }
    for found in DEPENDENCIES.iter().flat_map(|list| package.at(list)) {
        let version = found.value.text().unwrap_or("");
        dependency(&path, found.name, version, has_members, findings);
    }
    PACKAGE.find(&path, package, findings);
}

/// A dependency of the manifest `by` that may be a path or a patch.
/// <https://github.com/npm/npm-package-arg#usage>, <https://yarnpkg.com/protocols>
fn dependency(by: &str, name: &str, version: &str, has_members: bool, findings: &mut Vec<Finding>) {
    let directory = parent(by);
    if let Some(patch) = version.strip_prefix("patch:") {
        // patch:name@version#~/.yarn/patches/name.patch
        for path in patch.split('#').skip(1).flat_map(|paths| paths.split('&')) {
            let path = path.split("::").next().unwrap_or(path);
            let path = path.trim_start_matches("optional!");
            if !path.starts_with("builtin<") && !path.starts_with("~builtin<") {
                findings.push(Finding::Also(match path.strip_prefix("~/") {
                    Some(path) => path.to_owned(),
                    None => join(directory, path),
                }));
            }
        }
        let patched = patch.split('#').next().unwrap_or(patch).replace("%3A", ":");
        let patched = patched.rsplit('@').next().unwrap_or(&patched);
        if !patched.starts_with("patch:") {
            dependency(by, name, patched, has_members, findings);
        }
        return;
    }
    if version.starts_with("workspace:") && has_members {
        return;
    }
    let archive = [".tgz", ".tar.gz", ".tar"].iter().any(|end| version.ends_with(end));
    let path = version.strip_prefix("file:").unwrap_or(version);
    if archive && !path.contains(':') {
        findings.push(Finding::Also(join(directory, path)));
        return;
    }
    let protocols = ["exec:", "link:", "portal:", "workspace:"];
    if is_local(version) || protocols.iter().any(|protocol| version.starts_with(protocol)) {
        findings.push(from_path(by, name, version));
    }
}

/// Programs of a member are linked when it is installed, if they are there.
fn programs(directory: &str, package: &Value, project: &Project<'_>, findings: &mut Vec<Finding>) {
    let named = package.texts("bin").into_iter().chain(package.texts("bin.*"));
    let mut paths: Vec<String> = named.map(|path| join(directory, path)).collect();
    // All that lies in one is a program.
    for of_programs in package.texts("directories.bin") {
        let of_programs = join(directory, of_programs);
        match (project.list)(&join(&of_programs, "**/*")) {
            Some(found) => paths.extend(found),
            None => paths.push(of_programs),
        }
    }
    for path in paths {
        match (project.exists)(&path) {
            // The install makes it executable; the copy behind it brings its own mode.
            Some(true) => {
                match (project.is_executable)(&path) {
                    Some(true) => {}
                    Some(false) => findings.push(refuse(
                        RefusalReason::LifecycleScript,
                        &format!("the install makes `{path}` executable, which it is not"),
                    )),
                    None => findings.push(Finding::Assume(format!("`{path}` is executable."))),
                }
                findings.push(Finding::Linked(path));
            }
            Some(false) => {}
            None => findings.push(Finding::Assume(format!("The build context has no `{path}`."))),
        }
    }
}

/// What pnpm-workspace.yaml names beside members. <https://pnpm.io/settings>
const PNPM_WORKSPACE: Schema = Schema {
    parse: yaml::parse,
    unread: &[],
    places: &[
        file("patchedDependencies.*"),
        file("pnpmfile"),
        refused(
            "gitBranchLockfile",
            is_set,
            RefusalReason::LocalDependency,
            "`{}` chooses the lock file by the branch (`gitBranchLockfile`)",
        ),
        refused(
            SHARED[0],
            |text| text == "false",
            RefusalReason::LocalDependency,
            "`{}` gives each member a lock file of its own (`sharedWorkspaceLockfile`)",
        ),
        local("catalog.*"),
        local("catalogs.*.*"),
        refused(
            INJECT,
            is_set,
            RefusalReason::LocalDependency,
            "`{}` has the install copy the files of members (`injectWorkspacePackages`)",
        ),
        refused(
            "globalPnpmfile|nodeOptions|scriptShell",
            runs_a_file,
            RefusalReason::LifecycleScript,
            "`{}` has settings that run a program of the project (`{value}`)",
        ),
    ],
};

/// The directories of workspace members.
/// <https://docs.npmjs.com/cli/v11/using-npm/workspaces>, <https://pnpm.io/pnpm-workspace_yaml>
fn members(package: &Value, project: &Project<'_>, findings: &mut Vec<Finding>) -> Vec<String> {
    const WORKSPACE: &str = "pnpm-workspace.yaml";
    let mut patterns: Vec<String> = Vec::new();
    let mut add = |named: Vec<&str>| patterns.extend(named.into_iter().map(str::to_owned));
    add(package.texts("workspaces"));
    add(package.texts("workspaces.packages"));
    if project.manifests.iter().any(|name| name == WORKSPACE) {
        match PNPM_WORKSPACE.read(project, WORKSPACE, findings) {
            Some(value) => {
                add(value.texts("packages"));
                for found in value.at("overrides.*") {
                    let version = found.value.text().unwrap_or("");
                    dependency(WORKSPACE, found.name, version, true, findings);
                }
            }
            // Any package may be a member.
            None if (project.exists)(WORKSPACE) == Some(true) => add(vec!["**"]),
            None => {}
        }
    }
    let mut members: Vec<String> = Vec::new();
    for pattern in patterns.iter().filter(|pattern| !pattern.starts_with('!')) {
        let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
        let literal = pattern.split(['*', '{', '[', '?', '(']).next().unwrap_or(pattern);
        if !literal.is_empty() {
            findings.push(Finding::Looks(literal.trim_end_matches('/').to_owned()));
        }
        let odd = pattern.contains(['{', '[', '?', '(']) || pattern.matches("**").count() > 1;
        let files = match odd {
            true => "**/package.json".to_owned(),
            false => join(pattern, "package.json"),
        };
        let listed = (project.list)(&files).unwrap_or_else(|| {
            let message = format!("the members of the workspace `{pattern}` are not known");
            findings.push(scattered(&message));
            (project.known)(&files)
        });
        for path in listed {
            let Some(directory) = path.strip_suffix("/package.json") else { continue };
            if !directory.split('/').any(|name| name == "node_modules")
                && members.iter().all(|member| member != directory)
            {
                members.push(directory.to_owned());
            }
        }
    }
    members
}

#[cfg(test)]
mod tests;
