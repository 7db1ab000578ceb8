//! MSBuild projects and solutions: references, imports, and the settings around them.
//!
//! Only what a restore evaluates. Targets and tasks are not read, but for those that hook
//! themselves before it.

mod conditions;
mod outputs;
mod sources;

pub use sources::dotnet_tool;

use super::schema::unreadable;
use super::{Finding, Otherwise, Project, join, parent, refuse, scattered};
use crate::ecosystem::manifest::{Value, json, xml};
use crate::issue::RefusalReason;
use crate::limits;

/// Files that MSBuild and NuGet look for beside a project and in every directory above it.
/// <https://learn.microsoft.com/en-us/visualstudio/msbuild/customize-by-directory>
/// <https://learn.microsoft.com/en-us/nuget/consume-packages/configuring-nuget-behavior>
const ABOVE: &[&str] = &[
    "Directory.Build.props",
    "Directory.Build.rsp",
    "Directory.Build.targets",
    "Directory.Packages.props",
    "Directory.Solution.props",
    "Directory.Solution.targets",
    "NuGet.Config",
    "NuGet.config",
    "global.json",
    "nuget.config",
];

const NOTHING_ELSE: &str = "Beside and above the projects lies no other `Directory.*.props`, \
                            `Directory.*.targets`, `nuget.config`, `global.json` or \
                            `packages.lock.json`.";

/// What a restore of the projects among the manifests reads.
pub fn dotnet(project: &Project<'_>) -> Vec<Finding> {
    let starts: Vec<&String> =
        project.manifests.iter().filter(|name| is_project(name) || is_solution(name)).collect();
    if starts.iter().all(|name| name.contains('*')) && !starts.is_empty() {
        let others = ["*/*.*proj", "*/*/*.*proj", "*.sln", "*.slnx"];
        if project.is_nested || others.iter().any(|pattern| (project.names)(pattern)) {
            let message = "which projects the one that is restored refers to is not known";
            return vec![scattered(message)];
        }
        // It may as well be a solution.
        return vec![Finding::Scattered(Otherwise::Assume(vec![
            "The project is one `*.csproj` in this directory; it references no other project and \
             imports no other file."
                .into(),
            NOTHING_ELSE.into(),
        ]))];
    }
    let configured = project.manifests.iter().any(|name| name == "packages.config");
    if starts.is_empty() && !configured {
        let message = "no project or solution is among the files that are copied";
        return vec![refuse(RefusalReason::UnknownManifests, message)];
    }
    let mut reader = Reader::of(project);
    // Also where there may be other files: a here-document brings one of the directory.
    if let Some(left) = (project.known)("**/obj/project.assets.json").first() {
        reader.refuse(
            RefusalReason::HostArtifacts,
            &format!("the context brings `{left}`, which would overwrite what the restore writes"),
        );
    }
    for name in starts.into_iter().filter(|name| !name.contains('*')) {
        reader.add(name, None);
    }
    reader.configured();
    let mut next = 0;
    while let Some((file, owner)) = reader.open.get(next).cloned() {
        next += 1;
        if reader.open.len() > limits::MSBUILD_PROJECTS {
            reader.scatter(&format!(
                "the restore reads more than {} files",
                limits::MSBUILD_PROJECTS
            ));
            break;
        }
        reader.read(&file, &owner);
    }
    // A stage for all of that name holds those, too.
    if reader.findings.iter().any(|finding| matches!(finding, Finding::Scattered(..))) {
        let known = |finding: &Finding| *finding == Finding::Assume(NOTHING_ELSE.into());
        reader.findings.retain(|finding| !known(finding));
    }
    reader.findings
}

struct Reader<'p, 'a> {
    project: &'p Project<'a>,
    findings: Vec<Finding>,
    /// Files to be read, each with the directory that its references are relative to.
    open: Vec<(String, String)>,
    /// Directories whose settings were looked for.
    above: Vec<String>,
    /// Whether what is read is done later, by a target.
    in_target: bool,
}

impl<'p, 'a> Reader<'p, 'a> {
    fn of(project: &'p Project<'a>) -> Self {
        let (findings, open, above) = Default::default();
        Reader { project, findings, open, above, in_target: false }
    }

