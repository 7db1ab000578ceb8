//! pip's requirements files.

use super::{Finding, Project, join, parent, pyproject, refuse};
use crate::issue::RefusalReason;

/// Follows `-r` and `-c`; refuses at a local path.
/// Format: <https://pip.pypa.io/en/stable/reference/requirements-file-format/>.
pub fn requirements(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut files: Vec<String> = project.manifests.to_vec();
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
            findings.extend(pyproject(project));
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
        for line in text.lines() {
            let line = line.trim_start_matches('\u{feff}').trim();
            if let Some(included) = included(line) {
                let path = join(parent(&file), included.trim_matches('"'));
                if included.contains("://") || included.contains('$') || files.contains(&path) {
                    continue;
                }
                findings.push(Finding::Also(path.clone()));
                files.push(path);
            } else if is_local(line) {
                findings.push(Finding::Refuse(
                    RefusalReason::LocalDependency,
                    format!("`{file}` installs a local path: `{line}`"),
                ));
                return findings;
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
    if (project.exists)("pyproject.toml") == Some(true)
        && (project.text)("pyproject.toml").is_none_or(|text| text.contains("[tool.uv"))
    {
        findings.push(Finding::Also("pyproject.toml".into()));
    }
    findings
}

/// The file that a `-r`, `-c` line names.
fn included(line: &str) -> Option<&str> {
    ["--requirement", "--constraint", "-r", "-c"].iter().find_map(|option| {
        let value = line.strip_prefix(option)?;
        let value = value.trim_start_matches([' ', '\t', '=']);
        (!value.is_empty()).then(|| value.split(" #").next().unwrap_or(value).trim())
    })
}

fn is_local(line: &str) -> bool {
    let line = ["--editable", "-e", "--find-links", "-f"]
        .iter()
        .find_map(|option| line.strip_prefix(option))
        .map_or(line, |value| value.trim_start_matches([' ', '\t', '=']));
    if line.starts_with('#') || line.starts_with('-') {
        return false;
    }
    let target = line.split_once(" @ ").map_or(line, |(_, target)| target.trim());
    [".", "/", "file:", "~"].iter().any(|start| target.starts_with(start))
        || (!target.contains("://")
            && target.split([' ', ';', '#']).next().is_some_and(|word| {
                word.ends_with(".whl") || word.ends_with(".tar.gz") || word.contains('/')
            }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(texts: &[(&str, &str)]) -> Vec<Finding> {
        let texts: Vec<(String, String)> =
            texts.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect();
        requirements(&Project {
            manifests: &[texts[0].0.clone()],
            flags: &[],
            is_nested: false,
            has_neighbours: false,
            names: &|_| false,
            known: &|_| Vec::new(),
            works_on_members: &|| false,
            list: &|_| None,
            text: &|path| texts.iter().find(|(p, _)| p == path).map(|(_, t)| t.as_str()),
            exists: &|_| None,
        })
    }

    #[test]
    fn follows_included_files() {
        let also = |path: &str| Finding::Also(path.into());
        assert_eq!(
            findings(&[
                ("req/prod.txt", "-r base.txt\n-c ../c.txt # why\nflask"),
                ("req/base.txt", "--requirement=more/x.txt\n"),
                ("c.txt", ""),
                ("req/more/x.txt", "-r ../base.txt"),
            ]),
            [also("req/base.txt"), also("c.txt"), also("req/more/x.txt")]
        );
    }

    #[test]
    fn local_paths_refuse_and_addresses_do_not() {
        for line in ["-e .", "./lib", "lib @ file:///x", "wheels/a-1.whl", "--editable=./x", "."] {
            let found = findings(&[("r.txt", line)]);
            assert!(matches!(found[..], [Finding::Refuse(..)]), "{line}: {found:?}");
        }
        for line in [
            "flask>=1 # ./x",
            "-e git+https://x/y.git#egg=y",
            "# -e .",
            "a @ https://x/a.whl",
            "--index-url https://x/y",
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
