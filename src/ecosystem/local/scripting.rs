//! Gemfile and composer.json: local packages, and code that reads other files.

use super::{Finding, Project, join, json, parent, refuse};
use crate::issue::RefusalReason;

/// Gemfile: gems by path, files that its code reads.
/// <https://bundler.io/man/gemfile.5.html>
pub fn gemfile(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let named = project.manifests.iter().find(|name| !name.ends_with(".lock"));
    let named = named.filter(|name| !name.ends_with(".ruby-version"));
    let name = named.map_or("Gemfile", String::as_str);
    let mut files = vec![name.to_owned()];
    // A lock file of gems by path has a section for them.
    let locked = (project.text)(&format!("{name}.lock"));
    if locked.is_some_and(|text| text.lines().any(|line| line == "PATH")) {
        findings.push(refuse(
            RefusalReason::LocalDependency,
            &format!("`{name}.lock` names gems by their path"),
        ));
    }
    let lock = format!("{name}.lock");
    if named.is_some() && !project.manifests.contains(&lock) {
        match (project.exists)(&lock) {
            Some(true) => findings.push(Finding::Also(lock)),
            Some(false) => {}
            None => findings.push(refuse(
                RefusalReason::UnknownManifests,
                &format!("whether there is a `{lock}` is not known"),
            )),
        }
    }
    let vendored = join(parent(name), "vendor/cache/");
    if (project.exists)(&vendored) == Some(true) {
        findings.push(Finding::Also(vendored));
    }
    let mut next = 0;
    while let Some(path) = files.get(next).cloned() {
        next += 1;
        let Some(text) = (project.text)(&path) else {
            findings.push(Finding::Assume(format!(
                "`{path}` names no gem by its path, no gemspec, and reads no other file."
            )));
            continue;
        };
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            let line = line.split(" #").next().unwrap_or(line);
            let local = line == "gemspec"
                || line.starts_with("gemspec ")
                || line.starts_with("gemspec(")
                || line.starts_with("path ")
                || line.starts_with("path(")
                || line.starts_with("path:")
                || [" path:", ",path:", "(path:", ":path =>", ":path=>", "\"path\" =>"]
                    .iter()
                    .any(|option| line.contains(option));
            if local {
                findings.push(refuse(
                    RefusalReason::LocalDependency,
                    &format!("`{path}` takes a gem from the project: `{line}`"),
                ));
                continue;
            }
            let reads = line.contains("eval_gemfile")
                || line.contains("File.")
                || line.contains("IO.read")
                || line.contains("require_relative")
                || line.contains("instance_eval")
                || (line.starts_with("ruby ") && line.contains("file:"))
                || line.starts_with("load ")
                || line.contains("Dir[")
                || line.contains("Dir.glob")
                || line.contains("Pathname")
                || line.contains("load_file")
                || line.contains("system(")
                || line.contains("%x")
                || line.contains('`')
                || (line.starts_with("source ") && !line.contains("://"));
            if !reads {
                continue;
            }
            match literal(line) {
                Some(read) if (project.exists)(&read) != Some(false) => {
                    findings.push(Finding::Also(read.clone()));
                    if line.contains("eval") && !files.contains(&read) {
                        files.push(read);
                    }
                }
                Some(_) => {}
                None => findings.push(refuse(
                    RefusalReason::LocalDependency,
                    &format!("`{path}` reads other files: `{line}`"),
                )),
            }
        }
    }
    findings
}

/// cpanfile, which cpanm takes in place of a build script; of a distribution it reads more.
/// <https://metacpan.org/dist/App-cpanminus/view/bin/cpanm>
pub fn cpanfile(project: &Project<'_>) -> Vec<Finding> {
    let reads = |name: &str| {
        let message = format!("`{name}` may name dependencies beside those of `cpanfile`");
        vec![refuse(RefusalReason::LocalDependency, &message)]
    };
    for name in ["Build.PL", "META.json", "META.yml"] {
        if (project.exists)(name) == Some(true) {
            return reads(name);
        }
    }
    // A project with a build script may do without a cpanfile.
    let scripts = ["Makefile.PL", "Build.PL"];
    match scripts.iter().find(|name| (project.exists)(name).is_none()) {
        None => Vec::new(),
        Some(_) => match scripts.iter().find(|name| (project.names)(name)) {
            Some(name) => reads(name),
            None => vec![Finding::Assume("The build context has no `Makefile.PL`.".into())],
        },
    }
}

