//! Cargo.toml: the packages of a build, and the sources that cargo looks for in each before it
//! does anything. Empty ones are enough for a fetch, which compiles nothing.

use super::toml::{self, Setting};
use super::{Finding, Project, join, parent, refuse};
use crate::issue::RefusalReason;
use crate::text::Cut;

/// The directories above a project.
const ABOVE: [&str; 3] = ["..", "../..", "../../.."];

/// What is looked for in them.
const SETTINGS: [&str; 4] =
    [".cargo/config.toml", ".cargo/config", "rust-toolchain.toml", "rust-toolchain"];

/// Most packages for which sources stand in.
const MOST: usize = 20;

/// What Cargo.toml says about fetching the dependencies without the source.
/// <https://doc.rust-lang.org/cargo/reference/cargo-targets.html>,
/// <https://doc.rust-lang.org/cargo/reference/workspaces.html>
pub fn cargo(project: &Project<'_>) -> Vec<Finding> {
    let mut reader = Reader { project, findings: Vec::new(), packages: vec![String::new()] };
    if (project.text)("Cargo.toml").is_none() {
        let mut sentence =
            "`Cargo.toml` names no workspace, no package by its path, and no target of \
             a name of its own (`[[bin]]`, `[[bench]]`)."
                .to_owned();
        if project.is_nested {
            sentence.insert_str(
                sentence.len() - 1,
                "; it is in no workspace of a directory above, where no `.cargo` and no \
                 `rust-toolchain.toml` lie",
            );
        }
        reader.findings.push(Finding::Assume(sentence));
        let usual = ["src/lib.rs", "src/main.rs"];
        if usual.iter().all(|path| (project.exists)(path) == Some(false)) {
            reader.refuse("no copy brings `src`: `Cargo.toml` names a workspace, or other sources");
        } else if (project.names)("crates") {
            reader.refuse("the Dockerfile names `crates`: `Cargo.toml` names a workspace");
        } else if ABOVE.iter().any(|above| (project.names)(&join(above, "Cargo.toml"))) {
            reader.refuse("the Dockerfile names a `Cargo.toml` above: it may be the workspace");
        } else if project.has_neighbours {
            reader.refuse("directories beside that of `Cargo.toml` may hold packages of its");
        } else if let Some(flag) = project.flags.first() {
            reader.refuse(&format!("`{flag}` is for a workspace, whose packages are not known"));
        }
        usual.iter().for_each(|path| reader.source("", path));
        return reader.findings;
    }
    reader.configuration();
    reader.settings_above();
    let mut next = 0;
    while let Some(package) = reader.packages.get(next).cloned() {
        if next == MOST {
            reader.refuse(&format!("the build has more than {MOST} packages"));
            break;
        }
        reader.package(&package);
        next += 1;
    }
    reader.findings
}

struct Reader<'p, 'a> {
    project: &'p Project<'a>,
    findings: Vec<Finding>,
    /// Directories of packages, the project's own first.
    packages: Vec<String>,
}

impl Reader<'_, '_> {
    fn refuse(&mut self, message: &str) {
        self.findings.push(refuse(RefusalReason::LocalDependency, message));
    }

    /// Lets an empty source stand in.
    fn source(&mut self, package: &str, path: &str) {
        let (package, path) = (package.to_owned(), path.to_owned());
        self.findings.push(Finding::Source { package, path });
    }

    fn add(&mut self, package: String) {
        if !self.packages.contains(&package) {
            self.packages.push(package);
        }
    }

