//! Build files of the JVM that are programs: Gradle, sbt, and deps.edn. Only what gives away
//! that they read more than build files.

use super::{Finding, Project, join, parent, refuse};
use crate::issue::RefusalReason;
use crate::limits;
use crate::text::Cut;

/// What gives away that a build file of Gradle reads more than build files, or runs commands.
const GRADLE_READS: &[&str] = &[
    ".text",
    "readText",
    "readLines",
    "FileInputStream",
    "exec {",
    "execute()",
    "providers.exec",
    "loadProperties",
    ".withInputStream",
    "InputStream",
    "inputStream",
    "newReader",
    "withReader",
    "bufferedReader",
    "eachLine",
    "forEachLine",
    "readBytes",
    ".load(",
    "Slurper",
    "commandLine",
    "fileContents",
    "from(files(",
    "listFiles",
    "eachDir",
    "eachFile",
    ".exists()",
    "includeBuild",
    // Plugins that read the history.
    "gitVersion",
    "versionDetails",
    "grgit",
    "scmVersion",
    "jgitver",
    "nebula.release",
    "reckon",
    // Those that write hooks into it.
    "git-hooks",
    "gitHooks",
];

/// settings.gradle and build.gradle: projects, scripts that are applied, files that are read.
/// <https://docs.gradle.org/current/userguide/multi_project_builds.html>
pub fn gradle(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let files = build_files(project, &mut findings);
    for path in &files {
        let Some(text) = (project.text)(path) else {
            findings.push(Finding::Assume(format!(
                "`{path}` reads no file of the project that is not a build file."
            )));
            continue;
        };
        if let Some(call) = GRADLE_READS.iter().find(|call| text.contains(**call)) {
            findings.push(refuse(
                RefusalReason::LocalDependency,
                &format!("`{path}` may read other files or run commands (`{call}`)"),
            ));
        }
        if let Some(place) = plugin_of_project(text) {
            findings.push(refuse(
                RefusalReason::LocalDependency,
                &format!("`{path}` takes plugins from the project (`{place}`)"),
            ));
        }
        // <https://developer.android.com/build#properties-files>
        if text.contains("com.android") && (project.exists)("local.properties") == Some(true) {
            findings.push(Finding::Also("local.properties".into()));
        }
        findings.extend(applied(text).map(|script| Finding::Also(join(parent(path), script))));
        let name = path.rsplit('/').next().unwrap_or(path);
        if name.starts_with("settings.gradle") {
            settings(project, (path, text), &files, &mut findings);
        }
    }
    findings
}

/// The build files of a project of Gradle, where they are known. Those of projects below it, and
/// what goes with them, are wanted, too.
fn build_files(project: &Project<'_>, findings: &mut Vec<Finding>) -> Vec<String> {
    let listed = (project.list)("**/*.gradle").zip((project.list)("**/*.gradle.kts"));
    let Some((groovy, kotlin)) = listed else {
        let is_of_project = |task: &String| task.trim_start_matches(':').contains(':');
        findings.push(match project.flags.iter().any(is_of_project) {
            // What is fetched for each has to be named.
            true => refuse(
                RefusalReason::LocalDependency,
                "which further projects `settings.gradle` includes is not known",
            ),
            false => Finding::Assume(
                "`settings.gradle` includes no further project, and `build.gradle` reads no file of \
                 the project that is not a build file."
                    .into(),
            ),
        });
        return Vec::new();
    };
    let own = |path: &String| !path.starts_with("gradle/") && !path.starts_with("buildSrc/");
    let files: Vec<String> = groovy.into_iter().chain(kotlin).filter(own).collect();
    if files.is_empty() {
        findings.push(refuse(
            RefusalReason::UnknownManifests,
            "no `build.gradle` is among the files that are copied",
        ));
    }
    let below = files.iter().filter(|path| path.contains('/'));
    findings.extend(below.map(|path| Finding::Also(path.clone())));
    // Locks may have any name: `buildscript-gradle.lockfile`.
    let names = ["**/gradle.properties", "**/*.lockfile", "**/*.versions.toml"];
    for path in names.iter().filter_map(|name| (project.list)(name)).flatten() {
        if !project.manifests.contains(&path) && !path.starts_with("gradle/") {
            findings.push(Finding::Also(path));
        }
    }
    files
}