/// The only text in quotes on a line, where it is a plain path: `File.read(".ruby-version")`.
fn literal(line: &str) -> Option<String> {
    let mut parts = line.split(['"', '\'']);
    let (_, text, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let plain = !text.is_empty() && !text.contains(['#', '*', '$', '{']) && !text.starts_with('/');
    (plain && parts.next().is_none() && !rest.contains('+') && !line.contains("require_relative"))
        .then(|| join("", text))
}

/// composer.json: repositories by path, patches, packages put elsewhere, scripts of packages.
/// <https://getcomposer.org/doc/05-repositories.md>
pub fn composer(project: &Project<'_>) -> Vec<Finding> {
    let Some(text) = (project.text)("composer.json") else {
        return vec![
            Finding::Assume("`composer.json` names no repository by its path and no patches.".into()),
            Finding::Assume(
                "`composer.json` has no script for single packages (post-package-install, ...), and \
                 installs nothing outside of `vendor/`."
                    .into(),
            ),
        ];
    };
    let Some(package) = json::parse(text) else {
        return vec![refuse(RefusalReason::UnknownManifests, "`composer.json` is not valid JSON")];
    };
    let mut findings = Vec::new();
    let repositories = package.get("repositories");
    let listed = repositories.into_iter().flat_map(|list| list.elements());
    let keyed = repositories.into_iter().flat_map(|list| list.members()).map(|(_, value)| value);
    for repository in listed.chain(keyed) {
        let text = |key| repository.get(key).and_then(|value| value.text());
        let url = text("url").unwrap_or("");
        if matches!(text("type"), Some("path" | "artifact"))
            || ["./", "../", "/", "file:"].iter().any(|start| url.starts_with(start))
        {
            findings.push(refuse(
                RefusalReason::LocalDependency,
                &format!("`composer.json` takes packages from a local path (`{url}`)"),
            ));
        }
    }
    let extra = package.get("extra");
    let extra = |key| extra.and_then(|extra| extra.get(key));
    if let Some(file) = extra("patches-file").and_then(|file| file.text()) {
        findings.push(Finding::Also(join("", file)));
        findings.push(Finding::Assume(format!("`{file}` names no patch of the project.")));
    }
    let patches = extra("patches").into_iter().flat_map(|patches| patches.members());
    let patches = patches.flat_map(|(_, list)| {
        let listed = list.elements().map(|patch| patch.get("url").unwrap_or(patch));
        list.members().map(|(_, patch)| patch).chain(listed).filter_map(|patch| patch.text())
    });
    for patch in patches.filter(|patch| !patch.contains("://")) {
        findings.push(Finding::Also(join("", patch)));
    }
    let merged = extra("merge-plugin").is_some();
    if extra("installer-paths").is_some() || extra("drupal-scaffold").is_some() || merged {
        findings.push(refuse(
            RefusalReason::OrderDecidesImage,
            "`composer.json` installs packages outside of `vendor/`, or merges other files",
        ));
    }
    // What is put elsewhere must not be there already.
    let elsewhere = package.get("config").and_then(|config| config.get("vendor-dir"));
    if let Some(directory) = elsewhere.and_then(|directory| directory.text())
        && (project.exists)(directory) != Some(false)
    {
        findings.push(refuse(
            RefusalReason::HostArtifacts,
            &format!("`composer.json` installs into `{directory}`, which the context may bring"),
        ));
    }
    let mut scripts = package.get("scripts").into_iter().flat_map(|scripts| scripts.members());
    if let Some((name, _)) = scripts.find(|(name, _)| {
        ["pre-package-", "post-package-", "pre-install-cmd", "pre-autoload-dump"]
            .iter()
            .any(|start| name.starts_with(start))
    }) {
        findings.push(refuse(
            RefusalReason::LifecycleScript,
            &format!("the script `{name}` of `composer.json` runs while packages are installed"),
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(read: fn(&Project<'_>) -> Vec<Finding>, name: &str, text: &str) -> Vec<Finding> {
        read(&Project {
            manifests: &[],
            flags: &[],
            is_nested: false,
            has_neighbours: false,
            names: &|_| false,
            known: &|_| Vec::new(),
            works_on_members: &|| false,
            text: &|path| (path == name).then_some(text),
            exists: &|_| None,
            list: &|_| None,
        })
    }

    fn refused(findings: &[Finding]) -> bool {
        findings.iter().any(|finding| matches!(finding, Finding::Refuse(..)))
    }

    #[test]
    fn gems_by_path_refuse_and_files_come_along() {
        for line in [
            "gem 'a', path: 'a'",
            "gemspec",
            "path 'engines' do",
            "gem \"a\", :path => \"b\"",
            "Dir.glob('x/*') { }",
            "require_relative 'x'",
            "gem 'a',\n  path: 'b'",
            "version = `git describe`",
        ] {
            assert!(refused(&found(gemfile, "Gemfile", line)), "{line}");
        }
        for line in
            ["gem 'rails', '~> 8'", "# gemspec", "gem 'a', git: 'https://x/path'", "ruby '3.3.0'"]
        {
            assert_eq!(found(gemfile, "Gemfile", line), [], "{line}");
        }
        for line in ["ruby file: '.ruby-version'", "ruby File.read(\".ruby-version\").strip"] {
            assert_eq!(
                found(gemfile, "Gemfile", line),
                [Finding::Also(".ruby-version".into())],
                "{line}"
            );
        }
        let found = found(gemfile, "Gemfile", "eval_gemfile 'gems/x.rb'");
        assert_eq!(found[0], Finding::Also("gems/x.rb".into()));
        assert!(matches!(found[1], Finding::Assume(_)));
    }

    #[test]
    fn composer_packages_from_elsewhere_refuse() {
        for text in [
            r#"{"repositories": [{"type": "path", "url": "../a"}]}"#,
            r#"{"repositories": {"a": {"type": "path", "url": "packages/*"}}}"#,
            r#"{"extra": {"installer-paths": {}}}"#,
            r#"{"config": {"vendor-dir": "lib"}}"#,
            r#"{"scripts": {"post-package-install": "x"}}"#,
        ] {
            assert!(refused(&found(composer, "composer.json", text)), "{text}");
        }
        for text in [
            r#"{"repositories": [{"type": "vcs", "url": "https://x/y"}]}"#,
            r#"{"scripts": {"post-install-cmd": "x"}, "autoload": {"psr-4": {"A\\\\": "src/"}}}"#,
        ] {
            assert_eq!(found(composer, "composer.json", text), [], "{text}");
        }
        let text =
            r#"{"extra": {"patches": {"a/b": {"why": "patches/a.patch", "c": "https://x/y"}}}}"#;
        assert_eq!(
            found(composer, "composer.json", text),
            [Finding::Also("patches/a.patch".into())]
        );
    }
}
