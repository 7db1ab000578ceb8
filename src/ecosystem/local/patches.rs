//! Patches that an install applies, each named in a manifest. Where their directory holds nothing
//! else it is read whole: whoever adds a second patch names it in the manifest, and no copy of the
//! Dockerfile has to follow.

use super::{Finding, Project, join, parent};

/// Puts the directories of patches in the place of the patches that `findings` name.
pub fn whole_directories(project: &Project<'_>, findings: &mut Vec<Finding>) {
    let mut whole: Vec<String> = Vec::new();
    let mut mixed: Vec<String> = Vec::new();
    findings.retain_mut(|finding| {
        let Finding::Also(path) = finding else { return true };
        let directory = parent(path);
        if !is_patch(path) || directory.is_empty() || mixed.iter().any(|own| own == directory) {
            return true;
        }
        let directory = format!("{directory}/");
        if whole.contains(&directory) {
            return false;
        }
        if !holds_patches_alone(project, &directory) {
            mixed.push(parent(path).to_owned());
            return true;
        }
        *path = directory.clone();
        whole.push(directory);
        true
    });
}

/// Whether all files below a directory are known, and are patches.
fn holds_patches_alone(project: &Project<'_>, directory: &str) -> bool {
    let found = (project.list)(&join(directory, "**/*"));
    found.is_some_and(|found| !found.is_empty() && found.iter().all(|path| is_patch(path)))
}

fn is_patch(path: &str) -> bool {
    path.ends_with(".patch") || path.ends_with(".diff")
}

#[cfg(test)]
mod tests {
    use super::super::tests::with_project;
    use super::*;

    fn read(named: &[&str], there: &[&str]) -> Vec<String> {
        let files: Vec<(&str, &str)> = there.iter().map(|path| (*path, "?")).collect();
        let say = |project: &Project<'_>| {
            let mut findings: Vec<Finding> =
                named.iter().map(|path| Finding::Also(path.to_string())).collect();
            whole_directories(project, &mut findings);
            let path = |finding| match finding {
                Finding::Also(path) => path,
                other => panic!("{other:?}"),
            };
            findings.into_iter().map(path).collect()
        };
        with_project(0, &files, &say)
    }

    #[test]
    fn a_directory_of_patches_is_read_whole() {
        let both = ["patches/a.patch", "patches/b@1.patch"];
        assert_eq!(read(&both, &both), ["patches/"]);
        let (deep, more) = (".yarn/patches/a.patch", ["b.patch", "tools.json"]);
        assert_eq!(
            read(&[deep, more[0], more[1]], &[deep]),
            [".yarn/patches/", "b.patch", more[1]]
        );
    }

    #[test]
    fn a_directory_that_holds_more_is_not() {
        let named = ["patches/a.patch", "patches/b.patch"];
        let there = ["patches/a.patch", "patches/b.patch", "patches/make.sh"];
        assert_eq!(read(&named, &there), named);
        assert_eq!(read(&named, &[]), named, "not there at all");
    }
}