/// The projects that settings include.
fn settings(
    project: &Project<'_>,
    (path, text): (&str, &str),
    files: &[String],
    findings: &mut Vec<Finding>,
) {
    // The task of the root leaves the projects below it out
    // (https://github.com/gradle/gradle/issues/17829).
    let text = &without_comments(text);
    let included = included(text);
    if path.starts_with("settings.gradle") {
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
        let below = included.iter().filter(|name| name.chars().all(plain));
        let below = below.take(limits::GRADLE_PROJECTS);
        let below = below.map(|name| format!(":{}", name.replace('/', ":"))).collect();
        let tasks = renamed(text, below).into_iter().map(|name| name + ":dependencies");
        findings.extend(tasks.map(Finding::Argument));
    }
    // Gradle 9 refuses a project without its directory.
    let bare = included.iter().find(|directory| {
        let below = format!("{directory}/");
        (project.exists)(&below) == Some(true) && !files.iter().any(|file| file.starts_with(&below))
    });
    if let Some(directory) = bare {
        let message = format!("`{path}` includes `{directory}`, which has no build file");
        findings.push(refuse(RefusalReason::LocalDependency, &message));
    }
}

/// What gives away that a build file takes its plugins from the project: without a dependency the
/// download goes on, without a plugin it stops.
/// <https://docs.gradle.org/current/userguide/plugins_intermediate.html>
fn plugin_of_project(text: &str) -> Option<&str> {
    let blocks =
        ["buildscript", "pluginManagement"].iter().filter_map(|name| text.split(name).nth(1));
    // The block ends where the next one at the margin begins.
    let lines = blocks.flat_map(|block| block.split("\n}").next().unwrap_or(block).lines());
    let mut lines = lines.map(str::trim).filter(|line| !line.starts_with("//"));
    lines.find(|line| {
        let is_address = line.contains("://") || line.contains("Portal");
        let names = ["files(", "fileTree(", "flatDir"].iter().any(|call| line.contains(call));
        names || line.contains("url") && line.contains(['"', '\'']) && !is_address
    })
}

/// The scripts that a build file applies, beside those that are build files by their names:
/// `apply from: 'scripts/deps.txt'`.
fn applied(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    let lines = lines.filter(|line| line.contains("apply") && line.contains("from"));
    let named = lines.filter_map(|line| line.split(['"', '\'']).nth(1));
    named.filter(|name| !name.contains([':', '$']) && !name.contains(".gradle"))
}

/// The directories of the projects that settings include: `include 'a', ':b:c'`.
fn included(text: &str) -> Vec<String> {
    // Within parentheses, or behind a comma.
    let (mut open, mut continues) = (false, false);
    let lines = text.lines().map(str::trim).filter(move |line| {
        let starts = line.starts_with("include(");
        let counts = open || continues || starts || line.starts_with("include ");
        open = counts && (open || starts) && !line.contains(')');
        continues = counts && (line.ends_with(',') || line.is_empty());
        counts
    });
    let names = lines.flat_map(|line| line.split(['"', '\'']).skip(1).step_by(2));
    names.map(|name| name.trim_start_matches(':').replace(':', "/")).collect()
}

/// The paths of projects where settings give some another name, of these and of those below; none
/// where it is not known which: `project(":a").name = "b"`.
/// <https://docs.gradle.org/current/javadoc/org/gradle/api/initialization/ProjectDescriptor.html>
fn renamed(text: &str, mut paths: Vec<String>) -> Vec<String> {
    for (at, _) in text.match_indices(".name") {
        let line = text.cut(..at);
        let line = line.cut(line.rfind('\n').map_or(0, |end| end + 1)..).trim();
        let behind = text.cut(at + ".name".len()..).trim_start();
        let Some(name) = behind.strip_prefix('=').filter(|rest| !rest.starts_with('=')) else {
            continue;
        };
        if line == "rootProject" {
            continue;
        }
        let quoted = |text: &str| text.split(['"', '\'']).nth(1).map(str::to_owned);
        let project = quoted(line).filter(|_| line.starts_with("project(") && line.ends_with(')'));
        let name = name.lines().next().and_then(quoted).filter(|name| !name.contains('$'));
        let Some((project, name)) = project.zip(name) else { return Vec::new() };
        let (above, _) = project.rsplit_once(':').unwrap_or_default();
        for path in &mut paths {
            if let Some(below) = under(&project, path) {
                *path = format!("{above}:{name}{below}");
            }
        }
    }
    paths
}

