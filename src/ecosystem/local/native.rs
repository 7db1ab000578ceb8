//! Manifests of Haskell, Dart, Swift and others: local packages and members.

use super::schema::{Schema, is_local, local, package, refused};
use super::{Finding, Project, join, refuse};
use crate::ecosystem::manifest::{Value, json, yaml};
use crate::issue::RefusalReason::{LifecycleScript, LocalDependency};

/// cabal.project and stack.yaml: packages of the project, all of which are copied.
/// <https://docs.haskellstack.org/en/stable/configure/yaml/project/>
pub fn haskell(project: &Project<'_>) -> Vec<Finding> {
    const STACK: Schema = Schema {
        parse: yaml::parse,
        unread: &["`{}` takes no dependency from a local path."],
        places: &[
            refused(
                "extra-deps",
                |text| is_local(text) || (text.contains('/') && !text.contains("://")),
                LocalDependency,
                "`{}` takes `{value}` from a local path",
            ),
            local("extra-deps.archive|git|hg|location|url"),
            refused(
                "resolver|snapshot",
                |text| is_local(text) || text.ends_with(".yaml") && !text.contains("://"),
                LocalDependency,
                "`{}` takes its snapshot from a local path (`{value}`)",
            ),
        ],
    };
    let mut findings = Vec::new();
    match (project.list)("**/*.cabal").zip((project.list)("**/package.yaml")) {
        Some((cabal, hpack)) => {
            let members = cabal.into_iter().chain(hpack).filter(|path| path.contains('/'));
            findings.extend(members.map(Finding::Also));
        }
        None => findings.push(Finding::Assume(
            "The project has one package, in the directory that the step works in.".into(),
        )),
    }
    if project.manifests.iter().any(|name| name == "stack.yaml") {
        let value = STACK.read(project, "stack.yaml", &mut findings);
        // A package of an index is named with its version, a directory by its name alone.
        let named = value.iter().flat_map(|value| value.texts("extra-deps"));
        let is_there = |name: &&str| (project.exists)(&format!("{name}/")) == Some(true);
        if let Some(name) = named.filter(|name| !name.contains('/')).find(is_there) {
            let message = format!("`stack.yaml` takes `{name}` from a local path");
            findings.push(refuse(LocalDependency, &message));
        }
    }
    for name in project.manifests.iter().filter(|name| name.starts_with("cabal.project")) {
        let text = (project.text)(name).unwrap_or_default();
        // Archives among the packages, files that are included.
        let words = text.lines().flat_map(|line| line.split([' ', ',', '\t']));
        let is_archive = |word: &&str| word.ends_with(".tar.gz") && !word.contains("://");
        findings.extend(words.filter(is_archive).map(|path| Finding::Also(join("", path))));
        let included = text.lines().filter_map(|line| line.strip_prefix("import:"));
        let included = included.map(str::trim).filter(|path| !path.contains("://"));
        findings.extend(included.map(|path| Finding::Also(join("", path))));
    }
    let scripted = |name: &&String| (project.text)(name).is_some_and(has_setup);
    if project.manifests.iter().any(|name| scripted(&name)) {
        findings.push(Finding::Also("Setup.hs".into()));
    }
    findings
}

/// Whether a package has a build script: `build-type: Custom`.
/// <https://cabal.readthedocs.io/en/stable/cabal-package-description-file.html>
fn has_setup(text: &str) -> bool {
    text.lines().any(|line| {
        let field = line.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
        field.is_some_and(|(name, value)| {
            name.eq_ignore_ascii_case("build-type") && !value.eq_ignore_ascii_case("simple")
        })
    })
}

/// pubspec.yaml: packages by path, members of a workspace, code that is generated.
/// <https://dart.dev/tools/pub/dependencies#path-packages>,
/// <https://dart.dev/tools/pub/workspaces>
const PUBSPEC: Schema = Schema {
    parse: yaml::parse,
    unread: &["`{}` names no package by its path and no workspace."],
    places: &[
        package("dependencies|dev_dependencies|dependency_overrides.*.path"),
        local("dependencies|dev_dependencies|dependency_overrides.*.git"),
        local("dependencies|dev_dependencies|dependency_overrides.*.git.url"),
        refused(
            "resolution",
            |text| text == "workspace",
            LocalDependency,
            "`{}` is a member of a workspace above",
        ),
    ],
};

