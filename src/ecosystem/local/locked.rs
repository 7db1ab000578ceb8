//! Lock files that take packages from the context, where their text is given. They may be large,
//! and are searched for a few words only.

use super::{Finding, Project, refuse};
use crate::issue::RefusalReason;

/// Archives that a lock file of npm names, `"resolved": "file:offline/a-1.tgz"`, are read as well.
/// <https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#packages>
pub fn archives(project: &Project<'_>, findings: &mut Vec<Finding>) {
    for lock in ["npm-shrinkwrap.json", "package-lock.json"] {
        let text = (project.text)(lock).unwrap_or_default();
        let named = text.split("\"file:").skip(1).filter_map(|rest| rest.split('"').next());
        let archives =
            named.filter(|path| [".tgz", ".tar.gz", ".tar"].iter().any(|end| path.ends_with(end)));
        findings.extend(archives.map(|path| Finding::Also(path.to_owned())));
    }
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

/// <https://pipenv.pypa.io/en/latest/pipfile.html>
pub const PIPFILE_LOCK: (&str, &[&str]) =
    ("Pipfile.lock", &["\"path\": \"", "\"file\": \".", "\"file\": \"file:"]);

/// <https://python-poetry.org/docs/dependency-specification/#path-dependencies>
pub const POETRY_LOCK: (&str, &[&str]) =
    ("poetry.lock", &["type = \"directory\"", "type = \"file\""]);

#[cfg(test)]
mod tests {
    use super::super::tests::{findings, refuses};
    use super::super::{composer, npm_ci, pipfile, pyproject};
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
        // A directory is only linked.
        assert!(!also("file:libs/a").iter().any(|f| matches!(f, Finding::Also(_))));
    }

    #[test]
    fn packages_of_the_context_refuse() {
        let python = ("pyproject.toml", "[tool.poetry]\nname = \"a\"\n");
        let of = |kind: &str| format!("[[package]]\n[package.source]\ntype = \"{kind}\"\n");
        assert!(refuses(pyproject, 1, &[python, ("poetry.lock", &of("directory"))]));
        assert!(!refuses(pyproject, 1, &[python, ("poetry.lock", &of("legacy"))]));
        let pip = ("Pipfile", "[packages]\na = \"*\"\n");
        assert!(refuses(pipfile, 1, &[pip, ("Pipfile.lock", "{\"a\": {\"path\": \".\"}}")]));
        assert!(!refuses(pipfile, 1, &[pip, ("Pipfile.lock", "{\"a\": {\"version\": \"1\"}}")]));
        let php = ("composer.json", "{}");
        let dist = |kind: &str| format!("{{\"dist\": {{\"type\": \"{kind}\"}}}}");
        assert!(refuses(composer, 1, &[php, ("composer.lock", &dist("path"))]));
        assert!(!refuses(composer, 1, &[php, ("composer.lock", &dist("zip"))]));
    }
}