/// What stands behind `project` in `path`, where that is this project or one below it.
fn under<'p>(project: &str, path: &'p str) -> Option<&'p str> {
    path.strip_prefix(project).filter(|rest| rest.is_empty() || rest.starts_with(':'))
}

/// A build file without its comments.
fn without_comments(text: &str) -> String {
    let (mut plain, mut rest, mut quote) = (String::with_capacity(text.len()), text, None);
    while let Some(c) = rest.chars().next() {
        if quote.is_none() && rest.starts_with("//") {
            rest = rest.cut(rest.find('\n').unwrap_or(rest.len())..);
            continue;
        }
        if quote.is_none() && rest.starts_with("/*") {
            rest = rest.cut(rest.find("*/").map_or(rest.len(), |end| end + 2)..);
            continue;
        }
        if matches!(c, '"' | '\'') {
            quote = match quote {
                None => Some(c),
                Some(open) if open == c => None,
                open => open,
            };
        }
        // A text ends with its line at the latest.
        quote = quote.filter(|_| c != '\n');
        plain.push(c);
        rest = rest.cut(c.len_utf8()..);
    }
    plain
}

/// build.sbt: builds of subprojects, files that are read.
pub fn sbt(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    match (project.list)("**/*.sbt") {
        Some(mut files) => {
            // The build of the build: `project/Dependencies.scala`.
            files.extend((project.list)("project/*.scala").unwrap_or_default());
            for path in files {
                let code = (project.text)(&path).map(|text| {
                    let lines = text.lines();
                    lines.filter(|line| !line.trim_start().starts_with("//")).collect::<String>()
                });
                match code {
                    Some(text)
                        if [
                            "IO.read",
                            "Source.fromFile",
                            "scala.sys.process",
                            "\"file:",
                            "Resolver.file",
                            "ConfigFactory",
                            "Files.read",
                            "Process(",
                            "at (baseDirectory",
                            "RootProject",
                            "sbt-dynver",
                            "\"sbt-git\"",
                            "ProjectRef",
                        ]
                        .iter()
                        .any(|call| text.contains(call)) =>
                    {
                        findings.push(refuse(
                            RefusalReason::LocalDependency,
                            &format!("`{path}` may read other files of the project"),
                        ));
                    }
                    Some(_) => {}
                    None => findings.push(Finding::Assume(format!(
                        "`{path}` reads no other file of the project."
                    ))),
                }
                if path.contains('/') && parent(&path) != "project" {
                    findings.push(Finding::Also(path));
                }
            }
        }
        None => findings.push(Finding::Assume(
            "`build.sbt` reads no other file of the project, and no subproject has a `build.sbt`."
                .into(),
        )),
    }
    findings
}

