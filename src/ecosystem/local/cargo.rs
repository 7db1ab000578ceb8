//! Cargo.toml: the packages of a build, and the sources that cargo looks for in each before it
//! does anything. Empty ones are enough for a fetch, which compiles nothing.

mod stubs;

pub use stubs::{UNLESS_IN_MANIFESTS, cargo_package, cargo_stubs};

use super::schema::{Schema, local, present, refused};
use super::{Finding, Project, join, parent, refuse};
use crate::ecosystem::manifest::{Value, toml};
use crate::issue::RefusalReason::{self, LifecycleScript, LocalDependency};
use crate::limits;
use crate::text::Cut;

/// Where packages may be named by their path; those of a workspace may be missing.
/// <https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html>,
/// <https://doc.rust-lang.org/cargo/reference/overriding-dependencies.html>
const DEPENDENCIES: [&str; 4] =
    ["*dependencies.*.path", "target.*.*dependencies.*.path", "patch.*.*.path", "replace.*.path"];

/// <https://doc.rust-lang.org/cargo/reference/config.html>
const CONFIGURATION: Schema = Schema {
    parse: toml::parse,
    unread: &["`{}` names no directory of sources and no package by its path."],
    places: &[
        refused("paths", |_| true, LocalDependency, "`{}` names packages by their path"),
        present("include", LocalDependency, "`{}` includes other files"),
        refused(
            "build.rustc|rustc-wrapper|rustc-workspace-wrapper",
            |program| program.contains('/') && !program.starts_with('/'),
            LifecycleScript,
            "`{}` has cargo run a program of the project (`{value}`)",
        ),
        local("source.*.registry|git"),
        local("registries.*.index"),
    ],
};

/// <https://rust-lang.github.io/rustup/overrides.html#path>
const TOOLCHAIN: Schema = Schema {
    parse: toml::parse,
    unread: &[],
    places: &[present("toolchain.path", LocalDependency, "`{}` names a toolchain by its path")],
};

/// The minor version from which on cargo reads the edition of 2024.
/// <https://doc.rust-lang.org/edition-guide/rust-2024/index.html>
const READS_ALL: u32 = 85;

/// Repositories in a directory, and a workspace that is named.
const PACKAGE: Schema = Schema {
    parse: toml::parse,
    unread: &["`{}` names no package by its path, and no target of a name of its own (`[[bin]]`, \
         `[[bench]]`)."],
    places: &[
        local("*dependencies.*.git"),
        local("target.*.*dependencies.*.git"),
        local("patch.*.*.git"),
        refused(
            "package|project.workspace",
            |_| true,
            LocalDependency,
            "`{value}` is the workspace of `{}`",
        ),
    ],
};

/// The directories above a project.
const ABOVE: [&str; 3] = ["..", "../..", "../../.."];

/// What is looked for in them.
const SETTINGS: [&str; 4] =
    [".cargo/config.toml", ".cargo/config", "rust-toolchain.toml", "rust-toolchain"];

/// What Cargo.toml says about fetching the dependencies without the source.
/// <https://doc.rust-lang.org/cargo/reference/cargo-targets.html>,
/// <https://doc.rust-lang.org/cargo/reference/workspaces.html>
pub fn cargo(project: &Project<'_>) -> Vec<Finding> {
    let mut reader = Reader::new(project);
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
            reader.refuse(
                "directories beside that of `Cargo.toml` may hold packages of the same workspace",
            );
        } else if let Some(flag) = project.flags.first() {
            reader.refuse(&format!("`{flag}` is for a workspace, whose packages are not known"));
        }
        usual.iter().for_each(|path| reader.source("", path));
        return reader.findings;
    }
    reader.read();
    reader.findings
}

/// What may be the manifest of a workspace, as far as it is understood; none where it is not.
fn workspace_at(project: &Project<'_>, path: &str) -> Option<Option<Value>> {
    let value = (project.text)(path).map(toml::parse);
    let may_be = match &value {
        Some(Some(value)) => value.has("workspace"),
        Some(None) => true,
        None => (project.exists)(path) == Some(true),
    };
    may_be.then(|| value.flatten())
}