/// What pubspec.yaml says, and what may stand beside it.
pub fn pubspec(project: &Project<'_>) -> Vec<Finding> {
    const MEMBER: Schema = Schema {
        parse: yaml::parse,
        unread: &["`{}` names no package by its path and no workspace."],
        places: &[package("dependencies|dev_dependencies|dependency_overrides.*.path")],
    };
    let mut findings = Vec::new();
    let value = PUBSPEC.read(project, "pubspec.yaml", &mut findings);
    let overrides = "pubspec_overrides.yaml";
    if (project.text)(overrides).is_some() {
        PUBSPEC.read(project, overrides, &mut findings);
    }
    let Some(value) = value else { return findings };
    if value.at("flutter.generate").iter().any(|found| is_true(found.value)) {
        let message = "`pubspec.yaml` has code generated from the source (`generate: true`)";
        findings.push(refuse(LifecycleScript, message));
    }
    // What plugins need is written into what is there.
    // <https://docs.flutter.dev/packages-and-plugins/developing-packages>
    const PLATFORMS: [&str; 5] = ["android/", "ios/", "linux/", "macos/", "windows/"];
    let there = |platform: &str| (project.exists)(platform) == Some(true);
    let is_flutter = !value.at("dependencies.flutter.sdk").is_empty();
    if is_flutter && PLATFORMS.into_iter().any(there) {
        let sentence = "Nothing needs what the command generates for the platforms (`android`, \
                        `ios`) of the project.";
        findings.push(Finding::Assume(sentence.into()));
    }
    for member in value.texts("workspace") {
        let manifest = join(member, "pubspec.yaml");
        let found = match member.contains(['*', '?', '[', '{']) {
            true => (project.list)(&manifest).filter(|_| !member.contains(['?', '[', '{'])),
            false => Some(vec![manifest]),
        };
        let Some(found) = found else {
            let message = format!("the members of the workspace `{member}` are not known");
            findings.push(refuse(LocalDependency, &message));
            continue;
        };
        for path in found {
            MEMBER.read(project, &path, &mut findings);
            findings.push(Finding::Also(path));
        }
    }
    findings
}

fn is_true(value: &Value) -> bool {
    matches!(value, Value::Plain(text) if text == "true")
}

/// Package.swift: packages by path, repositories and archives in a directory.
/// <https://docs.swift.org/package-manager/PackageDescription/PackageDescription.html#package-dependency>
pub fn swift(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Mirrors and registries of the project.
    if (project.exists)(".swiftpm/configuration/") == Some(true) {
        findings.push(Finding::Also(".swiftpm/configuration/".into()));
    }
    let named = project.manifests.iter().filter(|name| name.ends_with(".swift"));
    for name in named.map(String::as_str) {
        let Some(text) = (project.text)(name) else {
            findings.push(Finding::Assume(format!("`{name}` names no package by its path.")));
            continue;
        };
        // It is a program.
        if ["FileManager", "Process()", "contentsOf"].iter().any(|read| text.contains(read)) {
            let message = format!("`{name}` may read other files of the project");
            findings.push(refuse(LocalDependency, &message));
        }
        let takes_path = |calls: &str| {
            text.split(calls).skip(1).any(|call| {
                let arguments = call.split(')').next().unwrap_or(call);
                let is_call = call.trim_start().starts_with('(');
                let first = arguments.split('"').nth(1).unwrap_or("");
                is_call && (arguments.contains("path:") || is_local(first))
            })
        };
        if takes_path(".package") || takes_path(".binaryTarget") {
            let message = format!("`{name}` takes a package from a local path");
            findings.push(refuse(LocalDependency, &message));
        }
    }
    findings
}

/// Chart.yaml, and what stood in its place: charts by path, or in `charts/`.
/// <https://helm.sh/docs/helm/helm_dependency/>
pub fn helm(project: &Project<'_>) -> Vec<Finding> {
    const CHART: Schema = Schema {
        parse: yaml::parse,
        unread: &["`{}` takes no chart from a local path."],
        places: &[refused(
            "dependencies.repository",
            |text| text.is_empty() || is_local(text),
            LocalDependency,
            "`{}` takes a chart from a local path (`{value}`)",
        )],
    };
    let mut findings = Vec::new();
    for name in ["Chart.yaml", "requirements.yaml"] {
        if name == "Chart.yaml" || (project.text)(name).is_some() {
            let value = CHART.read(project, name, &mut findings);
            let charts = value.iter().flat_map(|value| value.at("dependencies"));
            if charts.into_iter().any(|chart| !chart.value.has("repository")) {
                let message = format!("`{name}` takes a chart from `charts/`");
                findings.push(refuse(LocalDependency, &message));
            }
        }
    }
    findings
}

