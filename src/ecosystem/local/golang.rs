//! go.mod and go.work.

use super::{Finding, Project, join, refuse, scattered};
use crate::ecosystem::listed;
use crate::issue::RefusalReason;

/// Local replacements and workspace members bring their own go.mod; a vendor directory
/// leaves nothing to download. Formats: <https://go.dev/ref/mod#go-mod-file-replace>,
/// <https://go.dev/ref/mod#workspaces>.
pub fn go(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    // `go mod download` does not look there, and reads the same files in any case.
    match (project.exists)("vendor/modules.txt") {
        Some(true) => findings.push(Finding::Nothing("`vendor/` holds the modules".into())),
        Some(false) => {}
        None => {
            findings.push(Finding::Assume("The build does not use a vendor directory.".into()));
        }
    }
    // Modules that are built, whose replacements count, and those that are only read.
    let (mut built, mut read) = (vec![String::new()], Vec::new());
    let work = |base: &&str| match (project.exists)(&format!("{base}go.work")) {
        None => base.is_empty() && (project.names)("go.work"),
        known => known == Some(true),
    };
    let mut replaced_in_work: Vec<String> = Vec::new();
    if let Some(base) = ["", "../", "../../"].into_iter().find(work) {
        let path = format!("{base}go.work");
        match (project.text)(&path) {
            Some(text) => {
                built.extend(block(text, "use").map(|directory| join(base, &word(&directory))));
                read.extend(replacements(text).map(|directory| join(base, &directory)));
                replaced_in_work.extend(replaced(text));
            }
            None => {
                findings.push(scattered(&format!("the modules that `{path}` names are not known")))
            }
        }
        let sum = format!("{base}go.work.sum");
        if !base.is_empty() {
            findings.push(Finding::Also(path));
            if (project.exists)(&sum) == Some(true) {
                findings.push(Finding::Also(sum));
            }
        }
        if (project.exists)("go.mod") == Some(false) {
            built.remove(0);
        }
    } else if project.is_nested && (project.exists)("../go.work").is_none() {
        findings.push(Finding::Assume("No `go.work` lies above `go.mod`.".into()));
    }
    let mut requires = false;
    let texts = || built.iter().filter_map(|module| (project.text)(&join(module, "go.mod")));
    let members: Vec<String> = match built.len() {
        1 => Vec::new(),
        _ => texts().flat_map(|text| block(text, "module")).map(|name| word(&name)).collect(),
    };
    for module in &built {
        let path = join(module, "go.mod");
        match (project.text)(&path) {
            Some(text) => {
                let replaced: Vec<String> = replaced(text).collect();
                let is_member = |required: &String| {
                    let name = word(required);
                    let is_replaced = replaced.contains(&name) || replaced_in_work.contains(&name);
                    members.contains(&name) && !is_replaced
                };
                let required = block(text, "require").filter(is_member);
                findings.extend(required.map(|required| looked_for(&path, &required)));
                for module in block(text, "require") {
                    requires = true;
                    if is_internal(&module) {
                        findings.push(fetched(&path, &word(&module)));
                    }
                }
                read.extend(replacements(text).map(|directory| join(module, &directory)));
            }
            None => {
                requires = true;
                findings.push(Finding::Assume(format!(
                    "`{path}` has no `replace` directive that points to a local directory."
                )));
            }
        }
    }
    if !requires {
        // `go mod download` still looks for the members of a workspace.
        findings.retain(|finding| matches!(finding, Finding::Also(_)));
        findings.push(Finding::Nothing("`go.mod` requires nothing".into()));
    }
    for module in built.iter().chain(&read).filter(|module| !module.is_empty()) {
        for file in ["go.mod", "go.sum"] {
            let path = join(module, file);
            if file == "go.mod" || (project.exists)(&path) != Some(false) {
                let also = Finding::Also(path);
                if !findings.contains(&also) {
                    findings.push(also);
                }
            }
        }
    }
    findings
}

/// Whether a module lies on a host that a build may not reach, going by its name: `git.corp.example`.
/// `go build` fetches the modules of the packages that it builds, `go mod download` those of tests too.
fn is_internal(module: &str) -> bool {
    const NETWORKS: &str = "corp home internal intranet invalid lan local private test";
    const SERVERS: &str = "bitbucket git gitea github gitlab gogs scm stash";
    const PUBLIC: &str = "bitbucket.org git.sr.ht gitea.com github.com gitlab.com";
    let module = word(module);
    let host = module.split(['/', ':']).next().unwrap_or_default();
    let is_listed = |list: &str, name: &str| listed(list, |own| own == name);
    let server = host.split('.').next().unwrap_or_default();
    host.split('.').any(|label| is_listed(NETWORKS, label))
        || is_listed(SERVERS, server) && !is_listed(PUBLIC, host)
}

/// A module of the workspace that the go.mod at `path` requires: a download looks for that version,
/// where a build takes the one that is there. `v0.0.0` stands for none that was published.
fn looked_for(path: &str, required: &str) -> Finding {
    let name = word(required);
    let is_none = |version: &str| version == "v0.0.0" || version.starts_with("v0.0.0-0001");
    if !required.split_whitespace().nth(1).is_some_and(is_none) {
        return fetched(path, &name);
    }
    let message = format!(
        "`{path}` requires `{name}` of the workspace at a version that `go mod download` finds nowhere"
    );
    refuse(RefusalReason::LocalDependency, &message)
}