    /// A file that the restore reads: a project where it has no `owner`, or an import of one.
    fn add(&mut self, path: &str, owner: Option<&str>) {
        if self.open.iter().any(|(known, _)| known == path)
            || (self.project.exists)(path) == Some(false)
        {
            return;
        }
        if !self.project.manifests.iter().any(|name| name == path) {
            self.findings.push(Finding::Also(path.to_owned()));
        }
        let owner = owner.unwrap_or(parent(path)).to_owned();
        self.open.push((path.to_owned(), owner));
    }

    /// A file that is read where it is there.
    fn perhaps(&mut self, path: String, owner: &str) {
        match (self.project.exists)(&path) {
            Some(true) => self.add(&path, Some(owner)),
            Some(false) => {}
            None => self.nothing_else(),
        }
    }

    fn nothing_else(&mut self) {
        self.assume(NOTHING_ELSE.into());
    }

    fn refuse(&mut self, reason: RefusalReason, message: &str) {
        self.findings.push(refuse(reason, message));
    }

    fn scatter(&mut self, message: &str) {
        self.findings.push(scattered(message));
    }

    fn assume(&mut self, sentence: String) {
        let sentence = Finding::Assume(sentence);
        if !self.findings.contains(&sentence) {
            self.findings.push(sentence);
        }
    }

    fn read(&mut self, file: &str, owner: &str) {
        let directory = parent(file).to_owned();
        if is_project(file) || is_solution(file) {
            self.settings(&directory);
        }
        if is_project(file) {
            let name = file.rsplit('/').next().unwrap_or(file);
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            self.perhaps(format!("{file}.user"), &directory);
            for lock in ["packages.lock.json", &format!("packages.{stem}.lock.json")] {
                self.perhaps(join(&directory, lock), &directory);
            }
            self.perhaps(join(&directory, "packages.config"), &directory);
        }
        let lower = file.to_ascii_lowercase();
        if [".json", "packages.config"].iter().any(|end| lower.ends_with(end)) {
            return;
        }
        if is_solution(file) {
            let name = file.rsplit('/').next().unwrap_or(file);
            for imported in ["before", "after"] {
                self.perhaps(join(&directory, &format!("{imported}.{name}.targets")), &directory);
            }
        }
        let Some(text) = (self.project.text)(file) else {
            self.unread(file);
            return;
        };
        if lower.ends_with(".sln") {
            self.solution(text, &directory);
            return;
        }
        if lower.ends_with(".rsp") {
            // `-p:RestoreSources=/src/local`
            if text.contains(['/', '\\']) || text.contains("Restore") {
                let message = format!("`{file}` has options that may name other files");
                self.refuse(RefusalReason::LocalDependency, &message);
            }
            return;
        }
        let parse = if lower.ends_with(".slnf") { json::parse } else { xml::parse };
        let Some(value) = parse(text) else {
            self.findings.push(unreadable(file));
            return;
        };
        if self.is_config(file) {
            self.sources(&value, file);
        } else if lower.ends_with(".slnx") {
            for path in value.texts("**.Project.@Path") {
                self.add(&join(&directory, &path.replace('\\', "/")), None);
            }
        } else if lower.ends_with(".slnf") {
            // A part of the projects of another solution.
            // https://learn.microsoft.com/en-us/visualstudio/msbuild/solution-filters
            let path = value.first("solution.path").unwrap_or_default();
            let whole = join(&directory, &path.replace('\\', "/"));
            match (self.project.exists)(&whole) != Some(false) && !path.is_empty() {
                true => self.add(&whole, None),
                false => self.scatter(&format!("the projects that `{file}` names are not known")),
            }
        } else {
            self.evaluated(&value, file, owner);
        }
    }

