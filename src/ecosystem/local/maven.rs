//! pom.xml: modules, parents, local repositories, modules that depend on each other.

use super::schema::unreadable;
use super::{Finding, Project, join, parent, refuse};
use crate::ecosystem::manifest::{Value, xml};
use crate::issue::RefusalReason;
use crate::limits;
use crate::sort::sort;
use std::iter::successors;

/// Where modules are named. <https://maven.apache.org/ref/4-LATEST/api/maven-api-model/maven.html>
const MODULES: [&str; 4] = [
    "project.modules.module",
    "project.profiles.profile.modules.module",
    "project.subprojects.subproject",
    "project.profiles.profile.subprojects.subproject",
];

/// Where artifacts are named that are resolved, and whether a plugin needs them.
const USED: &[(&str, bool)] = &[
    ("project.dependencies.dependency", false),
    ("project.profiles.profile.dependencies.dependency", false),
    ("project.**.plugins.plugin", true),
    ("project.**.plugins.plugin.dependencies.dependency", true),
    ("project.**.extensions.extension", true),
];

/// What resolving the dependencies reads beside the pom.
/// <https://maven.apache.org/guides/mini/guide-multiple-modules.html>
pub fn maven(project: &Project<'_>) -> Vec<Finding> {
    let root = project.manifests.iter().find(|name| name.ends_with(".xml"));
    let root = root.map_or("pom.xml", String::as_str);
    let mut reader = Reader {
        project,
        findings: Vec::new(),
        poms: Vec::new(),
        used: Vec::new(),
        elsewhere: false,
    };
    reader.poms.push(Pom { path: root.to_owned(), is_module: true, artifact: None });
    let mut next = 0;
    while next < reader.poms.len() {
        reader.read(next);
        next += 1;
        if next > limits::POMS {
            reader.refuse(&format!("the build has more than {} poms", limits::POMS));
            break;
        }
    }
    reader.siblings();
    // Settings of the build lie at the pom, or in the nearest directory above it.
    let is_named = root.contains('/');
    let below = successors(Some(parent(root)), |place| (!place.is_empty()).then(|| parent(place)));
    for place in below.chain(["..", "../.."]) {
        let settings = join(place, ".mvn/");
        match (project.exists)(&settings) {
            Some(true) if is_named || !place.is_empty() => {
                reader.findings.push(Finding::Also(settings));
                break;
            }
            Some(true) => break,
            None if is_named && place == parent(root) => {
                let settings = settings.trim_end_matches('/');
                reader
                    .findings
                    .push(Finding::Assume(format!("The build context has no `{settings}`.")));
            }
            _ => {}
        }
    }
    let extensions = join(parent(root), ".mvn/extensions.xml");
    if (project.text)(&extensions).is_some_and(|text| text.contains("git")) {
        reader.refuse(&format!("`{extensions}` has an extension that reads the history"));
    }
    reader.findings
}

struct Pom {
    path: String,
    /// Whether it is built, and not only inherited from.
    is_module: bool,
    artifact: Option<String>,
}

struct Reader<'p, 'a> {
    project: &'p Project<'a>,
    findings: Vec<Finding>,
    poms: Vec<Pom>,
    /// Artifacts that the poms depend on, with the pom and whether a plugin needs it.
    used: Vec<(String, usize, bool)>,
    /// Whether a pom names repositories.
    elsewhere: bool,
}

impl Reader<'_, '_> {
    fn refuse(&mut self, message: &str) {
        self.findings.push(refuse(RefusalReason::LocalDependency, message));
    }

    fn add(&mut self, path: String, is_module: bool) {
        match self.poms.iter_mut().find(|pom| pom.path == path) {
            Some(pom) => pom.is_module |= is_module,
            None => {
                self.findings.push(Finding::Also(path.clone()));
                self.poms.push(Pom { path, is_module, artifact: None });
            }
        }
    }

    fn read(&mut self, at: usize) {
        let path = self.poms[at].path.clone();
        let Some(text) = (self.project.text)(&path) else {
            self.unread(&path);
            return;
        };
        let Some(value) = xml::parse(text) else {
            self.findings.push(unreadable(&path));
            return;
        };
        for module in MODULES.iter().flat_map(|at| value.texts(at)) {
            self.module(&path, module, at);
        }
        self.poms[at].artifact = value.first("project.artifactId").map(str::to_owned);
        // What is only managed is not resolved.
        for (place, plugs) in USED {
            for artifact in value.texts(&format!("{place}.artifactId")) {
                self.used.push((artifact.to_owned(), at, *plugs));
            }
        }
        if value.has("project.**.systemPath") {
            self.refuse(&format!("`{path}` takes a dependency from a local file"));
        }
        if value.texts("project.**.goals.goal").contains(&"install-file") {
            self.refuse(&format!("`{path}` installs a file that it depends on (`install-file`)"));
        }
        self.repositories(&path, &value);
        self.profiles(&path, &value);
        let has_parent = value.has("project.parent");
        let relative = value.first("project.parent.relativePath").unwrap_or("../pom.xml");
        if has_parent && !relative.is_empty() {
            let above = pom(&join(parent(&path), relative));
            if (self.project.exists)(&above) == Some(true) {
                self.add(above, false);
            }
        }
    }

