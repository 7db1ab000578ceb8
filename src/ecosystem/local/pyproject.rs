//! pyproject.toml as the managers of Python projects read it, Pipfile and pixi.toml: local
//! dependencies, workspaces, dependencies that are made from the source.

use super::locked::{
    PDM_LOCK, PIPFILE_LOCK, POETRY_LOCK, POETRY_LOCK_ARCHIVES, refuse_local, wheels,
};
use super::schema::{Place, Schema, archive, local, package, present, refused, unless_address};
use super::{Finding, GIT, Project, any_exists, join, lock_beside, parent, refuse};
use crate::ecosystem::manifest::{Value, toml};
use crate::ecosystem::names::ends_with_pattern;
use crate::issue::RefusalReason::{LifecycleScript, LocalDependency};

/// uv.toml holds what stands below `tool.uv` elsewhere.
/// <https://docs.astral.sh/uv/reference/settings/>
const UV_SETTINGS: &[Place] = &[
    local("index.url"),
    local("index-url|extra-index-url"),
    unless_address("find-links"),
    local("pip.index-url|extra-index-url"),
    unless_address("pip.find-links"),
    local("constraint-dependencies|override-dependencies|build-constraint-dependencies"),
];

/// <https://python-poetry.org/docs/dependency-specification/>,
/// <https://docs.astral.sh/uv/concepts/projects/dependencies/>,
/// <https://pdm-project.org/latest/usage/dependency/>,
/// <https://packaging.python.org/en/latest/specifications/pyproject-toml/>
const BY_BACKEND: &str = "the dependencies of `{}` are made by its build backend from the source";

const PYPROJECT: &[Place] = &[
    local("project.dependencies"),
    local("project.optional-dependencies.*"),
    local("dependency-groups.*"),
    refused(
        "project.dynamic",
        |field| field == "dependencies" || field == "optional-dependencies",
        LocalDependency,
        BY_BACKEND,
    ),
    local("tool.poetry.**.git|url"),
    package("tool.uv.sources.*.path"),
    local("tool.uv.sources.*.git|url"),
    local("tool.uv.dev-dependencies"),
    local("tool.uv.constraint-dependencies|override-dependencies|build-constraint-dependencies"),
    local("tool.uv.index.url"),
    local("tool.uv.index-url|extra-index-url"),
    unless_address("tool.uv.find-links"),
    local("tool.uv.pip.index-url|extra-index-url"),
    unless_address("tool.uv.pip.find-links"),
    local("tool.pdm.dev-dependencies.*"),
    local("tool.pdm.resolution.overrides.*"),
    local("tool.pdm.source.url"),
    // https://pdm-project.org/latest/usage/hooks/
    present(
        "tool.pdm.scripts.pre_install|post_install|pre_lock|post_lock|pre_sync|post_sync",
        LifecycleScript,
        "`{}` has scripts of pdm that run with the install",
    ),
    package("tool.pixi.**.path"),
];

const ONE: Schema = Schema {
    parse: toml::parse,
    unread: &["`{}` names no local package (a path, a workspace)."],
    places: PYPROJECT,
};

/// Packages by their paths, for Poetry.
const PATHS: &[Place] = &[
    package("tool.poetry.dependencies|dev-dependencies|requires-plugins.*.path|file"),
    package("tool.poetry.group.*.dependencies.*.path|file"),
];

/// Those of them that `--no-directory` does not leave out.
/// <https://python-poetry.org/docs/faq/>
const ARCHIVES: &[Place] = &[
    package("tool.poetry.requires-plugins.*.path|file"),
    package("tool.poetry.dependencies|dev-dependencies.*.file"),
    package("tool.poetry.group.*.dependencies.*.file"),
    archive("tool.poetry.dependencies|dev-dependencies.*.path"),
    archive("tool.poetry.group.*.dependencies.*.path"),
];

const MEMBER: Schema = Schema { unread: &["`{}` names no local package."], ..ONE };

/// Plugins that look into `.git` at every command of Poetry.
/// <https://github.com/mtkennerly/poetry-dynamic-versioning#readme>
const VERSIONERS: &str =
    "tool.poetry-dynamic-versioning|poetry-git-version-plugin|poetry-version-plugin";

