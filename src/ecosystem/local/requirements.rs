//! pip's requirements files.

use super::pyproject::{may_configure_uv, of_file, uv_settings};
use super::schema::is_local;
use super::{Finding, Project, any_exists, join, parent, refuse};
use crate::ecosystem::moving::is_moving_address;
use crate::issue::RefusalReason;

/// Follows `-r` and `-c`; refuses at a local path.
/// Format: <https://pip.pypa.io/en/stable/reference/requirements-file-format/>.
pub fn requirements(project: &Project<'_>) -> Vec<Finding> {
    of_files(project.manifests.to_vec(), project)
}

/// The same for these files.
pub fn of_files(mut files: Vec<String>, project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut next = 0;
    while let Some(file) = files.get(next).cloned() {
        next += 1;
        if file.ends_with(".py") || file.ends_with(".cfg") {
            findings.push(refuse(
                RefusalReason::LocalDependency,
                &format!("`{file}` may read the source to name its dependencies"),
            ));
            continue;
        }
        if file.ends_with(".toml") {
            of_file(&file, project, &mut findings);
            continue;
        }
        let Some(text) = (project.text)(&file) else {
            // What stands together names each other, by habit.
            let directory = parent(&file);
            let together = directory.rsplit('/').next() == Some("requirements");
            if together {
                findings.push(Finding::Also(format!("{directory}/")));
            }
            let elsewhere = if together { " elsewhere" } else { "" };
            findings.push(Finding::Assume(format!(
                "`{file}` names no further file{elsewhere} (`-r`, `-c`) and no local path \
                 (`-e .`, `./lib`)."
            )));
            continue;
        };
        let lines = lines(text);
        if let Some(line) = lines.iter().find(|line| takes_from_branch(line)) {
            findings.push(Finding::Assume(format!(
                "What `{file}` takes from a branch (`{line}`) may be as old as the last change of \
                 the manifests."
            )));
        }
        for line in lines {
            for asked in asks(&line) {
                let path = match asked {
                    Asks::File(path) => join(parent(&file), &path),
                    Asks::Path(_) => {
                        let message = format!("`{file}` installs a local path: `{line}`");
                        findings.push(refuse(RefusalReason::LocalDependency, &message));
                        return findings;
                    }
                };
                if !files.contains(&path) {
                    findings.push(Finding::Also(path.clone()));
                    files.push(path);
                }
            }
        }
    }
    findings
}

/// The same for uv, which also reads its settings in the working directory.
/// <https://docs.astral.sh/uv/concepts/configuration-files/>
pub fn uv_pip(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = requirements(project);
    if (project.exists)("uv.toml") == Some(true) {
        findings.push(Finding::Also("uv.toml".into()));
    }
    if any_exists(&["uv.toml", "pyproject.toml"], project).is_none() {
        let sentence = "No `uv.toml` or `pyproject.toml` changes what uv installs.";
        findings.push(Finding::Assume(sentence.into()));
    }
    uv_settings(project, &mut findings);
    if (project.exists)("pyproject.toml") == Some(true)
        && (project.text)("pyproject.toml").is_none_or(may_configure_uv)
    {
        of_file("pyproject.toml", project, &mut findings);
        findings.push(Finding::Also("pyproject.toml".into()));
    }
    findings
}

/// Whether a line takes a package from a repository, and whatever its branch has: no commit and no
/// tag with a number is named. So does an archive of a branch.
/// <https://pip.pypa.io/en/stable/topics/vcs-support/>
fn takes_from_branch(line: &str) -> bool {
    let Some((_, address)) = line.split_once("git+") else {
        return line.split_whitespace().any(is_moving_address);
    };
    let address = address.split([' ', '#', ';', '"', '\'']).next().unwrap_or(address);
    let path = address.split_once("://").map_or(address, |(_, rest)| rest);
    let Some((_, path)) = path.split_once('/').filter(|(host, _)| !host.is_empty()) else {
        return false;
    };
    let named = path.rsplit_once('@').map_or("", |(_, name)| name);
    !named.contains(|c: char| c.is_ascii_digit())
}

/// The lines of a requirements file without their comments; one that ends with a backslash
/// goes on in the next.
/// <https://pip.pypa.io/en/stable/reference/requirements-file-format/#line-continuations>
fn lines(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for line in text.trim_start_matches('\u{feff}').lines() {
        let is_comment = line.trim_start().starts_with('#');
        let goes_on = line.strip_suffix('\\').filter(|_| !is_comment);
        if let Some(last) = lines.last_mut() {
            last.push_str(if is_comment { "" } else { goes_on.unwrap_or(line) });
        }
        if goes_on.is_none() {
            lines.push(String::new());
        }
    }
    for line in &mut lines {
        let comment = [" #", "\t#"].iter().filter_map(|mark| line.find(mark)).min();
        line.truncate(comment.unwrap_or(line.len()));
        *line = line.trim().to_owned();
    }
    lines
}

/// What a line asks for beside packages of an index.
#[derive(Debug, PartialEq, Eq)]
pub enum Asks {
    /// A file of further lines.
    File(String),
    /// A package or an index of the context.
    Path(String),
}