    /// Sources that are kept in the project leave nothing to download.
    /// <https://doc.rust-lang.org/cargo/reference/source-replacement.html>
    fn configuration(&mut self) {
        for path in [".cargo/config.toml", ".cargo/config"] {
            let Some(text) = (self.project.text)(path) else {
                if (self.project.exists)(path) == Some(true) {
                    self.findings.push(Finding::Assume(format!(
                        "`{path}` names no directory of sources and no package by its path."
                    )));
                }
                continue;
            };
            let settings = toml::settings(text);
            let kept = |setting: &Setting<'_>| {
                setting.table.starts_with("source")
                    && matches!(setting.key, "directory" | "local-registry")
            };
            if settings.iter().any(kept) {
                self.findings.push(Finding::Nothing(format!("`{path}` names kept sources")));
            }
            if settings.iter().any(|setting| setting.table.is_empty() && setting.key == "paths") {
                self.refuse(&format!("`{path}` names packages by their path"));
            }
            self.dependencies("", path, &settings);
        }
    }

    /// What cargo and rustup look for in every directory above as well.
    /// <https://doc.rust-lang.org/cargo/reference/config.html#hierarchical-structure>,
    /// <https://rust-lang.github.io/rustup/overrides.html#the-toolchain-file>
    fn settings_above(&mut self) {
        for above in ABOVE {
            for path in SETTINGS {
                let path = join(above, path);
                if (self.project.exists)(&path) == Some(true) {
                    self.findings.push(Finding::Also(path));
                }
            }
        }
    }

    fn package(&mut self, package: &str) {
        let manifest = join(package, "Cargo.toml");
        if !package.is_empty() {
            self.findings.push(Finding::Also(manifest.clone()));
        }
        let Some(text) = (self.project.text)(&manifest) else {
            self.findings.push(Finding::Assume(format!(
                "`{manifest}` names no package by its path, and no target of a name of its own \
                 (`[[bin]]`, `[[bench]]`)."
            )));
            self.targets(package, &manifest, &[]);
            return;
        };
        let settings = toml::settings(text);
        let has = |table: &str| settings.iter().any(|setting| setting.table == table);
        if package.is_empty() {
            self.workspace(&settings);
        }
        if has("package") || has("project") {
            self.targets(package, &manifest, &settings);
        }
        self.dependencies(package, &manifest, &settings);
    }

    /// The members of the workspace, and whether the project is one of another's.
    fn workspace(&mut self, settings: &[Setting<'_>]) {
        let is_workspace = settings.iter().any(|s| s.table.starts_with("workspace"));
        if is_workspace {
            self.members("", settings);
            return;
        }
        let above = ABOVE.iter().find_map(|above| {
            let path = join(above, "Cargo.toml");
            let text = (self.project.text)(&path);
            let may_be = match text {
                Some(text) => text.contains("[workspace"),
                None => (self.project.exists)(&path) == Some(true),
            };
            may_be.then_some((above, path, text))
        });
        let Some((above, path, text)) = above else { return };
        let own = text.is_some_and(|text| {
            let lock = join(above, "Cargo.lock");
            if (self.project.exists)(&lock) == Some(true) {
                self.findings.push(Finding::Also(lock));
            }
            self.add((*above).to_owned());
            self.members(above, &toml::settings(text))
        });
        if !own {
            self.refuse(&format!("`{path}` may be the workspace of `Cargo.toml`"));
        }
    }

    /// The members of a workspace; whether the project is one.
    fn members(&mut self, root: &str, settings: &[Setting<'_>]) -> bool {
        let own = (self.project.text)("Cargo.toml");
        let mut is_member = false;
        let of = |key: &str| {
            let setting = settings.iter().find(|s| s.table == "workspace" && s.key == key);
            setting.map_or(Vec::new(), |setting| toml::texts(&setting.value))
        };
        let excluded = of("exclude");
        for pattern in of("members") {
            let pattern = join(root, pattern);
            let Some(found) = (self.project.list)(&join(&pattern, "Cargo.toml")) else {
                self.refuse(&format!("the members of the workspace `{pattern}` are not known"));
                continue;
            };
            for path in found {
                let member = join("", parent(&path));
                let below = |out: &&str| {
                    let out = join(root, out);
                    format!("{member}/").starts_with(&format!("{}/", out.trim_end_matches('/')))
                };
                if excluded.iter().any(below) {
                    continue;
                }
                // The project itself, by another name.
                match (self.project.text)(&path).zip(own) {
                    Some((text, own)) if std::ptr::eq(text, own) => is_member = true,
                    _ => self.add(member),
                }
            }
        }
        is_member
    }

    /// Packages that are named by their path.
    fn dependencies(&mut self, package: &str, manifest: &str, settings: &[Setting<'_>]) {
        for setting in settings {
            let table = setting.table.as_str();
            let patches = table.starts_with("patch") || table == "replace";
            let own = (table.contains("dependencies.") || patches)
                && (setting.key == "path" || setting.key.ends_with(".path"));
            let dotted = table.ends_with("dependencies") && setting.key.ends_with(".path");
            let path = match own || dotted {
                true => toml::texts(&setting.value).first().copied(),
                false => toml::field(&setting.value, "path")
                    .filter(|_| table.ends_with("dependencies") || patches),
            };
            let Some(path) = path else { continue };
            let path = join(package, path).trim_end_matches('/').to_owned();
            if (self.project.exists)(&join(&path, "Cargo.toml")) != Some(false) {
                self.add(path);
            } else if !table.starts_with("workspace") {
                self.refuse(&format!(
                    "`{manifest}` names a package at `{path}`, which is not there"
                ));
            }
        }
    }

    /// The sources that cargo looks for: one at least, and that of every target which is named
    /// without a path.
    fn targets(&mut self, package: &str, manifest: &str, settings: &[Setting<'_>]) {
        let exists = |path: &str| (self.project.exists)(&join(package, path));
        let of = |table: &str, key: &str| -> Vec<&str> {
            let settings = settings.iter().filter(|s| s.table == table && s.key == key);
            settings.flat_map(|setting| toml::texts(&setting.value)).collect()
        };
        let mut sources: Vec<String> = Vec::new();
        let places = of("lib", "path").len() + of("bin", "path").len();
        let usual = ["src/lib.rs", "src/main.rs"];
        sources
            .extend(usual.iter().filter(|path| exists(path) != Some(false)).map(|p| p.to_string()));
        let mut unplaced = 0;
        for (table, directory) in
            [("bin", "src/bin"), ("bench", "benches"), ("example", "examples"), ("test", "tests")]
        {
            let mut lost = 0;
            let default = of("package", "default-run");
            for name in of(table, "name").iter().chain(default.iter().filter(|_| table == "bin")) {
                let file = format!("{directory}/{name}.rs");
                let main = format!("{directory}/{name}/main.rs");
                match [file, main].into_iter().find(|path| exists(path) == Some(true)) {
                    Some(path) => sources.push(path),
                    // The package's own program has the package's name.
                    None if of("package", "name").contains(name) => {}
                    None => lost += 1,
                }
            }
            unplaced += usize::from(lost > of(table, "path").len());
        }
        if !of("package", "links").is_empty() && of("package", "build").is_empty() {
            sources.push("build.rs".into());
        }
        if sources.is_empty() && places == 0 {
            let below = |pattern: &str| (self.project.list)(&join(package, pattern));
            let programs = below("src/bin/*.rs").into_iter().chain(below("src/bin/*/main.rs"));
            let first = programs.flatten().next();
            sources.extend(first.map(|path| {
                path.cut(join(package, "").len()..).trim_start_matches('/').to_owned()
            }));
        }
        if unplaced > 0 || (sources.is_empty() && places == 0) {
            self.findings.push(refuse(
                RefusalReason::NoDependencyOnlyInstall,
                &format!("the sources that cargo looks for in `{manifest}` are not known"),
            ));
        }
        sources.dedup();
        for path in sources {
            self.source(package, &path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings;
    use super::*;

    const A: &str = "[package]\nname = \"a\"\n";

    /// The sources and manifests asked for; `None` where it refuses.
    fn asked(files: &[(&str, &str)]) -> Option<Vec<String>> {
        let found = findings(cargo, 1, files).into_iter();
        found
            .filter(|finding| !matches!(finding, Finding::Assume(_)))
            .map(|finding| match finding {
                Finding::Also(path) => Some(path),
                Finding::Source { package, path } => Some(join(&package, &path)),
                _ => None,
            })
            .collect()
    }

    fn sources(manifest: &str, files: &[&str]) -> Option<Vec<String>> {
        let mut all = vec![("Cargo.toml", manifest)];
        all.extend(files.iter().map(|path| (*path, "")));
        asked(&all)
    }

    #[test]
    fn sources_that_are_there_stand_in() {
        let main = ["src/main.rs"];
        let with = |more: &str| format!("{A}{more}");
        assert_eq!(sources(A, &main).unwrap(), main);
        assert_eq!(sources(A, &["src/lib.rs", "src/main.rs"]).unwrap().len(), 2);
        assert_eq!(sources(A, &["src/bin/x.rs"]).unwrap(), ["src/bin/x.rs"]);
        let named = "[[bin]]\nname = \"x\"\n[[bin]]\nname = \"a\"\n";
        let found = sources(&with(named), &["src/main.rs", "src/bin/x/main.rs"]).unwrap();
        assert_eq!(found, ["src/main.rs", "src/bin/x/main.rs"]);
        let placed = with("[[bin]]\nname = \"x\"\npath = \"x.rs\"\n");
        assert_eq!(sources(&placed, &["x.rs"]).unwrap(), [""; 0]);
        let bench = with("[[bench]]\nname = \"b\"\nharness = false\n");
        assert_eq!(sources(&bench, &["src/main.rs", "benches/b.rs"]).unwrap().len(), 2);
        let linked = sources(&with("links = \"z\"\n"), &main).unwrap();
        assert_eq!(linked, ["src/main.rs", "build.rs"]);
        assert_eq!(sources(&with("[[bench]]\nname = \"b\"\n"), &main), None);
        assert_eq!(sources(A, &["main.rs"]), None);
    }

    #[test]
    fn members_and_packages_by_path_bring_their_manifests() {
        let found = asked(&[
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"x/*\"]\nexclude = [\"x/out\"]\n[workspace.dependencies]\nl = { path = \"gone\" }",
            ),
            ("x/a/Cargo.toml", "[package]\nname = \"a\"\n[dependencies]\nb.path = \"../../b\"\n"),
            ("x/a/src/main.rs", ""),
            ("x/out/Cargo.toml", A),
            ("b/Cargo.toml", "[package]\nname = \"b\"\n"),
            ("b/src/lib.rs", ""),
        ]);
        assert_eq!(
            found.unwrap(),
            ["x/a/Cargo.toml", "x/a/src/main.rs", "b/Cargo.toml", "b/src/lib.rs"]
        );
        let missing = format!("{A}[dependencies]\nb = {{ path = \"b\" }}\n");
        assert_eq!(sources(&missing, &["src/main.rs"]), None);
    }

    #[test]
    fn kept_sources_leave_nothing_to_download() {
        let config = "[source.crates-io]\nreplace-with = \"v\"\n[source.v]\ndirectory = \"vendor\"";
        let files = [("Cargo.toml", A), (".cargo/config.toml", config), ("src/main.rs", "")];
        assert!(findings(cargo, 1, &files).iter().any(|f| matches!(f, Finding::Nothing(_))));
    }

    #[test]
    fn a_member_of_a_workspace_above_brings_the_others() {
        let files = [("Cargo.toml", A), ("src/main.rs", ""), ("../Cargo.toml", "[workspace]\n")];
        assert_eq!(asked(&files), None);
        let files = [("Cargo.toml", A), ("src/main.rs", ""), ("../Cargo.toml", A)];
        assert!(asked(&files).is_some());
        let root = "[workspace]\nmembers = [\"a\", \"b\"]\n";
        let files = [
            ("Cargo.toml", A),
            ("src/main.rs", ""),
            // The same file, as the workspace has it.
            ("../a/Cargo.toml", A),
            ("../Cargo.toml", root),
            ("../Cargo.lock", ""),
            ("../rust-toolchain.toml", ""),
            ("../b/Cargo.toml", "[package]\nname = \"b\"\n"),
            ("../b/src/lib.rs", ""),
        ];
        let wanted = [
            "../rust-toolchain.toml",
            "../Cargo.lock",
            "src/main.rs",
            "../Cargo.toml",
            "../b/Cargo.toml",
            "../b/src/lib.rs",
        ];
        assert_eq!(asked(&files).unwrap(), wanted);
    }
}
