//! Build files of the JVM: modules and projects, parents, what they read beside themselves.

use super::{Finding, Project, join, parent, refuse, xml};
use crate::issue::RefusalReason;

/// pom.xml: modules, parents, local repositories.
/// <https://maven.apache.org/guides/mini/guide-multiple-modules.html>
pub fn maven(project: &Project<'_>) -> Vec<Finding> {
    let root = project.manifests.iter().find(|name| name.ends_with(".xml"));
    let root = root.map_or("pom.xml", String::as_str);
    let mut findings = Vec::new();
    let mut poms: Vec<String> = vec![root.to_owned()];
    let mut own: Vec<String> = Vec::new();
    let mut used: Vec<String> = Vec::new();
    let mut next = 0;
    while let Some(path) = poms.get(next).cloned() {
        next += 1;
        if path != root {
            findings.push(Finding::Also(path.clone()));
        }
        let Some(text) = (project.text)(&path) else {
            findings.push(Finding::Assume(format!(
                "`{path}` has no modules, no local repository, and its parent is not a local file."
            )));
            continue;
        };
        let text = xml::without_comments(text);
        if text.contains("<systemPath>") || text.contains("<url>file:") {
            findings.push(refuse(
                RefusalReason::LocalDependency,
                &format!("`{path}` takes a dependency from a local file or repository"),
            ));
        }
        let modules = xml::elements(&text, "module").into_iter().map(|module| {
            let module = join(parent(&path), module);
            if module.ends_with(".xml") { module } else { join(&module, "pom.xml") }
        });
        let modules: Vec<String> = modules.collect();
        let relative = xml::elements(&text, "parent").first().map(|parent| {
            xml::elements(parent, "relativePath").first().map_or("../pom.xml", |path| *path)
        });
        let above = relative.filter(|path| !path.is_empty()).map(|relative| {
            let above = join(parent(&path), relative);
            if above.ends_with(".xml") { above } else { join(&above, "pom.xml") }
        });
        let above = above.filter(|above| (project.exists)(above) == Some(true));
        for found in modules.into_iter().chain(above) {
            if !poms.contains(&found) && poms.len() < MOST {
                poms.push(found);
            }
        }
        let without_parent = match (text.find("<parent>"), text.find("</parent>")) {
            (Some(from), Some(to)) if from < to => format!("{}{}", &text[..from], &text[to..]),
            _ => text.clone(),
        };
        own.extend(xml::elements(&without_parent, "artifactId").first().map(|id| id.to_string()));
        let named = xml::elements(&text, "dependency").into_iter();
        let named = named.filter_map(|d| xml::elements(d, "artifactId").first().copied());
        used.extend(named.map(str::to_owned));
    }
    if let Some(sibling) = own.iter().find(|id| poms.len() > 1 && used.contains(id)) {
        findings.push(refuse(
            RefusalReason::LocalDependency,
            &format!(
                "a module depends on the module {sibling}, which `dependency:go-offline` looks for \
                 before it is built"
            ),
        ));
    }
    findings
}

/// Most modules that are followed.
const MOST: usize = 200;

