//! Solutions and project files: the projects they name, and the settings above them.

use super::{Finding, Project, join, parent, refuse, xml};
use crate::issue::RefusalReason;

/// Settings that MSBuild and NuGet look for in the directory of a project and above it.
/// <https://learn.microsoft.com/en-us/visualstudio/msbuild/customize-by-directory>
const SETTINGS: &[&str] = &[
    "Directory.Build.props",
    "Directory.Build.targets",
    "Directory.Packages.props",
    "NuGet.config",
    "NuGet.Config",
    "nuget.config",
    "global.json",
    "packages.lock.json",
    "packages.config",
];

/// How many directories above the project are looked at.
const ABOVE: usize = 4;

/// Most projects that are followed.
const MOST: usize = 300;

/// What a restore reads beside the files that it names.
pub fn dotnet(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut files: Vec<String> =
        project.manifests.iter().filter(|name| is_project(name)).cloned().collect();
    files.retain(|name| !name.contains('*'));
    if files.is_empty() {
        match (project.list)("*.*proj") {
            Some(_) => findings.push(refuse(
                RefusalReason::UnknownManifests,
                "no project or solution is among the files that are copied",
            )),
            None => assume(".", &mut findings),
        }
        return findings;
    }
    let given = files.len();
    let mut everything = false;
    let mut next = 0;
    while let Some(path) = files.get(next).cloned() {
        next += 1;
        if next > given {
            findings.push(Finding::Also(path.clone()));
        }
        let named = match (project.text)(&path) {
            Some(text) => named(&path, text, &mut findings),
            // Every project there is: more than it needs, but surely enough.
            None if !everything => {
                everything = true;
                match all(project) {
                    Some(all) => all,
                    None => {
                        unknown(&path, &mut findings);
                        Vec::new()
                    }
                }
            }
            None => Vec::new(),
        };
        for file in named {
            if !files.contains(&file) && files.len() < MOST {
                files.push(file);
            }
        }
    }
    surroundings(project, &files, &mut findings);
    findings
}

fn is_project(name: &str) -> bool {
    [".sln", ".slnx", ".slnf", "proj"].iter().any(|end| name.ends_with(end))
}

/// Every project file of the context.
fn all(project: &Project<'_>) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for end in ["csproj", "dcproj", "esproj", "fsproj", "shproj", "sqlproj", "vbproj", "vcxproj"] {
        let pattern = format!("**/*.{end}");
        let pattern = pattern.as_str();
        all.extend((project.list)(pattern)?);
    }
    Some(all)
}

fn assume(path: &str, findings: &mut Vec<Finding>) {
    let project = if path == "." { "The project".to_owned() } else { format!("`{path}`") };
    findings.push(Finding::Assume(format!("{project} references no other project.")));
    findings.push(Finding::Assume(
        "No `Directory.*.props`, `NuGet.config` or `global.json` lies beside or above the project."
            .into(),
    ));
}

/// Nothing is known of a project: one in a directory of its own mostly has others beside it.
fn unknown(path: &str, findings: &mut Vec<Finding>) {
    if !path.ends_with("proj") || path.contains('/') {
        findings.push(refuse(
            RefusalReason::LocalDependency,
            &format!("the projects that `{path}` names or references are not known"),
        ));
    } else {
        assume(path, findings);
    }
}

/// The projects and other build files that a project or solution names.
fn named(path: &str, text: &str, findings: &mut Vec<Finding>) -> Vec<String> {
    let place = |name: &str| join(parent(path), &name.trim().replace('\\', "/"));
    let mut names: Vec<String> = Vec::new();
    if path.ends_with(".sln") {
        // Project("{...}") = "Name", "Directory\\Name.csproj", "{...}"
        let lines = text.lines().filter(|line| line.trim_start().starts_with("Project("));
        let paths = lines.filter_map(|line| line.split('"').nth(5));
        names.extend(paths.filter(|path| path.ends_with("proj")).map(place));
        return names;
    }
    if path.ends_with(".slnf") {
        findings.push(refuse(
            RefusalReason::UnknownManifests,
            &format!("which solution `{path}` filters is not known"),
        ));
        return names;
    }
    let text = xml::without_comments(text);
    for (tag, attribute) in
        [("ProjectReference", "Include"), ("Import", "Project"), ("Project", "Path")]
    {
        for name in xml::attributes(&text, tag, attribute) {
            for name in name.split(';').filter(|name| !name.trim().is_empty()) {
                let name = name.replace("$(MSBuildThisFileDirectory)", "");
                let name = name.replace("$(MSBuildProjectDirectory)", ".");
                if name.contains(['$', '*']) {
                    findings.push(refuse(
                        RefusalReason::Unresolved,
                        &format!("`{path}` names `{name}`, which could not be resolved"),
                    ));
                } else {
                    names.push(place(&name));
                }
            }
        }
    }
    names
}