fn fetched(path: &str, name: &str) -> Finding {
    let sentence = format!("Every module that `{path}` requires can be fetched, also `{name}`.");
    Finding::Assume(sentence)
}

/// The modules that `replace` stands something else for.
fn replaced(text: &str) -> impl Iterator<Item = String> {
    block(text, "replace").map(|line| word(&line))
}

/// Targets of `replace` that are directories.
fn replacements(text: &str) -> impl Iterator<Item = String> {
    block(text, "replace").filter_map(|line| {
        let (_, target) = line.split_once("=>")?;
        let target = word(target);
        let is_directory = [".", ".."].contains(&target.as_str())
            || ["./", "../", "/"].iter().any(|start| target.starts_with(start));
        is_directory.then_some(target)
    })
}

/// The first word of a line, which may stand in quotes.
/// <https://go.dev/ref/mod#go-mod-file-lexical>
fn word(line: &str) -> String {
    let line = line.trim();
    match line.strip_prefix(['"', '`']) {
        Some(rest) => rest.split(['"', '`']).next().unwrap_or(rest).to_owned(),
        None => line.split_whitespace().next().unwrap_or(line).to_owned(),
    }
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
    use super::super::tests::unknown;
    use super::*;

    fn findings(text: &str, vendor: bool) -> Vec<Finding> {
        go(&Project {
            text: &|path| (path == "go.mod").then_some(text),
            exists: &|path| Some(vendor && path.starts_with("vendor")),
            ..unknown()
        })
    }

    #[test]
    fn a_download_looks_for_modules_of_the_workspace() {
        let work = ("go.work", "use (\n.\n./l\n)");
        let member = ("l/go.mod", "module x.org/m/l");
        let of = |required: &str, work: (&str, &str)| {
            let module = format!("module x.org/m\nrequire x.org/m/l {required}\n");
            super::super::tests::findings(go, 1, &[("go.mod", &module), work, member])
        };
        let refused = |found: &[Finding]| found.iter().any(|f| matches!(f, Finding::Refuse(..)));
        let assumed = |found: &[Finding]| found.iter().any(|f| matches!(f, Finding::Assume(_)));
        assert!(refused(&of("v0.0.0", work)));
        assert!(refused(&of("v0.0.0-00010101000000-000000000000", work)));
        let published = of("v1.2.0", work);
        assert!(!refused(&published) && assumed(&published));
        let replaced = ("go.work", "use (\n.\n./l\n)\nreplace x.org/m/l => ./l");
        let replaced = of("v0.0.0", replaced);
        assert!(!refused(&replaced) && !assumed(&replaced));
    }

    #[test]
    fn local_replacements_bring_their_module_file() {
        let text = "module a\nrequire b v1\nreplace b => ./lib/b // why\nreplace(\n c => \"../c\"\n d => e v2\n)\n";
        assert_eq!(
            findings(text, false),
            [Finding::Also("lib/b/go.mod".into()), Finding::Also("../c/go.mod".into())]
        );
        assert_eq!(findings("module a\nrequire b v1\nreplace b => example.com/b v1\n", false), []);
    }

    #[test]
    fn hosts_that_a_build_may_not_reach() {
        for internal in ["git.corp.example/kit v1", "gitlab.a.org/b v1", "a.internal/b v1"] {
            assert!(is_internal(internal), "{internal}");
        }
        for public in [
            "github.com/a/b v1",
            "gitlab.com/a/b v1",
            "git.sr.ht/~a/b v1",
            "\"go.uber.org/zap\" v1",
        ] {
            assert!(!is_internal(public), "{public}");
        }
    }

    #[test]
    fn a_workspace_brings_the_module_files_of_its_members() {
        use super::super::tests::also;
        let module = "module a\nrequire b v1\nreplace c => ../c\n";
        let work = "go 1.25\nuse (\n ./a\n ./d // why\n)\n";
        let rest = [("a/go.mod", module), ("a/go.sum", ""), ("c/go.mod", ""), ("d/go.mod", "")];
        let mut files = vec![("go.work", work)];
        files.extend(rest);
        assert_eq!(also(go, 1, &files), ["a/go.mod", "a/go.sum", "d/go.mod", "c/go.mod"]);
        let idle = [("go.work", "use ./b"), ("b/go.mod", "module b")];
        let found = super::super::tests::findings(go, 1, &idle);
        assert!(
            matches!(&found[..], [Finding::Nothing(_), Finding::Also(path)] if path == "b/go.mod")
        );
        let above = [("go.mod", module), ("../go.work", "use ./y"), ("../y/go.mod", "")];
        assert_eq!(also(go, 1, &above), ["../go.work", "../y/go.mod", "../c/go.mod"]);
    }

    #[test]
    fn vendored_modules_leave_nothing_to_download() {
        assert!(matches!(findings("module a", true)[..], [Finding::Nothing(_)]));
    }
}
