//! go.mod and go.work.

use super::{Finding, Project};

/// Local replacements and workspace members bring their own go.mod; a vendor directory
/// leaves nothing to download. Format: <https://go.dev/ref/mod#go-mod-file-replace>.
pub fn go(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    match (project.exists)("vendor/modules.txt") {
        Some(true) => return vec![Finding::Nothing("`vendor/` holds the modules".into())],
        Some(false) => {}
        None => {
            findings.push(Finding::Assume("The build does not use a vendor directory.".into()));
        }
    }
    match (project.text)("go.mod") {
        Some(text) if block(text, "require").next().is_none() => {
            return vec![Finding::Nothing("`go.mod` requires nothing".into())];
        }
        Some(text) => {
            for directory in replacements(text) {
                members(&directory, project, &mut findings);
            }
        }
        None => findings.push(Finding::Assume(
            "`go.mod` has no `replace` directive that points to a local directory.".into(),
        )),
    }
    if (project.exists)("go.work") == Some(true) {
        match (project.text)("go.work") {
            Some(text) => {
                for directory in block(text, "use").chain(replacements(text)) {
                    members(&directory, project, &mut findings);
                }
            }
            None => findings.push(Finding::Assume("`go.work` names no further module.".into())),
        }
    }
    findings
}

fn members(directory: &str, project: &Project<'_>, findings: &mut Vec<Finding>) {
    let directory = directory.trim_start_matches("./").trim_end_matches('/');
    if directory.is_empty() || directory == "." {
        return;
    }
    for file in ["go.mod", "go.sum"] {
        let path = format!("{directory}/{file}");
        if file == "go.mod" || (project.exists)(&path) != Some(false) {
            let also = Finding::Also(path);
            if !findings.contains(&also) {
                findings.push(also);
            }
        }
    }
}

/// Targets of `replace` that are directories.
fn replacements(text: &str) -> impl Iterator<Item = String> {
    block(text, "replace").filter_map(|line| {
        let (_, target) = line.split_once("=>")?;
        let target = target.trim();
        let directory = target.split_whitespace().next()?;
        (directory.starts_with("./") || directory.starts_with("../")).then(|| directory.to_owned())
    })
}

/// The entries of a directive, in its one-line and its block form, comments dropped.
fn block<'t>(text: &'t str, directive: &'t str) -> impl Iterator<Item = String> + 't {
    let mut inside = false;
    text.lines().filter_map(move |line| {
        let line = line.split("//").next().unwrap_or("").trim();
        if inside {
            inside = line != ")";
            return (inside && !line.is_empty()).then(|| line.to_owned());
        }
        let rest = line.strip_prefix(directive)?.trim_start();
        if rest == "(" {
            inside = true;
            return None;
        }
        Some(rest.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str, vendor: bool) -> Vec<Finding> {
        go(&Project {
            manifests: &[],
            flags: &[],
            is_nested: false,
            list: &|_| None,
            text: &|path| (path == "go.mod").then_some(text),
            exists: &|path| Some(vendor && path.starts_with("vendor")),
        })
    }

    #[test]
    fn local_replacements_bring_their_module_file() {
        let text = "module a\nrequire b v1\nreplace b => ./lib/b // why\nreplace (\n c => ../c v1\n d => e v2\n)\n";
        assert_eq!(
            findings(text, false),
            [Finding::Also("lib/b/go.mod".into()), Finding::Also("../c/go.mod".into())]
        );
        assert_eq!(findings("module a\nrequire b v1\nreplace b => example.com/b v1\n", false), []);
    }

    #[test]
    fn vendored_modules_leave_nothing_to_download() {
        assert!(matches!(findings("module a", true)[..], [Finding::Nothing(_)]));
    }
}