/// What a line of a requirements file asks for: `-r base.txt`, `-e .`, `a @ file:///a`.
pub fn asks(line: &str) -> Vec<Asks> {
    let mut asked = Vec::new();
    let mut words = words(line).into_iter();
    // Whether a word is a package; otherwise it is the value of an option.
    let mut is_package = true;
    // Whether it is the value of an option that takes an address or a path.
    let mut is_place = false;
    while let Some(word) = words.next() {
        if let Some(file) = value(&word, &["--requirement", "--constraint", "-r", "-c"]) {
            let file = if file.is_empty() { words.next().unwrap_or_default() } else { file };
            match file.contains("://") {
                true if !is_local(&file) => {}
                false if !file.is_empty() && !file.contains('$') => asked.push(Asks::File(file)),
                _ => asked.push(Asks::Path(file)),
            }
            continue;
        }
        let option = value(&word, &["--editable", "--find-links", "-e", "-f"]);
        let is_option = option.is_some();
        let (text, names_package) = match option {
            Some(path) => (path, true),
            None if word.starts_with("--") => {
                let value = word.split_once('=').map_or("", |(_, value)| value);
                (value.to_owned(), false)
            }
            None if word.starts_with('-') => (word.get(2..).unwrap_or_default().to_owned(), false),
            None => (word, is_package),
        };
        let is_word = is_place && !text.is_empty();
        is_place = names_package && text.is_empty();
        // `-fwheels`, `-f wheels`
        if (is_word || (is_option && !text.is_empty())) && !text.contains(':') {
            asked.push(Asks::Path(text.clone()));
            continue;
        }
        let (package, marker) = text.split_once(';').map_or((text.as_str(), ""), |parts| parts);
        if is_local(package) || (names_package && is_path(package)) {
            asked.push(Asks::Path(package.to_owned()));
        }
        // What follows a package are markers and options.
        is_package = names_package && marker.is_empty() && (text.is_empty() || text == "@");
    }
    asked
}

/// The value of an option: behind it, or "" where it is the next word.
fn value(word: &str, options: &[&str]) -> Option<String> {
    options.iter().find_map(|option| {
        let rest = word.strip_prefix(option)?;
        match option.starts_with("--") && !rest.is_empty() {
            true => rest.strip_prefix('=').map(str::to_owned),
            false => Some(rest.trim_start_matches('=').to_owned()),
        }
    })
}

/// Whether pip takes the text for a path: it holds a slash, or ends like an archive.
/// <https://github.com/pypa/pip/blob/25.3/src/pip/_internal/req/constructors.py#L285>
fn is_path(text: &str) -> bool {
    const ARCHIVES: [&str; 12] = [
        ".bz2", ".gz", ".lz", ".lzma", ".tar", ".tbz", ".tgz", ".tlz", ".txz", ".whl", ".xz",
        ".zip",
    ];
    // Extras may follow.
    let path = text.split_once('[').map_or(text, |(path, _)| path);
    !text.contains("://")
        && (text.contains(['/', '$']) || ARCHIVES.iter().any(|end| path.ends_with(end)))
}

/// The words of a line, as a shell divides them.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (None, ' ' | '\t') => words.push(String::new()),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => words.last_mut().unwrap_or(&mut String::new()).push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::super::tests::unknown;
    use super::*;

    fn findings(texts: &[(&str, &str)]) -> Vec<Finding> {
        let texts: Vec<(String, String)> =
            texts.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect();
        requirements(&Project {
            manifests: &[texts[0].0.clone()],
            text: &|path| texts.iter().find(|(p, _)| p == path).map(|(_, t)| t.as_str()),
            ..unknown()
        })
    }

    #[test]
    fn follows_included_files() {
        let also = |path: &str| Finding::Also(path.into());
        assert_eq!(
            findings(&[
                ("req/prod.txt", "-r \"base.txt\"\n-c ../c.txt # why\nflask"),
                ("req/base.txt", "--requirement=more/x.txt\n"),
                ("c.txt", ""),
                ("req/more/x.txt", "-r ../base.txt"),
            ]),
            [also("req/base.txt"), also("c.txt"), also("req/more/x.txt")]
        );
    }

    #[test]
    fn local_paths_refuse_and_addresses_do_not() {
        for line in [
            "-e .",
            "-fwheels",
            "--find-links=wheels",
            "./lib",
            "lib @ file:///x",
            "lib@file:///x",
            "wheels/a-1.whl",
            "a-1.zip",
            "a-1.whl[x] ; python_version > '3'",
            "lib/",
            "--editable=./x",
            ".",
            "-e \\\n  .",
            "-e git+file:///x",
            "-r ${DIR}/x.txt",
            "--extra-index-url https://x/y --find-links ./wheels",
            "--index-url=file:///x",
            "-f wheels/",
        ] {
            let found = findings(&[("r.txt", line)]);
            assert!(matches!(found[..], [Finding::Refuse(..)]), "{line}: {found:?}");
        }
        for line in [
            "flask>=1 # ./x",
            "-e git+https://x/y.git@v2#egg=y",
            "# -e .",
            "a @ https://x/a.whl",
            "--index-url https://x/y",
            "--extra-index-url https://${TOKEN}@x/y",
            "a~=1.0",
            "a == 1.0 ; sys_platform == 'a/b'",
            "a==1 \\\n  --hash=sha256:00 \\\n  --hash=sha256:11",
            "# -e \\\nb",
            "-c https://x/y.txt",
        ] {
            assert_eq!(findings(&[("r.txt", line)]), [], "{line}");
        }
    }

    #[test]
    fn a_file_not_given_is_an_assumption() {
        assert!(matches!(
            findings(&[("a.txt", "-r b.txt")])[..],
            [Finding::Also(_), Finding::Assume(_)]
        ));
    }
}
