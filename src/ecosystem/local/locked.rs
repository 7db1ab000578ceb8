//! Lock files that take packages from the context, where their text is given. They may be large,
//! and are searched for a few words only.

use super::{Finding, Project, join, refuse};
use crate::issue::RefusalReason;
use crate::text::Cut;

/// Lock files that name archives: `"resolved": "file:offline/a-1.tgz"`, `tarball: file:a-1.tgz`.
/// <https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#packages>
const NAME_ARCHIVES: [&str; 4] =
    ["npm-shrinkwrap.json", "package-lock.json", "pnpm-lock.yaml", "yarn.lock"];

/// Lock files of JavaScript that are texts.
const LOCKS: [&str; 5] =
    ["bun.lock", "npm-shrinkwrap.json", "package-lock.json", "pnpm-lock.yaml", "yarn.lock"];

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

/// Which version of a package of JavaScript a lock file has, by its first number; nothing where it
/// has none of that name.
pub fn locked(name: &str, project: &Project<'_>) -> Option<Option<u32>> {
    let locks = LOCKS.into_iter().filter_map(|lock| (project.text)(lock));
    locks.flat_map(|text| versions(text, name)).next()
}

/// The versions that a lock file has of a package: `"node_modules/nx": {"version": "1"` of npm,
/// `nx@^1:` of Yarn, `/nx@1.2.0:` or `/nx/1.2.0:` of pnpm, `"nx": ["nx@1"` of Bun.
fn versions<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = Option<u32>> + 't {
    text.match_indices(name).filter_map(move |(at, _)| {
        let before = text.cut(..at);
        let before = before
            .strip_suffix('/')
            .map_or(before, |before| before.strip_suffix("node_modules").unwrap_or(before));
        let starts = before.is_empty() || before.ends_with(['"', '\'', ' ', '\n', '/', ',']);
        let behind = text.cut(at + name.len()..);
        let version =
            behind.strip_prefix('@').or_else(|| behind.strip_prefix('/')).or_else(|| {
                let entry = behind.strip_prefix("\":")?.trim_start().strip_prefix('{')?;
                let entry = entry.get(..VERSION_WITHIN).unwrap_or(entry);
                entry.split_once("\"version\":").map(|(_, version)| version)
            })?;
        let version = version.split(['\n', ',', '}', '(']).next().unwrap_or(version);
        (starts && version.contains(|c: char| c.is_ascii_digit())).then(|| major(version))
    })
}

/// Within how many bytes of its name the version of a package stands.
const VERSION_WITHIN: usize = 120;

/// The packages of which a lock file says that they have install scripts.
/// <https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#packages>,
/// <https://github.com/pnpm/spec/blob/master/lockfile/6.0.md>
pub fn with_scripts(project: &Project<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for lock in ["npm-shrinkwrap.json", "package-lock.json"] {
        let holders = holders("hasInstallScript", (project.text)(lock).unwrap_or_default());
        let names_of = holders.iter().filter_map(|key| key.rsplit_once("node_modules/"));
        names.extend(names_of.map(|(_, name)| name.to_owned()));
    }
    let mut open = None;
    for line in (project.text)("pnpm-lock.yaml").unwrap_or_default().lines() {
        if let Some(key) = line.strip_prefix("  ").filter(|key| !key.starts_with(' ')) {
            open = Some(package_of(key.trim_matches(['\'', ':'])));
        } else if line.trim() == "requiresBuild: true" {
            names.extend(open.map(str::to_owned));
        }
    }
    names
}

/// The package of a key of pnpm's lock file, in whichever format: `/@a/b/1.0.0_c@2.0.0`, `/b@1.0.0`,
/// `b@1.0.0(c@2.0.0)`, `registry.example.com/b@1.0.0`.
fn package_of(key: &str) -> &str {
    let is_host = |first: &str| first.contains('.') && !first.starts_with('@');
    let key = match key.split_once('/') {
        Some((host, rest)) if host.is_empty() || is_host(host) && !host.contains('@') => rest,
        _ => key,
    };
    let scope = if key.starts_with('@') { key.find('/').map_or(0, |at| at + 1) } else { 0 };
    let end = key.cut(scope..).find(['@', '/']);
    key.cut(..end.map_or(key.len(), |end| scope + end))
}

