//! Projects of Stack and Cabal: their packages, and what these and the project's settings name.

use super::schema::{Schema, is_local, refused};
use super::{Finding, Project, join, parent, refuse};
use crate::ecosystem::manifest::yaml;
use crate::issue::RefusalReason::{LocalDependency, UnknownManifests};

/// stack.yaml, whatever its name.
/// <https://docs.haskellstack.org/en/stable/configure/yaml/project/>
const STACK: Schema = Schema {
    parse: yaml::parse,
    unread: &["`{}` takes no dependency from a local path."],
    places: &[
        refused("extra-deps", is_path, LocalDependency, TAKES),
        refused("extra-deps.archive|git|hg|location|url", is_path, LocalDependency, TAKES),
        refused(
            "resolver|snapshot",
            |text| is_local(text) || text.ends_with(".yaml") && !text.contains("://"),
            LocalDependency,
            "`{}` takes its snapshot from a local path (`{value}`)",
        ),
        refused("nix.shell-file", |_| true, LocalDependency, READS),
        refused("docker.env-file", |_| true, LocalDependency, READS),
        refused("extra-include-dirs|extra-lib-dirs", is_below, LocalDependency, READS),
    ],
};

const TAKES: &str = "`{}` takes `{value}` from a local path";

/// Whether a dependency is a path of the project: `vendor/a`, not `a-1.0` or `git@x:a/b`.
fn is_path(text: &str) -> bool {
    is_local(text) || (text.contains('/') && !text.contains(':'))
}

const READS: &str = "`{}` has the build read `{value}`";

/// Whether a directory is one of the project: `lib`, not `/usr/local/lib`.
fn is_below(path: &str) -> bool {
    !path.starts_with('/')
}