/// What pyproject.toml says about installing the dependencies without the project.
pub fn pyproject(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let value = of_file("pyproject.toml", project, &mut findings);
    let is_versioned = value.is_some_and(|value| value.has(VERSIONERS));
    if is_versioned && any_exists(GIT, project) != Some(false) {
        let message = "`pyproject.toml` has a plugin of Poetry that reads the history";
        findings.push(refuse(LifecycleScript, message));
    }
    refuse_local(PDM_LOCK, project, &mut findings);
    match leaves_directories_out(project) {
        true => refuse_local(POETRY_LOCK_ARCHIVES, project, &mut findings),
        false => refuse_local(POETRY_LOCK, project, &mut findings),
    }
    findings
}

/// Whether an install with Poetry leaves out what it finds in directories, and needs none of them:
/// what is locked is not resolved again.
fn leaves_directories_out(project: &Project<'_>) -> bool {
    project.flags.iter().any(|flag| flag == "--no-directory")
        && project.words.iter().any(|word| word.starts_with("install"))
        && project.manifests.iter().any(|name| name == "poetry.lock")
        && (project.exists)("poetry.lock") == Some(true)
}

/// The same of the file of this name, which is given back where it could be read.
pub fn of_file(name: &str, project: &Project<'_>, findings: &mut Vec<Finding>) -> Option<Value> {
    let value = ONE.read(project, name, findings)?;
    let places = if leaves_directories_out(project) { ARCHIVES } else { PATHS };
    Schema { places, ..ONE }.find(name, &value, findings);
    let members = value.texts("tool.uv.workspace.members");
    // `--no-install-project` leaves only the root out.
    if !members.is_empty() && project.flags.iter().any(|flag| flag == "--no-install-project") {
        let message = "the install takes members of the workspace from their directories";
        findings.push(refuse(LocalDependency, message));
    }
    let excluded = value.texts("tool.uv.workspace.exclude");
    for pattern in members {
        workspace(pattern, &excluded, project, findings);
    }
    Some(value)
}

/// Members of a workspace: the lock file is checked against their manifests.
/// <https://docs.astral.sh/uv/concepts/projects/workspaces/>
fn workspace(pattern: &str, excluded: &[&str], project: &Project<'_>, findings: &mut Vec<Finding>) {
    let is_excluded = |path: &String| {
        let fits = |pattern: &&str| {
            let (own, pattern) = (parent(path), pattern.trim_matches(['.', '/']));
            own.split('/').count() == pattern.split('/').count() && ends_with_pattern(own, pattern)
        };
        excluded.iter().any(fits)
    };
    let pattern = join("", pattern);
    let is_plain = !pattern.contains(['?', '[', '{']);
    match (project.list)(&join(&pattern, "pyproject.toml")).filter(|_| is_plain) {
        Some(found) => {
            for path in found.into_iter().filter(|path| !is_excluded(path)) {
                if let Some(value) = MEMBER.read(project, &path, findings) {
                    Schema { places: PATHS, ..MEMBER }.find(&path, &value, findings);
                }
                findings.push(Finding::Also(path));
            }
        }
        None => {
            let message = format!("the members of the workspace `{pattern}` are not known");
            findings.push(refuse(LocalDependency, &message));
        }
    }
}