    /// Repositories, which may be directories of the context.
    fn repositories(&mut self, path: &str, value: &Value) {
        let is_directory = |text: &str| text.contains("file:") || text.contains("basedir}");
        let named = value.texts("project.**.repository|pluginRepository.url");
        // The address may be a property.
        let set = value.at("project.**.properties.*").into_iter();
        let set = set.filter(|found| found.value.text().is_some_and(is_directory));
        let set: Vec<String> = set.map(|found| format!("${{{}}}", found.name)).collect();
        if named.iter().any(|url| is_directory(url) || set.iter().any(|name| url.contains(name))) {
            self.refuse(&format!("`{path}` has a local repository"));
        }
        self.elsewhere |= !named.is_empty();
    }

    /// Profiles that a file of the source switches on or off.
    /// <https://maven.apache.org/guides/introduction/introduction-to-profiles.html>
    fn profiles(&mut self, path: &str, value: &Value) {
        for file in value.texts("project.profiles.profile.activation.file.exists|missing") {
            let below = file.rsplit_once("basedir}/").map_or(file, |(_, below)| below);
            let place = join(parent(path), below);
            let is_brought = self.project.manifests.contains(&place);
            if !is_brought && (below.contains('$') || (self.project.exists)(&place) != Some(false))
            {
                self.refuse(&format!("`{path}` has a profile that `{file}` switches"));
            }
        }
    }

    fn module(&mut self, path: &str, module: &str, at: usize) {
        if module.contains('$') {
            self.refuse(&format!("`{path}` names the module `{module}`, which is not known"));
            return;
        }
        let module = pom(&join(parent(path), &module.replace('\\', "/")));
        // The modules of a parent are not built; one of a profile may be missing.
        if self.poms[at].is_module && (self.project.exists)(&module) != Some(false) {
            self.add(module, true);
        }
    }

    fn unread(&mut self, path: &str) {
        match (self.project.list)("**/pom.xml") {
            Some(all) if all.len() > 1 => {
                self.refuse(&format!("the modules that `{path}` names are not known"));
            }
            None if self.project.is_nested
                || !self.project.flags.is_empty()
                || ["*/pom.xml", "*/target"].iter().any(|path| (self.project.names)(path)) =>
            {
                self.refuse(&format!("the parent and the modules of `{path}` are not known"));
            }
            _ => self.findings.push(Finding::Assume(format!(
                "`{path}` has no modules, no local repository, and no parent among the files."
            ))),
        }
    }

    /// A module that another one depends on is not there before it is built. Old versions of the
    /// plugin look for it all the same; the newer ones do so for plugins, and where the build
    /// leaves it out. Some of them ask no repository but the central one.
    /// <https://github.com/apache/maven-dependency-plugin/issues/959>,
    /// <https://github.com/apache/maven-dependency-plugin/issues/1203>
    fn siblings(&mut self) {
        let modules = self.poms.iter().filter(|pom| pom.is_module);
        let mut artifacts: Vec<&str> = modules.filter_map(|pom| pom.artifact.as_deref()).collect();
        sort(&mut artifacts);
        let is_sibling = |(artifact, by, _): &&(String, usize, bool)| {
            self.poms[*by].artifact.as_ref() != Some(artifact)
                && artifacts.binary_search(&artifact.as_str()).is_ok()
        };
        let mut siblings = self.used.iter().filter(is_sibling).peekable();
        let Some(&first) = siblings.peek() else { return };
        let flag = |names: &[&str]| {
            let mut flags = self.project.flags.iter();
            flags.any(|flag| names.iter().any(|name| flag.starts_with(name)))
        };
        let is_cut = flag(&["-pl", "--projects"]) && !flag(&["-am", "--also-make"]);
        let looked_for = match is_cut || self.elsewhere {
            true => Some(first),
            false => siblings.find(|(.., plugs)| *plugs),
        };
        match looked_for {
            Some((sibling, by, _)) => {
                let by = &self.poms[*by].path;
                self.findings.push(refuse(
                    RefusalReason::NoDependencyOnlyInstall,
                    &format!(
                        "`{by}` depends on the module `{sibling}`, which `dependency:go-offline` \
                         looks for before it is built"
                    ),
                ));
            }
            None => {
                self.findings.push(Finding::Instead("dependency:go-offline", GO_OFFLINE));
                self.findings.push(Finding::Assume(
                    "Maven is 3.2.5 or newer, and may fetch version 3.5.0 of its dependency plugin."
                        .into(),
                ));
            }
        }
    }
}

/// The goal in the version that resolving modules that depend on each other was tried with.
/// <https://maven.apache.org/plugins-archives/maven-dependency-plugin-3.5.0/go-offline-mojo.html>
const GO_OFFLINE: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.5.0:go-offline";