/// What `stack` and `cabal` read of a project, all of whose packages are copied.
pub fn haskell(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    packages(project, &mut findings);
    for name in project.manifests.iter().filter(|name| is_stack(name)) {
        of_stack(name, project, &mut findings);
    }
    for name in project.manifests.iter().filter(|name| name.starts_with("cabal.project")) {
        let text = (project.text)(name).unwrap_or_default();
        // Archives among the packages, files that are included.
        let words = text.lines().flat_map(|line| line.split([' ', ',', '\t']));
        let is_archive = |word: &&str| word.ends_with(".tar.gz") && !word.contains("://");
        findings.extend(words.filter(is_archive).map(|path| Finding::Also(join("", path))));
        let cloned = text.lines().filter_map(|line| line.trim().strip_prefix("location:"));
        if let Some(path) = cloned.map(str::trim).find(|path| !path.contains(':')) {
            let message = format!("`{name}` takes `{path}` from a local path");
            findings.push(refuse(LocalDependency, &message));
        }
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

/// The descriptions of the packages, and what those of hpack include.
fn packages(project: &Project<'_>, findings: &mut Vec<Finding>) {
    let is_package = |name: &String| name.ends_with(".cabal") || is_hpack(name);
    let Some((cabal, hpack)) = (project.list)("**/*.cabal").zip((project.list)("**/package.yaml"))
    else {
        findings.push(match project.manifests.iter().any(is_package) {
            true => Finding::Assume(
                "The project has one package, in the directory that the step works in.".into(),
            ),
            false => refuse(UnknownManifests, "the packages of the project are not known"),
        });
        for name in project.manifests.iter().filter(|name| is_hpack(name)) {
            included(name, project, findings);
        }
        return;
    };
    for path in hpack.iter() {
        included(path, project, findings);
    }
    let others = cabal.into_iter().chain(hpack);
    let others = others.filter(|path| !project.manifests.contains(path));
    findings.extend(others.map(Finding::Also));
}

/// What a package.yaml takes from other files: `<<: !include "../common.yaml"`, and the defaults
/// of a local file.
/// <https://github.com/sol/hpack#common-fields>
fn included(name: &str, project: &Project<'_>, findings: &mut Vec<Finding>) {
    for line in (project.text)(name).unwrap_or_default().lines() {
        let path = line.split_once("!include ").map(|(_, path)| path);
        let path = path.or_else(|| line.trim_start_matches([' ', '-']).strip_prefix("local:"));
        let Some(path) = path else { continue };
        let path = join(parent(name), path.trim().trim_matches(['"', '\'']));
        if (project.exists)(&path) != Some(false) {
            findings.push(Finding::Also(path));
        }
    }
}

/// What a project of Stack names.
fn of_stack(name: &str, project: &Project<'_>, findings: &mut Vec<Finding>) {
    let value = STACK.read(project, name, findings);
    // A package of an index is named with its version, a directory by its name alone.
    let named = value.iter().flat_map(|value| value.texts("extra-deps"));
    let place = |name: &str, path: &str| join(parent(name), &format!("{path}/"));
    let is_there = |path: &&str| (project.exists)(&place(name, path)) == Some(true);
    if let Some(path) = named.filter(|path| !path.contains('/')).find(is_there) {
        let message = format!("`{name}` takes `{path}` from a local path");
        findings.push(refuse(LocalDependency, &message));
    }
    let lock = format!("{name}.lock");
    if !project.manifests.contains(&lock) && (project.exists)(&lock) == Some(true) {
        findings.push(Finding::Also(lock));
    }
}

/// Whether a manifest is a project of Stack: `stack.yaml`, `stack-9.6.yaml`.
fn is_stack(name: &str) -> bool {
    [".yaml", ".yml"].iter().any(|end| name.ends_with(end)) && !is_hpack(name)
}

fn is_hpack(name: &str) -> bool {
    name.rsplit('/').next() == Some("package.yaml")
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

#[cfg(test)]
mod tests {
    use super::super::tests::{findings, refused};
    use super::*;

    fn also(path: &str) -> Finding {
        Finding::Also(path.into())
    }

    const CABAL: (&str, &str) = ("a.cabal", "build-type: Simple\n");

    #[test]
    fn a_stack_project_that_reads_the_context_is_not_split() {
        for stack in [
            "extra-deps:\n  - ./vendor/a\n",
            "extra-deps: [\n  vendor/a ]\n",
            "extra-deps:\n- archive: vendor/a.tar.gz\n",
            "resolver: ./snapshot.yaml\n",
            "nix:\n  shell-file: nix/shell.nix\n",
            "docker: {env-file: x}\n",
            "extra-lib-dirs: [lib]\n",
            "a: b: c",
        ] {
            let found = findings(haskell, 2, &[("stack.yaml", stack), CABAL]);
            assert!(refused(&found), "{stack}: {found:?}");
        }
        let stack = "resolver: lts-24.1\nextra-lib-dirs: [/usr/lib]\nextra-deps:\n\
                     - a-1.0@sha256:0,1\n- git: https://x/y\n- git: git@x:a/b\n";
        assert_eq!(findings(haskell, 2, &[("stack.yaml", stack), CABAL]), []);
    }

    #[test]
    fn a_project_under_another_name_has_the_same_packages() {
        let named = ("stack-9.6.yaml", "resolver: lts-24.1\n");
        let files = [named, ("package.yaml", "name: a\n"), ("stack-9.6.yaml.lock", "a: b\n")];
        let wanted = [also("package.yaml"), also("stack-9.6.yaml.lock")];
        assert_eq!(findings(haskell, 1, &files), wanted);
        let unlisted = Project { manifests: &[named.0.into()], ..super::super::tests::unknown() };
        assert!(refused(&haskell(&unlisted)));
    }

    #[test]
    fn what_a_package_includes_comes_along() {
        let hpack = "name: a\n<<: !include \"common.yaml\"\ndefaults:\n  - local: shared/d.yaml\n";
        let files = [("package.yaml", hpack), ("common.yaml", "?"), ("shared/d.yaml", "?")];
        assert_eq!(findings(haskell, 1, &files), [also("common.yaml"), also("shared/d.yaml")]);
        let missing = findings(haskell, 1, &[("package.yaml", "<<: !include common.yaml\n")]);
        assert_eq!(missing, []);
    }

    #[test]
    fn cabal_names_archives_and_scripts() {
        let project = "packages: .\n          lib/x.tar.gz\nimport: base.config\n";
        let wanted = [also("lib/x.tar.gz"), also("base.config")];
        assert_eq!(findings(haskell, 2, &[("cabal.project", project), CABAL]), wanted);
        let cloned = |from: &str| format!("source-repository-package\n  location: {from}\n");
        let of = |from| findings(haskell, 2, &[("cabal.project", &*cloned(from)), CABAL]);
        assert!(refused(&of("./lib/y")));
        assert_eq!(of("https://a.b/y.git"), []);
        let custom = findings(haskell, 1, &[("a.cabal", "Build-Type:   Custom\n")]);
        assert_eq!(custom, [also("Setup.hs")]);
        assert_eq!(findings(haskell, 1, &[CABAL]), []);
    }
}