/// Settings in the directories of the projects and above, and what a restore writes there.
fn surroundings(project: &Project<'_>, files: &[String], findings: &mut Vec<Finding>) {
    let mut directories: Vec<String> = Vec::new();
    for file in files {
        let mut directory = parent(file);
        loop {
            if !directories.iter().any(|known| known == directory) {
                directories.push(directory.to_owned());
            }
            if directory.is_empty() {
                break;
            }
            directory = parent(directory);
        }
        let written = join(parent(file), "obj/");
        match (project.exists)(&written) {
            Some(true) => findings.push(refuse(
                RefusalReason::HostArtifacts,
                &format!(
                    "the context brings `{written}`, which would overwrite what the restore writes; \
                     exclude it in `.dockerignore`"
                ),
            )),
            Some(false) => {}
            None => findings.push(Finding::Assume(format!(
                "The build context has no `{}`, or `.dockerignore` excludes it.",
                written.trim_end_matches('/')
            ))),
        }
    }
    let above = (1..=ABOVE).map(|depth| vec![".."; depth].join("/"));
    directories.extend(above);
    let mut unsure = false;
    for directory in &directories {
        for name in SETTINGS {
            let path = join(directory, name);
            match (project.exists)(&path) {
                Some(true) => {
                    let also = Finding::Also(path.clone());
                    if !findings.contains(&also) && !project.manifests.contains(&path) {
                        findings.push(also);
                    }
                    beside(&path, project, findings);
                }
                Some(false) => {}
                None => unsure |= !directory.starts_with(".."),
            }
        }
    }
    if unsure && !findings.iter().any(|finding| matches!(finding, Finding::Assume(_))) {
        assume(".", findings);
    }
}

/// What the settings name themselves.
fn beside(path: &str, project: &Project<'_>, findings: &mut Vec<Finding>) {
    let Some(text) = (project.text)(path) else { return };
    if path.to_ascii_lowercase().ends_with("nuget.config") {
        let text = xml::without_comments(text);
        let sources = xml::elements(&text, "packageSources").join("");
        let local = xml::attributes(&sources, "add", "value")
            .into_iter()
            .find(|value| !value.contains("://") && !value.contains('%'));
        if let Some(local) = local {
            findings.push(refuse(
                RefusalReason::LocalDependency,
                &format!("`{path}` takes packages from the local directory `{local}`"),
            ));
        }
    } else if path.ends_with(".props") || path.ends_with(".targets") {
        let text = xml::without_comments(text);
        for name in xml::attributes(&text, "Import", "Project") {
            // The next file of its name above.
            if name.contains("GetPathOfFileAbove") {
                continue;
            }
            let name = name.replace("$(MSBuildThisFileDirectory)", "").replace('\\', "/");
            match name.contains(['$', '*']) {
                true => findings.push(refuse(
                    RefusalReason::Unresolved,
                    &format!("`{path}` names `{name}`, which could not be resolved"),
                )),
                false => findings.push(Finding::Also(join(parent(path), &name))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(given: &str, files: &[(&str, &str)]) -> Vec<Finding> {
        let manifests = [given.to_owned()];
        dotnet(&Project {
            manifests: &manifests,
            flags: &[],
            text: &|path| files.iter().find(|(n, t)| *n == path && !t.is_empty()).map(|(_, t)| *t),
            exists: &|path| {
                let below = |name: &&str| path.ends_with('/') && name.starts_with(path);
                Some(files.iter().any(|(name, _)| *name == path || below(name)))
            },
            list: &|pattern| {
                let end = pattern.trim_start_matches("**/*");
                let all = files.iter().map(|(name, _)| name.to_string());
                Some(all.filter(|name| name.ends_with(end)).collect())
            },
        })
    }

    fn also(path: &str) -> Finding {
        Finding::Also(path.into())
    }

    #[test]
    fn references_are_followed() {
        let files = [
            (
                "src/A/A.csproj",
                "<Project><ProjectReference Include=\"..\\B\\B.csproj\" /></Project>",
            ),
            ("src/B/B.csproj", "<Project><!-- <Import Project=\"x.props\" /> --></Project>"),
            ("src/C/C.csproj", "<Project/>"),
            ("Directory.Packages.props", "<Project/>"),
            ("src/B/global.json", "{}"),
        ];
        assert_eq!(
            found("src/A/A.csproj", &files),
            [also("src/B/B.csproj"), also("Directory.Packages.props"), also("src/B/global.json")]
        );
    }

    #[test]
    fn solutions_name_their_projects() {
        let sln = "Project(\"{F}\") = \"A\", \"A\\A.csproj\", \"{1}\"\nEndProject\nProject(\"{2}\") = \"docs\", \"docs\", \"{3}\"";
        assert_eq!(
            found("a.sln", &[("a.sln", sln), ("A/A.csproj", "<Project/>")]),
            [also("A/A.csproj")]
        );
        let slnx = "<Solution><Project Path=\"A/A.csproj\" /></Solution>";
        assert_eq!(
            found("a.slnx", &[("a.slnx", slnx), ("A/A.csproj", "<Project/>")]),
            [also("A/A.csproj")]
        );
        // Without its text, every project there is.
        assert_eq!(found("a.sln", &[("a.sln", ""), ("A/A.csproj", "")]), [also("A/A.csproj")]);
    }

    #[test]
    fn what_is_not_known_refuses() {
        let project = ("a.csproj", "<Project/>");
        for files in [
            [("a.csproj", "<Import Project=\"$(X)y.props\"/>"), ("b", "")],
            [
                project,
                ("NuGet.config", "<packageSources><add key='a' value='./feed'/></packageSources>"),
            ],
            [project, ("obj/project.assets.json", "")],
        ] {
            assert!(found("a.csproj", &files).iter().any(|f| matches!(f, Finding::Refuse(..))));
        }
        assert_eq!(found("a.csproj", &[project, ("bin/a", "")]), []);
        let bare = Project {
            manifests: &["src/A/A.csproj".to_owned()],
            flags: &[],
            text: &|_| None,
            exists: &|_| None,
            list: &|_| None,
        };
        assert!(matches!(dotnet(&bare)[0], Finding::Refuse(RefusalReason::LocalDependency, _)));
    }
}