struct Reader<'p, 'a> {
    project: &'p Project<'a>,
    findings: Vec<Finding>,
    /// Directories of packages, the project's own first.
    packages: Vec<String>,
}

impl<'p, 'a> Reader<'p, 'a> {
    fn new(project: &'p Project<'a>) -> Reader<'p, 'a> {
        Reader { project, findings: Vec::new(), packages: vec![String::new()] }
    }

    /// Reads the settings and all packages.
    fn read(&mut self) {
        self.configuration("");
        self.settings_above();
        TOOLCHAIN.read(self.project, "rust-toolchain.toml", &mut self.findings);
        self.toolchain();
        let mut next = 0;
        while let Some(package) = self.packages.get(next).cloned() {
            if next == limits::STUBBED_PACKAGES {
                let most = limits::STUBBED_PACKAGES;
                self.refuse(&format!("the build has more than {most} packages"));
                break;
            }
            self.package(&package);
            next += 1;
        }
    }

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

    /// What is set in `directory`. Sources that are kept in the project leave nothing to
    /// download.
    /// <https://doc.rust-lang.org/cargo/reference/source-replacement.html>
    fn configuration(&mut self, directory: &str) {
        for path in [".cargo/config.toml", ".cargo/config"] {
            let path = join(directory, path);
            if (self.project.text)(&path).is_none() && (self.project.exists)(&path) != Some(true) {
                continue;
            }
            let value = CONFIGURATION.read(self.project, &path, &mut self.findings);
            let Some(value) = value else { continue };
            if value.has("source.*.directory|local-registry") {
                self.findings.push(Finding::Nothing(format!("`{path}` names kept sources")));
            }
            // Relative to the directory that `.cargo` is in.
            let named = value.texts("build.target").into_iter();
            let named = named.filter(|target| target.ends_with(".json"));
            for file in named.chain(value.texts("http.cainfo")) {
                self.findings.push(Finding::Also(join(directory, file)));
            }
            self.dependencies(directory, &path, &value);
        }
    }

    /// The toolchain that the project names, which may be older than packages of other platforms, that
    /// a fetch reads as well.
    fn toolchain(&mut self) {
        let files = ["rust-toolchain.toml", "rust-toolchain"];
        let levels = [""].into_iter().chain(ABOVE);
        for path in levels.flat_map(|level| files.map(|file| join(level, file))) {
            let Some(text) = (self.project.text)(&path) else { continue };
            let lines = text.lines().filter(|line| !line.trim_start().starts_with(['[', '#']));
            let named = lines.map(str::trim).find_map(|line| {
                let (name, value) = line.split_once('=').unwrap_or(("channel", line));
                let value = value.trim().trim_matches(['"', '\'']);
                (name.trim() == "channel").then_some(value)
            });
            let minor = named.and_then(|channel| channel.strip_prefix("1."));
            let minor = minor.and_then(|minor| minor.split('.').next()?.parse().ok());
            if minor.is_some_and(|minor: u32| minor < READS_ALL) {
                let sentence = format!(
                    "The toolchain of `{path}` can read every package of `Cargo.lock`, also those for other platforms and for tests."
                );
                self.findings.push(Finding::Assume(sentence));
            }
            // The nearest one decides.
            break;
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
            self.configuration(above);
        }
    }

    fn package(&mut self, package: &str) {
        let manifest = join(package, "Cargo.toml");
        if !package.is_empty() {
            self.findings.push(Finding::Also(manifest.clone()));
        }
        let is_known = (self.project.text)(&manifest).is_some();
        let Some(value) = PACKAGE.read(self.project, &manifest, &mut self.findings) else {
            if !is_known {
                self.targets(package, &manifest, &Value::Table(Vec::new()));
            }
            return;
        };
        if package.is_empty() {
            self.workspace(&value);
        }
        if value.has("package|project") {
            self.targets(package, &manifest, &value);
        }
        self.dependencies(package, &manifest, &value);
    }