    /// Projects and solutions whose text is not known.
    fn unread(&mut self, file: &str) {
        if self.is_config(file) {
            self.assume(format!("`{file}` names no local directory as a source of packages."));
            return;
        }
        if !is_project(file) && !is_solution(file) {
            self.assume(format!("`{file}` imports no other file."));
            return;
        }
        let all = (self.project.list)("**/*.*proj");
        if let Some(all) = all.filter(|all| all.len() <= limits::MSBUILD_PROJECTS) {
            for path in all {
                self.add(&path, None);
            }
            for pattern in ["**/*.props", "**/*.targets"] {
                for path in (self.project.list)(pattern).unwrap_or_default() {
                    self.add(&path, None);
                }
            }
            let place = match parent(file) {
                "" => "the working directory".into(),
                directory => format!("`{directory}` and the working directory"),
            };
            self.assume(format!(
                "`{file}` reads nothing outside of {place} but `*.props`, `*.targets`."
            ));
        } else if is_solution(file)
            || !parent(file).is_empty()
            || self.project.is_nested
            || (self.project.exists)(file) == Some(true)
        {
            self.scatter(&format!("the projects that `{file}` refers to are not known"));
        } else {
            self.assume(format!("`{file}` references no other project and imports no other file."));
        }
    }

    /// The files that settings come from, in `directory` and above.
    fn settings(&mut self, directory: &str) {
        let mut at = directory.to_owned();
        let mut levels = 0;
        while !self.above.contains(&at) {
            self.above.push(at.clone());
            for name in ABOVE {
                let path = join(&at, name);
                match (self.project.exists)(&path) {
                    Some(true) => self.add(&path, Some(directory)),
                    Some(false) => {}
                    None if self.project.manifests.contains(&path) => {}
                    None => self.nothing_else(),
                }
            }
            let paket = join(&at, "paket.dependencies");
            if (self.project.exists)(&paket) == Some(true) {
                self.refuse(
                    RefusalReason::LocalDependency,
                    &format!("`{paket}` has Paket restore"),
                );
            }
            levels += usize::from(at.is_empty() || at.ends_with(".."));
            if levels > limits::LEVELS_ABOVE || at == "/" {
                return;
            }
            at = match at.strip_prefix('/') {
                Some(rest) if !rest.contains('/') => "/".into(),
                _ if at.is_empty() || at.ends_with("..") => join(&at, ".."),
                _ => parent(&at).to_owned(),
            };
        }
    }

    /// The projects of a solution: `Project("{kind}") = "name", "path", "{id}"`.
    fn solution(&mut self, text: &str, directory: &str) {
        const FOLDER: &str = "{2150E333-8FDC-42A3-9474-1A3956D46DE8}";
        for line in text.lines().filter(|line| line.trim_start().starts_with("Project(")) {
            let parts: Vec<&str> = line.split('"').collect();
            let (Some(kind), Some(path)) = (parts.get(1), parts.get(5)) else { continue };
            let path = path.replace('\\', "/");
            if !kind.eq_ignore_ascii_case(FOLDER) && is_project(&path) {
                self.add(&join(directory, &path), None);
            }
        }
    }

    /// A project, or a file that one imports: the elements in `value`. Whether the rest still
    /// counts.
    fn evaluated(&mut self, value: &Value, file: &str, owner: &str) -> bool {
        let Value::Table(members) = value else { return true };
        members.iter().all(|(name, value)| {
            let outside = self.in_target;
            self.in_target |= name.eq_ignore_ascii_case("target");
            let counts =
                self.element(name, value, file, owner) && self.evaluated(value, file, owner);
            self.in_target = outside;
            counts
        })
    }