/// Terraform: modules by path.
/// <https://developer.hashicorp.com/terraform/language/modules/sources#local-paths>
pub fn terraform(project: &Project<'_>) -> Vec<Finding> {
    const JSON: Schema = Schema {
        parse: json::parse,
        unread: &["`{}` takes no module from a local path."],
        places: &[local("module.**.source")],
    };
    let mut findings = Vec::new();
    for file in project.manifests {
        if file.ends_with(".tf.json") {
            JSON.read(project, file, &mut findings);
        }
        if !file.ends_with(".tf") {
            continue;
        }
        let Some(text) = (project.text)(file) else {
            findings.push(Finding::Assume(format!("`{file}` takes no module from a local path.")));
            continue;
        };
        let sourced = text.lines().filter(|line| line.contains("source"));
        let mut texts = sourced.flat_map(|line| line.split('"').skip(1).step_by(2));
        if texts.any(is_local) {
            let message = format!("`{file}` takes a module from a local path");
            findings.push(refuse(LocalDependency, &message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tests::unknown;
    use super::*;

    fn found(read: fn(&Project<'_>) -> Vec<Finding>, name: &str, text: &str) -> Vec<Finding> {
        read(&Project {
            manifests: &[name.to_owned()],
            text: &|path| (path == name).then_some(text),
            list: &|pattern| Some(vec![pattern.replace("**/", "").replace('*', "a")]),
            ..unknown()
        })
    }

    #[track_caller]
    fn refuses(read: fn(&Project<'_>) -> Vec<Finding>, name: &str, text: &str) {
        let found = found(read, name, text);
        assert!(
            found.iter().any(|finding| matches!(finding, Finding::Refuse(..))),
            "{text}: {found:?}"
        );
    }

    fn also(path: &str) -> Finding {
        Finding::Also(path.into())
    }

    #[test]
    fn haskell_files() {
        refuses(haskell, "stack.yaml", "extra-deps:\n  - ./vendor/a\n");
        refuses(haskell, "stack.yaml", "extra-deps: [\n  vendor/a ]\n");
        refuses(haskell, "stack.yaml", "resolver: ./snapshot.yaml\n");
        refuses(haskell, "stack.yaml", "a: b: c");
        let stack = "resolver: lts-24.1\nextra-deps:\n- a-1.0@sha256:0,1\n- git: https://x/y\n";
        assert_eq!(found(haskell, "stack.yaml", stack), []);
        let project = "packages: .\n          lib/x.tar.gz\nimport: base.config\n";
        let wanted = [also("lib/x.tar.gz"), also("base.config")];
        assert_eq!(found(haskell, "cabal.project", project), wanted);
        assert_eq!(found(haskell, "a.cabal", "Build-Type:   Custom\n"), [also("Setup.hs")]);
        assert_eq!(found(haskell, "a.cabal", "build-type: Simple\n"), []);
    }

    #[test]
    fn pubspec_files() {
        refuses(pubspec, "pubspec.yaml", "dependencies:\n  a:\n    path: ../a\n");
        refuses(pubspec, "pubspec.yaml", "dependencies:\n  a: {path: ../a}\n");
        let git = "dependencies:\n  path: ^1.8.0\n  a:\n    git:\n      url: https://x\n      path: b/c\n";
        assert_eq!(found(pubspec, "pubspec.yaml", git), []);
        refuses(pubspec, "pubspec.yaml", "dependencies: {\"a\": {\n path: a } }\n");
        refuses(pubspec, "pubspec.yaml", "dependencies:\n  a:\n    git: ../a\n");
        refuses(pubspec, "pubspec.yaml", "resolution: workspace\n");
        refuses(pubspec, "pubspec.yaml", "flutter:\n  generate: true # l10n\n");
        let members = found(pubspec, "pubspec.yaml", "workspace: [a,\n  b/*]\n");
        assert!(members.contains(&also("a/pubspec.yaml")), "{members:?}");
        assert!(members.contains(&also("b/a/pubspec.yaml")), "{members:?}");
    }

    #[test]
    fn other_files() {
        refuses(swift, "Package.swift", ".package(path: \"../a\")");
        refuses(swift, "Package.swift", ".package(name: \"a\", path: \"../a\")");
        assert_eq!(
            found(
                swift,
                "Package.swift",
                ".package(url: \"x\", from: \"1\"), .target(name: \"b\", path: \"c\")"
            ),
            []
        );
        refuses(swift, "Package.swift", ".package(\n  url: \"../a\", from: \"1\")");
        refuses(swift, "Package.swift", ".binaryTarget(name: \"a\", path: \"a.zip\")");
        refuses(helm, "Chart.yaml", "dependencies:\n- {name: a, repository: \"file://../a\"}");
        refuses(helm, "Chart.yaml", "dependencies:\n  - name: a\n    version: 1.0.0\n");
        let chart = "dependencies:\n  - name: a\n    repository: https://a # file://\n";
        assert_eq!(found(helm, "Chart.yaml", chart), []);
        assert_eq!(found(helm, "Chart.yaml", "name: a\n"), []);
        refuses(terraform, "main.tf", "module \"a\" {\n  source = \"./a\"\n}");
        refuses(terraform, "main.tf", "module \"a\" { source = \"./a\" }");
        refuses(terraform, "a.tf.json", "{\"module\": {\"a\": {\"source\": \"../a\"}}}");
        assert_eq!(found(terraform, "main.tf", "module \"a\" {\n  source = \"a/b/c\"\n}"), []);
    }
}
