//! Manifests of Dart, Swift and others: local packages and members.

use super::schema::{Schema, is_local, local, package, refused};
use super::{Finding, Project, join, refuse};
use crate::ecosystem::manifest::{Value, json, yaml};
use crate::issue::RefusalReason::{LifecycleScript, LocalDependency};

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

/// shard.yml, and what overrides it: shards by path.
/// <https://github.com/crystal-lang/shards/blob/master/docs/shard.yml.adoc>
pub fn shards(project: &Project<'_>) -> Vec<Finding> {
    const SHARD: Schema = Schema {
        parse: yaml::parse,
        unread: &["`{}` names no shard by its path."],
        places: &[
            package("dependencies|development_dependencies.*.path"),
            local("dependencies|development_dependencies.*.git|hg|fossil"),
        ],
    };
    let mut findings = Vec::new();
    SHARD.read(project, "shard.yml", &mut findings);
    if (project.exists)("shard.override.yml") == Some(true) {
        SHARD.read(project, "shard.override.yml", &mut findings);
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

/// conanfile.py, which is a program: `self.version = load(self, "version.txt")`.
/// <https://docs.conan.io/2/reference/conanfile.html>
pub fn conan(project: &Project<'_>) -> Vec<Finding> {
    const NAME: &str = "conanfile.py";
    const READS: [&str; 6] =
        ["open(", "load(", "read_text", "Git(", "subprocess", "python_requires"];
    match (project.text)(NAME) {
        _ if (project.exists)(NAME) == Some(false) => Vec::new(),
        None => vec![Finding::Assume(format!(
            "`{NAME}`, if there is one, reads no other file of the project."
        ))],
        Some(text) if READS.iter().any(|call| text.contains(call)) => {
            let message = format!("`{NAME}` may read other files of the project");
            vec![refuse(LocalDependency, &message)]
        }
        Some(_) => Vec::new(),
    }
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

    #[test]
    fn a_recipe_of_conan_is_a_program() {
        for call in ["open(\"VERSION\").read()", "load(self, \"v.txt\")", "Git(self).get_commit()"]
        {
            let text = format!("def set_version(self):\n    self.version = {call}\n");
            refuses(conan, "conanfile.py", &text);
        }
        let plain = "class App(ConanFile):\n    requires = \"zlib/1.3\"\n";
        assert_eq!(found(conan, "conanfile.py", plain), []);
        assert!(matches!(conan(&unknown())[..], [Finding::Assume(_)]));
        assert_eq!(conan(&Project { exists: &|_| Some(false), ..unknown() }), []);
    }

    fn also(path: &str) -> Finding {
        Finding::Also(path.into())
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
    fn shards_by_path() {
        refuses(shards, "shard.yml", "dependencies:\n  a:\n    path: ../a\n");
        refuses(shards, "shard.yml", "development_dependencies:\n  a:\n    git: ../a\n");
        let text = "name: a\ndependencies:\n  kemal:\n    github: kemalcr/kemal\n";
        assert_eq!(found(shards, "shard.yml", text), []);
        let files =
            [("shard.override.yml", "dependencies:\n  a: {path: b}\n"), ("shard.yml", text)];
        assert!(super::super::tests::refuses(shards, 1, &files));
        assert!(!super::super::tests::refuses(shards, 1, &files[1..]));
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