/// settings.gradle and build.gradle: projects, scripts that are applied, files that are read.
/// <https://docs.gradle.org/current/userguide/multi_project_builds.html>
pub fn gradle(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut files: Vec<String> = Vec::new();
    match (project.list)("**/*.gradle").zip((project.list)("**/*.gradle.kts")) {
        Some((groovy, kotlin)) => {
            let all = groovy.into_iter().chain(kotlin);
            files.extend(
                all.filter(|path| !path.starts_with("gradle/") && !path.starts_with("buildSrc/")),
            );
            if files.is_empty() {
                findings.push(refuse(
                    RefusalReason::UnknownManifests,
                    "no `build.gradle` is among the files that are copied",
                ));
            }
            let below = files.iter().filter(|path| path.contains('/'));
            findings.extend(below.map(|path| Finding::Also(path.clone())));
            let names = ["**/gradle.properties", "**/gradle.lockfile", "**/*.versions.toml"];
            for path in names.iter().filter_map(|name| (project.list)(name)).flatten() {
                if path.contains('/') && !path.starts_with("gradle/") {
                    findings.push(Finding::Also(path));
                }
            }
        }
        None => findings.push(Finding::Assume(
            "settings.gradle includes no further project, and build.gradle reads no file of the \
             project that is not a build file."
                .into(),
        )),
    }
    for path in &files {
        let Some(text) = (project.text)(path) else {
            findings.push(Finding::Assume(format!(
                "`{path}` reads no file of the project that is not a build file."
            )));
            continue;
        };
        let reads = [
            ".text",
            "readText",
            "readLines",
            "FileInputStream",
            "exec {",
            "execute()",
            "providers.exec",
            "loadProperties",
            ".withInputStream",
            "commandLine",
        ];
        if let Some(call) = reads.iter().find(|call| text.contains(**call)) {
            findings.push(refuse(
                RefusalReason::LocalDependency,
                &format!("`{path}` may read other files or run commands (`{call}`)"),
            ));
        }
    }
    findings
}

/// build.sbt: builds of subprojects, files that are read.
pub fn sbt(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    match (project.list)("**/*.sbt") {
        Some(files) => {
            for path in files {
                match (project.text)(&path) {
                    Some(text)
                        if [
                            "IO.read",
                            "Source.fromFile",
                            "scala.sys.process",
                            "RootProject",
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
        Some(_) => Vec::new(),
        None => vec![Finding::Assume("`deps.edn` has no `:local/root`.".into())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(read: fn(&Project<'_>) -> Vec<Finding>, files: &[(&str, &str)]) -> Vec<Finding> {
        let manifests: Vec<String> =
            files.iter().take(1).map(|(name, _)| name.to_string()).collect();
        read(&Project {
            manifests: &manifests,
            flags: &[],
            text: &|path| files.iter().find(|(name, _)| *name == path).map(|(_, text)| *text),
            exists: &|path| Some(files.iter().any(|(name, _)| *name == path)),
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
        })
    }

    fn also(path: &str) -> Finding {
        Finding::Also(path.into())
    }

    fn refused(findings: &[Finding]) -> bool {
        findings.iter().any(|finding| matches!(finding, Finding::Refuse(..)))
    }

    #[test]
    fn modules_bring_their_poms() {
        let root = "<project><artifactId>r</artifactId><modules><module>a</module><!-- <module>x</module> --></modules></project>";
        let a = "<project><parent><artifactId>r</artifactId></parent><artifactId>a</artifactId></project>";
        assert_eq!(found(maven, &[("pom.xml", root), ("a/pom.xml", a)]), [also("a/pom.xml")]);
        assert_eq!(
            found(maven, &[("api/pom.xml", a), ("pom.xml", root), ("a/pom.xml", a)])[0],
            also("pom.xml")
        );
        let depends = a
            .replace("</project>", "<dependency><artifactId>r</artifactId></dependency></project>");
        assert!(refused(&found(maven, &[("pom.xml", root), ("a/pom.xml", &depends)])));
        let plain = "<project><artifactId>r</artifactId><dependency><artifactId>x</artifactId></dependency></project>";
        assert_eq!(found(maven, &[("pom.xml", plain)]), []);
        assert!(refused(&found(
            maven,
            &[("pom.xml", "<systemPath>${basedir}/x.jar</systemPath>")]
        )));
    }

    #[test]
    fn gradle_projects_bring_their_build_files() {
        let files =
            [("settings.gradle", "include 'a'"), ("a/build.gradle", "plugins { id 'java' }")];
        assert_eq!(found(gradle, &files), [also("a/build.gradle")]);
        assert!(refused(&found(gradle, &[("build.gradle", "version = file('v').text")])));
        assert!(refused(&found(gradle, &[("pom.xml", "")])));
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
        assert!(refused(&found(deps_edn, &[("deps.edn", "{:deps {a {:local/root \"a\"}}}")])));
        assert_eq!(found(deps_edn, &[("deps.edn", "{:deps {}}")]), []);
    }
}