/// deps.edn: projects by path.
/// <https://clojure.org/reference/deps_edn>
pub fn deps_edn(project: &Project<'_>) -> Vec<Finding> {
    match (project.text)("deps.edn") {
        Some(text) if text.contains(":local/root") => vec![refuse(
            RefusalReason::LocalDependency,
            "`deps.edn` takes a dependency from a local directory (`:local/root`)",
        )],
        Some(text) if text.contains("\"file:") => vec![refuse(
            RefusalReason::LocalDependency,
            "`deps.edn` takes packages from a local directory (`file:`)",
        )],
        Some(_) => Vec::new(),
        None => vec![Finding::Assume("`deps.edn` has no `:local/root`.".into())],
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::unknown;
    use super::*;

    fn found(read: fn(&Project<'_>) -> Vec<Finding>, files: &[(&str, &str)]) -> Vec<Finding> {
        let manifests: Vec<String> =
            files.iter().take(1).map(|(name, _)| name.to_string()).collect();
        read(&Project {
            manifests: &manifests,
            text: &|path| files.iter().find(|(name, _)| *name == path).map(|(_, text)| *text),
            exists: &|path| {
                let below = |name: &&str| path.ends_with('/') && name.starts_with(path);
                Some(files.iter().any(|(name, _)| *name == path || below(name)))
            },
            list: &|pattern| {
                let end = pattern.trim_start_matches("**/*").trim_start_matches("**/");
                Some(
                    files
                        .iter()
                        .map(|(name, _)| name.to_string())
                        .filter(|name| name.ends_with(end))
                        .collect(),
                )
            },
            ..unknown()
        })
    }

    fn also(path: &str) -> Finding {
        Finding::Also(path.into())
    }

    fn refused(findings: &[Finding]) -> bool {
        findings.iter().any(|finding| matches!(finding, Finding::Refuse(..)))
    }

    #[test]
    fn gradle_projects_bring_their_build_files() {
        let files =
            [("settings.gradle", "include 'a'"), ("a/build.gradle", "plugins { id 'java' }")];
        let argument = Finding::Argument(":a:dependencies".into());
        assert_eq!(found(gradle, &files), [also("a/build.gradle"), argument]);
        let bare = [("settings.gradle", "include(\n':a:b',\n'c')"), ("a/b/src/A.java", "")];
        assert!(refused(&found(gradle, &bare)));
        assert!(refused(&found(gradle, &[("settings.gradle", "includeBuild 'x'")])));
        assert!(refused(&found(gradle, &[("build.gradle", "version = file('v').text")])));
        assert!(refused(&found(gradle, &[("pom.xml", "")])));
    }

    #[test]
    fn projects_are_called_as_settings_say() {
        let tasks = |settings: &str| {
            let files = [("build.gradle", ""), ("settings.gradle", settings)];
            let tasks = found(gradle, &files).into_iter().filter_map(|finding| match finding {
                Finding::Argument(task) => task.strip_suffix(":dependencies").map(str::to_owned),
                _ => None,
            });
            tasks.collect::<Vec<_>>()
        };
        assert_eq!(tasks("include 'a', // one\n  'b'\nx 'c'"), [":a", ":b"]);
        assert_eq!(tasks("include(\n  'a' // 'x'\n\n  , 'b' /* 'y' */\n)\nx('c')"), [":a", ":b"]);
        let names = "rootProject.name = 'r'\ninclude(':d:c', ':e')\n";
        assert_eq!(tasks(names), [":d:c", ":e"]);
        let one = format!("{names}project(':d').name = 'f'\nproject(\":f:c\").name = \"f-c\"");
        assert_eq!(tasks(&one), [":f:f-c", ":e"]);
        assert_eq!(
            tasks(&format!("{names}rootProject.children.each {{ it.name = 'x' }}")),
            [""; 0]
        );
        assert_eq!(tasks(&format!("{names}if (it.name == 'x') y()")), [":d:c", ":e"]);
    }

    #[test]
    fn other_build_files() {
        assert_eq!(
            found(
                sbt,
                &[("build.sbt", "name := \"a\""), ("b/build.sbt", ""), ("project/p.sbt", "")]
            ),
            [also("b/build.sbt")]
        );
        assert!(refused(&found(sbt, &[("build.sbt", "IO.read(file(\"v\"))")])));
        let plugin =
            |line: &str| refused(&found(sbt, &[("build.sbt", ""), ("project/p.sbt", line)]));
        assert!(plugin("addSbtPlugin(\"com.typesafe.sbt\" % \"sbt-git\" % \"1\")"));
        assert!(!plugin("addSbtPlugin(\"org.a\" % \"sbt-giter8-scaffold\" % \"1\")"));
        assert!(!plugin("  // addSbtPlugin(\"com.typesafe.sbt\" % \"sbt-git\" % \"1\")"));
        assert!(refused(&found(deps_edn, &[("deps.edn", "{:deps {a {:local/root \"a\"}}}")])));
        assert_eq!(found(deps_edn, &[("deps.edn", "{:deps {}}")]), []);
    }
}
