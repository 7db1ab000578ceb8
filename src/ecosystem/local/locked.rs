//! Lock files that take packages from the context, where their text is given. They may be large,
//! and are searched for a few words only.

use super::{Finding, Project, join, refuse};
use crate::issue::RefusalReason;

/// Lock files that name archives: `"resolved": "file:offline/a-1.tgz"`, `tarball: file:a-1.tgz`.
/// <https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#packages>
const NAME_ARCHIVES: [&str; 4] =
    ["npm-shrinkwrap.json", "package-lock.json", "pnpm-lock.yaml", "yarn.lock"];

/// Archives that a lock file of JavaScript names are read as well.
pub fn archives(project: &Project<'_>, findings: &mut Vec<Finding>) {
    let locks = NAME_ARCHIVES.into_iter().filter_map(|lock| (project.text)(lock));
    let ends: &[char] = &['"', '\'', '#', ',', '}', ')', ' ', '\n', '\r'];
    let named = locks.flat_map(|text| text.split("file:").skip(1));
    // Yarn binds them to what names them: `file:./a-1.tgz::locator=...`
    let named = named.filter_map(|rest| rest.split(ends).next()?.split("::").next());
    for path in named {
        if [".tgz", ".tar.gz", ".tar"].iter().any(|end| path.ends_with(end)) {
            let also = Finding::Also(join("", path));
            if !findings.contains(&also) {
                findings.push(also);
            }
        }
    }
}

/// The same of wheels and archives of source in a lock file of uv.
/// <https://docs.astral.sh/uv/concepts/projects/dependencies/#path>
pub fn wheels(project: &Project<'_>, findings: &mut Vec<Finding>) {
    let text = (project.text)("uv.lock").unwrap_or_default();
    let named = text.split("source = { path = \"").skip(1);
    let paths = named.filter_map(|rest| rest.split('"').next());
    findings.extend(paths.map(|path| Finding::Also(join("", path))));
}

/// Refuses where the text of a lock file holds one of `words`.
pub fn refuse_local(
    (lock, words): (&str, &[&str]),
    project: &Project<'_>,
    findings: &mut Vec<Finding>,
) {
    let text = (project.text)(lock).unwrap_or_default();
    if words.iter().any(|word| text.contains(word)) {
        let message = format!("`{lock}` takes packages from the context");
        findings.push(refuse(RefusalReason::LocalDependency, &message));
    }
}

/// <https://getcomposer.org/doc/05-repositories.md#path>
pub const COMPOSER_LOCK: (&str, &[&str]) =
    ("composer.lock", &["\"type\": \"path\"", "\"url\": \"file:", "\"type\": \"artifact\""]);

/// <https://pdm-project.org/latest/usage/dependency/#local-dependencies>
pub const PDM_LOCK: (&str, &[&str]) = ("pdm.lock", &["path = \"./", "path = \"../"]);

/// <https://pipenv.pypa.io/en/latest/pipfile.html>
pub const PIPFILE_LOCK: (&str, &[&str]) =
    ("Pipfile.lock", &["\"path\": \"", "\"file\": \".", "\"file\": \"file:"]);

/// <https://python-poetry.org/docs/dependency-specification/#path-dependencies>
pub const POETRY_LOCK: (&str, &[&str]) =
    ("poetry.lock", &["type = \"directory\"", "type = \"file\""]);

#[cfg(test)]
mod tests {
    use super::super::tests::{findings, refuses};
    use super::super::{composer, npm_ci, package_json, pipfile, pyproject, uv};
    use super::*;

    #[test]
    fn archives_that_a_lock_file_names_are_read() {
        let lock = |resolved: &str| {
            format!("{{\"packages\": {{\"a\": {{\"resolved\": \"{resolved}\"}}}}}}")
        };
        let also = |resolved: &str| {
            let (own, lock) = (("package.json", "{}"), lock(resolved));
            findings(npm_ci, 1, &[own, ("package-lock.json", &lock)])
        };
        assert!(also("file:offline/a-1.tgz").contains(&Finding::Also("offline/a-1.tgz".into())));
        assert!(!also("https://example.org/a-1.tgz").iter().any(|f| matches!(f, Finding::Also(_))));
        let of = |name: &str, text: &str| {
            findings(package_json, 1, &[("package.json", "{}"), (name, text)])
        };
        let yarn = of("yarn.lock", "a@^1:\n  resolved \"file:libs/a-1.tgz#12\"\n");
        assert_eq!(yarn, [Finding::Also("libs/a-1.tgz".into())]);
        let pnpm = of("pnpm-lock.yaml", "a@1:\n resolution: {tarball: file:libs/a-1.tgz}\n");
        assert_eq!(pnpm, [Finding::Also("libs/a-1.tgz".into())]);
        // A directory is only linked.
        assert!(!also("file:libs/a").iter().any(|f| matches!(f, Finding::Also(_))));
    }

    #[test]
    fn packages_of_the_context_refuse() {
        let python = ("pyproject.toml", "[tool.poetry]\nname = \"a\"\n");
        let of = |kind: &str| format!("[[package]]\n[package.source]\ntype = \"{kind}\"\n");
        assert!(refuses(pyproject, 1, &[python, ("poetry.lock", &of("directory"))]));
        assert!(!refuses(pyproject, 1, &[python, ("poetry.lock", &of("legacy"))]));
        let pdm = ("pyproject.toml", "[project]\nname = \"a\"\n");
        assert!(refuses(pyproject, 1, &[pdm, ("pdm.lock", "path = \"./libs/f\"")]));
        assert!(!refuses(pyproject, 1, &[pdm, ("pdm.lock", "name = \"f\"")]));
        let locked = ("uv.lock", "source = { path = \"libs/f-1-py3-none-any.whl\" }");
        assert_eq!(
            findings(uv, 1, &[pdm, locked]),
            [Finding::Also("libs/f-1-py3-none-any.whl".into())]
        );
        let pip = ("Pipfile", "[packages]\na = \"*\"\n");
        assert!(refuses(pipfile, 1, &[pip, ("Pipfile.lock", "{\"a\": {\"path\": \".\"}}")]));
        assert!(!refuses(pipfile, 1, &[pip, ("Pipfile.lock", "{\"a\": {\"version\": \"1\"}}")]));
        let php = ("composer.json", "{}");
        let dist = |kind: &str| format!("{{\"dist\": {{\"type\": \"{kind}\"}}}}");
        assert!(refuses(composer, 1, &[php, ("composer.lock", &dist("path"))]));
        assert!(!refuses(composer, 1, &[php, ("composer.lock", &dist("zip"))]));
    }
}