    /// An element of a project, or an attribute; whether the rest still counts.
    fn element(&mut self, name: &str, value: &Value, file: &str, owner: &str) -> bool {
        let text = value.text().unwrap_or_default();
        if ["ReadAll", "]::GetFiles", "]::EnumerateFiles"].iter().any(|f| text.contains(f)) {
            let message = format!("`{file}` reads other files when it is evaluated");
            self.refuse(RefusalReason::LocalDependency, &message);
            return false;
        }
        let hooks = |name: &str| {
            attribute(value, name).is_some_and(|targets| {
                ["Restore", "CollectPackageReferences"].iter().any(|t| targets.contains(t))
            })
        };
        self.conditions(name, value, file, owner);
        self.findings.extend(outputs::moved(name, text, file));
        match name.to_ascii_lowercase().as_str() {
            "nugetlockfilepath" if !text.is_empty() => self.asked_for(text, file, owner),
            "target" if !hooks("BeforeTargets") && !hooks("AfterTargets") => {}
            "project" if attribute(value, "InitialTargets").is_none() => {}
            "target" | "project" => {
                let message = format!("`{file}` has a target that runs with the restore");
                self.refuse(RefusalReason::LifecycleScript, &message);
                return false;
            }
            "projectreference" => {
                let include = attribute(value, "Include").unwrap_or_default();
                self.references(include, file, owner, true);
            }
            "import" if attribute(value, "Sdk").is_none() => {
                let import = attribute(value, "Project").unwrap_or_default();
                self.references(import, file, owner, false);
            }
            "restoresources"
            | "restoreadditionalprojectsources"
            | "restoreconfigfile"
            | "restorefallbackfolders"
                if text.split(';').map(str::trim).any(|part| {
                    !part.is_empty() && !part.contains("://") && !part.starts_with("$(Restore")
                }) =>
            {
                let message = format!("`{file}` restores from `{text}`");
                self.refuse(RefusalReason::LocalDependency, &message);
            }
            _ => {}
        }
        true
    }

    /// Files that `file` names, divided by semicolons.
    fn references(&mut self, list: &str, file: &str, owner: &str, is_project: bool) {
        for written in list.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let path = written.replace('\\', "/");
            if !is_project && is_provided(&path) {
                continue;
            }
            let mut base = if is_project { owner } else { parent(file) };
            let mut rest = path.as_str();
            for (name, directory) in [
                ("$(MSBuildThisFileDirectory)", parent(file)),
                ("$(MSBuildProjectDirectory)", owner),
                ("$(ProjectDir)", owner),
            ] {
                if let Some(below) = path.strip_prefix(name) {
                    (base, rest) = (directory, below.trim_start_matches('/'));
                }
            }
            let place = join(base, rest);
            let found = match rest.contains('*') {
                true => (self.project.list)(&place),
                false => Some(vec![place.clone()]),
            };
            match found {
                Some(found) if !rest.contains(['$', '%', '@', '?']) => {
                    let owner = if is_project { None } else { Some(owner) };
                    found.iter().for_each(|path| self.add(path, owner));
                }
                _ => {
                    let message = format!("`{file}` refers to `{written}`, which is not known");
                    match is_project {
                        true => self.scatter(&message),
                        false => self.refuse(RefusalReason::LocalDependency, &message),
                    }
                }
            }
        }
    }
}

/// The value of an attribute; names count in any case.
/// <https://learn.microsoft.com/en-us/visualstudio/msbuild/msbuild-project-file-schema-reference>
fn attribute<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    let Value::Table(members) = value else { return None };
    let is_it = |key: &str| key.strip_prefix('@').is_some_and(|key| key.eq_ignore_ascii_case(name));
    members.iter().find(|(key, _)| is_it(key)).and_then(|(_, value)| value.text())
}

/// Whether an import comes with the SDK or a package, or is one of the settings above.
fn is_provided(path: &str) -> bool {
    const ROOTS: &[&str] = &[
        "$(MSBuildBinPath)",
        "$(MSBuildExtensionsPath",
        "$(MSBuildSDKsPath)",
        "$(MSBuildToolsPath)",
        "$(MSBuildFrameworkToolsPath",
        "$(NuGetPackageRoot)",
        "$(NuGetProps",
        "$(NuGetTargets",
        "$(VCTargetsPath",
        "$(VSToolsPath)",
        "$(FSharpTargetsPath)",
    ];
    ROOTS.iter().any(|root| path.starts_with(root))
        || (path.starts_with("$([MSBuild]::GetPathOfFileAbove(")
            && ABOVE.iter().any(|name| path.contains(name)))
}

fn is_project(path: &str) -> bool {
    path.ends_with("proj") && path.contains('.')
}

fn is_solution(path: &str) -> bool {
    [".sln", ".slnx", ".slnf"].iter().any(|end| path.ends_with(end))
}

#[cfg(test)]
mod tests;
