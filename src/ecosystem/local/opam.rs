//! Descriptions of OCaml packages: what they pin.

use super::{Finding, Project, refuse};
use crate::issue::RefusalReason;
use crate::text::Cut;

/// The packages that `opam install .` finds, in the directory and in `opam`.
/// <https://opam.ocaml.org/doc/Manual.html#opamfield-pin-depends>,
/// <https://opam.ocaml.org/doc/Manual.html#Pinning>
pub fn opam(project: &Project<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut names: Vec<String> = project.manifests.to_vec();
    for pattern in ["opam", "opam/*", "*/opam"] {
        match (project.list)(pattern) {
            Some(found) => {
                findings.extend(found.iter().cloned().map(Finding::Also));
                names.extend(found);
            }
            None => {
                findings.push(Finding::Assume("The `.opam` files lie in this directory.".into()));
                break;
            }
        }
    }
    let describes =
        |name: &&String| [".opam", ".locked", "opam"].iter().any(|end| name.ends_with(end));
    for name in names.iter().filter(describes) {
        match (project.text)(name) {
            Some(text) if pins_below(text) => findings.push(refuse(
                RefusalReason::LocalDependency,
                &format!("`{name}` pins a package to a local directory"),
            )),
            Some(_) => {}
            None => findings.push(Finding::Assume(format!("`{name}` pins no local directory."))),
        }
    }
    findings
}

/// Whether a package is pinned to a path: `pin-depends: [["b.dev" "file:///app/b"]]`.
fn pins_below(text: &str) -> bool {
    let Some((_, pins)) = text.split_once("pin-depends:") else { return false };
    // The list ends with the first field behind it.
    let texts = pins.cut(..field_end(pins)).split('"').skip(1).step_by(2);
    // Names and addresses take turns.
    texts.skip(1).step_by(2).any(|address| {
        let address = address.strip_prefix("git+").unwrap_or(address);
        address.starts_with("file:") || !address.contains("://")
    })
}

/// Where the next field of a description begins: a line whose first word ends with a colon.
fn field_end(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let word = line.split_whitespace().next().unwrap_or_default();
        if at > 0 && word.ends_with(':') && !line.starts_with([' ', '\t']) {
            return at;
        }
        at += line.len();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{also, findings, refuses};
    use super::*;

    const PLAIN: &str = "opam-version: \"2.0\"\ndepends: [\"dune\"]\n";

    #[test]
    fn packages_that_are_pinned_to_paths() {
        for pin in ["file:///app/b", "./b", "git+file:///app/b"] {
            let text = format!("{PLAIN}pin-depends: [\n  [\"b.dev\" \"{pin}\"]\n]\n");
            assert!(refuses(opam, 1, &[("a.opam", &text)]), "{pin}");
        }
        let remote = format!(
            "{PLAIN}pin-depends: [[\"b.dev\" \"git+https://x/b#v1\"]]\ndev-repo: \"./here\"\n"
        );
        assert_eq!(findings(opam, 1, &[("a.opam", &remote)]), []);
        assert_eq!(findings(opam, 1, &[("a.opam", PLAIN)]), []);
    }

    #[test]
    fn descriptions_lie_in_directories_as_well() {
        let files = [("a.opam", PLAIN), ("opam/b.opam", PLAIN), ("lib/c.opam", PLAIN)];
        assert_eq!(also(opam, 1, &files), ["opam/b.opam"]);
    }
}
