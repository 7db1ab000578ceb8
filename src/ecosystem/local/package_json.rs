//! package.json: lifecycle scripts, workspaces, local dependencies, patches; and the settings
//! of package managers beside it that name files.

use super::lifecycle::paths_of;
use super::{Finding, Project, join, json, refuse, scattered, yaml};
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

/// Where the members of a workspace lie by habit.
/// <https://turborepo.com/docs/crafting-your-repository/structuring-a-repository>
const WORKSPACES: &[&str] = &["apps", "packages", "workspaces"];

/// Of the members of a workspace that are not known.
const MEMBERS: &str = "No other `package.json` of the workspace has a lifecycle script that reads \
                       files, a program (`bin`) that is not executable or lies in no directory \
                       `bin`, or a local package outside of it.";

/// What package.json and its neighbours say about an install without the source.
pub fn package_json(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
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
    let Some(package) = json::parse(text) else {
        return vec![refuse(RefusalReason::UnknownManifests, "`package.json` is not valid JSON")];
    };
    settings(project, &mut findings);
    let members = members(&package, project, &mut findings);
    let unknown = findings.iter().any(|finding| matches!(finding, Finding::Scattered(..)));
    if unknown {
        findings.push(Finding::Assume(MEMBERS.into()));
    }
    one("", &package, unknown || !members.is_empty(), project, &mut findings);
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
            Some(Some(package)) => {
                one(member, &package, true, project, &mut findings);
                programs(member, &package, project, &mut findings);
            }
            Some(None) => findings.push(refuse(
                RefusalReason::UnknownManifests,
                &format!("`{path}` is not valid JSON"),
            )),
            None => assume_scripts(&path, project, &mut findings),
        }
    }
    findings
}

const IGNORE_SCRIPTS: &str = "--ignore-scripts";

fn runs_scripts(project: &Project<'_>) -> bool {
    !project.flags.iter().any(|flag| flag.starts_with(IGNORE_SCRIPTS))
}

fn assume_scripts(path: &str, project: &Project<'_>, findings: &mut Vec<Finding>) {
    if runs_scripts(project) {
        findings.push(Finding::Assume(format!(
            "No lifecycle script of `{path}` (preinstall, install, postinstall, prepare) reads \
             files of the project."
        )));
    }
}