/// The same for uv, which looks for a workspace above the project.
/// <https://docs.astral.sh/uv/concepts/projects/workspaces/#workspace-roots>
pub fn uv(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let value = of_file("pyproject.toml", project, &mut findings);
    for above in ["../pyproject.toml", "../../pyproject.toml"] {
        let is_root =
            |text: &str| toml::parse(text).is_none_or(|value| value.has("tool.uv.workspace"));
        if (project.text)(above).is_some_and(is_root) {
            let message = format!("`{above}` may be the workspace of `pyproject.toml`");
            findings.push(refuse(LocalDependency, &message));
        }
    }
    // Settings of the nearest directory that has some:
    // <https://docs.astral.sh/uv/concepts/configuration-files/>.
    for above in ["../uv.toml", "../pyproject.toml", "../../uv.toml", "../../pyproject.toml"] {
        let configures = |text| above.ends_with("uv.toml") || may_configure_uv(text);
        if (project.exists)(above) == Some(true) && (project.text)(above).is_none_or(configures) {
            findings.push(Finding::Also(above.to_owned()));
        }
    }
    if project.is_nested && (project.exists)("../pyproject.toml").is_none() {
        findings.push(Finding::Assume("No workspace lies above `pyproject.toml`.".into()));
    }
    // Where the lock file is not current, uv asks the project's own build for what is dynamic.
    let is_kept = project.flags.iter().any(|flag| matches!(flag.as_str(), "--locked" | "--frozen"));
    let has = |path: &str| value.as_ref().is_some_and(|value| value.has(path));
    // The environment that a step before made is named otherwise than one that uv makes itself.
    let in_two_steps = !project.flags.iter().any(|flag| flag.starts_with("--no-install"));
    if in_two_steps && (has("project.scripts") || has("project.gui-scripts")) {
        let sentence = "It does no harm that the programs of the project begin with `python3` in \
                        place of `python`.";
        findings.push(Finding::Assume(sentence.into()));
    }
    // https://docs.astral.sh/uv/reference/cli/#uv-sync--frozen
    if !in_two_steps && project.flags.iter().any(|flag| flag == "--frozen") {
        let text = BY_BACKEND.replace("{}", "pyproject.toml");
        findings.retain(|found| !matches!(found, Finding::Refuse(_, said) if *said == text));
    }
    let is_dynamic = |value: &Value| !value.texts("project.dynamic").is_empty();
    if !is_kept && value.as_ref().is_some_and(is_dynamic) {
        findings.push(Finding::Assume("`uv.lock` is up to date with `pyproject.toml`.".into()));
    }
    uv_settings(project, &mut findings);
    wheels(project, &mut findings);
    findings
}

/// What uv.toml says, which lies beside pyproject.toml.
pub fn uv_settings(project: &Project<'_>, findings: &mut Vec<Finding>) {
    const SETTINGS: Schema = Schema { parse: toml::parse, unread: &[], places: UV_SETTINGS };
    SETTINGS.read(project, "uv.toml", findings);
}

/// Whether pyproject.toml holds settings of uv, as far as is known.
pub fn may_configure_uv(text: &str) -> bool {
    toml::parse(text).is_none_or(|value: Value| value.has("tool.uv"))
}

/// Whether an install with this tool ends before the project itself, which is no package. `text_of`
/// gives the text of a file beside pyproject.toml.
/// <https://docs.astral.sh/uv/concepts/projects/config/#project-packaging>,
/// <https://python-poetry.org/docs/basic-usage/#operating-modes>,
/// <https://pdm-project.org/latest/reference/pep621/#library-or-application>
pub fn installs_dependencies_alone(tool: &str, text_of: &dyn Fn(&str) -> Option<String>) -> bool {
    let no = |value: &Value, path: &str| {
        value.at(path).iter().any(|found| *found.value == Value::Plain("false".into()))
    };
    // Most that compiles is no tool of Python, and asks for no text.
    let reads = matches!(tool, "pdm" | "poetry" | "uv");
    let text = reads.then(|| text_of("pyproject.toml")).flatten();
    let Some(value) = text.and_then(|text| toml::parse(&text)) else { return false };
    match tool {
        "pdm" => no(&value, "tool.pdm.distribution"),
        "poetry" => no(&value, "tool.poetry.package-mode"),
        // Before 0.4 it built every project; the lock file says what it takes this one for.
        "uv" if !value.has("tool.uv.workspace") => {
            let is_virtual = |lock: String| lock.contains("source = { virtual = \".\" }");
            no(&value, "tool.uv.package")
                || !value.has("build-system|tool.uv.package")
                    && text_of("uv.lock").is_some_and(is_virtual)
        }
        _ => false,
    }
}