/// A path to a pom, or to the directory that one is in.
fn pom(path: &str) -> String {
    match path.ends_with(".xml") {
        true => path.to_owned(),
        false => join(path, "pom.xml"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{also, findings, refuses};
    use super::*;

    const ROOT: &str = "<project><groupId>g</groupId><artifactId>root</artifactId>\
        <dependencyManagement><dependencies><dependency><artifactId>a</artifactId></dependency>\
        </dependencies></dependencyManagement>\
        <modules><module>a</module><module>b</module><!-- <module>x</module> --></modules></project>";

    fn module(name: &str, depends: &str) -> String {
        format!(
            "<project><parent><artifactId>root</artifactId></parent>\
             <artifactId>{name}</artifactId><dependencies><dependency>\
             <artifactId>{depends}</artifactId></dependency></dependencies></project>"
        )
    }

    #[test]
    fn modules_bring_their_poms() {
        let (a, b) = (module("a", "x"), module("b", "y"));
        let files = [("pom.xml", ROOT), ("a/pom.xml", &a), ("b/pom.xml", &b)];
        assert_eq!(also(maven, 1, &files), ["a/pom.xml", "b/pom.xml"]);
        // From below: the parent, and not its modules.
        let files = [("a/pom.xml", a.as_str()), ("pom.xml", ROOT), ("b/pom.xml", &b)];
        assert_eq!(also(maven, 1, &files), ["pom.xml"]);
    }

    #[test]
    fn modules_are_found_however_they_are_written() {
        for text in [
            "<project><modules><module>\n  a\n</module></modules></project>",
            "<project><modules><module><![CDATA[a]]></module></modules></project>",
            "<m:project xmlns:m='n'><m:modules><m:module>a</m:module></m:modules></m:project>",
            "<project><profiles><profile><modules><module>a</module></modules></profile></profiles></project>",
            "<project><subprojects><subproject>a<!-- b --></subproject></subprojects></project>",
        ] {
            assert_eq!(
                also(maven, 1, &[("pom.xml", text), ("a/pom.xml", "<project/>")]),
                ["a/pom.xml"],
                "{text}"
            );
        }
        let other =
            "<project><build><x><modules><module>a</module></modules></x></build></project>";
        assert_eq!(also(maven, 1, &[("pom.xml", other), ("a/pom.xml", "<project/>")]), [""; 0]);
    }

    #[test]
    fn modules_that_depend_on_each_other_need_a_newer_plugin() {
        let (a, b) = (module("a", "x"), module("b", "a"));
        let found = findings(maven, 1, &[("pom.xml", ROOT), ("a/pom.xml", &a), ("b/pom.xml", &b)]);
        assert!(found.iter().any(|found| matches!(found, Finding::Instead(..))), "{found:?}");
        // Some versions ask the central repository alone.
        let remote = "<repositories><repository><url>https://x</url></repository></repositories>";
        let root = ROOT.replace("<modules>", &format!("{remote}<modules>"));
        assert!(refuses(maven, 1, &[("pom.xml", &root), ("a/pom.xml", &a), ("b/pom.xml", &b)]));
        // A plugin has to be there at once.
        let b = b.replace("<dependencies>", "<plugins><plugin><dependencies>");
        let b = b.replace("</dependencies>", "</dependencies></plugin></plugins>");
        assert!(refuses(maven, 1, &[("pom.xml", ROOT), ("a/pom.xml", &a), ("b/pom.xml", &b)]));
    }

    #[test]
    fn a_file_that_the_build_installs_is_not_there_before() {
        let pom = |goal: &str| {
            format!(
                "<project><build><plugins><plugin><artifactId>maven-install-plugin</artifactId>\
                 <executions><execution><phase>initialize</phase><goals><goal>{goal}</goal></goals>\
                 </execution></executions></plugin></plugins></build></project>"
            )
        };
        assert!(refuses(maven, 1, &[("pom.xml", &pom("install-file"))]));
        assert!(!refuses(maven, 1, &[("pom.xml", &pom("install"))]));
    }

    #[test]
    fn a_plain_pom_needs_nothing_else() {
        assert_eq!(findings(maven, 1, &[("pom.xml", &module("a", "x"))]), []);
        let remote = "<project><repositories><repository><url>https://x/y</url></repository>\
                      </repositories></project>";
        assert_eq!(findings(maven, 1, &[("pom.xml", remote)]), []);
    }

    #[test]
    fn local_files_refuse() {
        for text in [
            "<project><dependency><systemPath>${basedir}/x.jar</systemPath></dependency></project>",
            "<project><repository><url>file://${project.basedir}/lib</url></repository></project>",
            "<project><repository><url>${r}</url></repository>\
             <properties><r>file:lib</r></properties></project>",
            "<project><modules><module>${x}</module></modules></project>",
            "<project",
        ] {
            assert!(refuses(maven, 1, &[("pom.xml", text)]), "{text}");
        }
    }

    #[test]
    fn an_unknown_pom_is_assumed_to_be_alone() {
        let found = findings(maven, 1, &[("pom.xml", "?")]);
        assert!(matches!(found[..], [Finding::Assume(_)]), "{found:?}");
        assert!(refuses(maven, 1, &[("pom.xml", "?"), ("a/pom.xml", "?")]));
    }
}