/// The keys of the objects in which `key` is true, in JSON that is laid out in any way.
fn holders<'t>(key: &str, json: &'t str) -> Vec<&'t str> {
    let (mut open, mut found) = (Vec::new(), Vec::new());
    let mut last = "";
    let mut rest = json;
    while let Some(at) = rest.find(['"', '{', '}']) {
        let (sign, behind) = (rest.as_bytes()[at], rest.cut(at + 1..));
        rest = behind;
        match sign {
            b'{' => open.push(last),
            b'}' => drop(open.pop()),
            _ => {
                let Some(end) = end_of_string(behind) else { break };
                (last, rest) = (behind.cut(..end), behind.cut(end + 1..));
                let value = rest.trim_start().strip_prefix(':').map(str::trim_start);
                if last == key && value.is_some_and(|value| value.starts_with("true")) {
                    found.extend(open.last());
                }
            }
        }
    }
    found
}

/// Where a string of JSON ends, whose first `"` is left out.
fn end_of_string(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    })
}

/// What renv reads beside its lock file: profiles, where there are any.
/// <https://rstudio.github.io/renv/articles/profiles.html>
pub fn renv(project: &Project<'_>) -> Vec<Finding> {
    let told = "`.Rprofile` reads no file of the project but those that it names.";
    let mut findings = vec![Finding::Assume(told.into())];
    let profiles = ["renv/profile", "renv/profiles/"].into_iter();
    let there = profiles.filter(|path| (project.exists)(path) == Some(true));
    findings.extend(there.map(|path| Finding::Also(path.into())));
    refuse_local(RENV_LOCK, project, &mut findings);
    findings
}

/// <https://rstudio.github.io/renv/articles/package-sources.html>
const RENV_LOCK: (&str, &[&str]) =
    ("renv.lock", &["\"RemoteType\": \"local\"", "\"Source\": \"Local\""]);