    /// The members of the workspace, and whether the project is one of another's.
    fn workspace(&mut self, value: &Value) {
        if value.has("workspace") {
            self.members("", value);
            return;
        }
        let above = ABOVE.iter().find_map(|above| {
            let path = join(above, "Cargo.toml");
            workspace_at(self.project, &path).map(|value| (above, path, value))
        });
        let Some((above, path, value)) = above else { return };
        let own = value.is_some_and(|value| {
            let lock = join(above, "Cargo.lock");
            if (self.project.exists)(&lock) == Some(true) {
                self.findings.push(Finding::Also(lock));
            }
            self.add((*above).to_owned());
            self.members(above, &value)
        });
        if !own {
            self.refuse(&format!("`{path}` may be the workspace of `Cargo.toml`"));
        }
    }

    /// The members of a workspace; whether the project is one.
    fn members(&mut self, root: &str, value: &Value) -> bool {
        let own = (self.project.text)("Cargo.toml");
        let mut is_member = false;
        let excluded = value.texts("workspace.exclude");
        for named in value.texts("workspace.members") {
            let pattern = join(root, named);
            let listed = (self.project.list)(&join(&pattern, "Cargo.toml"));
            let Some(found) = listed.filter(|_| !pattern.contains(['?', '[', '{'])) else {
                self.refuse(&format!("the members of the workspace `{pattern}` are not known"));
                continue;
            };
            for path in found {
                let member = join("", parent(&path));
                let below = |out: &&str| {
                    let out = join(root, out);
                    format!("{member}/").starts_with(&format!("{}/", out.trim_end_matches('/')))
                };
                // Who is named is a member all the same.
                if named.contains('*') && excluded.iter().any(below) {
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
    fn dependencies(&mut self, package: &str, manifest: &str, value: &Value) {
        let shared = value.texts("workspace.dependencies.*.path");
        for (paths, is_used) in
            [(DEPENDENCIES.iter().flat_map(|at| value.texts(at)).collect(), true), (shared, false)]
        {
            for path in paths {
                let path = join(package, path).trim_end_matches('/').to_owned();
                if (self.project.exists)(&join(&path, "Cargo.toml")) != Some(false) {
                    self.add(path);
                } else if is_used {
                    self.refuse(&format!(
                        "`{manifest}` names a package at `{path}`, which is not there"
                    ));
                }
            }
        }
    }

    /// The sources that cargo looks for: one at least, and that of every target which is named
    /// without a path.
    /// <https://doc.rust-lang.org/cargo/reference/cargo-targets.html#target-auto-discovery>
    fn targets(&mut self, package: &str, manifest: &str, value: &Value) {
        let exists = |path: &str| (self.project.exists)(&join(package, path));
        let usual = ["src/lib.rs", "src/main.rs"].into_iter();
        let mut sources: Vec<String> =
            usual.filter(|path| exists(path) != Some(false)).map(str::to_owned).collect();
        let own = value.texts("package|project.name");
        let is_placed = !value.texts("lib|bin.path").is_empty();
        let mut is_unplaced = false;
        for (table, directory) in
            [("bin", "src/bin"), ("bench", "benches"), ("example", "examples"), ("test", "tests")]
        {
            let targets = value.at(table);
            let mut names: Vec<&str> = targets
                .iter()
                .filter(|target| !target.value.has("path"))
                .filter_map(|target| target.value.first("name"))
                .collect();
            if table == "bin" {
                let named = value.texts(&format!("{table}.name"));
                let started = value.texts("package|project.default-run").into_iter();
                names.extend(started.filter(|name| !named.contains(name)));
            }
            for name in names {
                let places =
                    [format!("{directory}/{name}.rs"), format!("{directory}/{name}/main.rs")];
                match places.into_iter().find(|path| exists(path) == Some(true)) {
                    Some(path) => sources.push(path),
                    // The package's own program is `src/main.rs`.
                    None => is_unplaced |= table != "bin" || !own.contains(&name),
                }
            }
        }
        if value.has("package|project.links") && !value.has("package|project.build") {
            sources.push("build.rs".into());
        }
        if sources.is_empty() && !is_placed {
            let below = |pattern: &str| (self.project.list)(&join(package, pattern));
            let programs = below("src/bin/*.rs").into_iter().chain(below("src/bin/*/main.rs"));
            let first = programs.flatten().next();
            sources.extend(first.map(|path| {
                path.cut(join(package, "").len()..).trim_start_matches('/').to_owned()
            }));
        }
        if is_unplaced || (sources.is_empty() && !is_placed) {
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
mod tests;