/// Pipfile: packages by path.
/// <https://pipenv.pypa.io/en/latest/pipfile.html>
pub fn pipfile(project: &Project<'_>) -> Vec<Finding> {
    const PIPFILE: Schema = Schema {
        parse: toml::parse,
        unread: &["The `{}` names no local package (a path)."],
        places: &[
            package("*.*.path"),
            refused(
                "*.*.file",
                |file| !file.contains("://") || file.starts_with("file:"),
                LocalDependency,
                "`{}` takes a package from a local file",
            ),
            local("*.*.git"),
            local("source.url"),
        ],
    };
    let mut findings = Vec::new();
    refuse_local(PIPFILE_LOCK, project, &mut findings);
    match project.manifests.iter().find(|name| !name.ends_with("Pipfile.lock")) {
        Some(name) if name != "Pipfile" => {
            PIPFILE.read(project, name, &mut findings);
            lock_beside(format!("{name}.lock"), project, &mut findings);
        }
        _ => {
            PIPFILE.read(project, "Pipfile", &mut findings);
        }
    }
    findings
}

/// pixi.toml: packages by path.
/// <https://pixi.sh/latest/reference/pixi_manifest/>
pub fn pixi(project: &Project<'_>) -> Vec<Finding> {
    const PIXI: Schema = Schema {
        parse: toml::parse,
        unread: &["`{}` names no local package (a path)."],
        places: &[
            package("**.path"),
            local("workspace|project.channels"),
            local("**.index-url|extra-index-urls|find-links|git|url"),
        ],
    };
    let mut findings = Vec::new();
    let mut named = project.manifests.iter().filter(|name| name.ends_with(".toml"));
    let known = named.find(|name| (project.text)(name).is_some());
    match known.map(String::as_str) {
        Some(name) if name.ends_with("pyproject.toml") => {
            ONE.read(project, name, &mut findings);
        }
        name => {
            PIXI.read(project, name.unwrap_or("pixi.toml"), &mut findings);
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
            exists: &|_| Some(false),
            list: &|pattern| Some(vec![pattern.replace('*', "a")]),
            ..unknown()
        })
    }

    #[test]
    fn local_packages_refuse() {
        for text in [
            "[tool.poetry.dependencies]\nlib = { path = \"../lib\" }",
            "[tool.poetry.dependencies]\nlib = [{ version = \"1\" }, { path = \"../lib\" }]",
            "[tool.poetry.dependencies]\nlib = { git = \"../lib\" }",
            "[tool.poetry.group.dev.dependencies]\nlib = {path = \"lib\", develop = true}",
            "[tool.poetry.group.dev]\ndependencies.lib.path = \"lib\"",
            "[tool.poetry.dependencies.lib]\npath = \"lib\"",
            "tool.poetry.dependencies.lib.file = \"lib.whl\"",
            "[tool.uv.sources]\nlib = { path = \"lib\" }",
            "[tool.uv.sources]\nlib.path = \"lib\"",
            "[tool.uv]\nsources.lib.path = \"lib\"",
            "[tool.uv]\nsources = { lib = { path = \"lib\" } }",
            "[tool]\nuv.sources.lib = [\n  { path = \"lib\", marker = \"x\" },\n]",
            "[tool.uv]\nfind-links = [\"./wheels\"]",
            "[[tool.uv.index]]\nurl = \"./index\"",
            "[project]\ndependencies = [\n  \"lib @ file:///lib\",\n]",
            "[project]\ndependencies = [\"lib@file:///lib\"]",
            "[project]\noptional-dependencies.x = [\"lib @ ../lib\"]",
            "project.dependencies = ['lib @ file:///${PROJECT_ROOT}/lib']",
            "[tool.pdm.dev-dependencies]\ndev = [\"-e file:///${PROJECT_ROOT}/lib#egg=lib\"]",
            "[project]\ndynamic = [\"version\", \"dependencies\"]",
        ] {
            let found = found(pyproject, "pyproject.toml", text);
            let refused = matches!(found[..], [Finding::Refuse(LocalDependency, _)]);
            assert!(refused, "{text}: {found:?}");
        }
        for text in [
            "[tool.poetry]\nreadme = \"README.md\"\npackages = [{ include = \"a\" }]",
            "[tool.poetry.dependencies]\na = { git = \"https://x/path\" }\n",
            "[tool.poetry.dependencies]\npath = \"^16\"\na = \"*\"",
            "[project]\ndependencies = [\"a @ https://x/a.whl\"]",
            "[project]\ndynamic = [\"version\"]",
            "[tool.uv.sources]\na = { workspace = true }\nb = { git = \"https://x/y\" }",
            "[tool.x]\na = { path = \"b\" }",
        ] {
            assert_eq!(found(pyproject, "pyproject.toml", text), [], "{text}");
        }
    }

    #[test]
    fn poetry_leaves_directories_out() {
        let of = |path: &str, lock: &str, flag: &str, words: &'static [&'static str]| {
            let text = format!("[tool.poetry.dependencies]\nlib = {{ {path} }}");
            let text = |name: &str| match name {
                "pyproject.toml" => Some(&*text),
                "poetry.lock" if !lock.is_empty() => Some(lock),
                _ => None,
            };
            let found = pyproject(&Project {
                manifests: &["pyproject.toml".to_owned(), "poetry.lock".to_owned()],
                flags: &[flag.to_owned()],
                words,
                text: &text,
                exists: &|path| Some(text(path).is_some()),
                ..unknown()
            });
            found.iter().any(|finding| matches!(finding, Finding::Refuse(..)))
        };
        let (skip, install): (_, &[&str]) = ("--no-directory", &["install|sync"]);
        let lock = "[package.source]\ntype = \"directory\"\nurl = \"../lib\"";
        assert!(!of("path = \"../lib\"", lock, skip, install));
        // Without it, without a lock file, and what is no directory.
        assert!(of("path = \"../lib\"", lock, "", install));
        assert!(of("path = \"../lib\"", "", skip, install));
        assert!(of("path = \"../lib\"", lock, skip, &["lock"]));
        assert!(of("path = \"../lib-1.whl\"", lock, skip, install));
        assert!(of("file = \"../lib\"", lock, skip, install));
        assert!(of("path = \"../lib\"", &lock.replace("directory", "file"), skip, install));
    }

    #[test]
    fn what_is_not_understood_refuses() {
        for read in [pyproject, uv] {
            let found = found(read, "pyproject.toml", "[project\n");
            assert!(matches!(found[..], [Finding::Refuse(..)]), "{found:?}");
        }
    }

    #[test]
    fn pipfiles_and_pixi() {
        for (read, name, text) in [
            (
                pipfile as fn(&Project<'_>) -> Vec<Finding>,
                "Pipfile",
                "[packages]\na = {path = \".\"}",
            ),
            (pipfile, "Pipfile", "[packages.a]\nfile = \"a.whl\""),
            (pixi, "pixi.toml", "[pypi-dependencies]\na = {path = \".\"}"),
            (pixi, "pixi.toml", "[feature.x.pypi-dependencies.a]\npath = \"a\""),
            (pixi, "pyproject.toml", "[tool.pixi.pypi-dependencies]\na.path = \".\""),
        ] {
            assert_eq!(found(read, name, text).len(), 1, "{text}");
        }
        assert_eq!(found(pipfile, "Pipfile", "[packages]\na = {version = \"*\"}"), []);
        assert_eq!(found(pixi, "pixi.toml", "[dependencies]\na = \"*\""), []);
    }

    #[test]
    fn members_of_a_workspace_bring_their_manifests() {
        for text in [
            "[tool.uv.workspace]\nmembers = [\"packages/*\"]\nexclude = [\"x\"]",
            "[tool.uv]\nworkspace.members = [\n 'packages/*'\n]",
            "[tool]\nuv = { workspace = { members = [\"packages/*\"] } }",
        ] {
            assert_eq!(
                found(pyproject, "pyproject.toml", text),
                [
                    Finding::Assume("`packages/a/pyproject.toml` names no local package.".into()),
                    Finding::Also("packages/a/pyproject.toml".into()),
                ],
                "{text}"
            );
        }
    }

    #[test]
    fn a_workspace_above_refuses() {
        use super::super::tests::{findings, refuses};
        let own = ("pyproject.toml", "[project]\nname = \"a\"");
        assert!(refuses(
            uv,
            1,
            &[own, ("../pyproject.toml", "tool.uv.workspace.members = [\"a\"]")]
        ));
        assert_eq!(findings(uv, 1, &[own, ("../pyproject.toml", "[tool.black]\n")]), []);
    }
}