/// The first number of a range of versions: 4 of `^4.2`.
pub fn major(version: &str) -> Option<u32> {
    let number = version.trim_start_matches(|c: char| !c.is_ascii_digit());
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The same of wheels and archives of source in a lock file of uv, which may also have a directory of
/// them for a registry: `registry = "wheels"` where the lock was made with `--find-links wheels`.
/// <https://docs.astral.sh/uv/concepts/projects/dependencies/#path>
pub fn wheels(project: &Project<'_>, findings: &mut Vec<Finding>) {
    let text = (project.text)("uv.lock").unwrap_or_default();
    let named = |start: &str| {
        let rests = text.split(start).skip(1);
        rests.filter_map(|rest| rest.split('"').next()).collect::<Vec<_>>()
    };
    let paths = named("source = { path = \"").into_iter();
    findings.extend(paths.map(|path| Finding::Also(join("", path))));
    let mut registries = named("registry = \"").into_iter();
    if registries.any(|registry| !registry.contains("://") || registry.starts_with("file:")) {
        findings.push(from_context("uv.lock"));
    }
}

fn from_context(lock: &str) -> Finding {
    let message = format!("`{lock}` takes packages from the context");
    refuse(RefusalReason::LocalDependency, &message)
}

/// Refuses where the text of a lock file holds one of `words`.
pub fn refuse_local(
    (lock, words): (&str, &[&str]),
    project: &Project<'_>,
    findings: &mut Vec<Finding>,
) {
    let text = (project.text)(lock).unwrap_or_default();
    // JSON may stand without blanks.
    let holds = |word: &&str| text.contains(*word) || text.contains(&word.replacen(": ", ":", 1));
    if words.iter().any(holds) {
        findings.push(from_context(lock));
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

/// The same where what lies in directories is left out.
pub const POETRY_LOCK_ARCHIVES: (&str, &[&str]) = ("poetry.lock", &["type = \"file\""]);

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
    fn versions_that_lock_files_have() {
        let of = |text: &str| versions(text, "nx").collect::<Vec<_>>();
        assert_eq!(of("\"node_modules/nx\": {\n \"version\": \"16.1.0\""), [Some(16)]);
        assert_eq!(of("\"nx\": {\"version\": \"15.0.0\"}"), [Some(15)]);
        assert_eq!(of("\nnx@^15, nx@15.2.0:\n  version \"15.2.0\"\n"), [Some(15), Some(15)]);
        assert_eq!(of("\n\"nx@npm:^16\":\n"), [Some(16)]);
        assert_eq!(of("\n  /nx@14.1.0(a@1):\n  /nx/13.0.0:\n"), [Some(14), Some(13)]);
        assert_eq!(of("\"nx\": [\"nx@20.1.0\""), [Some(20)]);
        assert_eq!(
            of("\"node_modules/@scope/nx\": {\"version\": \"1\"}, \"nx-cloud@1\", lynx@1"),
            []
        );
    }

    #[test]
    fn packages_with_scripts() {
        let of = |lock: &str, text: &str| {
            let text = |path: &str| (path == lock).then_some(text);
            with_scripts(&Project { text: &text, ..super::super::tests::unknown() })
        };
        let pnpm = "packages:\n\n  /@a/b@1.0.0:\n    requiresBuild: true\n\n  c@2.0.0(d@1):\n    \
                    dev: true\n    requiresBuild: true\n\n  e@1.0.0:\n    dev: true\n";
        assert_eq!(of("pnpm-lock.yaml", pnpm), ["@a/b", "c"]);
        for (key, name) in [
            ("/esbuild/0.15.13", "esbuild"),
            ("/@a/b/1.0.0_c@2.0.0", "@a/b"),
            ("/b/1.0.0_@c+d@2.0.0", "b"),
            ("registry.npmmirror.com/fsevents@2.3.2", "fsevents"),
            ("registry.npmmirror.com/@a/b/2.3.2", "@a/b"),
            ("lodash.merge@4.6.2", "lodash.merge"),
            ("e@file:libs/e", "e"),
        ] {
            assert_eq!(package_of(key), name);
        }
        let compact = r#"{"packages":{"":{"hasInstallScript":true},"node_modules/@a/b":{"engines":{"node":"1"},
                          "note":"{\"","hasInstallScript":true},"node_modules/c":{"hasInstallScript":false}}}"#;
        assert_eq!(of("package-lock.json", compact), ["@a/b"]);
        let member = "\"packages\": {\n\"packages/x\": {\n\"hasInstallScript\": true\n}\n}";
        assert_eq!(of("package-lock.json", member), [""; 0]);
        let packages = "{\"packages\":{\"node_modules/a\":{\"bin\":{\"b\":\"c\"},\"hasInstallScript\":true},\
                        \"node_modules/@d/e\":{\"hasInstallScript\":false}}}";
        assert_eq!(of("package-lock.json", packages), ["a"]);
        assert_eq!(
            of("package-lock.json", &packages.replace(':', ": ").replace("{", "{\n")),
            ["a"]
        );
    }

    #[test]
    fn profiles_of_renv_are_read() {
        let lock = ("renv.lock", "{\"Packages\": {\"a\": {\"Source\": \"Repository\"}}}");
        let profile = ("renv/profiles/dev/renv.lock", "?");
        assert!(
            findings(renv, 1, &[lock, profile]).contains(&Finding::Also("renv/profiles/".into()))
        );
        assert_eq!(findings(renv, 1, &[lock]).len(), 1);
        assert!(!refuses(renv, 1, &[lock]));
        assert!(refuses(renv, 1, &[("renv.lock", &lock.1.replace("Repository", "Local"))]));
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
        for (registry, refuses_it) in [("wheels", true), ("https://pypi.org/simple", false)] {
            let text = format!("source = {{ registry = \"{registry}\" }}");
            assert_eq!(refuses(uv, 1, &[pdm, ("uv.lock", &text)]), refuses_it, "{registry}");
        }
        let pip = ("Pipfile", "[packages]\na = \"*\"\n");
        assert!(refuses(pipfile, 1, &[pip, ("Pipfile.lock", "{\"a\": {\"path\": \".\"}}")]));
        assert!(!refuses(pipfile, 1, &[pip, ("Pipfile.lock", "{\"a\": {\"version\": \"1\"}}")]));
        let php = ("composer.json", "{}");
        let dist = |kind: &str| format!("{{\"dist\": {{\"type\": \"{kind}\"}}}}");
        assert!(refuses(composer, 1, &[php, ("composer.lock", &dist("path"))]));
        assert!(!refuses(composer, 1, &[php, ("composer.lock", &dist("zip"))]));
    }
}