/// The scripts and dependencies of the package in `directory`.
fn one(
    directory: &str,
    package: &json::Value,
    has_members: bool,
    project: &Project<'_>,
    findings: &mut Vec<Finding>,
) {
    let path = join(directory, "package.json");
    let scripts = package.get("scripts").into_iter().flat_map(|scripts| scripts.members());
    let runs = runs_scripts(project);
    for (name, script) in scripts.filter(|(name, _)| runs && LIFECYCLE.contains(&name.as_str())) {
        let Some(script) = script.text() else { continue };
        match paths_of(script, package) {
            Some(paths) => {
                let paths = paths.into_iter().map(|path| join(directory, &path));
                let there = paths.filter(|path| (project.exists)(path) != Some(false));
                findings.extend(there.map(Finding::Also));
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
    let lists =
        ["dependencies", "devDependencies", "optionalDependencies", "overrides", "resolutions"];
    for (name, version) in
        lists.iter().filter_map(|list| package.get(list)).flat_map(|l| l.members())
    {
        dependency(directory, name, version.text().unwrap_or(""), has_members, findings);
    }
    let patched = package.get("pnpm").and_then(|pnpm| pnpm.get("patchedDependencies"));
    let patched = patched.or(package.get("patchedDependencies"));
    for (_, patch) in patched.into_iter().flat_map(|patched| patched.members()) {
        findings.extend(patch.text().map(|patch| Finding::Also(join(directory, patch))));
    }
}

/// A dependency that may be a path or a patch.
fn dependency(
    directory: &str,
    name: &str,
    version: &str,
    has_members: bool,
    findings: &mut Vec<Finding>,
) {
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
        return;
    }
    if version.starts_with("workspace:") && has_members {
        return;
    }
    let archive = [".tgz", ".tar.gz"].iter().any(|end| version.ends_with(end));
    if let Some(path) = version.strip_prefix("file:").filter(|_| archive) {
        findings.push(Finding::Also(join(directory, path)));
        return;
    }
    let local = ["file:", "link:", "workspace:", "portal:", "./", "../", "/", "~/"];
    if local.iter().any(|start| version.starts_with(start)) {
        findings.push(refuse(
            RefusalReason::LocalDependency,
            &format!(
                "`{}` takes `{name}` from a local path (`{version}`)",
                join(directory, "package.json")
            ),
        ));
    }
}

/// Programs of a member are linked when it is installed, if they are there.
fn programs(
    directory: &str,
    package: &json::Value,
    project: &Project<'_>,
    findings: &mut Vec<Finding>,
) {
    let Some(bin) = package.get("bin") else { return };
    let named = bin.members().filter_map(|(_, path)| path.text());
    for path in bin.text().into_iter().chain(named) {
        let path = join(directory, path);
        match (project.exists)(&path) {
            // The install makes it executable; the copy behind it brings its own mode.
            Some(true) => {
                findings.push(Finding::Assume(format!("`{path}` is executable.")));
                findings.push(Finding::Also(path));
            }
            Some(false) => {}
            None => findings.push(Finding::Assume(format!("The build context has no `{path}`."))),
        }
    }
}

/// The directories of workspace members.
/// <https://docs.npmjs.com/cli/v11/using-npm/workspaces>, <https://pnpm.io/pnpm-workspace_yaml>
fn members(
    package: &json::Value,
    project: &Project<'_>,
    findings: &mut Vec<Finding>,
) -> Vec<String> {
    let mut patterns: Vec<String> = Vec::new();
    if let Some(workspaces) = package.get("workspaces") {
        let listed = workspaces.get("packages").unwrap_or(workspaces);
        patterns.extend(listed.elements().filter_map(|p| p.text()).map(str::to_owned));
    }
    if project.manifests.iter().any(|name| name == "pnpm-workspace.yaml") {
        match (project.text)("pnpm-workspace.yaml") {
            Some(text) => {
                let listed = yaml::list(text, "packages").unwrap_or_default();
                patterns.extend(listed.into_iter().map(str::to_owned));
                let patches = yaml::values(text, "patchedDependencies");
                findings.extend(patches.into_iter().map(|path| Finding::Also(join("", path))));
            }
            // Any package may be a member.
            None if (project.exists)("pnpm-workspace.yaml") == Some(true) => {
                patterns.push("**".into());
            }
            None => {}
        }
    }
    let mut members: Vec<String> = Vec::new();
    for pattern in patterns.iter().filter(|pattern| !pattern.starts_with('!')) {
        let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
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

/// Settings that name programs and plugins in the project.
fn settings(project: &Project<'_>, findings: &mut Vec<Finding>) {
    let has = |name: &str| project.manifests.iter().any(|manifest| manifest == name);
    if has(".yarnrc.yml") {
        match (project.text)(".yarnrc.yml") {
            Some(text) => {
                let plugins = yaml::list(text, "plugins").unwrap_or_default();
                let plugins = plugins.into_iter().map(|plugin| {
                    let plugin = plugin.strip_prefix("path:").unwrap_or(plugin);
                    plugin.trim().trim_matches(['"', '\''])
                });
                // A plugin may be a map with a `path` below its first line.
                let whole = (project.exists)(".yarn/plugins/") == Some(true);
                let within = |plugin: &str| whole && plugin.starts_with(".yarn/plugins/");
                let plugins = plugins.filter(|plugin| plugin.ends_with("js") && !within(plugin));
                let paths = yaml::value(text, "yarnPath").into_iter().chain(plugins);
                findings.extend(paths.map(|path| Finding::Also(join("", path))));
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
    if let Some(text) = (project.text)(".yarnrc") {
        let paths = text.lines().filter_map(|line| line.trim().strip_prefix("yarn-path "));
        findings.extend(paths.map(|path| Finding::Also(join("", path.trim().trim_matches('"')))));
    }
    if has(".pnpmfile.cjs") && (project.exists)(".pnpmfile.cjs") == Some(true) {
        findings
            .push(Finding::Assume("`.pnpmfile.cjs` reads no other file of the project.".into()));
    }
}

#[cfg(test)]
mod tests;
